"""What groups of cells are called, on pages, in files, and when somebody types them."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from webapp.teach.gradebook.values import Cell, Group


def groups() -> dict[Group, str]:
    """Each group's name in the page's language."""
    return {
        Group.NEW: _("not started"),
        Group.WAITING: _("waiting"),
        Group.UNREAD: _("to be read"),
        Group.FAILED: _("failed"),
        Group.PARTIAL: _("partial"),
        Group.PASSED: _("passed"),
        Group.LATE: _("late"),
    }


def typed() -> dict[str, Group]:
    """What one may type for a group: its name on the page, or in English."""
    return {each.value.replace("-", " "): each for each in Group} | {name: each for each, name in groups().items()}


def of_cell(cell: Cell | None, names: Mapping[Group, str]) -> str:
    """A cell in words: `passed, late`."""
    if cell is None:
        return names[Group.NEW]
    if cell.status == "new":
        return ", ".join([_("nothing that counts yet"), *(names[each] for each in cell.groups()[1:])])
    return ", ".join(names[each] for each in cell.groups())
