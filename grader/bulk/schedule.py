"""Who grades what next: examiners stay warm, no lane is idle, and what takes long comes after everything that does not.

A source is first tried with little processor time (`grader.first_tries`).  Lanes keep to one item while it has any
left, since its suite is collected in each lane that takes one.  What needs longer, and what failed on our side, comes
when nothing is left to be tried first; then every lane takes it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from grader.bulk.sources import Source


@dataclass(frozen=True, slots=True)
class Work:
    """One source to be graded now."""

    source: Source
    whole: bool = False
    """Whether it gets all the time of its item."""
    tries: int = 0
    """How often it has failed on our side."""


class Schedule:
    """What is left to be graded; lanes ask for their next from several threads."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._first: dict[str, deque[Work]] = {}
        for source in sources:
            self._first.setdefault(source.item.revision, deque()).append(Work(source))
        self._later: deque[Work] = deque()
        self._at: dict[int, str] = {}
        """At which item each lane is."""
        self._in_hand = 0
        self._stopped = False
        self._changed = threading.Condition()

    def next(self, lane: int) -> Work | None:
        """The lane's next work, waited for while another lane's may still come back; None when there is no more."""
        with self._changed:
            while not self._stopped:
                work = self._from_first(lane) or self._from_later(lane)
                if work is not None:
                    self._in_hand += 1
                    return work
                if not self._in_hand:
                    break
                self._changed.wait()
            return None

    def done(self) -> None:
        """What a lane had in hand is settled."""
        self._let_go(None)

    def put_behind(self, work: Work) -> None:
        """What a lane had in hand comes again, so, when nothing is left to be tried first."""
        self._let_go(work)

    def stop(self) -> None:
        """Nothing more is given to anybody."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _let_go(self, work: Work | None) -> None:
        with self._changed:
            self._in_hand -= 1
            if work is not None:
                self._later.append(work)
            self._changed.notify_all()

    def _from_first(self, lane: int) -> Work | None:
        mine = self._at.get(lane, "")
        if not self._first.get(mine):
            taken = {item for other, item in self._at.items() if other != lane}
            left = {item: len(works) for item, works in self._first.items() if works}
            if not left:
                return None
            # An item of its own, in the order of the input; else where most is left.
            mine = next((item for item in left if item not in taken), max(left, key=left.__getitem__))
            self._at[lane] = mine
        return self._first[mine].popleft()

    def _from_later(self, lane: int) -> Work | None:
        if not self._later:
            return None
        mine = self._at.get(lane, "")
        work = next((work for work in self._later if work.source.item.revision == mine), self._later[0])
        self._later.remove(work)
        self._at[lane] = work.source.item.revision
        return work
