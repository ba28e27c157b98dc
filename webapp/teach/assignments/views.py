"""The list of a course's assignments, and one assignment: its settings, items, changes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from webapp import access
from webapp.access import Right
from webapp.addresses import row_numbers
from webapp.courses.changes import Ledger
from webapp.courses.entries import LONGEST_KEY
from webapp.courses.present import course_named
from webapp.courses.showing import shown_course
from webapp.languages import language, locale, say, zone
from webapp.marks.foreseeing import Foreseen
from webapp.models import Assignment, Audit, Course
from webapp.models.times import utc_now
from webapp.teach.assignments import conflicts, pages, service, undoing
from webapp.teach.assignments.service import Base, Changed, Full
from webapp.teach.assignments.settings import (
    DATES,
    Faults,
    ItemText,
    Plan,
    SettingsText,
    items_from_json,
    items_to_json,
    plan_of,
    twice,
)
from webapp.teach.assignments.words import Speaker, in_a_line
from webapp.teach.frame import frame

assignments = Blueprint("assignments", __name__, url_prefix="/teach/courses/<int:course_id>/assignments")


def speaker(course: Course) -> Speaker:
    """Speaks of a course's times on its own clocks, in the page's language."""
    return Speaker(language(), locale(), service.zone_of(course), utc_now())


def found_or_404(course_id: int, assignment_id: int, right: Right = Right.MANAGE) -> tuple[Course, Assignment]:
    """An assignment of a course one teaches; those taken out are found too."""
    course = access.taught_course_or_404(course_id, right)
    row = access.reading().get(Assignment, assignment_id)
    if row is None or row.course_id != course.id:
        abort(404)
    return course, row


def said(ledger: Ledger, course: Course, marks: int = 0) -> None:
    """Tell what was changed, and how many marks followed."""
    speaks = speaker(course)
    told = [line for row in ledger.rows if (line := in_a_line(speaks.details(row.before, row.after)))]
    text = _(", ").join(told[:4]) + (_(" and more") if len(told) > 4 else "")
    sentence = _("Saved.") if ledger.rows else _("Nothing to change.")
    if text:
        sentence = _("Saved: %(changes)s.", changes=text)
    if marks:
        sentence += " " + ngettext("%(num)s mark follows.", "%(num)s marks follow.", marks)
    flash(sentence, "success" if ledger.rows else "message")


def confirmation(course: Course, title: str, changes: list[str], found: Foreseen, assignment_id: int, back: str) -> str:
    """What a change would do to marks, before it is done; the form it came from goes along."""
    session = access.reading()
    ours = ("csrf_token", "confirmed", "edit")
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in ours]
    return render_template(
        "teach/assignments/confirm.html",
        frame=frame(course),
        title=title,
        changes=changes,
        preview=pages.preview(session, found, service.items_of(session, assignment_id), speaker(course)),
        carried=carried,
        back=back,
    )


# The list


@assignments.get("")
@login_required
def overview(course_id: int) -> Any:
    """All of a course."""
    return _overview(access.taught_course_or_404(course_id))


def _overview(course: Course, status: int = 200, **more: Any) -> Any:
    may_edit = access.may(course.id, Right.MANAGE)
    page = pages.overview(access.reading(), course, speaker(course), zone().key, may_edit=may_edit)
    usual: dict[str, Any] = {"text": SettingsText(), "faults": {}, "problem": ""}
    html = render_template("teach/assignments/overview.html", frame=frame(course), page=page, **(usual | more))
    return make_response(html, status)


@assignments.post("")
@login_required
def create(course_id: int) -> Any:
    """A new assignment, with a title; everything else is set on its own page."""
    course = access.taught_course_or_404(course_id, Right.MANAGE)
    text = SettingsText.read({name: request.form.get(name, "") for name in ("title_zh", "title_en")})
    wanted, faults = text.decided(service.zone_of(course))
    if wanted is None:
        return _overview(course, 400, text=text, faults=faults)
    actor_id = access.me().id
    try:
        with access.database().writing(durable=True) as session:
            row = service.create(service.ledger_for(session, course, utc_now(), actor_id), course, wanted)
    except Full:
        return _overview(course, 409, text=text, problem=_("This course has as many assignments as a course can have."))
    flash(_("It is made. Give it items and dates; as long as it has no items, students see only its title."), "success")
    return redirect(url_for("assignments.assignment", course_id=course_id, assignment_id=row.id), 303)


@assignments.post("/order")
@login_required
def reorder(course_id: int) -> Any:
    """Another order; `move` is an assignment's number and up or down, else the order of the fields counts."""
    course = access.taught_course_or_404(course_id, Right.MANAGE)
    shown = row_numbers(request.form.get("base", "").split(","))
    wanted = moved(row_numbers(request.form.getlist("assignment")), request.form.get("move", ""))
    actor_id = access.me().id
    try:
        with access.database().writing(durable=True) as session:
            service.reorder(service.ledger_for(session, course, utc_now(), actor_id), course, wanted, shown)
    except Changed:
        access.close_reading()
        return _overview(course, 409, problem=_("Somebody else has changed the list meanwhile. This is how it is now."))
    flash(_("The order is saved."), "success")
    return redirect(url_for("assignments.overview", course_id=course_id), 303)


