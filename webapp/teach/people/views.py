"""The people of a course: who they are, what they may, and how they come in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from webapp import access, csv_files
from webapp.access import Right
from webapp.addresses import row_numbers
from webapp.courses import enrolling, keeping, membership
from webapp.courses.inviting import Links, Maker, links_for, rows_of
from webapp.courses.roster import Listed
from webapp.languages import language, say, zone
from webapp.models import Course, Role
from webapp.models.times import utc_now
from webapp.refusals import failure
from webapp.teach.frame import frame
from webapp.teach.people import service
from webapp.teach.people.forms import PersonForm
from webapp.teach.people.squares import drawn
from webapp.teach.people.values import Column, Kept
from webapp.teach.people.words import role_word, why_refused

people = Blueprint("people", __name__, url_prefix="/teach/courses/<int:course_id>/people")


@people.url_value_preprocessor
def take_whole_tables(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A roster may be larger than what students send; before anything of the request is read."""
    if endpoint in ("people.import_preview", "people.import_apply"):
        request.max_content_length = request.max_form_memory_size = 2 * csv_files.MAX_BYTES


@people.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Said of a table, not of code."""
    most = csv_files.MAX_BYTES // 1024 // 1024
    text = _("Nothing was changed. A table may have %(number)s MiB: keep only email, name and number.", number=most)
    return failure(413, "too-large", text=text)


def kept(course: Course) -> Kept:
    """The course as these pages name it."""
    code = course.join_code
    url = url_for("joining.course", code=code, _external=True) if code else ""
    return Kept(course.id, say(course.title, language()), course.zone, code, url, course.key, course.archived_at)


def _chosen_column() -> tuple[Column, bool]:
    text = request.args.get("sort", "")
    name = text.removeprefix("-")
    return (Column(name), text.startswith("-")) if name in list(Column) else (Column.ROLE, False)


def _page(course: Course, form: PersonForm | None = None, status: int = 200) -> Any:
    sort, down = _chosen_column()
    page = render_template(
        "teach/people/roster.html",
        frame=frame(course),
        course=kept(course),
        roster=service.roster(access.reading(), course.id, sort, down=down),
        sort=sort,
        down=down,
        form=form or PersonForm(formdata=None),
        manages=access.may(course.id, Right.MANAGE),
        me_id=access.me().id,
        zone=zone(),
    )
    return page, status


@people.get("")
@login_required
def roster(course_id: int) -> Any:
    """Everybody."""
    return _page(access.taught_course_or_404(course_id))


@people.get("/export")
@login_required
def export(course_id: int) -> Any:
    """Everybody as a table that `import` reads again."""
    course = access.taught_course_or_404(course_id)
    found = service.roster(access.reading(), course.id)
    heading = ["email", "name", "student id", "role", "joined", "last sent", "solved", "points"]
    rows = [
        [
            each.email,
            each.name,
            each.external_id,
            each.role.value,
            f"{each.joined_at.astimezone(zone()):%Y-%m-%d %H:%M}" if each.joined_at else "",
            f"{each.sent_at.astimezone(zone()):%Y-%m-%d %H:%M}" if each.sent_at else "",
            each.solved,
            round(each.score, 4),
        ]
        for each in found.people
    ]
    return csv_files.attachment([heading, *rows], f"{say(course.title, language())}-people.csv")


@people.post("/add")
@login_required
def add(course_id: int) -> Any:
    """Put one person in, by the rules of a list of one."""
    course = access.taught_course_or_404(course_id, Right.MANAGE)
    form = PersonForm()
    if not form.validate_on_submit():
        return _page(course, form, 400)
    email, number = form.email.data or "", form.number.data or ""
    listed = Listed(email, form.name.data or "", Role(form.role.data), number or None, 1, 1)
    if any(each.email == email for each in service.roster(access.reading(), course.id).people):
        form.email.errors = [_("%(email)s is in the course already. Change their role in the table.", email=email)]
        return _page(course, form, 409)
    actor_id = access.me().id
    access.close_reading()
    with access.database().writing(durable=True) as session:
        planned = enrolling.plan(session, course_id, [listed], actor_id)
        if planned.of(enrolling.Fate.ADDED):
            enrolling.carry_out(session, course_id, planned, actor_id, utc_now())
    flash(_("%(email)s is in the course.", email=email), "success")
    return redirect(url_for("people.roster", course_id=course_id), 303)


def _chosen_people() -> list[int]:
    """The people ticked in the table; whatever is no number is nobody."""
    return sorted(set(row_numbers(request.form.getlist("user")[: csv_files.MAX_ROWS])))


@people.post("/change")
@login_required
def change(course_id: int) -> Any:
    """What is asked of the people ticked: a role, to leave (asked once more), their links."""
    course = access.taught_course_or_404(course_id, Right.MANAGE)
    chosen, wanted = _chosen_people(), request.form.get("action", "")
    if not chosen:
        flash(_("Nobody is ticked, so nothing was done."), "error")
        return redirect(url_for("people.roster", course_id=course_id), 303)
    if wanted == "links":
        return _links(course, chosen)
    if wanted == "remove" and request.form.get("sure") != "yes":
        found = service.roster(access.reading(), course.id).people
        leaving = [each for each in found if each.user_id in set(chosen)]
        return render_template("teach/people/remove.html", frame=frame(course), course=kept(course), people=leaving)
    if wanted != "remove" and wanted not in list(Role):
        flash(_("Choose what to do with the people ticked."), "error")
        return redirect(url_for("people.roster", course_id=course_id), 303)
    return _change(course_id, chosen, None if wanted == "remove" else Role(wanted))


def _change(course_id: int, chosen: Collection[int], role: Role | None) -> Any:
    actor_id = access.me().id
    access.close_reading()
    with access.database().writing(durable=True) as session:
        before = membership.roles_in(session, course_id)
        refused = membership.change(session, course_id, chosen, role, actor_id, utc_now())
    if refused:
        reasons = dict.fromkeys(why_refused(each) for each in refused.values())
        flash(" ".join([*reasons, _("Nothing was changed.")]), "error")
        return redirect(url_for("people.roster", course_id=course_id), 303)
    count = sum(user_id in before and before[user_id] is not role for user_id in chosen)
    if role is None:
        text = ngettext("%(num)s person has left the course.", "%(num)s people have left the course.", count)
    else:
        word = role_word(role)
        text = ngettext("Role of %(num)s person: %(role)s.", "Role of %(num)s people: %(role)s.", count, role=word)
    flash(text, "success")
    if actor_id in chosen and role is None and not access.me().is_admin:
        return redirect(url_for("teach.courses"), 303)
    return redirect(url_for("people.roster", course_id=course_id), 303)


@people.post("/links")
@login_required
def links(course_id: int) -> Any:
    """Links for everybody who has no password yet, as a page or as a table."""
    return _links(access.taught_course_or_404(course_id, Right.MANAGE), None)


def _links(course: Course, chosen: Collection[int] | None) -> Any:
    managed = None if access.me().is_admin else access.managed_course_ids(even_archived=True)
    maker = Maker.of(current_app.config["SECRET_KEY"], request.url_root, utc_now())
    made: Links = links_for(access.reading(), course.id, chosen, managed, maker)
    if request.form.get("as") == "csv":
        return csv_files.attachment(rows_of(made.found), "invitations.csv")
    return render_template(
        "teach/people/links.html", frame=frame(course), course=kept(course), links=made, chosen=chosen or ()
    )


@people.post("/code")
@login_required
def code(course_id: int) -> Any:
    """A new join code, or none (`off`)."""
    access.taught_course_or_404(course_id, Right.MANAGE)
    actor_id, on = access.me().id, request.form.get("off") != "yes"
    access.close_reading()
    with access.database().writing(durable=True) as session:
        keeping.set_code(session, course_id, actor_id, utc_now(), on=on)
    if on:
        flash(_("The course has a new join code. The old one leads nowhere now."), "success")
    else:
        flash(_("Nobody can join by a code now. Whoever is in the course stays."), "success")
    return redirect(url_for("people.roster", course_id=course_id) + "#coming-in", 303)


@people.get("/board")
@login_required
def board(course_id: int) -> Any:
    """The join code for a lecture hall: large, with its address, and as a picture that phones read."""
    course = access.taught_course_or_404(course_id)
    found = kept(course)
    picture = drawn(found.join_url) if found.join_url else None
    return render_template("teach/people/board.html", course=found, picture=picture, host=request.host)
