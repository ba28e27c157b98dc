"""How long a verdict will take, by what this process has seen lately."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from webapp import access
from webapp.models import Job
from webapp.queue.durations import Durations
from webapp.queue.states import seconds_left


def durations() -> Durations:
    """What judgings took."""
    return current_app.extensions["workshop_durations"]  # type: ignore[no-any-return]


def seconds_until_judged(job: Job, position: int | None, now: datetime) -> float:
    """What a judging has before it, at its place in the queue or in hand."""
    seen = durations()
    return seconds_left(
        seen.usual((job.revision, job.purpose)),
        position=position,
        workers=access.carrier().workers(),
        begun=job.heartbeat_at,
        now=now,
        average=seen.average(),
    )
