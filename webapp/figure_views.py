"""Figures of banks, served to whoever has their address.

An address is the hash of what is drawn.  Nobody has it but those who were shown a text that holds it, or who have the
drawing itself; it says nothing of anybody, and leads to the same for ever.  So no session is asked for, and caches may
keep it.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, request

from webapp import access
from webapp.models import Figure

_DIGEST = re.compile(r"[0-9a-f]{32}")

figures = Blueprint("figures", __name__)


@figures.get("/figures/<digest>.svg")
def figure(digest: str) -> Response:
    """A drawing, to be shown with `<img>`; its headers are those of `security`."""
    found = access.reading().get(Figure, digest) if _DIGEST.fullmatch(digest) else None
    if found is None:
        abort(404)
    response = Response(found.svg.encode(), content_type="image/svg+xml; charset=utf-8")
    response.set_etag(digest, weak=True)  # compressed or not, it is one drawing
    return response.make_conditional(request)
