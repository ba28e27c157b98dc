"""Who may look at an item's variants, and have them drawn."""

from pathlib import Path
from typing import Any

from tests.webapp.reach import teaching
from webapp import banks
from webapp.models.times import utc_now

TABLE = {
    ("GET", "variants.pages"): teaching(200, foreign=200),
    ("POST", "variants.draw"): teaching(303, assistant=403, foreign=303),
}


def prepare(world: Any) -> dict[str, Any]:
    """A bank with an item whose variants nobody has drawn."""
    with world.database.writing() as session:
        banks.load(session, Path(__file__).parent / "answers_bank.md", utc_now())
    return {"bank_id": "answers", "item": "cache"}
