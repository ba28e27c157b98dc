"""How many values a JSON text holds, known before any of them is made."""

from __future__ import annotations

import re
from typing import Final

MOST_IN_A_ROW: Final = 1_000
"""A row is flat: a value for each column."""
MOST_IN_A_CELL: Final = 1_000_000
"""A verdict with its pictures holds some ten thousand numbers."""
_STRING_OR_BEGIN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?|([\[{,])', re.DOTALL)


def is_wider(text: str, most: int) -> bool:
    """Whether `text` would become more than `most` values: `[[],[],…]` in 64 MiB takes gigabytes once it is read.

    What stands in strings counts for nothing; the first brackets and commas too many end the count.
    """
    count = 0
    for found in _STRING_OR_BEGIN.finditer(text):
        if found[1] is not None:
            count += 1
            if count > most:
                return True
    return False
