"""Grading in bulk: what is given, who it is from and which item it answers, the grading itself, what comes out."""
