"""Who may review: whoever may mark in the course; phrasings are for who writes banks."""

from typing import Any

from tests.webapp.reach import SIGN_IN, teaching
from webapp.models import Job, Phrasing, Purpose, State, Submission
from webapp.models.times import utc_now

BANKS = (SIGN_IN, 404, 404, 404, 403, 200, 200, 200)
CHANGES = (SIGN_IN, 404, 404, 404, 403, 303, 303, 303)
TABLE = {
    ("GET", "review.queue"): teaching(200),
    ("GET", "review.answer"): teaching(200),
    ("POST", "review.following"): teaching(200),
    ("POST", "review.decide"): teaching(409),
    ("POST", "review.skip"): teaching(200),
    ("POST", "review.hold"): teaching(200),
    ("POST", "review.undo"): teaching(200),
    ("GET", "phrasing.of_item"): BANKS,
    ("POST", "phrasing.trial"): CHANGES,
    ("POST", "phrasing.put"): CHANGES,
}
JSON_ROUTES = {"review.following", "review.decide", "review.skip", "review.hold", "review.undo"}
BODY = {
    ("POST", "review.decide"): {"data": {"seen": "something else"}},
    ("POST", "phrasing.put"): {"data": {"state": "taken"}},
}


def prepare(world: Any) -> dict[str, Any]:
    """An answer that waits, and words that were offered.  Other rows of a class are not touched."""
    from grader.documents import verdict_to_json
    from tests.webapp.conftest import pretend
    from webapp.items import item_of
    from webapp.models import AssignmentItem
    from webapp.queue import rows

    now = utc_now()
    with world.database.writing() as session:
        item = session.get_one(AssignmentItem, world.words)
        sent = Submission(
            assignment_item_id=item.id, user_id=world.people["classmate"], revision=item.revision, client_key="read",
            content=b"it matters", seed=1, created_at=now,
        )  # fmt: skip
        session.add(sent)
        session.flush()
        job = Job(
            submission_id=sent.id, user_id=sent.user_id, revision=item.revision, purpose=Purpose.SUBMIT,
            state=State.DONE, not_before=now, created_at=now,
        )  # fmt: skip
        session.add(job)
        session.flush()
        document = verdict_to_json(pretend(item_of(item.pinned), 1, share=0.5, review=True))
        rows.keep(session, job, document, now, "")
        words = Phrasing(
            bank_id=item.bank_id, item=item.item, key_point="importance", judgement="yes", text="it counts",
            submission_id=sent.id, reviewer_id=world.people["instructor"], created_at=now,
        )  # fmt: skip
        session.add(words)
        session.flush()
        return {"answer_id": sent.id, "rubric_bank": item.bank_id, "rubric_item": item.item, "phrasing_id": words.id}
