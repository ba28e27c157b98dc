"""Who may ask for what about people, courses, the log, and the whole server."""

from typing import Any

from tests.webapp.reach import SIGN_IN, Statuses, teaching


def managing(status: int) -> Statuses:
    """For instructors of the course; its assistants are refused, and to others there is nothing."""
    return teaching(status, assistant=403)


def keeping(status: int) -> Statuses:
    """For administrators; to everybody else there is nothing."""
    return (SIGN_IN, 404, 404, 404, 404, 404, 404, status)


def everyone(status: int) -> Statuses:
    """For whoever is signed in: it is their own."""
    return (SIGN_IN, *(status,) * 7)


TABLE = {
    ("GET", "people.roster"): teaching(200),
    ("GET", "people.export"): teaching(200),
    ("GET", "people.board"): teaching(200),
    ("POST", "people.add"): managing(400),
    ("POST", "people.change"): managing(303),
    ("POST", "people.links"): managing(200),
    ("POST", "people.code"): managing(303),
    ("GET", "people.import_table"): managing(200),
    ("POST", "people.import_preview"): managing(400),
    ("POST", "people.import_apply"): managing(400),
    ("GET", "courses.new"): (SIGN_IN, 404, 404, 404, 403, 200, 200, 200),
    ("POST", "courses.new"): (SIGN_IN, 404, 404, 404, 403, 400, 400, 400),
    ("GET", "courses.settings"): managing(200),
    ("POST", "courses.settings"): managing(400),
    ("POST", "courses.archive"): managing(303),
    ("GET", "log.course"): teaching(200),
    ("GET", "log.course_table"): teaching(200),
    ("GET", "admin.log"): keeping(200),
    ("GET", "admin.log_table"): keeping(200),
    ("GET", "admin.accounts"): keeping(200),
    ("GET", "admin.courses"): keeping(200),
    ("POST", "admin.administrator"): keeping(303),
    ("POST", "admin.sign_out"): keeping(303),
    ("POST", "admin.link"): keeping(200),
    ("GET", "personal.person"): keeping(200),
    ("GET", "personal.person_archive"): keeping(200),
    ("POST", "personal.erase"): keeping(400),
    ("GET", "personal.mine"): everyone(200),
    ("GET", "personal.archive"): everyone(200),
    ("POST", "personal.deletion"): everyone(303),
}
BODY: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "courses.archive"): {"data": {"back": "yes"}},
    ("POST", "admin.administrator"): {"data": {"off": "yes"}},
}
