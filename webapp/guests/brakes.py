"""What all guests together may ask for in an hour, so that strangers never use up what is there for a class."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItemPerHour

from webapp.access import settings
from webapp.learn.sending import guests_busy
from webapp.models import User
from webapp.security import limiter

WHAT = "runs and submissions of guests"
LATER = 300
"""Seconds to wait when the hour is used up."""


@contextmanager
def hour_of_guests(user: User) -> Iterator[None]:
    """Around what is sent: a guest's counts once it is stored, and is refused when the hour is full."""
    hour = RateLimitItemPerHour(settings().guest_submissions_per_hour)
    if user.is_guest and not limiter.limiter.test(hour, WHAT):
        raise guests_busy(LATER)
    yield
    if user.is_guest:
        limiter.limiter.hit(hour, WHAT)
