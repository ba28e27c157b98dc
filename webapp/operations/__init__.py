"""What an operator sees: whether it is well (`health`), in figures (`measures`), and line by line (`logs`)."""
