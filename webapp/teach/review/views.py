"""Pages of the review queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from grader.shown_text import text_of
from webapp import access
from webapp.access import Right
from webapp.addresses import row_number
from webapp.languages import language
from webapp.marks.reviewing import AWARDS
from webapp.models import Course, Submission
from webapp.models.times import utc_now
from webapp.refusals import Refusal, wants_json
from webapp.security import limiter
from webapp.teach.frame import frame
from webapp.teach.review import cards, deciding, waiting
from webapp.teach.review.deciding import Choice
from webapp.teach.review.phrasings import LONGEST
from webapp.teach.review.waiting import Scope

review = Blueprint("review", __name__, url_prefix="/teach")


def _number(text: Any) -> int | None:
    """A number as an address or a form has it; None for anything else."""
    try:
        return row_number(str(text or ""))
    except ValueError:
        return None


@review.app_template_filter()
def award_value(award: float) -> str:
    """An award as a form sends it."""
    return f"{award:g}"


@review.app_template_filter()
def award_word(award: float) -> str:
    """An award in a word."""
    return {1.0: _("yes"), 0.5: _("half"), 0.0: _("no")}[award]


def _fields() -> Mapping[str, str]:
    """What was sent, by a form or a script."""
    if request.is_json:
        sent = request.get_json(silent=True)
        return {str(key): str(value) for key, value in sent.items()} if isinstance(sent, dict) else {}
    return request.form


def _scope(course_id: int, given: Mapping[str, Any]) -> Scope:
    return Scope(course_id, _number(given.get("assignment")), _number(given.get("item")))


def _query(scope: Scope) -> dict[str, int | None]:
    return {"assignment": scope.assignment_id, "item": scope.item_id}


def _answer_or_404(answer_id: int, *, mark: bool = False) -> tuple[Submission, Course]:
    """A short answer of a course that one teaches, which people may read; to `mark` it, nobody's own."""
    found = access.marked_submission_or_404(answer_id) if mark else access.taught_submission_or_404(answer_id)
    submission, course = found
    if not deciding.is_readable(access.reading(), submission):
        abort(404)
    if deciding.before(access.reading(), submission.id) is None:
        abort(404)
    return submission, course


@review.get("/courses/<int:course_id>/review")
@login_required
def queue(course_id: int) -> Any:
    """How much waits, by item."""
    course = access.taught_course_or_404(course_id)
    scope, session, now = _scope(course.id, request.args), access.reading(), utc_now()
    everything = cards.queue_rows(session, course, Scope(course.id), language(), now)
    rows = [each for each in everything if scope.assignment_id in (None, each.assignment_id)]
    return render_template(
        "teach/review/queue.html",
        frame=frame(course),
        rows=rows,
        assignments={each.assignment_id: each.assignment for each in everything},
        scope=scope,
        pace=waiting.pace(session, course, now),
        may_mark=access.may(course.id, Right.MARK),
        writes_banks=access.writes_banks(),
    )


@review.get("/review/<int:answer_id>")
@login_required
def answer(answer_id: int) -> Any:
    """One answer, with the suggestion for each key point."""
    _submission, course = _answer_or_404(answer_id)
    return _page(answer_id, course, _scope(course.id, request.args))


def _page(answer_id: int, course: Course, scope: Scope, problem: str = "") -> str:
    session, now = access.reading(), utc_now()
    return render_template(
        "teach/review/answer.html",
        frame=frame(course),
        card=cards.card(session, answer_id, access.me().id, language(), now),
        pace=waiting.pace(session, course, now),
        scope=scope,
        problem=problem,
        may_mark=access.may_mark(session.get_one(Submission, answer_id), course),
    )


def _card(answer_id: int | None, course: Course, scope: Scope) -> dict[str, Any]:
    """An answer for a script: its part of the page, or nothing."""
    access.close_reading()
    session, now = access.reading(), utc_now()
    part = ""
    if answer_id is not None:
        shown = cards.card(session, answer_id, access.me().id, language(), now)
        part = render_template("teach/review/_card.html", card=shown, scope=scope, problem="", may_mark=True)
    progress = render_template("teach/review/_pace.html", pace=waiting.pace(session, course, now))
    return {"answer": answer_id, "card": part, "progress": progress}


@review.post("/courses/<int:course_id>/review/next")
@login_required
@limiter.limit("600 per minute")
def following(course_id: int) -> Any:
    """The next answer that nobody else has before them."""
    course = access.taught_course_or_404(course_id, Right.MARK)
    fields = _fields()
    scope, me_id = _scope(course.id, fields), access.me().id
    after, kept = _number(fields.get("after")), (_number(each) for each in fields.get("keep", "")[:200].split())
    if after is not None and not _is_of(course, after):
        after = None
    access.close_reading()
    with access.database().writing() as session:
        found = waiting.take_next(
            session, scope, me_id, utc_now(), after=after, keep=[each for each in kept if each is not None]
        )
    if wants_json():
        return jsonify(_card(found, access.taught_course_or_404(course_id), scope))
    return _go_on(course_id, scope, found)


