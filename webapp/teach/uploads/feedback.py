"""What students are told of what was handed in for them, a Markdown file each, to be given back where it came from.

A file is called like the student's own with `.feedback.md` behind it.  Canvas ("Upload submissions") reads the numbers
in a name, Moodle ("Upload multiple feedback files in a zip", `mod/assign/feedback/file/importziplib.php`) the part
`Full Name_id_assignsubmission_file` of a path, so both know whose it is.  It says what the student's own page says: of
hidden tests their titles only.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grader.shown_text import text_of, visible
from questions.model import Kind
from webapp.items import item_of
from webapp.languages import LANGUAGES, language, say, speak
from webapp.learn.verdicts import TestView, VerdictView, finished
from webapp.marks import reviewing
from webapp.models import AssignmentItem, Job, Mark, Purpose, Source, Submission, Upload, UploadFile, User, Verdict
from webapp.models.searching import alphabetical

WORDS = {"passed": "✓", "failed": "✗", "error": "✗", "not-run": "–"}
LONGEST_MESSAGE = 2_000
DAWN = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip can name: files of one upload are the same bytes whenever they are made."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one file is made of."""

    path: str
    lang: str
    name: str
    item_title: str
    view: VerdictView
    points: float | None
    of_points: float
    reason: str


def archive(session: Session, upload: Upload) -> bytes:
    """A file for each student whose submission is judged, in the student's language."""
    packed = io.BytesIO()
    spoken = language()
    try:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
            for told in _told(session, upload, spoken):
                entry = zipfile.ZipInfo(file_name(told.path, upload.layout), DAWN)
                entry.compress_type = zipfile.ZIP_DEFLATED
                files.writestr(entry, markdown(told))
    finally:
        speak(spoken)
    return packed.getvalue()


def file_name(path: str, layout: str) -> str:
    """What the feedback on a file is called; Canvas knows no folders."""
    if layout == "canvas":
        path = path.replace("/", "_")
    return f"{path}.feedback.md"


def _told(session: Session, upload: Upload, spoken: str) -> Iterator[Told]:
    item = session.get_one(AssignmentItem, upload.assignment_item_id)
    asked = item_of(item.pinned)
    found = session.execute(
        select(
            UploadFile.path, User.name, User.email, User.locale, Submission.id, Submission.created_at,
            Submission.content, Verdict.job_id, Verdict.document, Mark.score, Mark.reason, Mark.source,
        )
        .join(Submission, Submission.id == UploadFile.submission_id)
        .join(User, User.id == Submission.user_id)
        .join(Job, (Job.submission_id == Submission.id) & (Job.purpose == Purpose.SUBMIT))
        .outerjoin(Mark, Mark.submission_id == Submission.id)
        .join(Verdict, Verdict.job_id == func.coalesce(Mark.verdict_job_id, Job.id))
        .where(UploadFile.upload_id == upload.id)
        .order_by(alphabetical(UploadFile.path))
        .execution_options(yield_per=50)
    )  # fmt: skip
    decided = _decided(session, upload) if asked.kind is Kind.SHORT_ANSWER else {}
    for row in found:
        lang = row.locale if row.locale in LANGUAGES else spoken
        speak(lang)
        yield Told(
            path=row.path,
            lang=lang,
            name=row.name or row.email,
            item_title=say(asked.title, lang),
            view=_view(row, lang, asked.kind, decided),
            points=row.score,
            of_points=item.points,
            reason=row.reason or "",
        )


def _decided(session: Session, upload: Upload) -> reviewing.AllDecided:
    sent = session.scalars(select(UploadFile.submission_id).where(UploadFile.upload_id == upload.id)).all()
    return reviewing.in_force(session, [each for each in sent if each is not None])


def _view(row: Any, lang: str, kind: Kind, decided: reviewing.AllDecided) -> VerdictView:
    created_at: datetime = row.created_at
    by_people = decided.get((row.id, row.document.get("suite", "")), {}) if row.source != Source.GRADER else {}
    return finished(
        reviewing.read_document(row.document, by_people, text_of(row.content)),
        lang,
        job_id=row.job_id,
        submission_id=row.id,
        purpose=Purpose.SUBMIT,
        created_at=created_at,
        late=False,
        staff=False,
        answers_open=False,
        text=text_of(row.content) if kind is Kind.SHORT_ANSWER else "",
    )


def markdown(told: Told) -> str:
    """The file: the same things in the same order as on the student's page."""
    view = told.view
    parts = [f"# {_line(told.item_title)}", _line(told.name), f"**{_line(view.headline)}**"]
    if told.points is not None:
        parts.append(_("Points: %(points)s of %(most)s", points=f"{told.points:g}", most=f"{told.of_points:g}"))
    if told.reason:
        parts.append(_line(told.reason))
    if view.review:
        parts.append(_("A part of it is still to be read by somebody."))
    if view.explanation:
        parts.append(_line(view.explanation))
    if view.exception:
        parts.append(_fenced(f"{view.exception.get('type', '')}: {view.exception.get('message', '')}"))
    if view.diagnosis:
        parts.append("## " + _("What was observed"))
        parts += [_line(each.text) for each in view.diagnosis]
    if view.tests:
        parts.append("## " + _("Tests"))
        parts += [_test(each, told.lang) for each in view.tests]
    if view.key_points:
        parts.append("## " + _("Key points"))
        parts.append(
            "\n".join(f"- {each.points:g}/{each.max_points:g} {_line(each.description)}" for each in view.key_points)
        )
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def _test(test: TestView, lang: str) -> str:
    mark = WORDS.get(test.status, "–")
    line = f"- {mark} {_line(test.title)} ({test.points:g}/{test.max_points:g})"
    if test.hidden or test.status == "passed":
        return line
    said = (
        test.message if not test.exception else f"{test.exception.get('type', '')}: {test.exception.get('message', '')}"
    )
    return f"{line}\n\n{_fenced(said)}" if said.strip() else line


def _line(text: str) -> str:
    """One line of somebody's text: nothing in it begins a heading or a list."""
    return " ".join(str(visible(text)).split())


def _fenced(text: str) -> str:
    """Text of a program's, in a fence that it cannot close."""
    text = "\n".join(str(visible(line)) for line in text[:LONGEST_MESSAGE].splitlines())
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"