def moved(order: list[int], move: str) -> list[int]:
    """`order` with one of it a place further up or down, as in `7:up`; at the end of the list it stays."""
    text, _colon, where = move.partition(":")
    number = next(iter(row_numbers([text])), None)
    if number not in order:
        return order
    place = order.index(number)
    other = place + (-1 if where == "up" else 1)
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order


@assignments.get("/course.yaml")
@login_required
def file(course_id: int) -> Any:
    """The course as the file that `workshop course apply` takes."""
    course = access.taught_course_or_404(course_id, Right.MANAGE)
    if not course.key:
        abort(404)
    response = make_response(shown_course(access.reading(), course))
    response.headers["Content-Type"] = "application/yaml; charset=utf-8"
    response.headers.set("Content-Disposition", "attachment", filename=f"{course.key}.yaml")
    return response


@assignments.post("/key")
@login_required
def name_course(course_id: int) -> Any:
    """Give a course that was made without a file the key under which files know it."""
    from questions.fields import ID

    course = access.taught_course_or_404(course_id, Right.MANAGE)
    key = request.form.get("key", "").strip()
    if not ID.fullmatch(key) or len(key) > LONGEST_KEY:
        problem = _("A key is lower-case letters, digits and hyphens, as in attention-2026.")
        return _overview(course, 400, problem=problem)
    if course.key or course_named(access.reading(), key) is not None:
        return _overview(course, 409, problem=_("This key is taken, or the course has one already."))
    actor_id = access.me().id
    access.close_reading()
    with access.database().writing(durable=True) as session:
        ledger = service.ledger_for(session, course, utc_now(), actor_id)
        service.name_course(ledger, course_id, key)
    return redirect(url_for("assignments.overview", course_id=course_id, _anchor="file"), 303)


# One assignment


@assignments.get("/<int:assignment_id>")
@login_required
def assignment(course_id: int, assignment_id: int) -> Any:
    """One assignment; who may not change it reads it."""
    course, row = found_or_404(course_id, assignment_id, Right.SEE)
    return _assignment(course, row)


def _assignment(
    course: Course,
    row: Assignment,
    status: int = 200,
    *,
    text: SettingsText | None = None,
    faults: Faults | None = None,
    items: dict[int, ItemText] | None = None,
    order: list[int] | None = None,
    **more: Any,
) -> Response:
    may_edit = access.may(course.id, Right.MANAGE)
    session, speaks = access.reading(), speaker(course)
    page = pages.shown(session, course, row, speaks, zone().key, may_edit=may_edit, texts=items, order=order or ())
    now_is = plan_of(row, service.items_of(session, row.id))
    text = text or SettingsText.of(now_is.settings, speaks.zone)
    html = render_template(
        "teach/assignments/assignment.html",
        frame=frame(course),
        page=page,
        text=text,
        faults=faults or {},
        twice={name: twice(getattr(text, name), speaks.zone) for name in DATES},
        base=SettingsText.of(now_is.settings, speaks.zone).to_json(),
        items_base=items_to_json(now_is.items),
        words=speaks,
        settings=now_is.settings,
        **({"problem": "", "conflicts": (), "unsaved": False, "others": ""} | more),
    )
    return make_response(html, status)


