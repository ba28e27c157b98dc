"""Pages of the review queue, as the sweep of every page sees them."""

from typing import Any

VISITORS = {"review": ("instructor",), "phrasing": ("instructor",)}


def prepare(site: Any, session: Any) -> dict[str, Any]:
    """An answer that waits, and words in every state that were offered for its rubric."""
    from webapp.models import AssignmentItem, Phrasing, User
    from webapp.models.times import utc_now

    item = session.get_one(AssignmentItem, site.items["attention-concept"])
    teacher = session.query(User).filter_by(email="teacher@workshop.example").one()
    for state, judgement, words in (
        ("offered", "yes", "looks where it matters"),
        ("taken", "half", "给每个部分分配不同的权重"),
        ("dismissed", "no", "a-word-without-any-place-to-break-it-" + "a" * 90),
        ("offered", "no", "Looks where it matters"),
    ):
        session.add(
            Phrasing(
                bank_id=item.bank_id, item=item.item, key_point="focus", judgement=judgement, text=words,
                reviewer_id=teacher.id, state=state, created_at=utc_now(),
            )
        )  # fmt: skip
    return {
        "answer_id": site.submissions["short-answer-review"],
        "rubric_bank": item.bank_id,
        "rubric_item": item.item,
    }
