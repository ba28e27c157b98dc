"""How the pages of an item's variants are looked at: drawn ones, of the shipped bank."""

from __future__ import annotations

from typing import Any

VISITORS = {"variants": ("instructor",)}


def prepare(site: Any, session: Any) -> dict[str, Any]:
    """Variants as a worker draws them."""
    from sqlalchemy import select

    from webapp.models import Revision

    for revision in session.scalars(select(Revision).where(Revision.item == "size-of-weights")):
        revision.variants = [
            {
                "batch": 3, "heads": 12, "length": 1024 * number, "longer": 2048 * number, "size": 144.0 * number,
                "one_head": 12.0 * number, "one_sequence": 48.0 * number, "elements": 36.0 * number,
                "half": 72.0 * number, "as_mb": 150.994944 * number,
            }
            for number in range(1, 30)
        ]  # fmt: skip
    return {"bank_id": "attention", "item": "size-of-weights"}
