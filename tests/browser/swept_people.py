"""How the pages about people, courses, the log and the server are looked at."""

from __future__ import annotations

from typing import Any

from webapp.teach.log.sentences import ACTIONS

NO_PAGES = {
    "people.export": "an attachment",
    "log.course_table": "an attachment",
    "admin.log_table": "an attachment",
    "personal.archive": "an attachment",
    "personal.person_archive": "an attachment",
}
VISITORS = {
    "people": ("instructor",),
    "courses": ("instructor",),
    "log": ("instructor",),
    "admin": ("administrator",),
    "personal": ("administrator",),
}


def prepare(site: Any, session: Any) -> dict[str, Any]:
    """An administrator, and entries of every kind in the log."""
    from webapp import audit
    from webapp.account import service as accounts
    from webapp.models.times import utc_now

    keeper = accounts.create(session, "keeper@workshop.example", "Keeper", "keeper-password")
    keeper.is_admin = True
    after = {"role": "assistant", "people": [{"email": f"p{number}@example.org"} for number in range(9)], "count": 9}
    for action in (*ACTIONS, "an-action-of-tomorrow"):
        subject = f"course:{site.course} user:{keeper.id}"
        values = {"before": {"role": "student"}, "after": after}
        audit.note(session, utc_now(), keeper.id, action, subject, course_id=site.course, **values)
    return {}
