"""Submissions of one item that are alike: a reason to look, never a finding."""
