"""What comes out of grading in bulk: one module for each form."""
