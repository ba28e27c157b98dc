"""Numbers as people read them."""

from __future__ import annotations


def number(value: float | None) -> str:
    """At most two decimals, no trailing zeros."""
    if value is None:
        return ""
    return f"{round(value, 2):.2f}".rstrip("0").rstrip(".")


def counted(count: int, what: str) -> str:
    """So many of a thing: `1 file`, `1,204 files`."""
    return f"{count} {what}" if count == 1 else f"{count:,} {what}s"
