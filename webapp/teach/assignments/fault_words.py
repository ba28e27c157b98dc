"""What is wrong in a form, in the reader's language: what it is, and what to write instead."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from webapp.courses.moments import EARLIEST, LATEST, Unclear, UnclearTime
from webapp.courses.rules import MAX_ATTEMPTS, MAX_POINTS, Idle, Order


def unclear_time(problem: UnclearTime, zone: ZoneInfo) -> str:
    """Why a text names no moment in `zone`."""
    match problem.why:
        case Unclear.SKIPPED:
            return _(
                "This time does not exist in %(zone)s: clocks are put forward then. The next one is %(time)s.",
                zone=zone.key,
                time=problem.remedies[0],
            )
        case Unclear.TWICE:
            return _(
                "This time happens twice in %(zone)s, when clocks are put back. Say below which one you mean.",
                zone=zone.key,
            )
        case Unclear.YEAR:
            return _("The year has to be between %(first)s and %(last)s.", first=EARLIEST, last=LATEST)
        case Unclear.NO_CLOCK:
            return _("The time of day is missing: 23:59, for example.")
        case Unclear.TWENTY_FOUR:
            return _("There is no 24 o'clock here: take 00:00 of the next day, or 23:59.")
        case Unclear.OFFSET:
            return _("%(zone)s has another offset at that time: leave it out.", zone=zone.key)
    return _("This is no time: write it like 2026-11-29 23:59.")


def out_of_order(wrong: Order) -> str:
    """Two dates the wrong way round."""
    match wrong.before, wrong.after:
        case "opens", "due":
            return _("It would be due before it opens.")
        case "due", "closes":
            return _("It would close before it is due.")
    return _("It would close before it opens.")


def idle(why: Idle, name: str) -> str:
    """Why one date of an extension moves nothing."""
    if why is Idle.NOTHING_THERE:
        if name == "due":
            return _("This assignment has no due date, so there is none to move.")
        return _("This assignment never closes, so there is no end to move.")
    return _("This is not later than for everybody. An extension can only give more time.")


def nothing_given() -> str:
    """An extension without a date."""
    return _("Give a later due date, a later end, or both.")


def title_missing() -> str:
    """Neither language."""
    return _("Give it a title in at least one language.")


def title_unfit(longest: int) -> str:
    """Too long, or not to be seen."""
    return _("A title has at most %(number)s characters in both languages together, all visible.", number=longest)


def title_languages() -> str:
    """Two texts that nobody could tell apart again."""
    return _("The two cannot be told apart: write the first in Chinese and the second in English, without “|”.")


def title_other_language() -> str:
    """A text in the field of the other language."""
    return _("This looks like the other language: move it to the other field.")


def penalty() -> str:
    """No share."""
    return _("Write a share from 0 to 100 percent, as in 20.")


def penalty_without_due() -> str:
    """Nothing is ever late."""
    return _("Without a due date nothing is late: add one, or leave the penalty empty.")


def points() -> str:
    """No points."""
    return _("More than 0 and at most %(most)s.", most=f"{MAX_POINTS:g}")


def attempts() -> str:
    """No limit of attempts."""
    return _("A whole number from 1 to %(most)s, or empty for any number.", most=MAX_ATTEMPTS)


def two_open(title: str, assignment: str) -> str:
    """A second item open to guests."""
    return _(
        "A course has at most one item open to guests, and “%(title)s” of “%(assignment)s” is. Close that one first.",
        title=title,
        assignment=assignment,
    )


def reason_unfit(longest: int) -> str:
    """Too long, or not to be seen."""
    return _("A reason is one line of at most %(number)s characters.", number=longest)


def out_of_order_own() -> str:
    """An extension that ends before it is due."""
    return _("It would close before it is due.")


def nobody_chosen() -> str:
    """An extension for nobody."""
    return _("Choose at least one student.")


def unclear_people(entries: list[str]) -> str:
    """Names that mean nobody, or several."""
    names = _(", ").join(entries)
    return _("Nobody in this course, or more than one, is called: %(names)s. Write the email.", names=names)


def open_once() -> str:
    """A second item of one assignment open to guests."""
    return _("Only one item of a course can be open to guests.")