def _is_of(course: Course, submission_id: int) -> bool:
    found = access.reading().get(Submission, submission_id)
    return found is not None and found.assignment_item.assignment.course_id == course.id


def _go_on(course_id: int, scope: Scope, answer_id: int | None) -> Any:
    """To the next answer, else back to the queue."""
    if answer_id is None:
        flash(_("Nothing waits that is not before somebody already."), "info")
        return redirect(url_for("review.queue", course_id=course_id, assignment=scope.assignment_id), 303)
    return redirect(url_for("review.answer", answer_id=answer_id, **_query(scope)), 303)


def _choices(fields: Mapping[str, str], text: str) -> dict[str, Choice]:
    """What a form says of each key point.  Evidence is words of the answer, or it is none."""
    plain, found = " ".join(text.split()), {}
    for name, value in fields.items():
        if not name.startswith("award-") or value not in {award_value(each) for each in AWARDS}:
            continue
        key = name.removeprefix("award-")
        evidence = " ".join(fields.get(f"evidence-{key}", "").split())[:LONGEST]
        found[key] = Choice(
            float(value),
            evidence if evidence in plain else "",
            fields.get(f"phrase-{key}", "")[: 4 * LONGEST] if fields.get(f"offer-{key}") else "",
        )
    return found


@review.post("/review/<int:answer_id>")
@login_required
@limiter.limit("600 per minute")
def decide(answer_id: int) -> Any:
    """Decide the key points of an answer, and of every one with the same text."""
    submission, course = _answer_or_404(answer_id, mark=True)
    fields = _fields()
    choices, scope = _choices(fields, text_of(submission.content)), _scope(course.id, fields)
    course_id, me_id, now = course.id, access.me().id, utc_now()
    access.close_reading()
    try:
        with access.database().writing(durable=True) as session:
            count = deciding.decide(
                session, answer_id, me_id, choices, fields.get("seen", "")[:400], now, lang=language()
            )
            found = None if wants_json() else waiting.take_next(session, scope, me_id, now, after=answer_id)
    except Refusal as refusal:
        if wants_json():
            raise
        course = access.taught_course_or_404(course_id)
        return _page(answer_id, course, scope, refusal.message), refusal.status
    told = _("Decided.") if count == 1 else _("%(num)s answers with this text are decided.", num=count)
    if wants_json():
        course = access.taught_course_or_404(course_id)
        return jsonify({**_card(None, course, scope), "answers": count, "told": told})
    flash(told, "success")
    return _go_on(course_id, scope, found)


@review.post("/review/<int:answer_id>/skip")
@login_required
def skip(answer_id: int) -> Any:
    """Let an answer go for now, and give the next one."""
    submission, course = _answer_or_404(answer_id, mark=True)
    scope, course_id, me_id, now = _scope(course.id, _fields()), course.id, access.me().id, utc_now()
    item_id, text_digest = submission.assignment_item_id, waiting.digest(text_of(submission.content))
    access.close_reading()
    with access.database().writing() as session:
        waiting.release(session, item_id, text_digest, me_id)
        if wants_json():
            return jsonify({"answer": None})
        found = waiting.take_next(session, scope, me_id, now, after=answer_id, keep=[answer_id])
    return _go_on(course_id, scope, found)


@review.post("/review/<int:answer_id>/hold")
@login_required
def hold(answer_id: int) -> Any:
    """Whoever has an answer before them is still there; says who else has it."""
    submission, _course = _answer_or_404(answer_id, mark=True)
    item_id, text_digest = submission.assignment_item_id, waiting.digest(text_of(submission.content))
    me_id = access.me().id
    access.close_reading()
    with access.database().writing() as session:
        return jsonify({"held": waiting.hold(session, item_id, text_digest, me_id, utc_now())})


@review.post("/courses/<int:course_id>/review/undo")
@login_required
def undo(course_id: int) -> Any:
    """Take back what one decided last."""
    course = access.taught_course_or_404(course_id, Right.MARK)
    scope, me_id = _scope(course.id, _fields()), access.me().id
    access.close_reading()
    try:
        with access.database().writing(durable=True) as session:
            found = deciding.undo(session, course_id, me_id, utc_now())
    except Refusal as refusal:
        if wants_json():
            raise
        flash(refusal.message, "error")
        return redirect(url_for("review.queue", course_id=course_id), 303)
    told = _("Undone. Marks are as they were before.") if found else _("There is nothing of yours to undo.")
    if wants_json():
        return jsonify({**_card(found, access.taught_course_or_404(course_id), scope), "told": told})
    flash(told, "success" if found else "info")
    return _go_on(course_id, scope, found) if found else redirect(url_for("review.queue", course_id=course_id), 303)
