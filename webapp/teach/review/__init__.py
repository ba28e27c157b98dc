"""The review queue: short answers whose key points the grader was not sure of, read and decided by people."""
