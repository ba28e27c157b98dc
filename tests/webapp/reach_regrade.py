"""Who may ask for notices, regrades, overrides, and another look at a verdict."""

from typing import Any

from sqlalchemy import select

from tests.webapp.reach import SIGN_IN, teaching
from webapp.models import AssignmentItem, Mark, Regrade, RegradeLine, RegradeRequest
from webapp.models.times import utc_now
from webapp.regrading.grading import mark_then

TABLE = {
    ("GET", "notices.inbox"): (SIGN_IN, 200, 200, 200, 200, 200, 200, 200),
    ("GET", "second_look.ask"): (SIGN_IN, 200, 404, 404, 404, 404, 404, 404),
    ("POST", "second_look.send"): (SIGN_IN, 409, 404, 404, 404, 404, 404, 404),
    ("POST", "second_look.withdraw"): (SIGN_IN, 303, 404, 404, 404, 404, 404, 404),
    ("POST", "overrides.give"): teaching(303),
    ("POST", "overrides.withdraw"): teaching(303),
    ("GET", "requests.inbox"): teaching(200),
    ("POST", "requests.answer"): teaching(400),
    ("GET", "regrades.overview"): teaching(200, assistant=403),
    ("GET", "regrades.new"): teaching(200, assistant=403),
    ("POST", "regrades.begin"): teaching(400, assistant=403),
    ("GET", "regrades.regrade"): teaching(200, assistant=403),
    ("GET", "regrades.progress"): teaching(200, assistant=403),
    ("GET", "regrades.table"): teaching(200, assistant=403),
    ("POST", "regrades.apply"): teaching(303, assistant=403),
    ("POST", "regrades.finish"): teaching(303, assistant=403),
    ("POST", "regrades.cancel"): teaching(303, assistant=403),
    ("POST", "regrades.resume"): teaching(303, assistant=403),
}
JSON_ROUTES = {"regrades.progress"}
BODY = {
    ("POST", "second_look.send"): {"data": {"text": "Please look at the mask again."}},
    ("POST", "overrides.give"): {"data": {"points": "5", "reason": "the idea is right"}},
}


def prepare(world: Any) -> dict[str, Any]:
    """A regrade with one line, and an open request."""
    with world.database.writing() as session:
        mark = session.scalars(select(Mark).order_by(Mark.submission_id)).first()
        assert mark is not None
        made = Regrade(
            course_id=world.here,
            actor_id=world.people["instructor"],
            reason="mended",
            scope="all",
            created_at=utc_now(),
        )
        asked = RegradeRequest(submission_id=mark.submission_id, text="why", created_at=utc_now())
        session.add_all([made, asked])
        session.flush()
        session.add(
            RegradeLine(
                regrade_id=made.id,
                submission_id=mark.submission_id,
                revision=session.get_one(AssignmentItem, world.coding).revision,
                job_id=mark.verdict_job_id,
                before=mark_then(mark).to_json(),
            )
        )
        return {"regrade_id": made.id, "request_id": asked.id}
