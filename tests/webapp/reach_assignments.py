"""Who may ask for the assignments of a course, and look through a student's eyes."""

from typing import Any

from tests.webapp.reach import Statuses, teaching

MANAGING = teaching(303, assistant=403)


def managing(status: int) -> Statuses:
    """For instructors of the course; its assistants are told that they may not."""
    return teaching(status, assistant=403)


TABLE = {
    ("GET", "assignments.overview"): teaching(200),
    ("POST", "assignments.create"): managing(400),
    ("POST", "assignments.reorder"): managing(409),
    ("GET", "assignments.file"): managing(404),
    ("POST", "assignments.name_course"): managing(400),
    ("GET", "assignments.assignment"): teaching(200),
    ("POST", "assignments.save"): managing(400),
    ("POST", "assignments.save_items"): managing(409),
    ("POST", "assignments.undo"): managing(409),
    ("POST", "assignments.duplicate"): MANAGING,
    ("GET", "assignments.items"): managing(200),
    ("POST", "assignments.add_items"): managing(400),
    ("GET", "assignments.item"): teaching(200),
    ("POST", "assignments.take_revision"): managing(409),
    ("GET", "assignments.extended"): teaching(200),
    ("POST", "assignments.extend"): managing(400),
    ("POST", "assignments.end_extension"): managing(409),
    # Taking out what every other line needs comes last, and putting it back after it.
    ("POST", "assignments.remove_item"): MANAGING,
    ("POST", "assignments.restore_item"): MANAGING,
    ("POST", "assignments.remove"): MANAGING,
    ("POST", "assignments.restore"): MANAGING,
    ("GET", "viewing.start"): managing(200),
    ("POST", "viewing.begin"): MANAGING,
    ("POST", "viewing.end"): MANAGING,
    ("GET", "viewing.course"): managing(302),
    ("GET", "viewing.course_map"): managing(302),
    ("GET", "viewing.today"): managing(302),
    ("GET", "viewing.item"): managing(302),
    ("GET", "viewing.submission"): managing(302),
    ("GET", "viewing.history"): managing(302),
    ("GET", "viewing.difference"): managing(302),
    ("GET", "viewing.nothing"): managing(302),
    ("POST", "viewing.nothing"): managing(302),
    ("PUT", "viewing.nothing"): managing(302),
}


def prepare(world: Any) -> dict[str, Any]:
    """What the addresses name."""
    return {"assignment_id": world.assignment, "change_id": 1}
