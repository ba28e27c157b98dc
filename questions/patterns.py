"""Regular expressions of a rubric: do they compile, and do they stay fast on whatever a student writes?"""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MAX_CHARACTERS = 500
MANY = 10
"""A repetition that may go on this long counts as endless."""

_REPEATS = (constants.MAX_REPEAT, constants.MIN_REPEAT)


@lru_cache(maxsize=4096)
def complaint(pattern: str) -> str | None:
    """What is wrong with `pattern`, with the remedy; None when it can be used."""
    if len(pattern) > MAX_CHARACTERS:
        return f"the pattern has more than {MAX_CHARACTERS} characters: split it into several rules"
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
        parsed = parser.parse(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError, ValueError) as error:
        return f"the pattern is not a regular expression ({error}): mend or escape it"
    if _nests(parsed, repeated=False):
        return "the pattern repeats a repetition, which can take forever on some answers: use limits such as {0,20}"
    if _wildcards(parsed) > 2:
        return "the pattern has more than two endless wildcards: use limits such as .{0,20}"
    if compiled.search(""):
        return "the pattern matches an empty answer: make some part of it required"
    return None


def _nests(nodes: Any, *, repeated: bool) -> bool:
    """Whether a long repetition holds something that can match the same text in several ways."""
    for operation, value in nodes:
        if operation in _REPEATS:
            low, high, body = value
            varies = high != low
            if repeated and varies and not _only_one_way(nodes):
                return True
            if _nests(body, repeated=repeated or (varies and high >= MANY)):
                return True
        elif operation is constants.BRANCH:
            if repeated and _overlap(value[1]):
                return True
            if any(_nests(branch, repeated=repeated) for branch in value[1]):
                return True
        elif operation is constants.SUBPATTERN:
            if _nests(value[-1], repeated=repeated):
                return True
        elif operation in (constants.ASSERT, constants.ASSERT_NOT):
            if _nests(value[1], repeated=repeated):
                return True
        elif operation is constants.GROUPREF_EXISTS:
            if any(_nests(branch, repeated=repeated) for branch in value[1:] if branch is not None):
                return True
    return False


def _only_one_way(nodes: Any) -> bool:
    """A literal at both ends of a repeated body fences its inner repetition in, as in ``(, \\w+;)*``."""
    first, last = nodes[0], nodes[len(nodes) - 1]
    return len(nodes) > 2 and first[0] is constants.LITERAL and last[0] is constants.LITERAL and first != last


def _overlap(branches: Any) -> bool:
    """Whether two alternatives may begin with the same character."""
    begins = [branch[0] if len(branch) else None for branch in branches]
    literals = [node[1] for node in begins if node is not None and node[0] is constants.LITERAL]
    return len(literals) < len(begins) or len(set(literals)) < len(literals)


def _wildcards(nodes: Any) -> int:
    """How many endless repetitions of "any character" one way through the pattern can meet."""
    count = 0
    for operation, value in nodes:
        if operation in _REPEATS:
            endless = value[1] is constants.MAXREPEAT
            wide = len(value[2]) == 1 and value[2][0][0] in (constants.ANY, constants.NOT_LITERAL)
            count += 1 if endless and wide else _wildcards(value[2])
        elif operation is constants.BRANCH:
            count += max(_wildcards(branch) for branch in value[1])
        elif operation is constants.SUBPATTERN:
            count += _wildcards(value[-1])
        elif operation in (constants.ASSERT, constants.ASSERT_NOT):
            count += _wildcards(value[1])
    return count
