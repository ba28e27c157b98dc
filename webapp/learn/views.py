"""Students' pages."""

from __future__ import annotations

import json
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import login_required

from grader.shown_text import text_of
from questions.model import Kind
from webapp import access, figures, items, variants
from webapp.addresses import row_number
from webapp.guests.brakes import hour_of_guests
from webapp.items import item_of
from webapp.languages import language, locale, zone
from webapp.learn import course_map as charts
from webapp.learn import hints, overview, pages, polling, progress, sending
from webapp.learn.activity import Visits
from webapp.learn.forms import Sending, read_sending
from webapp.models import Job, Purpose, Submission
from webapp.models.passing import DatabaseAway, DatabaseBusy
from webapp.models.times import utc_now
from webapp.operations.requests import came
from webapp.refusals import Refusal, away, busy, refusal_json, wants_json

learn = Blueprint("learn", __name__)

LAST_VISIT = "today"
"""Where a session keeps when the page of today was opened last."""


@learn.get("/courses")
@login_required
def courses() -> Any:
    """All courses one takes part in."""
    found = overview.courses(access.reading(), access.me(), language(), utc_now())
    return render_template("learn/courses.html", courses=found)


@learn.get("/courses/<int:course_id>")
@login_required
def course(course_id: int) -> Any:
    """One course."""
    found, role = access.course_or_404(course_id)
    now = utc_now()
    page = overview.course(access.reading(), found, role, access.me(), language(), now, zone(), locale())
    step = None if role.teaches else progress.next_step(access.reading(), access.me(), found, language(), now, zone())
    return render_template("learn/course.html", course=page, step=step)


@learn.get("/courses/<int:course_id>/map")
@login_required
def course_map(course_id: int) -> Any:
    """The way through a course, with what is done of it; `?path=bank/path` shows another one that it leaves open."""
    found, role = access.course_or_404(course_id)
    page = charts.course_map(
        access.reading(),
        access.me(),
        found,
        language(),
        utc_now(),
        zone(),
        teaches=role.teaches,
        wanted=request.args.get("path", ""),
    )
    return render_template("learn/map.html", page=page)


@learn.get("/today")
@login_required
def today() -> Any:
    """What to do next and why, and what is known of one's skills."""
    courses, now = access.studied_courses(), utc_now()
    known = Visits.from_text(cookie.get(LAST_VISIT, ""))
    visits = known.at(now) if known else Visits(now, now)
    cookie[LAST_VISIT] = visits.to_text()
    page = progress.today(
        access.reading(),
        access.me(),
        courses,
        language(),
        now,
        zone(),
        since=visits.since if known else None,
        sort=request.args.get("sort", ""),
    )
    return render_template("learn/today.html", page=page)


def _selected_job(item_id: int) -> Job | None:
    """The judging an address asks for."""
    if number := request.args.get("job", type=row_number):
        job = access.own_job_or_404(number)
    elif number := request.args.get("submission", type=row_number):
        wanted = access.own_submission_or_404(number)
        found = pages.job_that_counts(access.reading(), wanted)
        if found is None:
            abort(404)
        job = found
    else:
        return None
    if access.reading().get_one(Submission, job.submission_id).assignment_item_id != item_id:
        abort(404)
    return job


@learn.get("/items/<int:item_id>")
@login_required
def item(item_id: int) -> Any:
    """One item: what is asked, the editor, the verdict, the history."""
    place = access.open_item(item_id)
    loaded = None
    if number := request.args.get("load", type=row_number):
        wanted = access.own_submission_or_404(number)
        if wanted.assignment_item_id != item_id:
            abort(404)
        loaded = text_of(wanted.content)
    page = pages.item_page(access.reading(), place, language(), utc_now(), _selected_job(item_id), loaded=loaded)
    return render_template("learn/item.html", page=page)


@learn.post("/items/<int:item_id>/hints/<int:number>")
@login_required
def hint(item_id: int, number: int) -> Any:
    """Open the next hint.  A form brings what was typed along, so that nothing is lost on the way."""
    place = access.open_item(item_id)
    asked, user_id = item_of(place.item.pinned), place.user.id
    if not 0 < number <= len(asked.hints):
        abort(404)
    known = variants.parameters_for(asked, place.item.pinned, user_id, item_id)
    with access.database().writing() as session:
        hints.open_hint(session, user_id, item_id, number, utc_now())
    access.close_reading()
    if wants_json():
        view = hints.hints_view(asked, hints.opened(access.reading(), user_id, item_id), language(), known)
        return jsonify({"html": render_template("learn/_hints.html", hints=view, item_id=item_id, scripted=True)})
    sent = read_sending(request)
    if sent.content.strip() and len(sent.content) <= sending.DRAFT_BYTES:
        try:
            _keep_draft(item_id, sent)
        except sending.DraftConflict:
            return _refused_page(
                item_id,
                text_of(sent.content),
                Refusal(
                    "draft-changed",
                    _("A different text of yours was saved elsewhere meanwhile. Yours is still here."),
                    HTTPStatus.CONFLICT,
                ),
            )
    return redirect(url_for("learn.item", item_id=item_id, _anchor=f"hint-{number}"), 303)


