"""An item's public tests for one's own notebook or editor: read from the bank's source, never run (pure: no torch)."""

from grader.public_tests.handout import File, Handout, handout
from grader.public_tests.selection import NothingPublic

__all__ = ["File", "Handout", "NothingPublic", "handout"]
