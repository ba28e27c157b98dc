"""Who is in a course: roles, links, join code, and whole lists from tables."""
