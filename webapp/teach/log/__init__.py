"""What was changed, by whom, how it was before, and why: said in sentences, found by filters."""
