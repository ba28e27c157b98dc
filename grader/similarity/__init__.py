"""How alike submissions are, so that somebody may look: a reason to look, never a finding.

Fingerprints are chosen by winnowing (Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms for Document
Fingerprinting", SIGMOD 2003) over tokens; what was handed out, and what a large part of the class has written too,
counts for nothing.  Pure: no torch, no database.
"""

from grader.similarity.compared import COMPARED, handed_out
from grader.similarity.comparing import Cluster, Pair, Report, compare
from grader.similarity.stretches import Marked, Stretch, marked_lines, stretches
from grader.similarity.tokens import Language

__all__ = [
    "COMPARED", "Cluster", "Language", "Marked", "Pair", "Report", "Stretch", "compare", "handed_out", "marked_lines",
    "stretches",
]  # fmt: skip
