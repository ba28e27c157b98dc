"""Names one after the other, as each language does it."""

from __future__ import annotations

from collections.abc import Sequence

from grader.verdict import Words

MOST_LISTED = 3
OR, AND = Words("或", "or"), Words("和", "and")


def either(names: Sequence[str], last: Words = OR) -> Words:
    """All of them: `a, b or c`."""
    *first, final = names
    if not first:
        return Words(final, final)
    return Words(f"{'、'.join(first)} {last.zh} {final}", f"{', '.join(first)} {last.en} {final}")


def listed(files: Sequence[Words]) -> Words:
    """The first of these files, and how many there are."""
    more = len(files) - MOST_LISTED
    zh, en = "、".join(each.zh for each in files[:MOST_LISTED]), ", ".join(each.en for each in files[:MOST_LISTED])
    return Words(f"{zh} 等 {len(files)} 个文件", f"{en} and {more} more") if more > 0 else Words(zh, en)
