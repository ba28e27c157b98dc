"""Pages for handing in for a class."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required
from sqlalchemy import select
from werkzeug.exceptions import RequestEntityTooLarge

from grader.archives import ArchiveRefused
from grader.shown_text import text_of
from webapp import access, csv_files
from webapp.access import Right
from webapp.addresses import row_number
from webapp.items import item_of
from webapp.languages import language
from webapp.learn import sending
from webapp.models import AssignmentItem, Course, Upload, UploadFile
from webapp.models.times import utc_now
from webapp.refusals import Refusal, failure
from webapp.security import limiter
from webapp.teach.frame import frame
from webapp.teach.uploads import feedback, rows, service
from webapp.teach.uploads.forms import Choices, read_choices
from webapp.teach.uploads.receiving import KINDS, receive
from webapp.teach.uploads.words import left_out_words, refused_words

uploads = Blueprint("uploads", __name__, url_prefix="/teach")

LARGEST_UPLOAD = 64 * 1024 * 1024
MOST_PARTS = 3_100
LONGEST_NAME = 120


def _person() -> str:
    return f"uploads {current_user.get_id()}"


@uploads.url_value_preprocessor
def allow_more(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A larger request where files arrive, from those who may hand in: before anything of it is read."""
    if endpoint == "uploads.receive_files" and request.method == "POST" and values and current_user.is_authenticated:
        if not current_user.is_guest and access.may(values["course_id"], Right.MARK):
            request.max_content_length = LARGEST_UPLOAD
            request.max_form_parts = MOST_PARTS


