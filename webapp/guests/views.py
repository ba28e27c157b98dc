"""Pages for people without an account, and for what they wrote before they had one."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user, login_required

from webapp import access
from webapp.guests import service, sessions
from webapp.guests.values import OpenItem
from webapp.languages import language
from webapp.learn import sending
from webapp.models import AssignmentItem
from webapp.models.times import utc_now
from webapp.security import limiter

guests = Blueprint("guests", __name__)
TAKE, LEAVE = "take", "leave"


def landing() -> Any:
    """What this is, what anybody may try, and the ways in."""
    on = access.settings().guests
    items = service.open_items(access.reading(), language(), utc_now()) if on else []
    return render_template("guests/landing.html", items=items, guest=sessions.current_guest())


@guests.app_context_processor
def names() -> dict[str, Any]:
    """What the pages of guests, and an item's page, say of trials."""
    rules = current_app.url_map.iter_rules()
    return {
        "guest_days": access.settings().guest_days,
        "guest_text_offered": _offered,
        "join_url": "/join" if any(rule.rule == "/join" for rule in rules) else "",
    }


def _offered(item_id: int) -> bool:
    """Whether a guest of this browser wrote something for the item that the account now signed in may keep."""
    guest, shown = sessions.current_guest(), sessions.ticket()
    if guest is None or shown is None or item_id in shown.settled or not current_user.is_authenticated:
        return False
    item = access.reading().get_one(AssignmentItem, item_id)
    return service.keeping(access.reading(), guest.id, access.me().id, item, language()) is not None


def _open_item_or_404(item_id: int) -> OpenItem:
    found = None
    if access.settings().guests:
        found = service.open_item(access.reading(), item_id, language(), utc_now())
    if found is None:
        abort(404)
    return found


def _belongs(found: OpenItem) -> bool:
    """Whether the person asking has a place to work on this item already: as a member, or as a guest."""
    if current_user.is_authenticated:
        return access.membership(found.course_id) is not None
    return sessions.current_guest() is not None


def _began(_response: Response) -> bool:
    return bool(g.get("guest_began"))


def _is_guest() -> bool:
    return sessions.current_guest() is not None


def _per_address() -> str:
    return f"{access.settings().guests_per_address} per hour"


def _for_everybody() -> str:
    return f"{access.settings().guests_per_hour} per hour"


@guests.route("/try/<int:item_id>", methods=["GET", "POST"])
@limiter.limit(_per_address, methods=["POST"], exempt_when=_is_guest, deduct_when=_began)
@limiter.limit(
    _for_everybody, methods=["POST"], key_func=lambda: "all guests", exempt_when=_is_guest, deduct_when=_began
)
def trial(item_id: int) -> Any:
    """Before an open item: what it is, and the button that begins.

    Whoever only follows links begins nothing, and only sessions that begin count towards the limits.
    """
    found = _open_item_or_404(item_id)
    if _belongs(found):
        return redirect(url_for("learn.item", item_id=item_id), 303)
    if request.method != "POST" or current_user.is_authenticated:
        return render_template("guests/trial.html", item=found, stranger=current_user.is_authenticated)
    now = utc_now()
    with access.database().writing() as writing:
        service.forget(writing, now - access.settings().guest_lifetime)
        guest = service.begin(writing, language(), now)
    g.guest_began = True
    session.clear()  # nothing planted before outlives it
    response = make_response(redirect(url_for("learn.item", item_id=item_id), 303))
    sessions.hand_out(response, sessions.Ticket(guest.email))
    return response


@guests.route("/try/<int:item_id>/keep", methods=["GET", "POST"])
@login_required
def keep(item_id: int) -> Any:
    """What was written as a guest, beside what the account has: take it over, or leave it."""
    place = access.open_item(item_id)
    back = redirect(url_for("learn.item", item_id=item_id), 303)
    guest = sessions.current_guest()
    offered = (
        service.keeping(access.reading(), guest.id, place.user.id, place.item, language())
        if guest is not None
        else None
    )
    if offered is None:
        return back
    if request.method != "POST":
        return render_template("guests/keep.html", keeping=offered, changed="changed" in request.args)
    if request.form.get("choice") == TAKE:
        try:
            with access.database().writing() as writing:
                sending.save_draft(
                    writing,
                    place.user.id,
                    item_id,
                    offered.written,
                    utc_now(),
                    request.form.get("version", 0, type=int),
                    only_if_unchanged=True,
                )
        except sending.DraftConflict:
            access.close_reading()  # what is shown next has to be what is there now
            return redirect(url_for("guests.keep", item_id=item_id, changed=1), 303)
        flash(_("What you wrote as a guest is now your draft."), "success")
    elif request.form.get("choice") != LEAVE:
        abort(400)
    response = make_response(back)
    sessions.settle(response, item_id)
    return response
