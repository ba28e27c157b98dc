"""The page on which an instructor looks through an item's variants."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required

from webapp import access
from webapp.languages import language
from webapp.models.times import utc_now
from webapp.teach.variants import service
from webapp.variants import ask_for_missing

variants = Blueprint("variants", __name__, url_prefix="/teach/banks")


@variants.get("/<bank_id>/items/<item>/variants")
@login_required
def pages(bank_id: str, item: str) -> Any:
    """One variant of an item in both languages, answers included; `?number=` says which."""
    access.teaching_or_404()
    wanted, number = request.args.get("revision", ""), request.args.get("number", "0")
    found = service.revision_of(access.reading(), bank_id, item, wanted)
    if found is None:
        abort(404)
    place = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
    page = service.page(access.reading(), found, place, language(), utc_now(), pinned=bool(wanted))
    return render_template("teach/variants/pages.html", page=page, writes=access.writes_banks())


@variants.post("/<bank_id>/items/<item>/variants")
@login_required
def draw(bank_id: str, item: str) -> Any:
    """Have variants drawn that are missing, after whatever kept them from it was mended."""
    access.writing_banks_or_404()
    found = service.revision_of(access.reading(), bank_id, item, request.form.get("revision", ""))
    if found is None:
        abort(404)
    with access.database().writing() as session:
        ask_for_missing(session, [found.hash], utc_now())
    access.carrier().announce()
    named = request.form.get("revision") or None
    return redirect(url_for("variants.pages", bank_id=bank_id, item=item, revision=named), 303)
