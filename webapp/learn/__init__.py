"""For students: courses, items, submissions and what became of them."""
