"""A judging as the browser's script is told of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from webapp import access
from webapp.items import item_of
from webapp.languages import language
from webapp.learn import estimates, pages, records
from webapp.models import Job, State, Verdict
from webapp.queue.states import poll_after_ms

REGIONS = ("verdict", "progress", "history", "answer")
FRESH = timedelta(seconds=10)


def job_json(session: Session, job: Job, now: datetime) -> dict[str, Any]:
    """See docs/web.md: state, when to ask again, and the regions of the page that have changed."""
    place = access.item_or_404(job.submission.assignment_item_id)
    done = job.state == State.DONE
    if done:
        page = pages.item_page(session, place, language(), now, job)
        view = page.selected
        fragments = {name: render_template(f"learn/_{name}.html", page=page).strip() for name in REGIONS}
    else:
        dates = records.dates_for(session, place.assignment, job.user_id)
        kind = item_of(place.item.pinned).kind
        view = pages.verdict_view(session, job, language(), now, dates, kind)
        fragments = {"verdict": render_template("learn/_verdict.html", page={"selected": view, "kind": kind}).strip()}
    assert view is not None
    return {
        "id": job.id,
        "purpose": job.purpose,
        "state": job.state,
        "done": done,
        "item": place.item.id,
        "submission": job.submission_id,
        "position": view.position,
        "waited_seconds": round(view.waited_seconds, 3),
        "poll_after_ms": _ask_again(session, job, view.position, now),
        "status": view.status,
        "score": view.score,
        "max_score": view.max_score,
        "fragments": fragments,
    }


def _ask_again(session: Session, job: Job, position: int | None, now: datetime) -> int:
    """Milliseconds; of what is done, how long it took is noted for the next ones."""
    verdict = session.get(Verdict, job.id)
    if verdict is not None and job.heartbeat_at is not None and now - verdict.created_at < FRESH:
        seconds = (verdict.created_at - job.heartbeat_at).total_seconds()
        estimates.durations().note((job.revision, job.purpose), seconds)
    left = estimates.seconds_until_judged(job, position, now)
    return poll_after_ms((now - job.created_at).total_seconds(), left)
