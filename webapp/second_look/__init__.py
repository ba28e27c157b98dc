"""Asking that somebody looks at a verdict again: a student's side.  Instructors answer in `webapp.teach.appeals`."""