def _store(course: Course, assignment_id: int, wanted: Plan, base: Base) -> Any:
    """Save, tell, and go back to the assignment.  Raises `Changed`."""
    actor_id = access.me().id
    with access.database().writing(durable=True) as session:
        ledger = service.ledger_for(session, course, utc_now(), actor_id)
        marks = service.save(ledger, course, assignment_id, wanted, base)
    said(ledger, course, marks)
    return redirect(url_for("assignments.assignment", course_id=course.id, assignment_id=assignment_id), 303)


def _looked_over(course: Course, row: Assignment, wanted: Plan, base: Base) -> Any:
    """Save what changes no marks; what does is shown first.  Raises `Changed`."""
    session = access.reading()
    service.check_base(plan_of(row, service.items_of(session, row.id)), base)
    if request.form.get("confirmed") != "yes":
        found = service.foreseen(session, row, wanted)
        if found.anything:
            lines = conflicts.lines(plan_of(row, service.items_of(session, row.id)), wanted, speaker(course))
            back = url_for("assignments.assignment", course_id=course.id, assignment_id=row.id)
            return confirmation(course, say(row.title, language()), lines, found, row.id, back)
    access.close_reading()
    return _store(course, row.id, wanted, base)


@assignments.post("/<int:assignment_id>")
@login_required
def save(course_id: int, assignment_id: int) -> Any:
    """Title, dates, penalty, what counts."""
    course, row = found_or_404(course_id, assignment_id)
    text = SettingsText.read(request.form)
    shown = SettingsText.from_json(request.form.get("base", ""))
    zone_ = service.zone_of(course)
    wanted, faults = text.decided(zone_)
    if wanted is None or request.form.get("edit"):
        return _assignment(course, row, 400 if wanted is None else 200, text=text, faults=faults, unsaved=True)
    now_is = plan_of(row, service.items_of(access.reading(), row.id))
    base, _faults = shown.decided(zone_) if shown else (None, {})
    plan = Plan(wanted, now_is.items).normal()
    try:
        return _looked_over(course, row, plan, Base(settings=base or plan.settings))
    except Changed:
        return _settings_conflict(course_id, assignment_id, text, base or now_is.settings)


def _settings_conflict(course_id: int, assignment_id: int, text: SettingsText, base: Any) -> Any:
    """Both shown: what somebody else has saved meanwhile, and what was typed here; nothing is saved."""
    access.close_reading()
    course, row = found_or_404(course_id, assignment_id)
    speaks = speaker(course)
    theirs = plan_of(row, []).settings
    merged, found = conflicts.of_settings(base, theirs, text, speaks)
    who = conflicts.who_changed(access.reading(), course, row)
    return _assignment(course, row, 409, text=merged, conflicts=found, others=who, unsaved=True)


