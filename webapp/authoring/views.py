"""Pages of one bank: how its items are, and what proving them found."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_required

from webapp import access
from webapp.authoring import pages, proofs
from webapp.courses.changes import Ledger, Origin
from webapp.languages import language
from webapp.models import Bank
from webapp.models.times import utc_now
from webapp.security import limiter
from webapp.teach.assignments import pins

authoring = Blueprint("authoring", __name__, url_prefix="/teach/banks")


def person() -> str:
    """Whom a limit is for."""
    return f"authoring {current_user.get_id()}"


def bank_or_404(bank_id: str) -> Bank:
    """A bank, for anybody who teaches something."""
    access.teaching_or_404()
    found = access.reading().get(Bank, bank_id)
    if found is None:
        abort(404)
    return found


def written_bank_or_404(bank_id: str) -> Bank:
    """A bank, for who may change it: 404 for who teaches nothing, 403 for who only assists."""
    access.writing_banks_or_404()
    return bank_or_404(bank_id)


@authoring.get("/<bank_id>")
@login_required
def bank(bank_id: str) -> Any:
    """A bank with its items: states, faults, use and marks."""
    found = bank_or_404(bank_id)
    page = pages.page(access.reading(), found, language(), utc_now(), access.managed_course_ids())
    return render_template("teach/authoring/bank.html", page=page, writes=access.writes_banks())


@authoring.post("/<bank_id>/prove")
@login_required
@limiter.limit("60 per minute", key_func=person)
def prove(bank_id: str) -> Any:
    """Have one item proved (field `item`), or all that are not."""
    found = written_bank_or_404(bank_id)
    only, back = request.form.get("item", ""), request.form.get("back", "")
    wanted = [
        each["revision"]
        for each in found.report["items"]
        if each["servable"] and only in ("", each["id"])
    ]
    actor_id = access.me().id
    with access.database().writing() as session:
        count = proofs.ask(session, wanted, utc_now(), actor_id)
    access.carrier().announce()
    if not count:
        flash(_("Nothing is left to be proved."), "success")
    if only and back == "proof":
        return redirect(url_for("authoring.proof", bank_id=bank_id, item=only), 303)
    return redirect(url_for("authoring.bank", bank_id=bank_id), 303)


@authoring.get("/<bank_id>/items/<item>/proof")
@login_required
def proof(bank_id: str, item: str) -> Any:
    """Which test catches which mistake; `?revision=` for an older one."""
    found = bank_or_404(bank_id)
    wanted = request.args.get("revision", "")
    page = pages.proof_page(access.reading(), found, item, wanted, language(), utc_now())
    if page is None:
        abort(404)
    return render_template("teach/authoring/proof.html", page=page, writes=access.writes_banks())


@authoring.post("/<bank_id>/pins")
@login_required
def move_pins(bank_id: str) -> Any:
    """Ask the bank's newest revisions in one's own courses, wherever nobody has worked yet."""
    found = written_bank_or_404(bank_id)
    managed, actor_id, now = access.managed_course_ids(), access.me().id, utc_now()
    moved = 0
    with access.database().writing(durable=True) as session:
        for row in pages.movable(session, session.get_one(Bank, found.id), managed):
            course_id = row.assignment.course_id
            latest = pins.latest_of(session, [row]).get(row.id)
            ledger = Ledger(session, now, actor_id, course_id, Origin.PAGE)
            if latest is not None and pins.take(ledger, course_id, row.id, latest.hash):
                moved += 1
    flash(
        ngettext("%(num)s item in your courses asks its newest revision now.",
                 "%(num)s items in your courses ask their newest revisions now.", moved),
        "success",
    )  # fmt: skip
    return redirect(url_for("authoring.bank", bank_id=bank_id), 303)
