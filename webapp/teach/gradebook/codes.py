"""A cell in one letter: its status, whether it is late, whether it waits to be read.  gradebook_sheet.js reads it."""

from __future__ import annotations

STATUSES = ("new", "waiting", "failed", "partial", "passed")
LATE = 5
UNREAD = 10
"""What being late and waiting to be read add to the place of a status."""
LETTERS = "abcdefghijklmnopqrst"
NOTHING = "-"
"""Stands for a cell that was never tried."""