@assignments.post("/<int:assignment_id>/items/settings")
@login_required
def save_items(course_id: int, assignment_id: int) -> Any:
    """Order, points, attempts and openness of all items.  `move` changes the order on the page and saves nothing."""
    course, row = found_or_404(course_id, assignment_id)
    order = row_numbers(request.form.getlist("item"))
    texts = {number: _item_text(number) for number in order}
    if move := request.form.get("move"):
        return _assignment(course, row, items=texts, order=moved(order, move), unsaved=True)
    faults: Faults = {}
    wanted = tuple(texts[number].decided(faults) for number in order)
    session = access.reading()
    faults |= conflicts.open_twice(session, course, row, wanted, language())
    if faults or request.form.get("edit"):
        return _assignment(course, row, 400 if faults else 200, faults=faults, items=texts, order=order, unsaved=True)
    now_is = plan_of(row, service.items_of(session, row.id))
    base = items_from_json(request.form.get("base", ""))
    plan = Plan(now_is.settings, wanted).normal()
    try:
        if {each.id for each in wanted} != {each.id for each in now_is.items}:
            raise Changed
        return _looked_over(course, row, plan, Base(items=base if base is not None else wanted))
    except Changed:
        access.close_reading()
        course, row = found_or_404(course_id, assignment_id)
        found = conflicts.of_items(access.reading(), row, base or (), wanted, speaker(course))
        who = conflicts.who_changed(access.reading(), course, row)
        return _assignment(course, row, 409, items=texts, order=order, conflicts=found, others=who, unsaved=True)


def _item_text(number: int) -> ItemText:
    form = request.form
    points, attempts = (form.get(f"{name}-{number}", "").strip()[:20] for name in ("points", "attempts"))
    return ItemText(number, points, attempts, form.get(f"open-{number}") == "yes")


@assignments.post("/<int:assignment_id>/undo/<int:change_id>")
@login_required
def undo(course_id: int, assignment_id: int, change_id: int) -> Any:
    """Make one change of an assignment or of one of its items undone, while nothing was changed on top of it."""
    course, row = found_or_404(course_id, assignment_id)
    audit = access.reading().get(Audit, change_id)
    wanted = undoing.before(access.reading(), course, row, audit) if audit is not None else None
    if wanted is None:
        return _assignment(course, row, 409, problem=_("This cannot be undone any more: it was changed again since."))
    try:
        now_is = plan_of(row, service.items_of(access.reading(), row.id))
        return _looked_over(course, row, wanted, Base(now_is.settings, now_is.items))
    except Changed:
        access.close_reading()
        return _assignment(
            *found_or_404(course_id, assignment_id), 409, problem=_("Somebody else has changed this meanwhile.")
        )


@assignments.post("/<int:assignment_id>/duplicate")
@login_required
def duplicate(course_id: int, assignment_id: int) -> Any:
    """The same items again, under a title that says so, without dates."""
    course, row = found_or_404(course_id, assignment_id)
    actor_id = access.me().id
    try:
        with access.database().writing(durable=True) as session:
            ledger = service.ledger_for(session, course, utc_now(), actor_id)
            made = service.duplicate(ledger, course, row.id, conflicts.copy_title(row.title))
    except Full:
        return _overview(course, 409, problem=_("This course has as many assignments as a course can have."))
    flash(_("This is the copy. It has the same items and no dates yet."), "success")
    return redirect(url_for("assignments.assignment", course_id=course_id, assignment_id=made.id), 303)


@assignments.post("/<int:assignment_id>/remove")
@login_required
def remove(course_id: int, assignment_id: int) -> Any:
    """Take an assignment out of the course; what was sent stays."""
    course, _row = found_or_404(course_id, assignment_id)
    actor_id = access.me().id
    with access.database().writing(durable=True) as session:
        service.take_out(service.ledger_for(session, course, utc_now(), actor_id), assignment_id)
    flash(_("It is taken out. Below the list it can be put back, with everything that was sent."), "success")
    return redirect(url_for("assignments.overview", course_id=course_id), 303)


@assignments.post("/<int:assignment_id>/restore")
@login_required
def restore(course_id: int, assignment_id: int) -> Any:
    """Put an assignment back."""
    course, _row = found_or_404(course_id, assignment_id)
    actor_id = access.me().id
    with access.database().writing(durable=True) as session:
        service.put_back(service.ledger_for(session, course, utc_now(), actor_id), assignment_id)
    flash(_("It is back, with everything that was sent."), "success")
    return redirect(url_for("assignments.assignment", course_id=course_id, assignment_id=assignment_id), 303)
