"""The pages of regrades."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from grader.csv_text import Cell
from webapp import access, csv_files
from webapp.access import Right
from webapp.languages import language
from webapp.models import AssignmentItem, Course, Regrade
from webapp.models.times import utc_now
from webapp.refusals import Refusal
from webapp.regrading import applying, asking
from webapp.regrading.asking import MOST_LINES, NothingToRegrade, Scope, TooManyToRegrade
from webapp.regrading.comparing import CHOSEN_AT_FIRST
from webapp.regrading.lines import lines_of
from webapp.teach.frame import frame
from webapp.teach.regrades import choosing, forms, service
from webapp.teach.regrades.values import Counts, Stage

regrades = Blueprint("regrades", __name__, url_prefix="/teach/courses/<int:course_id>/regrades")


def _course(course_id: int) -> Course:
    """Of what is archived everything can still be read."""
    return access.taught_course_or_404(course_id, Right.MANAGE, even_archived=request.method == "GET")


def _regrade_or_404(course_id: int, regrade_id: int) -> Regrade:
    course = _course(course_id)
    found = access.reading().get(Regrade, regrade_id)
    if found is None or found.course_id != course.id:
        abort(404)
    return found


@regrades.get("")
@login_required
def overview(course_id: int) -> Any:
    """What was graded again, and what might want to be."""
    course = _course(course_id)
    items = choosing.choices(access.reading(), course.id, language())
    return render_template(
        "teach/regrades/overview.html",
        frame=frame(course),
        regrades=service.overview(access.reading(), course.id, language()),
        outdated=[each for each in items if not each.newest.same_suite and each.counts.all],
    )


@regrades.get("/new")
@login_required
def new(course_id: int) -> Any:
    """First which items, then which revisions and submissions."""
    course = _course(course_id)
    asked = forms.read_asked(request.args)
    if asked.item_ids:
        return _plan(course, asked)
    chosen_assignment = request.args.get("assignment", type=int)
    items = choosing.choices(access.reading(), course.id, language())
    return render_template(
        "teach/regrades/choose.html", frame=frame(course), items=items, chosen_assignment=chosen_assignment
    )


def _plan(course: Course, asked: forms.Asked, problem: str = "", status: int = HTTPStatus.OK) -> Any:
    known = {each.id: each for each in choosing.choices(access.reading(), course.id, language())}
    if any(item not in known for item in asked.item_ids):
        abort(404)
    session = access.reading()
    plans = [
        choosing.plan(session, session.get_one(AssignmentItem, item), known[item], asked.revisions.get(item))
        for item in asked.item_ids
    ]
    page = render_template(
        "teach/regrades/plan.html",
        frame=frame(course),
        plans=plans,
        asked=asked,
        counts=sum((plan.choice.counts for plan in plans), Counts()),
        problem=problem,
        longest=forms.LONGEST_REASON,
        scopes=Scope,
    )
    return page, status


@regrades.post("/new")
@login_required
def begin(course_id: int) -> Any:
    """Have it graded again.  Nothing counts yet."""
    course = _course(course_id)
    asked, actor_id = forms.read_asked(request.form), access.me().id
    known = {item.id: item for item, _assignment in asking.course_items(access.reading(), course.id)}
    if any(item not in known for item in asked.item_ids):
        abort(404)
    try:
        revisions = {}
        for item in asked.item_ids:
            fit = [each.hash for each in choosing.revisions_of(access.reading(), known[item])]
            if asked.revisions.get(item) not in fit:
                abort(404)
            revisions[item] = asked.revisions[item]
        wanted = forms.wanted_of(access.reading(), course.id, asked, revisions)
        access.close_reading()
        with access.database().writing(durable=True) as session:
            made = asking.begin(session, course_id, actor_id, wanted, utc_now()).id
    except Refusal as refusal:
        problem = refusal.message
    except NothingToRegrade:
        problem = _("There is no such submission. Choose other items or other submissions.")
    except TooManyToRegrade:
        problem = _("These are more than %(number)s submissions. Choose fewer items.", number=f"{MOST_LINES:,}")
    else:
        access.carrier().announce()
        return redirect(url_for("regrades.regrade", course_id=course_id, regrade_id=made), 303)
    access.close_reading()
    return _plan(_course(course_id), asked, problem, HTTPStatus.BAD_REQUEST)


@regrades.get("/<int:regrade_id>")
@login_required
def regrade(course_id: int, regrade_id: int) -> Any:
    """How far it is, then what would change."""
    found = _regrade_or_404(course_id, regrade_id)
    page = service.page(access.reading(), found, forms.read_filters(request.args), language(), utc_now())
    return render_template(
        "teach/regrades/regrade.html", frame=frame(_course(course_id)), page=page, chosen_at_first=CHOSEN_AT_FIRST
    )


@regrades.get("/<int:regrade_id>/progress")
@login_required
def progress(course_id: int, regrade_id: int) -> Any:
    """The bar, for the script that keeps it up to date."""
    found = _regrade_or_404(course_id, regrade_id)
    page = service.progress(access.reading(), found, language(), utc_now())
    html = render_template("teach/regrades/_progress.html", page=page)
    working = page.stage in (Stage.GRADING, Stage.APPLYING) and not page.stalled
    return jsonify(id=page.id, stage=page.stage, open=working, html=html, poll_after_ms=page.poll_after_ms)


@regrades.get("/<int:regrade_id>/table.csv")
@login_required
def table(course_id: int, regrade_id: int) -> Any:
    """The rows that are looked at, as a table to take away."""
    found = _regrade_or_404(course_id, regrade_id)
    session = access.reading()
    titles = dict(service.titles_of(session, [found.id], language()).get(found.id, ()))
    lines = [each for each in lines_of(session, found.id) if each.new is not None]
    rows: list[list[Cell]] = [
        [
            "submission", "name", "email", "item", "group", "state", "points_before", "points_after", "difference",
            "status_before", "status_after", "diagnosis_before", "diagnosis_after",
        ]
    ]  # fmt: skip
    for row in service.rows_of(session, lines, forms.read_filters(request.args), titles):
        line = row.line
        rows.append(
            [
                line.submission_id, line.name, line.email, row.title, line.group.value, line.state.value,
                line.shown.score if line.shown else None, line.new.points if line.new else None, line.difference,
                line.shown.status if line.shown else None, line.new.status if line.new else None,
                line.old_diagnosis, line.new_diagnosis,
            ]
        )  # fmt: skip
    return csv_files.attachment(rows, f"regrade-{found.id}.csv")


def _back(course_id: int, regrade_id: int) -> Any:
    access.carrier().announce()
    return redirect(url_for("regrades.regrade", course_id=course_id, regrade_id=regrade_id), 303)


@regrades.post("/<int:regrade_id>/cancel")
@login_required
def cancel(course_id: int, regrade_id: int) -> Any:
    """Call it off before anything was applied."""
    _regrade_or_404(course_id, regrade_id)
    actor_id = access.me().id
    access.close_reading()
    with access.database().writing() as session:
        done = asking.cancel(session, regrade_id, actor_id, utc_now())
    flash(_("Cancelled. No mark was changed.") if done else _("It is too late to cancel this."), "success")
    return _back(course_id, regrade_id)


@regrades.post("/<int:regrade_id>/apply")
@login_required
def apply(course_id: int, regrade_id: int) -> Any:
    """Apply what was chosen."""
    _regrade_or_404(course_id, regrade_id)
    choice, actor_id = forms.read_choice(request.form), access.me().id
    access.close_reading()
    with access.database().writing(durable=True) as session:
        chosen = applying.choose(session, regrade_id, actor_id, choice, utc_now())
    if chosen:
        message = ngettext("%(num)s mark is being changed.", "%(num)s marks are being changed.", chosen)
        flash(message, "success")
    else:
        flash(_("Nothing was chosen, or what was chosen has changed since you looked. Look again and choose."), "error")
    return _back(course_id, regrade_id)


@regrades.post("/<int:regrade_id>/finish")
@login_required
def finish(course_id: int, regrade_id: int) -> Any:
    """Leave the rest as it is."""
    _regrade_or_404(course_id, regrade_id)
    actor_id = access.me().id
    access.close_reading()
    with access.database().writing() as session:
        left = applying.finish(session, regrade_id, actor_id, utc_now())
    if left is None:
        flash(_("This cannot be finished now."), "error")
    else:
        flash(ngettext("%(num)s mark stays as it is.", "%(num)s marks stay as they are.", left), "success")
    return _back(course_id, regrade_id)


@regrades.post("/<int:regrade_id>/resume")
@login_required
def resume(course_id: int, regrade_id: int) -> Any:
    """Go on where it was interrupted."""
    _regrade_or_404(course_id, regrade_id)
    access.close_reading()
    with access.database().writing() as session:
        applying.resume(session, regrade_id, utc_now())
    return _back(course_id, regrade_id)
