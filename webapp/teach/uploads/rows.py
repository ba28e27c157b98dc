"""Keeping, changing, confirming and discarding uploads: each function is one transaction's work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, load_only

from webapp import audit, variants
from webapp.items import item_of
from webapp.learn import sending
from webapp.marks import standings
from webapp.models import AssignmentItem, Membership, Purpose, Role, Upload, UploadFile
from webapp.teach.uploads.receiving import Parcel

A_CHUNK = 100
"""Submissions made in one transaction: students who write meanwhile wait a fraction of a second."""


def keep(
    session: Session, parcel: Parcel, *, item_id: int, course_id: int, actor_id: int, name: str, now: datetime
) -> Upload:
    """Store what was received, to be looked at."""
    arrangement = parcel.arrangement
    left_out = list(parcel.left_out)
    if arrangement.metadata_fault:
        left_out.insert(0, {"path": "submission_metadata.yml", "code": f"metadata-{arrangement.metadata_fault}"})
    upload = Upload(
        course_id=course_id,
        assignment_item_id=item_id,
        actor_id=actor_id,
        name=name,
        layout=arrangement.layout,
        fitting=arrangement.fitting,
        left_out=left_out,
        created_at=now,
    )
    session.add(upload)
    session.flush()
    session.add_all(
        UploadFile(
            upload_id=upload.id,
            path=each.path,
            content=each.content,
            user_id=each.user_id,
            matched_by=each.matched_by,
            problem=each.problem,
            suggested=list(each.suggested),
            chosen=each.chosen,
            late=each.late,
            remarks=list(each.remarks),
        )
        for each in parcel.files
    )
    session.flush()
    return upload


def locked(session: Session, upload_id: int) -> Upload:
    """The upload, which nobody else changes until the transaction ends."""
    return session.scalars(
        select(Upload).where(Upload.id == upload_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def assign(session: Session, upload_id: int, people: Mapping[int, int | None], counting: Mapping[int, int]) -> None:
    """Say whose files are whose (`people`: file → student or nobody) and which counts (`counting`: student → file)."""
    files = session.scalars(
        select(UploadFile)
        .where(UploadFile.upload_id == upload_id)
        .options(
            load_only(UploadFile.id, UploadFile.user_id, UploadFile.chosen, UploadFile.problem, UploadFile.matched_by)
        )
        .order_by(UploadFile.id)
    ).all()
    for each in files:
        if each.id in people and people[each.id] != each.user_id:
            each.user_id = people[each.id]
            each.matched_by = "hand" if each.user_id is not None else ""
            each.chosen = True
    mine: dict[int, list[UploadFile]] = {}
    for each in files:
        if each.user_id is not None:
            mine.setdefault(each.user_id, []).append(each)
    for user_id, own in mine.items():
        wanted = [each for each in own if each.id == counting.get(user_id)]
        chosen = [each for each in own if each.chosen]
        one = min(wanted or chosen or own, key=lambda each: (bool(each.problem), each.id))
        for each in own:
            each.chosen = each is one


def confirm(session: Session, upload: Upload, count: int, *, free: bool, actor_id: int, now: datetime) -> None:
    """Make it so: what follows can be interrupted and continued, never undone.

    Raises `Refusal` while it is not known which variant of the item its students have.
    """
    pinned = session.get_one(AssignmentItem, upload.assignment_item_id).pinned
    if variants.are_missing(item_of(pinned), pinned):
        raise sending.preparing()
    upload.state, upload.confirmed_at, upload.free = "confirmed", now, free
    audit.note(
        session,
        now,
        actor_id,
        "hand-in",
        f"upload:{upload.id}",
        course_id=upload.course_id,
        after={"item": upload.assignment_item_id, "files": count, "name": upload.name, "free": free},
    )


def submit_some(session: Session, upload_id: int, actor_id: int, now: datetime) -> int:
    """Make submissions of the next files of a confirmed upload; how many, 0 when there are no more.

    A file holds its submission's number from the same transaction on, so a file is never submitted twice.
    """
    upload = locked(session, upload_id)
    if upload.state != "confirmed":
        return 0
    item = session.get_one(AssignmentItem, upload.assignment_item_id)
    files = session.execute(
        select(UploadFile, Membership.user_id)
        .join(Membership, (Membership.user_id == UploadFile.user_id) & (Membership.course_id == upload.course_id))
        .where(UploadFile.upload_id == upload_id, UploadFile.submission_id.is_(None), Membership.role == Role.STUDENT)
        .where(UploadFile.chosen, UploadFile.problem == "")
        .order_by(UploadFile.id)
        .limit(A_CHUNK)
    ).all()
    sent = sending.store(
        session,
        item,
        [sending.Content(user_id, each.content, f"upload-file-{each.id}") for each, user_id in files],
        purpose=Purpose.SUBMIT,
        now=now,
        priority=sending.BEHIND_STUDENTS,
        sent_by_id=actor_id,
        free=upload.free,
    )
    for (each, _user_id), made in zip(files, sent, strict=True):
        each.submission_id = made.submission_id
        each.content = b""  # the submission has it
    session.flush()
    standings.refresh(session, {(user_id, item.id) for _file, user_id in files}, now)
    if not files:
        forget(session, upload_id)
    return len(files)


def forget(session: Session, upload_id: int) -> None:
    """Let go of the text of files that are not submissions."""
    session.execute(
        update(UploadFile)
        .where(
            UploadFile.upload_id == upload_id, UploadFile.submission_id.is_(None), func.length(UploadFile.content) > 0
        )
        .values(content=b"")
    )


def discard(session: Session, upload: Upload, actor_id: int, now: datetime) -> int:
    """Take everything of it away but that there was one; how many files that were."""
    count = session.scalar(select(func.count()).where(UploadFile.upload_id == upload.id)) or 0
    session.execute(delete(UploadFile).where(UploadFile.upload_id == upload.id))
    upload.state, upload.left_out = "discarded", []
    audit.note(
        session,
        now,
        actor_id,
        "discard-upload",
        f"upload:{upload.id}",
        course_id=upload.course_id,
        before={"item": upload.assignment_item_id, "files": count, "name": upload.name},
    )
    return count
