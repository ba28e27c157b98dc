"""Looking at an item as each of its variants asks it."""
