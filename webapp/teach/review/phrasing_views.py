"""The phrasings of a bank's item: offered by reviewers, tried on answers, taken or dismissed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required

from webapp import access
from webapp.languages import language
from webapp.models import Phrasing
from webapp.models.times import utc_now
from webapp.security import limiter
from webapp.tasks import rows as tasks
from webapp.teach.review import phrasing_pages, phrasings, trying
from webapp.teach.review.phrasings import PhrasingState

phrasing = Blueprint("phrasing", __name__, url_prefix="/teach/phrasings")


@phrasing.get("/<rubric_bank>/<rubric_item>")
@login_required
def of_item(rubric_bank: str, rubric_item: str) -> Any:
    """What reviewers offered for an item's rubric."""
    access.writing_banks_or_404()
    page = phrasing_pages.page(access.reading(), rubric_bank, rubric_item, language(), utc_now())
    if page is None:
        abort(404)
    return render_template("teach/review/phrasings.html", page=page)


@phrasing.post("/<rubric_bank>/<rubric_item>/trial")
@login_required
@limiter.limit("30 per minute")
def trial(rubric_bank: str, rubric_item: str) -> Any:
    """Have every phrasing tried on the answers that wait and on those that were read."""
    access.writing_banks_or_404()
    if phrasing_pages.page(access.reading(), rubric_bank, rubric_item, language(), utc_now()) is None:
        abort(404)
    actor_id = access.me().id
    with access.database().writing() as session:
        tasks.ask(
            session,
            trying.KIND,
            trying.subject(rubric_bank, rubric_item),
            utc_now(),
            parameters={"bank": rubric_bank, "item": rubric_item},
            actor_id=actor_id,
        )
    access.carrier().announce()
    return redirect(url_for("phrasing.of_item", rubric_bank=rubric_bank, rubric_item=rubric_item), 303)


@phrasing.post("/<int:phrasing_id>")
@login_required
def put(phrasing_id: int) -> Any:
    """Take a phrasing for the bank, dismiss it, or offer it again."""
    access.writing_banks_or_404()
    if access.reading().get(Phrasing, phrasing_id) is None:
        abort(404)
    state = request.form.get("state", "")
    if state not in list(PhrasingState):
        abort(400)
    actor_id = access.me().id
    access.close_reading()
    with access.database().writing() as session:
        found = phrasings.put(session, phrasing_id, PhrasingState(state), actor_id, utc_now())
        assert found is not None
        bank_id, item = found.bank_id, found.item
    anchor = f"phrasing-{phrasing_id}"
    return redirect(url_for("phrasing.of_item", rubric_bank=bank_id, rubric_item=item, _anchor=anchor), 303)
