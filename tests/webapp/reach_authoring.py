"""Who may look at banks and change them: they belong to the whole server, so any of its instructors may."""

from typing import Any

from tests.webapp.reach import teaching
from webapp.models import Task
from webapp.models.times import utc_now


def writing(status: int) -> tuple[int, ...]:
    """For instructors, whatever their course."""
    return teaching(status, assistant=403, foreign=status)


TABLE = {
    ("GET", "authoring.new"): writing(200),
    ("POST", "authoring.begin"): writing(422),  # nor a bank
    ("POST", "authoring.receive"): writing(422),
    ("POST", "authoring.adopt"): writing(422),
    ("GET", "authoring.bank"): teaching(200, foreign=200),
    ("POST", "authoring.prove"): writing(303),
    ("GET", "authoring.proof"): teaching(200, foreign=200),
    ("POST", "authoring.move_pins"): writing(303),
    ("GET", "authoring.edit"): writing(200),
    ("POST", "authoring.save"): writing(422),  # what is sent here names no file
    ("POST", "authoring.draw"): writing(303),  # nor a figure
    ("POST", "authoring.check"): writing(200),
    ("POST", "authoring.try_item"): writing(200),
    # Of unsaved text whoever asked for its proof, here nobody else.
    ("GET", "authoring.tried"): (302, 404, 404, 404, 403, 200, 404, 404),
    ("GET", "authoring.versions"): teaching(200, foreign=200),
    ("GET", "authoring.version"): teaching(200, foreign=200),
    ("POST", "authoring.restore"): writing(303),
    ("GET", "authoring.download"): teaching(200, foreign=200),
}


JSON_ROUTES = {"authoring.check", "authoring.try_item"}


def prepare(world: Any) -> dict[str, Any]:
    """The first version of a bank, and a task that the instructor has asked for."""
    with world.database.writing() as session:
        parameters = {"bank": "answers", "source": "### A {#a}\n\n**Question:** What?\n", "place": {"line": 1}}
        task = Task(
            kind="prove-draft",
            subject="draft:reach",
            actor_id=world.people["instructor"],
            parameters=parameters,
            created_at=utc_now(),
        )
        session.add(task)
        session.flush()
        return {"number": 1, "trial_id": task.id}
