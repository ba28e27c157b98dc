"""The places of all jobs that wait, as one web process saw them a moment ago."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import CourseTurn, Job, State
from webapp.queue.fairness import Waiting, order

SHARE = 0.02
"""Of its time that a web process may spend on looking: with ten thousand waiting it looks every second or two."""


class Places:
    """Everybody asks for their own place, and it takes the whole queue to know one: so one look serves many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._places: dict[int, int] = {}
        self._looked = float("-inf")
        self._cost = 0.0

    def place(self, session: Session, job_id: int) -> int:
        """The place of a job that waits, 1 for the next."""
        with self._lock:
            if self._clock() - self._looked > self._cost / SHARE:
                self._look(session)
            place = self._places.get(job_id)
            if place is None:  # sent since
                place = self._places[job_id] = len(self._places) + 1
            return place

    def _look(self, session: Session) -> None:
        began = self._clock()
        waiting = session.execute(
            select(Job.priority, Job.behind, Job.round, Job.id, Job.course_id).where(Job.state == State.WAITING)
        ).all()
        served = session.execute(select(CourseTurn.course_id, CourseTurn.served_at)).all()
        found = order([Waiting(*each) for each in waiting], dict(served))
        self._places = {job_id: place for place, job_id in enumerate(found, start=1)}
        self._looked = self._clock()
        self._cost = self._looked - began
