"""Words for roles, and for what may not be done with them."""

from __future__ import annotations

from flask_babel import gettext as _

from webapp.courses.membership import Refused
from webapp.models import Role


def role_word(role: str) -> str:
    """What somebody is, for a page."""
    return {
        Role.STUDENT: _("Student"),
        Role.ASSISTANT: _("Assistant"),
        Role.INSTRUCTOR: _("Instructor"),
    }[Role(role)]


def why_refused(why: Refused) -> str:
    """Why somebody's role stays, and what would change that."""
    return {
        Refused.SELF: _("Your own role is for another instructor to change."),
        Refused.LAST: _("The last instructor stays: make somebody else an instructor first."),
    }[why]
