"""Counting what comes out, whatever was declared."""

from __future__ import annotations

from grader.archives.model import ArchiveRefused, Limits, Reason


class Exhausted(ArchiveRefused):
    """Too much altogether, however it is divided among archives inside archives."""


class Budget:
    """What may still come out of an archive.  One inside another has a ratio of its own, and shares all the rest."""

    def __init__(self, limits: Limits, archive_bytes: int, outer: Budget | None = None) -> None:
        self.limits = limits
        self._outermost: Budget = outer._outermost if outer is not None else self
        self._allowed = max(limits.ratio_from, limits.ratio * archive_bytes)
        if outer is not None:
            self._allowed = min(self._allowed, limits.nested_bytes)
        self._bytes = self._entries = 0
        self._entries_of_all = 0
        self._bytes_of_all = 0

    def entry(self) -> None:
        """One more entry, taken or not.  Raises `ArchiveRefused`."""
        self._entries += 1
        if self._entries > self.limits.nested_entries and self._outermost is not self:
            raise ArchiveRefused(Reason.TOO_MANY)
        self._outermost._entries_of_all += 1
        if self._outermost._entries_of_all > self.limits.entries:
            raise Exhausted(Reason.TOO_MANY)

    def spend(self, count: int) -> None:
        """`count` more bytes came out.  Raises `ArchiveRefused`."""
        self._bytes += count
        if self._bytes > self._allowed:
            raise ArchiveRefused(Reason.BOMB)
        self._outermost._bytes_of_all += count
        if self._outermost._bytes_of_all > self.limits.total_bytes:
            raise Exhausted(Reason.TOO_MUCH)
