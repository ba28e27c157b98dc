"""Which function puts which kind of notice into words."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

log = logging.getLogger(__name__)

KINDS: dict[str, str] = {
    "dates-moved": "webapp.teach.assignments.notices:dates_moved",
    "dates-extended": "webapp.teach.assignments.notices:dates_extended",
    "regraded": "webapp.notices.words:regraded",
    "override": "webapp.notices.words:override",
    "override-withdrawn": "webapp.notices.words:override_withdrawn",
    "reviewed": "webapp.notices.words:reviewed",
    "review-undone": "webapp.notices.words:review_undone",
    "request-answered": "webapp.notices.words:request_answered",
}
"""Kind → `module:function`; looked up when needed."""


@dataclass(frozen=True, slots=True)
class Said:
    """A notice in words: a sentence of ours, and what somebody wrote to go with it."""

    sentence: str
    quote: str = ""


Composer = Callable[[Mapping[str, Any]], Said]
"""Puts the `data` of a notice into the words of the current request's language.

`data` may name an assignment item as `item` and a submission as `submission`: then the notice leads there.
"""


def said(kind: str, data: Mapping[str, Any]) -> Said:
    """The words of a notice; one that another version of the program wrote says only that there is something."""
    unknown = Said(_("Something about your work has changed."))
    if kind not in KINDS:
        return unknown
    module, _colon, name = KINDS[kind].partition(":")
    composer: Composer = getattr(importlib.import_module(module), name)
    try:
        return composer(data)
    except (KeyError, TypeError, ValueError):  # a page of notices must not be lost for one of them
        log.exception("a notice of kind %s with %s", kind, sorted(data))
        return unknown
