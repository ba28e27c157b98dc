"""What a run or a submission brings: a form or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import Request
from flask_babel import gettext as _

from webapp.refusals import Refusal

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Sending:
    """The content as sent, and the page's key."""

    content: bytes
    client_key: str


def read_sending(request: Request) -> Sending:
    """Read a form or a JSON body.  Raises `Refusal` for anything else."""
    if request.is_json:
        body = request.get_json(silent=True)
        content, key = (body.get("content"), body.get("client_key", "")) if isinstance(body, dict) else (None, "")
        if not isinstance(content, str) or not isinstance(key, str):
            raise Refusal("malformed", _("This request cannot be read."), HTTPStatus.BAD_REQUEST)
    else:
        # Several values come from the boxes of a choice.
        content, key = "\n".join(request.form.getlist("content")), request.form.get("client_key", "")
    return Sending(content.encode("utf-8", "replace"), key[:LONGEST_KEY])
