"""How the pages of banks are looked at; their bank and item are those of `swept_variants`."""

from typing import Any

NO_PAGES = {"authoring.download": "an attachment"}
VISITORS = {"authoring": ("instructor",)}
QUERIES = {"authoring.edit": "?file=15-checks.md&line=140"}


def prepare(site: Any, session: Any) -> dict[str, Any]:
    """A proof of unsaved text that the instructor has asked for."""
    from sqlalchemy import select

    from webapp.models import Task, User
    from webapp.models.times import utc_now

    teacher = session.scalars(select(User).where(User.email == "teacher@workshop.example")).one()
    place = {"file": "15-checks.md", "line": 1}
    parameters = {"bank": "attention", "source": "### A {#a}\n\n**Question:** What?\n", "place": place}
    task = Task(
        kind="prove-draft",
        subject="draft:swept",
        actor_id=teacher.id,
        parameters=parameters,
        state="cancelled",
        created_at=utc_now(),
        finished_at=utc_now(),
    )
    session.add(task)
    session.flush()
    return {"trial_id": task.id, "number": 1}
