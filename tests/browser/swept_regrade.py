"""What the sweep over every page is told of notices, regrades and requests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

NO_PAGES = {"regrades.progress": "JSON", "regrades.table": "an attachment"}
VISITORS = {
    "notices": ("student", "instructor"),
    "second_look": ("student",),
    "regrades": ("instructor",),
    "requests": ("instructor",),
}


def prepare(site: Any, session: Any) -> dict[str, Any]:
    """A regrade to be decided, an open request, and a notice."""
    from webapp.models import Mark, Regrade, RegradeLine, RegradeRequest, Submission, User
    from webapp.notices.telling import tell
    from webapp.regrading.grading import mark_then

    now = datetime.now(UTC)
    teacher = session.scalars(select(User).where(User.email == "teacher@workshop.example")).one()
    made = Regrade(
        course_id=site.course, actor_id=teacher.id, reason="The test was wrong.", scope="all", created_at=now
    )
    session.add(made)
    session.flush()
    for name in ("partial", "failed", "passed"):
        mark = session.get_one(Mark, site.submissions[name])
        sent = session.get_one(Submission, mark.submission_id)
        session.add(
            RegradeLine(
                regrade_id=made.id,
                submission_id=sent.id,
                revision=sent.revision,
                job_id=mark.verdict_job_id,
                before=mark_then(mark).to_json(),
            )
        )
        data = {
            "item": sent.assignment_item_id, "submission": sent.id, "before": 4.0, "after": 6.0, "points": 10.0,
            "reason": "The test was wrong.",
        }  # fmt: skip
        tell(session, now, sent.user_id, "regraded", data, subject=f"submission:{sent.id}", course_id=site.course)
    session.add(RegradeRequest(submission_id=site.submissions["failed"], text="Look at the mask.", created_at=now))
    return {"regrade_id": made.id}
