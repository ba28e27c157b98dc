"""Pages of handing in for a class, as the sweep of every page sees them."""

import io
from datetime import UTC, datetime
from typing import Any

NO_PAGES = {
    "uploads.progress": "JSON",
    "uploads.file": "plain text",
    "uploads.results": "an attachment",
    "uploads.feedback_files": "an attachment",
}
VISITORS = {"uploads": ("instructor",)}


def prepare(site: Any, session: Any) -> dict[str, Any]:
    """A preview with everything that a preview may show."""
    from questions.model import Kind
    from webapp.models import AssignmentItem, Course, User
    from webapp.teach.uploads import receiving, rows, service

    item = session.get_one(AssignmentItem, site.items["scaled-dot-product-attention"])
    people = service.people_of(session, session.get_one(Course, site.course).id)
    files = {
        "gallery@workshop.example.py": b"x = 1\n",
        "chen_gallery_second_try.py": b"x = 2\n",
        "Robin/report.pdf": b"%PDF",
        "Robim.py": b"x = 3\n",
        "final version (1).py": b"",
        "../outside.py": b"x = 4\n",
        "a-name-without-any-place-to-break-it-" + "a" * 90 + ".py": b"x = 5\n",
    }
    sent: list[tuple[str, Any]] = [(name, io.BytesIO(content)) for name, content in files.items()]
    parcel = receiving.receive(sent, Kind.CODING, item.item, service.roster_of(people))
    teacher = session.query(User).filter_by(email="teacher@workshop.example").one()
    upload = rows.keep(
        session,
        parcel,
        item_id=item.id,
        course_id=site.course,
        actor_id=teacher.id,
        name="submissions.zip",
        now=datetime.now(UTC),
    )
    return {"upload_id": upload.id, "file_id": 1}
