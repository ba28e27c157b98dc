"""For everybody: signing in and out, and the language."""
