"""The first line of a verdict: the score and what it means, in the tests' own terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import ngettext

from grader.aspects import Aspect, standing
from questions.model import Kind
from webapp.templating import number

FEW = 3
"""How many sides a sentence can name and still be read at a glance."""


def headline(document: Mapping[str, Any], purpose: str, lang: str, kind: str = Kind.CODING) -> str:
    """The score and what it means, in one sentence."""
    status, tests = document["status"], document["tests"]
    score, most = number(document["score"]), number(document["max_score"])
    if purpose == "run" and status not in ("error", "ungradable"):
        return _of_run(tests, lang)
    match status:
        case "passed":
            return _("%(score)s of %(most)s: full marks.", score=score, most=most)
        case "error" if kind != Kind.CODING:
            return _("Your answer could not be read. This costs no attempt.")
        case "error":
            return _("Your code could not be loaded. This costs no attempt.")
        case "ungradable":
            return _("We could not grade this; that is our fault, not yours.")
        case "timeout":
            return _("%(score)s of %(most)s: your code ran out of time.", score=score, most=most)
        case "memory":
            return _("%(score)s of %(most)s: your code used too much memory.", score=score, most=most)
        case "crashed":
            return _("%(score)s of %(most)s: your code ended its own process.", score=score, most=most)
    if document["key_points"]:
        return _of_key_points(document, score, most)
    if picked := document.get("picked"):
        return _of_choice(picked, score, most)
    if typed := document.get("typed"):
        return _of_number(typed, score, most)
    if tests:
        return _("%(score)s of %(most)s: %(meaning)s.", score=score, most=most, meaning=_meaning(tests, lang))
    return _("%(score)s of %(most)s.", score=score, most=most)


def _of_run(tests: Sequence[Mapping[str, Any]], lang: str) -> str:
    right = sum(test["status"] == "passed" for test in tests)
    sides = _sides(tests, lang) if 0 < right < len(tests) else ""
    if sides:
        return ngettext(
            "%(right)s of %(num)d public test passes: %(meaning)s.",
            "%(right)s of %(num)d public tests pass: %(meaning)s.",
            len(tests),
            right=right,
            meaning=sides,
        )
    return ngettext(
        "%(right)s of %(num)d public test passes.", "%(right)s of %(num)d public tests pass.", len(tests), right=right
    )


def _of_key_points(document: Mapping[str, Any], score: str, most: str) -> str:
    if document.get("review"):
        return _("%(score)s of %(most)s so far; your instructor will look at this answer.", score=score, most=most)
    return _(
        "%(score)s of %(most)s: %(found)s of %(all)s key points are there.",
        score=score,
        most=most,
        found=sum(point["award"] > 0 for point in document["key_points"]),
        all=len(document["key_points"]),
    )


def _of_choice(picked: Sequence[Mapping[str, Any]], score: str, most: str) -> str:
    """Of what was chosen; how many right ones are missing would give them away."""
    right = sum(each["right"] for each in picked)
    if not right:
        if len(picked) == 1:
            return _("%(score)s of %(most)s: it is another option.", score=score, most=most)
        return _("%(score)s of %(most)s: nothing you chose is right.", score=score, most=most)
    if right == len(picked):
        return _("%(score)s of %(most)s: what you chose is right, and something is missing.", score=score, most=most)
    return _("%(score)s of %(most)s: some of what you chose is right, some is not.", score=score, most=most)


def _of_number(typed: Mapping[str, Any], score: str, most: str) -> str:
    feedback = typed.get("feedback") or {}
    if feedback.get("zh") or feedback.get("en"):
        return _("%(score)s of %(most)s: not this number, and it shows where it comes from.", score=score, most=most)
    return _("%(score)s of %(most)s: it is another number.", score=score, most=most)


def _meaning(tests: Sequence[Mapping[str, Any]], lang: str) -> str:
    """What is right and what is not: in the tests' words where these are known, else in numbers."""
    right = sum(test["status"] == "passed" for test in tests)
    if not right:
        return _("no test passes yet")
    public = [test for test in tests if not test["hidden"]]
    hidden = [test for test in tests if test["hidden"]]
    if public and all(test["status"] == "passed" for test in public):
        failing = [test for test in hidden if test["status"] != "passed"]
        wrong = standing(failing)
        if wrong:
            return _("all public tests pass, hidden ones fail on %(wrong)s", wrong=_named(wrong.wrong, lang))
        return ngettext(
            "all public tests pass, %(num)s of %(all)s hidden ones does not",
            "all public tests pass, %(num)s of %(all)s hidden ones do not",
            len(failing),
            all=len(hidden),
        )
    return _sides(tests, lang) or ngettext(
        "%(right)s of %(num)d test passes", "%(right)s of %(num)d tests pass", len(tests), right=right
    )


def _sides(tests: Sequence[Mapping[str, Any]], lang: str) -> str:
    """What is right and what is not by name, or nothing where that would mislead or say too much."""
    found = standing(tests)
    if found is None or not found.wrong:
        return ""
    right, wrong = _named(found.right, lang), _named(found.wrong, lang)
    if not found.right:
        return ""
    if len(found.right) > FEW >= len(found.wrong):
        return _("everything is right except %(wrong)s", wrong=wrong)
    if len(found.right) <= FEW < len(found.wrong):
        return _("%(right)s are right, the rest is not yet", right=right)
    if len(found.right) > FEW:
        return _("%(right)s are right; %(wrong)s are not yet", right=right, wrong=wrong)
    return _("%(right)s are right, %(wrong)s are not yet", right=right, wrong=wrong)


def _named(aspects: Sequence[Aspect], lang: str) -> str:
    """The sides as a list, the last of many only counted."""
    names = [_name(aspect) for aspect in aspects]
    if len(names) > FEW:
        names = [*names[: FEW - 1], _("%(num)s more", num=len(names) - FEW + 1)]
    return str(format_list(names, locale="zh_Hans_CN" if lang == "zh" else "en_GB"))


def _name(aspect: Aspect) -> str:
    """An aspect in the plural, so that it fits every sentence above."""
    return {
        Aspect.GRADIENTS: _("gradients"),
        Aspect.TYPES: _("data types"),
        Aspect.MASKS: _("masks"),
        Aspect.STABILITY: _("large scores"),
        Aspect.DROPOUT: _("dropout modes"),
        Aspect.PURITY: _("unchanged inputs"),
        Aspect.REFUSALS: _("error checks"),
        Aspect.PARAMETERS: _("parameters"),
        Aspect.EDGES: _("edge sizes"),
        Aspect.HEADS: _("heads"),
        Aspect.SCALING: _("scale factors"),
        Aspect.ROWS: _("row sums"),
        Aspect.POSITIONS: _("orders of positions"),
        Aspect.SHAPES: _("shapes"),
        Aspect.VALUES: _("values"),
    }[aspect]