@learn.post("/items/<int:item_id>/run")
@login_required
def run(item_id: int) -> Any:
    """Public tests."""
    return _send(item_id, Purpose.RUN)


@learn.post("/items/<int:item_id>/submit")
@login_required
def submit(item_id: int) -> Any:
    """All tests; this counts."""
    return _send(item_id, Purpose.SUBMIT)


def _send(item_id: int, purpose: Purpose) -> Any:
    place = access.open_item(item_id)
    sent = read_sending(request)
    user_id, teaches = access.me().id, place.role.teaches
    try:
        with hour_of_guests(place.user), access.database().writing(durable=True) as session:
            stored = sending.send(
                session,
                user_id=user_id,
                item_id=item_id,
                content=sent.content,
                purpose=purpose,
                client_key=sent.client_key,
                pace=access.pace(),
                now=utc_now(),
                teaches=teaches,
            )
    except Refusal as refusal:
        came(purpose, refusal.code)
        return _refuse(item_id, sent, refusal)
    except DatabaseAway:
        came(purpose, "away")
        if not wants_json():
            raise  # the page itself could not be had
        return refusal_json(away())
    except DatabaseBusy:
        came(purpose, "busy")
        return _refuse(item_id, sent, busy(), keep=False)
    came(purpose, "accepted", job=stored.job_id, submission=stored.submission_id)
    access.carrier().announce()
    access.close_reading()
    if not wants_json():
        return redirect(url_for("learn.item", item_id=item_id, job=stored.job_id, _anchor="verdict"), 303)
    job = access.own_job_or_404(stored.job_id)
    body = {"job": polling.job_json(access.reading(), job, utc_now()), "client_key": sending.new_key()}
    return make_response(jsonify(body), 202)


def _refuse(item_id: int, sent: Sending, refusal: Refusal, *, keep: bool = True) -> Any:
    """Say why not.

    What was typed stays on the page and is kept as the draft, unless nothing can be stored now or another text of
    theirs would have to give way for it.
    """
    text = text_of(sent.content)
    if keep and text.strip() and len(sent.content) <= sending.DRAFT_BYTES:
        with suppress(sending.DraftConflict):
            refusal.more["draft_version"] = _keep_draft(item_id, sent)
    if wants_json():
        access.close_reading()
        return refusal_json(refusal)
    return _refused_page(item_id, text, refusal)


def _keep_draft(item_id: int, sent: Sending) -> int:
    """Keep what came with a form; raises `DraftConflict` where it would replace what the page did not know of."""
    with access.database().writing() as session:
        saved = sending.save_draft(
            session,
            access.me().id,
            item_id,
            text_of(sent.content),
            utc_now(),
            sent.draft_version,
            only_if_unchanged=sent.draft_version is not None,
        )
    return saved.version


def _refused_page(item_id: int, text: str, refusal: Refusal) -> Response:
    """The page again, with what was typed and why it was not taken."""
    access.close_reading()
    page = pages.item_page(access.reading(), access.open_item(item_id), language(), utc_now(), typed=text)
    response = make_response(
        render_template("learn/item.html", page=page.refused(refusal.message, refusal.code)), refusal.status
    )
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


@learn.get("/items/<int:item_id>/public-tests.zip")
@login_required
def public_tests(item_id: int) -> Any:
    """The public tests, to be run without us."""
    place = access.open_item(item_id)
    pinned = place.item.pinned
    known = variants.parameters_for(item_of(pinned), pinned, place.user.id, item_id)
    shown = tuple(figures.shown_in(access.reading(), pinned.source).items())
    packed = None if known is None else items.public_tests(pinned.hash, pinned.source, json.dumps(known), shown)
    if packed is None:
        abort(404)
    response = make_response(packed)
    response.headers["Content-Type"] = "application/zip"
    response.headers.set("Content-Disposition", "attachment", filename=f"{pinned.item}-public-tests.zip")
    return response


@learn.get("/submissions/<int:submission_id>")
@login_required
def submission(submission_id: int) -> Any:
    """One of one's own submissions."""
    found = access.own_submission_or_404(submission_id)
    place = access.open_item(found.assignment_item_id)
    page = pages.submission_page(access.reading(), found, place.course, language(), utc_now())
    return render_template("learn/submission.html", submission=page)


@learn.get("/submissions/<int:submission_id>/download")
@login_required
def download(submission_id: int) -> Any:
    """The bytes as sent."""
    found = access.own_submission_or_404(submission_id)
    coding = item_of(found.assignment_item.pinned).kind is Kind.CODING
    name = f"{found.assignment_item.item}-{found.id}.{'py' if coding else 'txt'}"
    response = make_response(found.content)
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
