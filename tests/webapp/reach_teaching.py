"""Who may ask for what people use who teach."""

from typing import Any

from tests.webapp.reach import teaching
from webapp.models.times import utc_now
from webapp.tasks import rows as tasks

TABLE = {
    ("GET", "teach.courses"): teaching(200, foreign=200),
    ("GET", "teach.course"): teaching(200),
    ("GET", "teach.student"): teaching(200),
    ("GET", "teach.submission"): teaching(200),
    ("GET", "teach.jobs"): teaching(200, foreign=200),
    ("POST", "teach.grade_again"): teaching(303),
    ("GET", "teach.banks"): teaching(200, foreign=200),
    ("GET", "tasks.task"): teaching(200),
    ("POST", "tasks.cancel"): teaching(200),
}
JSON_ROUTES = {"tasks.task", "tasks.cancel"}


def prepare(world: Any) -> dict[str, Any]:
    """A task of the course that nobody does."""
    with world.database.writing() as session:
        return {"task_id": tasks.ask(session, "nothing", "nothing", utc_now(), course_id=world.here).id}
