"""For instructors and assistants: who is where, what could not be graded, which banks there are."""
