"""Assignments in the browser: what is asked, when, for how many points; and one student's own dates."""
