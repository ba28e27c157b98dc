"""What is wrong with a bank, in the reader's language."""
