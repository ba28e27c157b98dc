"""Files that leave the house with exported public tests: read here as text, never imported."""
