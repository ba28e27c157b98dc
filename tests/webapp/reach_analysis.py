"""Who may ask for item analysis."""

from typing import Any

from tests.webapp.reach import teaching

TABLE = {
    ("GET", "analysis.assignments"): teaching(200),
    ("GET", "analysis.assignment"): teaching(200),
    ("GET", "analysis.item"): teaching(200),
}


def prepare(world: Any) -> dict[str, Any]:
    """The course's assignment."""
    return {"assignment_id": world.assignment}
