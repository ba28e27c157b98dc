"""Who may ask for what: the words in which the `reach_….py` files beside this one say it.

Each file has a `TABLE` of (method, endpoint) and the answer for everybody in `WHO`.  It may have `BODY`, what a request
carries; `JSON_ROUTES`, endpoints that always answer scripts; and `prepare(world)`, which makes what its routes need and
returns their variables by name.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

WHO = (None, "owner", "classmate", "outsider", "assistant", "instructor", "stranger", "admin")
"""Signed out; a student and what is theirs; another one in the course; one in no course of theirs; the course's
assistant and its instructor; an instructor of another course; somebody in no course who keeps the server."""
SIGN_IN = 302
Statuses = tuple[int, ...]


def everybody(status: int) -> Statuses:
    """The same for all."""
    return (status,) * len(WHO)


def teaching(status: int, *, assistant: int | None = None, foreign: int = 404) -> Statuses:
    """For who teaches the course; others are told that there is nothing.  `foreign` is who teaches another one."""
    return (SIGN_IN, 404, 404, 404, status if assistant is None else assistant, status, foreign, status)


def modules() -> list[ModuleType]:
    """All tables."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("reach_*.py"))
    return [importlib.import_module(f"tests.webapp.{name}") for name in names]
