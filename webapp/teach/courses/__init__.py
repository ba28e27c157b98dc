"""Courses themselves: made, named, archived."""
