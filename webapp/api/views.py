"""What scripts and machines ask."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from webapp import access
from webapp.learn import polling, sending
from webapp.learn.forms import read_typed
from webapp.models.times import utc_now
from webapp.refusals import Refusal, refusal_json
from webapp.security import limiter

api = Blueprint("api", __name__)


@api.get("/jobs/<int:job_id>")
@login_required
def job(job_id: int) -> Any:
    """Where a judging is."""
    found = access.own_job_or_404(job_id)
    if request.accept_mimetypes["text/html"] > request.accept_mimetypes["application/json"]:
        item_id = found.submission.assignment_item_id
        return redirect(url_for("learn.item", item_id=item_id, job=job_id, _anchor="verdict"))
    return jsonify(polling.job_json(access.reading(), found, utc_now()))


def _time(value: datetime | None) -> str | None:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if value else None


def _draft(draft: sending.DraftText) -> dict[str, Any]:
    return {"content": draft.content, "version": draft.version, "saved_at": _time(draft.saved_at)}


@api.route("/items/<int:item_id>/draft", methods=["GET", "PUT", "POST"])
@login_required
@limiter.limit("120 per minute", methods=["PUT", "POST"], exempt_when=lambda: not access.me().is_guest)
def draft(item_id: int) -> Any:
    """What is being typed."""
    user_id = access.open_item(item_id).user.id
    if request.method == "GET":
        return jsonify(_draft(sending.draft_of(access.reading(), user_id, item_id)))
    try:
        typed = read_typed(request)
        with access.database().writing() as session:
            saved = sending.save_draft(
                session,
                user_id,
                item_id,
                typed.content,
                utc_now(),
                typed.version,
                only_if_unchanged=typed.only_if_unchanged,
            )
    except sending.DraftConflict as conflict:
        refusal = Refusal(
            "draft-changed",
            _("This draft was changed elsewhere; nothing was overwritten."),
            HTTPStatus.CONFLICT,
            other=_draft(conflict.other),
        )
        return refusal_json(refusal)
    except Refusal as refusal:
        return refusal_json(refusal)
    answer = {"version": saved.version, "saved_at": _time(saved.saved_at), "conflict": saved.overwritten is not None}
    if saved.overwritten is not None:
        answer["other"] = _draft(saved.overwritten)
    return jsonify(answer)
