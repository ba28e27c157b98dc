"""Pages of item analysis, as the sweep of every page sees them."""

from typing import Any

VISITORS = {"analysis": ("instructor",)}


def prepare(site: Any, session: Any) -> dict[str, Any]:
    """The assignment of the demo course."""
    from sqlalchemy import select

    from webapp.models import Assignment

    return {"assignment_id": session.scalars(select(Assignment.id).where(Assignment.course_id == site.course)).first()}
