"""Who may hand in for a class: whoever may mark there."""

from typing import Any

from tests.webapp.reach import teaching
from webapp.models import Upload, UploadFile
from webapp.models.times import utc_now

TABLE = {
    ("GET", "uploads.overview"): teaching(200),
    ("POST", "uploads.receive_files"): teaching(400),  # what is sent here names no item
    ("GET", "uploads.upload"): teaching(200),
    ("POST", "uploads.save"): teaching(303),
    ("POST", "uploads.confirm"): teaching(303),
    ("GET", "uploads.progress"): teaching(200),
    ("GET", "uploads.file"): teaching(200),
    ("GET", "uploads.results"): teaching(200),
    ("GET", "uploads.feedback_files"): teaching(200),
    ("POST", "uploads.discard"): teaching(303),
}
JSON_ROUTES = {"uploads.progress"}


def prepare(world: Any) -> dict[str, Any]:
    """An upload with one file."""
    with world.database.writing() as session:
        upload = Upload(
            course_id=world.here,
            assignment_item_id=world.coding,
            actor_id=world.people["instructor"],
            name="a.zip",
            layout="plain",
            left_out=[],
            created_at=utc_now(),
        )
        session.add(upload)
        session.flush()
        file = UploadFile(upload_id=upload.id, path="a.py", content=b"...", suggested=[], remarks=[])
        session.add(file)
        session.flush()
        return {"upload_id": upload.id, "file_id": file.id}
