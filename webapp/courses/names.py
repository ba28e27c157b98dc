"""Emails, names and join codes as courses and accounts take them: one rule for files and forms."""

from __future__ import annotations

import re
import unicodedata

from flask_babel import gettext as _

from questions.faults import shown

LONGEST_EMAIL = 254
LONGEST_NAME = 100
LONGEST_TITLE = 200
EMAIL = re.compile(r"[^@\s\"'<>(),;:\\]+@[^@\s\"'<>(),;:\\]+\.[^@\s\"'<>(),;:\\.]+")
JOIN_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SHORTEST_CODE, LONGEST_CODE = 6, 64


class Unfit(ValueError):
    """A text that cannot be what it should be; `str()` says why: English on a terminal, on a page in its language."""


def normal_email(text: str) -> str:
    """Addresses are compared in lower case; PostgreSQL takes no text with a NUL."""
    return text.replace("\0", "").strip().lower()


def email_of(text: str) -> str:
    """An address as it is stored.  Raises `Unfit`."""
    email = normal_email(text)
    if not email:
        raise Unfit(_("an email is missing: write one, as in li@example.org"))
    if len(email) > LONGEST_EMAIL or not email.isprintable() or not EMAIL.fullmatch(email):
        raise Unfit(_("%(text)s is no email address: write one, as in li@example.org", text=shown(text)))
    return email


def name_of(text: str, longest: int = LONGEST_NAME) -> str:
    """A name on one line.  Raises `Unfit`."""
    name = " ".join(text.split())
    if len(name) > longest:
        raise Unfit(
            _(
                "%(text)s has %(many)s characters: at most %(most)s are shown",
                text=shown(name),
                many=len(name),
                most=longest,
            )
        )
    if not name.isprintable():
        raise Unfit(_("%(text)s holds characters that cannot be shown: type it anew", text=shown(name)))
    return name


def join_code_of(text: str) -> str:
    """A code as somebody types it: full-width letters, capitals and spaces are forgiven."""
    return re.sub(r"[\s_]+", "-", unicodedata.normalize("NFKC", text[:200]).strip().lower())
