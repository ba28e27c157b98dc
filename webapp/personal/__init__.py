"""What is kept of one person: all of it to take away, and how it goes again without harm to what is counted."""
