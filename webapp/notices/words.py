"""The sentences of notices about marks, and about requests to look at one again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from grader.numbers_shown import number
from webapp.notices.kinds import Said


def _moved(data: Mapping[str, Any]) -> dict[str, str]:
    return {name: number(data[name]) for name in ("before", "after", "points")}


def regraded(data: Mapping[str, Any]) -> Said:
    """`before` → `after` of `points`, because of `reason`."""
    if data["before"] == data["after"]:
        sentence = _("Graded again: %(after)s of %(points)s points, as before; the verdict says more.", **_moved(data))
    else:
        sentence = _("Graded again: %(before)s → %(after)s of %(points)s points.", **_moved(data))
    return Said(sentence, data["reason"])


def override(data: Mapping[str, Any]) -> Said:
    """An instructor's own judgement."""
    if data["before"] == data["after"]:
        return Said(_("An instructor confirmed your %(after)s of %(points)s points.", **_moved(data)), data["reason"])
    return Said(
        _("An instructor changed your points: %(before)s → %(after)s of %(points)s.", **_moved(data)), data["reason"]
    )


def override_withdrawn(data: Mapping[str, Any]) -> Said:
    """Back to what the grader or the reviewers gave."""
    return Said(
        _("An instructor took a change back: %(before)s → %(after)s of %(points)s points.", **_moved(data)),
        data["reason"],
    )


def reviewed(data: Mapping[str, Any]) -> Said:
    """Somebody has read what the grader was not sure of."""
    if data["before"] == data["after"]:
        return Said(_("An instructor has read your answer: %(after)s of %(points)s points, as before.", **_moved(data)))
    return Said(
        _("An instructor has read your answer: %(before)s → %(after)s of %(points)s points.", **_moved(data))
    )


def review_undone(data: Mapping[str, Any]) -> Said:
    """What was decided is open again."""
    return Said(
        _("What an instructor decided of your answer is open again: %(after)s of %(points)s points for now.",
          **_moved(data))
    )  # fmt: skip


def request_answered(data: Mapping[str, Any]) -> Said:
    """What an instructor says to a request for another look."""
    if data["state"] == "granted":
        sentence = _("An instructor looked at your submission again and agrees with you.")
    else:
        sentence = _("An instructor looked at your submission again and leaves its points as they are.")
    return Said(sentence, data["answer"])
