"""An instructor's own judgement of one submission, instead of the grader's or beside the reviewers'."""
