"""What machines that look after this one ask: is the process alive, can it work, what are its figures."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, abort, current_app, jsonify, make_response, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from webapp import access
from webapp.operations.health import KEPT_SECONDS, Report, State, report
from webapp.operations.scraping import registry
from webapp.operations.waiting import Kept, RowsCollector
from webapp.security import from_this_machine

operations = Blueprint("operations", __name__)


@operations.record_once
def prepare(state: Any) -> None:
    """What is asked of the database is asked once a second at most, however many ask."""
    extensions = state.app.extensions
    parts = extensions["workshop_database"], extensions["workshop_settings"], extensions["workshop_carrier"]
    extensions["workshop_health"] = Kept(lambda: report(*parts), KEPT_SECONDS)
    extensions["workshop_figures"] = registry(RowsCollector(*parts))


@operations.get("/healthz")
def healthz() -> Any:
    """The process answers; nothing else is looked at."""
    return jsonify({"status": State.OK})


@operations.get("/readyz")
def readyz() -> Any:
    """Whether submissions can be taken, and whether somebody grades them.  Why not is told to this machine only."""
    found: Report = current_app.extensions["workshop_health"]()
    body: dict[str, Any] = {"status": found.state}
    if from_this_machine() or _has_token():
        body |= {
            "workers": found.workers,
            "waiting": found.waiting,
            "checks": [{"name": each.name, "status": each.state, "reason": each.reason} for each in found.checks],
        }
    return make_response(jsonify(body), found.status)


@operations.get("/metrics")
def metrics() -> Any:
    """All figures, for who has the token; where none is set there is nothing here."""
    if not _has_token():
        abort(404)
    response = make_response(generate_latest(current_app.extensions["workshop_figures"]))
    response.headers["Content-Type"] = CONTENT_TYPE_LATEST
    return response


def _has_token() -> bool:
    token = access.settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())
