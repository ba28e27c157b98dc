"""Regrades of a course: choosing what is graded once more, looking at what would change, applying some of it."""
