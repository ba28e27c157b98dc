"""What a verdict compares, drawn: matrices as heat maps, shapes as boxes, numbers in few digits.  Knows no Flask."""
