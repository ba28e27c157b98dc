"""The items of an assignment: choosing them from banks, taking them out, moving to another revision."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from questions.model import Kind
from webapp import access
from webapp.access import Right
from webapp.courses.present import item_name
from webapp.items import item_of, prose
from webapp.languages import language, say
from webapp.models import Assignment, AssignmentItem, Course
from webapp.models.times import utc_now
from webapp.teach.assignments import picker, pins, service
from webapp.teach.assignments.service import Full
from webapp.teach.assignments.views import assignments, found_or_404, said
from webapp.teach.frame import frame
from webapp.teach.ways import ways

REGRADES = "regrades.new"
"""Where what was sent is graded again at another revision."""


def item_or_404(
    course_id: int, assignment_id: int, item_id: int, right: Right = Right.MANAGE
) -> tuple[Course, Assignment, AssignmentItem]:
    """An item of an assignment of a course one teaches; one that was taken out is found too."""
    course, row = found_or_404(course_id, assignment_id, right)
    item = access.reading().get(AssignmentItem, item_id)
    if item is None or item.assignment_id != row.id:
        abort(404)
    return course, row, item


def _to_items(course_id: int, assignment_id: int) -> Any:
    there = url_for("assignments.assignment", course_id=course_id, assignment_id=assignment_id, _anchor="items")
    return redirect(there, 303)


@assignments.get("/<int:assignment_id>/items")
@login_required
def items(course_id: int, assignment_id: int) -> Any:
    """What the banks have, to be searched and chosen from."""
    return _items(*found_or_404(course_id, assignment_id))


def _items(
    course: Course, row: Assignment, status: int = 200, problem: str = "", marked: frozenset[str] = frozenset()
) -> Any:
    search = picker.Search.read(request.args)
    html = render_template(
        "teach/assignments/items.html",
        frame=frame(course),
        course_id=course.id,
        assignment_id=row.id,
        title=say(row.title, language()),
        shelves=picker.shelves(access.reading(), row, search, language()),
        search=search,
        kinds=tuple(Kind),
        problem=problem,
        marked=marked,
    )
    return make_response(html, status)


@assignments.post("/<int:assignment_id>/items")
@login_required
def add_items(course_id: int, assignment_id: int) -> Any:
    """Ask what was chosen; where one of it cannot be had, nothing is added."""
    course, row = found_or_404(course_id, assignment_id)
    wanted = request.form.getlist("item")
    fit, unfit = picker.chosen(access.reading(), wanted)
    if unfit:
        names = _(", ").join(unfit[:5])
        problem = _("Nothing was added: %(names)s cannot be served as it was shown here. Choose again.", names=names)
        return _items(course, row, 409, problem, frozenset(wanted))
    if not fit:
        return _items(course, row, 400, _("Choose at least one item."))
    actor_id = access.me().id
    try:
        with access.database().writing(durable=True) as session:
            ledger = service.ledger_for(session, course, utc_now(), actor_id)
            added = service.add_items(ledger, assignment_id, fit)
    except Full:
        return _items(course, row, 409, _("An assignment has at most 200 items."), frozenset(wanted))
    flash(ngettext("%(num)s item is added.", "%(num)s items are added.", len(added)), "success")
    return _to_items(course_id, assignment_id)


@assignments.get("/<int:assignment_id>/items/<int:item_id>")
@login_required
def item(course_id: int, assignment_id: int, item_id: int) -> Any:
    """An item as it is asked here: its text, which revision, what its bank has changed since."""
    return _item(*item_or_404(course_id, assignment_id, item_id, Right.SEE))


def _item(course: Course, row: Assignment, item: AssignmentItem, status: int = 200, problem: str = "") -> Any:
    session = access.reading()
    asked = item_of(item.pinned)
    has_regrades = REGRADES in current_app.view_functions and access.may(course.id, Right.MANAGE)
    html = render_template(
        "teach/assignments/item.html",
        frame=frame(course),
        ways=ways(item),
        course_id=course.id,
        assignment_id=row.id,
        assignment_title=say(row.title, language()),
        item_id=item.id,
        name=item_name(item),
        title=say(asked.title, language()),
        kind=asked.kind,
        points=item.points,
        bank_points=asked.points,
        question_html=prose(say(asked.question, language())),
        revision=item.revision,
        removed_at=item.removed_at,
        submissions=service.sent_to(session, [item.id]),
        move=pins.move_of(session, item),
        gone=pins.latest_of(session, [item]).get(item.id) is None,
        regrades_url=url_for(REGRADES, course_id=course.id, item=item.id) if has_regrades else "",
        may_edit=access.may(course.id, Right.MANAGE),
        problem=problem,
    )
    return make_response(html, status)


@assignments.post("/<int:assignment_id>/items/<int:item_id>/pin")
@login_required
def take_revision(course_id: int, assignment_id: int, item_id: int) -> Any:
    """Ask what the bank has now, where nothing has to be graded again for it."""
    course, _row, _found = item_or_404(course_id, assignment_id, item_id)
    actor_id = access.me().id
    with access.database().writing(durable=True) as session:
        ledger = service.ledger_for(session, course, utc_now(), actor_id)
        taken = pins.take(ledger, course.id, item_id, request.form.get("revision", "")[:100])
    if not taken:
        access.close_reading()
        problem = _("This revision cannot be taken at once, or the bank has another one by now. Nothing was changed.")
        return _item(*item_or_404(course_id, assignment_id, item_id), 409, problem)
    said(ledger, course)
    return redirect(url_for("assignments.item", course_id=course_id, assignment_id=assignment_id, item_id=item_id), 303)


@assignments.post("/<int:assignment_id>/items/<int:item_id>/remove")
@login_required
def remove_item(course_id: int, assignment_id: int, item_id: int) -> Any:
    """Ask an item no more; what was sent stays."""
    course, _row, _found = item_or_404(course_id, assignment_id, item_id)
    actor_id = access.me().id
    with access.database().writing(durable=True) as session:
        service.take_out_item(service.ledger_for(session, course, utc_now(), actor_id), item_id)
    flash(_("The item is taken out. Below the list it can be put back, with everything that was sent."), "success")
    return _to_items(course_id, assignment_id)


@assignments.post("/<int:assignment_id>/items/<int:item_id>/restore")
@login_required
def restore_item(course_id: int, assignment_id: int, item_id: int) -> Any:
    """Ask an item again."""
    course, _row, _found = item_or_404(course_id, assignment_id, item_id)
    actor_id = access.me().id
    with access.database().writing(durable=True) as session:
        service.put_back_item(service.ledger_for(session, course, utc_now(), actor_id), item_id)
    flash(_("The item is back, with everything that was sent."), "success")
    return _to_items(course_id, assignment_id)
