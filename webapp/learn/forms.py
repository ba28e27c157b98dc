"""What a run, a submission or a draft brings: a form or JSON.  Raises `Refusal` for anything else."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Request
from flask_babel import gettext as _

from webapp.refusals import Refusal

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Sending:
    """The content as sent, and the page's key."""

    content: bytes
    client_key: str
    draft_version: int | None = None
    """The version of the draft this was written over, where that is known."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What is being typed, and the version of the draft it started from, where that is known."""

    content: str
    version: int | None
    only_if_unchanged: bool


def _malformed() -> Refusal:
    return Refusal("malformed", _("This request cannot be read."), HTTPStatus.BAD_REQUEST)


def _json_object(request: Request) -> dict[str, Any]:
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # a hundred thousand brackets
        body = None
    if not isinstance(body, dict):
        raise _malformed()
    return body


def read_sending(request: Request) -> Sending:
    """A run or a submission."""
    if request.is_json:
        body = _json_object(request)
        content, key, version = body.get("content"), body.get("client_key", ""), body.get("draft_version")
        if not isinstance(content, str) or not isinstance(key, str) or not (version is None or type(version) is int):
            raise _malformed()
    else:
        # Several values come from the boxes of a choice.
        content, key = "\n".join(request.form.getlist("content")), request.form.get("client_key", "")
        version = request.form.get("draft_version", type=int)
    return Sending(content.encode("utf-8", "replace"), key[:LONGEST_KEY], version)


def read_pair(request: Request) -> tuple[str, str]:
    """Two texts to be put beside each other."""
    body = _json_object(request)
    before, after = body.get("from"), body.get("to")
    if not isinstance(before, str) or not isinstance(after, str):
        raise _malformed()
    return before, after


def read_typed(request: Request) -> Typed:
    """A draft."""
    body = _json_object(request)
    content, version = body.get("content"), body.get("version")
    if not isinstance(content, str) or not (version is None or type(version) is int):
        raise _malformed()
    return Typed(content, version, body.get("if_match") is True)
