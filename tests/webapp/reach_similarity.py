"""Who may ask which submissions are alike."""

from typing import Any

from tests.webapp.reach import teaching

TABLE = {
    ("GET", "similarity.assignments"): teaching(200),
    ("GET", "similarity.item"): teaching(200),
    ("POST", "similarity.compare"): teaching(303),
    ("GET", "similarity.table"): teaching(200),
    ("GET", "similarity.pair"): teaching(200),
}


def prepare(world: Any) -> dict[str, Any]:
    """Two submissions of two people."""
    first, second = world.send("owner", b"x = 1"), world.send("classmate", b"x = 2")
    return {"first": first.submission_id, "second": second.submission_id}
