"""What else can be done about a student: the ways to other parts of the site, as far as this program has them."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, url_for
from flask_babel import gettext as _

from webapp.access import Right, may
from webapp.models import Role
from webapp.teach.gradebook.student import StudentPage
from webapp.teach.gradebook.values import Link

WAYS: tuple[tuple[str, Right, Callable[[], str]], ...] = (
    ("viewing.start", Right.MANAGE, lambda: _("View as this student")),
)


def links_for(page: StudentPage) -> tuple[Link, ...]:
    """The ways that lead on from this page, for who may go there; nobody is looked at as but students."""
    found = []
    for endpoint, right, label in WAYS:
        rules = current_app.url_map.iter_rules(endpoint) if endpoint in current_app.view_functions else ()
        for rule in rules:
            values = {"course_id": page.course_id, "user_id": page.user_id}
            if rule.arguments <= set(values) and may(page.course_id, right) and page.role == Role.STUDENT:
                query = {name: value for name, value in values.items() if name not in rule.arguments}
                url = url_for(endpoint, **{name: values[name] for name in rule.arguments}, **query)
                found.append(Link(url, label(), post="GET" not in (rule.methods or ())))
                break
    return tuple(found)
