"""Answering students who ask for another look at a verdict."""
