"""Courses from files: reading them, applying them, writing them down again, joining them."""
