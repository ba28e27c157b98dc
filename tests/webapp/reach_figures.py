"""Figures are everybody's who has their address: it is the hash of what is drawn."""

from typing import Any

from tests.webapp.reach import everybody
from webapp.models import Figure
from webapp.models.times import utc_now

TABLE = {("GET", "figures.figure"): everybody(200)}
DIGEST = "0123456789abcdef" * 2


def prepare(world: Any) -> dict[str, Any]:
    """A figure."""
    with world.database.writing() as session:
        session.add(Figure(digest=DIGEST, svg="<svg/>", created_at=utc_now()))
    return {"digest": DIGEST}
