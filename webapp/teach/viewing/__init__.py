"""A student's own pages, shown to their instructor: read only, one course, written into the log.

Nobody is signed in as somebody else for it.  The pages have addresses of their own, below the course that is taught,
and each of them asks anew whether its reader may manage that course and whether the student is one of it.  What
students' pages can send has no address there.
"""
