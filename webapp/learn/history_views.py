"""Students' own history of an item: the list, a comparison of any two, everything as an archive."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user, login_required

from webapp import access
from webapp.languages import language
from webapp.learn import history, sending
from webapp.learn.edits import compare
from webapp.learn.forms import read_pair
from webapp.refusals import Refusal
from webapp.security import limiter

looking_back = Blueprint("history", __name__)


def _person() -> str:
    """Whose request it is: a class behind one address has many."""
    return str(current_user.get_id())


@looking_back.get("/items/<int:item_id>/history")
@login_required
def submissions(item_id: int) -> Any:
    """All of one's own submissions of an item; its runs too, where asked for."""
    place = access.open_item(item_id)
    number = request.args.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 1
    shown = history.history_page(
        access.reading(), place, language(), page, with_runs=request.args.get("runs", "") == "1"
    )
    return render_template("learn/history.html", history=shown)


@looking_back.get("/items/<int:item_id>/diff")
@login_required
@limiter.limit("30 per minute", key_func=_person)
def difference(item_id: int) -> Any:
    """Two of one's own texts beside each other."""
    place = access.open_item(item_id)
    before, after = request.args.get("from", ""), request.args.get("to", "")
    page = history.difference_page(access.reading(), place, language(), before, after)
    if page is None:
        abort(404)
    return render_template("learn/diff.html", page=page)


@looking_back.post("/items/<int:item_id>/compare")
@login_required
@limiter.limit("30 per minute", key_func=_person)
def comparison(item_id: int) -> Any:
    """Two texts a page holds beside each other, as HTML: a draft that was changed elsewhere and the one being typed."""
    place = access.open_item(item_id)
    before, after = read_pair(request)
    if max(len(before.encode("utf-8", "replace")), len(after.encode("utf-8", "replace"))) > sending.DRAFT_BYTES:
        raise Refusal("too-large", _("A draft may have at most 256 KiB."), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    shown = [history.typed_here(place, text, language()) for text in (before, after)]
    return jsonify({"html": render_template("learn/_diff.html", difference=compare(*shown))})


@looking_back.get("/items/<int:item_id>/history.zip")
@login_required
@limiter.limit("10 per minute", key_func=_person)
def archive(item_id: int) -> Any:
    """All of one's own submissions of an item as files."""
    place = access.open_item(item_id)
    response = make_response(history.archive(access.reading(), place))
    response.headers["Content-Type"] = "application/zip"
    response.headers.set("Content-Disposition", "attachment", filename=f"{place.item.item}-{place.item.id}.zip")
    return response
