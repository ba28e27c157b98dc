"""What the pages of banks say where something cannot be done."""

from __future__ import annotations

from flask_babel import gettext as _

from questions.text import MAX_CHARACTERS
from webapp.authoring.reading import MOST_ITEMS
from webapp.authoring.saving import Unfit
from webapp.bank_versions import MOST_CHARACTERS, MOST_FILES


def unfit_words(why: Unfit, bank_id: str, read_id: str = "") -> str:
    """Why nothing was saved, and what to do."""
    match why:
        case Unfit.CHANGED:
            return _("Somebody else has saved this file since you opened it, so nothing of yours was saved yet. "
                     "Below you see what differs; put into your text what you want of it, then save again. Their "
                     "version stays in the history either way.")  # fmt: skip
        case Unfit.SAME:
            return _("Nothing has changed, so no version was made.")
        case Unfit.NAME:
            return _("A file's name has letters, digits, dots and hyphens, and ends in .md; a figure's is "
                     "figures/NAME.svg.")  # fmt: skip
        case Unfit.LARGE:
            return _("This is more than can be kept: %(characters)s characters in a file, %(all)s in %(files)s "
                     "files together. Divide it.", characters=f"{MAX_CHARACTERS:,}", all=f"{MOST_CHARACTERS:,}",
                     files=MOST_FILES)  # fmt: skip
        case Unfit.EMPTY:
            return _("A bank has at least one file.")
        case Unfit.TAKEN:
            return _("There is a bank called %(id)s already. Give this one another id, or edit that one.", id=bank_id)
    return _("This bank is called %(id)s and the text says it is %(other)s. Let the id be as it was, or make a new "
             "bank of it: assignments know it by its id.", id=bank_id, other=read_id)  # fmt: skip


def too_long() -> str:
    """A text that was not read to its end, or holds more than a bank may."""
    return _(
        "The text takes too long to be read, or has more than %(number)s items. Divide it into several files or banks, "
        "or take out what is unusual about it.",
        number=f"{MOST_ITEMS:,}",
    )