@uploads.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """What was sent is not looked at."""
    text = _("At most 64 MiB and 3,000 files are taken at once. Nothing was stored; divide the upload.")
    return failure(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", text=text)


def _upload_or_404(upload_id: int) -> tuple[Upload, Course]:
    upload = access.reading().get(Upload, upload_id)
    if upload is None:
        abort(404)
    return upload, access.taught_course_or_404(upload.course_id, Right.MARK)


@uploads.get("/courses/<int:course_id>/uploads")
@login_required
def overview(course_id: int) -> Any:
    """The form, and what was uploaded before."""
    return _overview(access.taught_course_or_404(course_id, Right.MARK))


def _overview(course: Course, problem: str = "", status: int = 200) -> Response:
    session, lang = access.reading(), language()
    page = render_template(
        "teach/uploads/overview.html",
        frame=frame(course),
        choices=service.choices(session, course, lang),
        uploads=service.uploads(session, course, lang),
        chosen=request.values.get("item", "", str),
        problem=problem,
        most_bytes=LARGEST_UPLOAD,
    )
    return make_response(page, status)


@uploads.post("/courses/<int:course_id>/uploads")
@login_required
@limiter.limit("12 per minute; 120 per hour", key_func=_person)
def receive_files(course_id: int) -> Any:
    """Files arrive: they are read, matched and kept, and nothing is submitted."""
    course = access.taught_course_or_404(course_id, Right.MARK)
    session = access.reading()
    number = request.form.get("item", type=row_number)
    item = session.get(AssignmentItem, number) if number is not None else None
    if item is None or item.assignment.course_id != course.id or item.removed_at is not None:
        return _overview(course, _("Choose the item that the files are for."), 400)
    asked = item_of(item.pinned)
    if asked.kind not in KINDS:
        return _overview(course, _("Files can be handed in for code and for short answers only."), 400)
    sent = [(each.filename or "", each.stream) for each in request.files.getlist("files") if each.filename]
    if not sent:
        return _overview(course, _("Choose a zip, a tar archive or some files."), 400)
    roster = service.roster_of(service.people_of(session, course.id))
    try:
        parcel = receive(sent, asked.kind, item.item, roster)
    except ArchiveRefused as refused:
        return _overview(course, refused_words(refused.reason), 422)
    if not parcel.files:
        return _overview(course, _nothing_there(parcel.left_out), 422)
    name = sent[0][0] if len(sent) == 1 else ngettext("%(num)d file", "%(num)d files", len(sent))
    item_id, actor_id = item.id, access.me().id
    with access.database().writing(durable=True) as writing:
        upload_id = rows.keep(
            writing,
            parcel,
            item_id=item_id,
            course_id=course_id,
            actor_id=actor_id,
            name=name[-LONGEST_NAME:],
            now=utc_now(),
        ).id
    return redirect(url_for("uploads.upload", upload_id=upload_id), 303)


def _nothing_there(left_out: Any) -> str:
    words = _("Nothing was taken: no file in it can be graded.")
    if left_out:
        first = left_out[0]
        words += " " + _("The first one, %(path)s: %(why)s.", path=first["path"], why=left_out_words(first))
    return words


@uploads.get("/uploads/<int:upload_id>")
@login_required
def upload(upload_id: int) -> Any:
    """What was matched and what not; once confirmed, how far it is and what came of it."""
    found, course = _upload_or_404(upload_id)
    session, lang, now = access.reading(), language(), utc_now()
    if found.state == "preview":
        page = service.preview(session, found, lang, now)
        return render_template("teach/uploads/preview.html", frame=frame(course), page=page)
    if found.state == "discarded":
        return render_template(
            "teach/uploads/discarded.html", frame=frame(course), heading=service.heading(session, found, lang)
        )
    page = service.results(session, found, lang, now)
    return render_template("teach/uploads/results.html", frame=frame(course), page=page)


def _choices(found: Upload) -> Choices:
    choices = read_choices(request.form, service.people_of(access.reading(), found.course_id))
    for text in choices.unknown[:5]:
        flash(
            _("No student of this course, or more than one, is called “%(text)s”: pick from the list.", text=text),
            "error",
        )
    return choices


@uploads.post("/uploads/<int:upload_id>/choices")
@login_required
def save(upload_id: int) -> Any:
    """Whose files are whose, and which count."""
    found, _course = _upload_or_404(upload_id)
    choices = _choices(found)
    with access.database().writing(durable=True) as session:
        if rows.locked(session, upload_id).state == "preview":
            rows.assign(session, upload_id, choices.people, choices.counting)
    if not choices.unknown:
        flash(_("Saved. Nothing is submitted yet."), "success")
    return redirect(url_for("uploads.upload", upload_id=upload_id), 303)


@uploads.post("/uploads/<int:upload_id>/confirm")
@login_required
def confirm(upload_id: int) -> Any:
    """Grade what was matched: submissions are made in steps, and what was interrupted goes on here."""
    found, _course = _upload_or_404(upload_id)
    actor_id, back = access.me().id, redirect(url_for("uploads.upload", upload_id=upload_id), 303)
    if found.state == "preview":
        choices = _choices(found)
        with access.database().writing(durable=True) as session:
            locked = rows.locked(session, upload_id)
            if locked.state == "preview":
                rows.assign(session, upload_id, choices.people, choices.counting)
                session.flush()
                count = service.countable(session, locked)
                if choices.unknown or str(count) != request.form.get("expected", "") or not count:
                    flash(_("Your choices are saved, and %(num)s files would be graded now. Look again and press "
                            "the button once more.", num=count), "error")  # fmt: skip
                    return back
                free = request.form.get("attempt", "counts") == "free"
                rows.confirm(session, locked, count, free=free, actor_id=actor_id, now=utc_now())
    while True:
        with access.database().writing(durable=True) as session:
            made = rows.submit_some(session, upload_id, actor_id, utc_now())
        access.carrier().announce(made, sending.BEHIND_STUDENTS)
        if not made:
            return back


@uploads.post("/uploads/<int:upload_id>/discard")
@login_required
def discard(upload_id: int) -> Any:
    """Take a preview away."""
    found, _course = _upload_or_404(upload_id)
    course_id, actor_id = found.course_id, access.me().id
    with access.database().writing(durable=True) as session:
        locked = rows.locked(session, upload_id)
        if locked.state != "preview":
            raise Refusal("confirmed", _("This was confirmed already: its submissions stay."), HTTPStatus.CONFLICT)
        count = rows.discard(session, locked, actor_id, utc_now())
    flash(ngettext("%(num)d file is discarded. Nothing was submitted.", "%(num)d files are discarded. Nothing was "
                   "submitted.", count), "success")  # fmt: skip
    return redirect(url_for("uploads.overview", course_id=course_id), 303)


@uploads.get("/uploads/<int:upload_id>/progress")
@login_required
def progress(upload_id: int) -> Any:
    """How far the judging is, as the bar's script asks for it."""
    found, _course = _upload_or_404(upload_id)
    view = service.progress(access.reading(), found, utc_now())
    html = render_template("teach/_task_part.html", task=view)
    return jsonify(state=view.state, open=view.open, html=html, poll_after_ms=view.poll_after_ms)


@uploads.get("/uploads/<int:upload_id>/files/<int:file_id>")
@login_required
def file(upload_id: int, file_id: int) -> Any:
    """A file as it would be judged, to see whose it is."""
    _upload_or_404(upload_id)
    found = access.reading().scalar(
        select(UploadFile).where(UploadFile.id == file_id, UploadFile.upload_id == upload_id)
    )
    if found is None:
        abort(404)
    return Response(text_of(found.content), mimetype="text/plain")


@uploads.get("/uploads/<int:upload_id>/results.csv")
@login_required
def results(upload_id: int) -> Any:
    """What came of it, a line for each student."""
    found, _course = _upload_or_404(upload_id)
    item = access.reading().get_one(AssignmentItem, found.assignment_item_id)
    head = (
        _("Name"),
        _("Email"),
        _("Number"),
        _("File"),
        _("Outcome"),
        _("Score"),
        _("Out of"),
        _("Points"),
        _("Submission"),
    )
    lines = [
        (
            row.name,
            row.email,
            row.number,
            row.path,
            row.status or "waiting",
            row.score,
            row.max_score,
            row.points,
            row.submission_id,
        )
        for row in service.result_rows(access.reading(), upload_id)
    ]
    return csv_files.attachment([head, *lines], f"{item.item}-upload-{upload_id}.csv")


@uploads.get("/uploads/<int:upload_id>/feedback.zip")
@login_required
@limiter.limit("10 per minute", key_func=_person)
def feedback_files(upload_id: int) -> Any:
    """A file for each student, named so that Canvas and Moodle give it back."""
    found, _course = _upload_or_404(upload_id)
    item = access.reading().get_one(AssignmentItem, found.assignment_item_id)
    response = make_response(feedback.archive(access.reading(), found))
    response.headers["Content-Type"] = "application/zip"
    response.headers.set("Content-Disposition", "attachment", filename=f"{item.item}-feedback-{upload_id}.zip")
    return response
