"""Workers that share no machine with whoever asks: each says now and then that it is there."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp.models import Presence
from webapp.models.upserting import upsert

FORGOTTEN = timedelta(hours=1)


def note(session: Session, name: str, now: datetime) -> None:
    """This worker is there."""
    upsert(session, Presence, {"name": name}, {"seen_at": now})


def leave(session: Session, name: str, now: datetime) -> None:
    """This worker ends; and who ended without saying so is forgotten after a while."""
    session.execute(delete(Presence).where((Presence.name == name) | (Presence.seen_at < now - FORGOTTEN)))


def count(session: Session, since: datetime) -> int:
    """How many have said so since then."""
    return session.scalar(select(func.count()).select_from(Presence).where(Presence.seen_at >= since)) or 0
