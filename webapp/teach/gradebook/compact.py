"""The whole gradebook as one small text for the page's script: a letter and a number for each cell, item by item."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from markupsafe import Markup

from grader.shown_text import inline
from webapp.presentation import lang_of
from webapp.teach.gradebook.codes import LETTERS, NOTHING
from webapp.teach.gradebook.reading import Coded
from webapp.teach.gradebook.values import Part, Person

OVERLAP = timedelta(seconds=30)
"""A change is stamped before it is stored: whoever asks what is new looks back a little further than asked."""


def whole(
    parts: Sequence[Part], people: Sequence[Person], cells: Iterable[Coded], lang: str, now: datetime
) -> str:
    """Everything, as JSON: {at, shape, people, parts, cells: one {s: letters, p: points} for each item}.

    `p` has a number, or null, for each letter that is not `-`.
    """
    head = {
        "at": stamp(now),
        "shape": shape(parts, people),
        "people": [[each.id, each.name, each.email, each.number] for each in people],
        "parts": [_part(part, lang) for part in parts],
    }
    places = {each.id: place for place, each in enumerate(people)}
    items = [column.id for part in parts for column in part.columns]
    letters = {item: [NOTHING] * len(people) for item in items}
    points: dict[int, list[float | None]] = {item: [None] * len(people) for item in items}
    for item, user, code, score in cells:
        place = places.get(user)
        if place is not None:
            letters[item][place] = LETTERS[code]
            points[item][place] = score
    columns = [_column(letters[item], points[item]) for item in items]
    return f'{json.dumps(head, ensure_ascii=False)[:-1]},"cells":[{",".join(columns)}]}}'


def changes(people: Sequence[Person], cells: Sequence[Coded], now: datetime) -> dict[str, Any]:
    """What became different, for a page that knows the same rows and columns."""
    here = {each.id for each in people}
    told = [[item, user, LETTERS[code], score] for item, user, code, score in cells if user in here]
    return {"at": stamp(now), "cells": told}


def _column(letters: Sequence[str], points: Sequence[float | None]) -> str:
    tried = [each for each, said in zip(points, letters, strict=True) if said != NOTHING]
    return f'{{"s":"{"".join(letters)}","p":[{",".join(_numbers(tried))}]}}'


def _numbers(points: Sequence[float | None]) -> list[str]:
    """Points as JSON; there are few different ones, so each is written once."""
    texts = {each: "null" if each is None else f"{each:.6f}".rstrip("0").rstrip(".") for each in set(points)}
    return [texts[each] for each in points]


def _part(part: Part, lang: str) -> dict[str, Any]:
    items = [[each.id, each.title, _html(each.title, lang), each.points] for each in part.columns]
    return {
        "id": part.id,
        "title": part.title,
        "html": _html(part.title, lang),
        "practice": part.practice,
        "items": items,
    }


def _html(title: str, lang: str) -> str:
    return Markup("<span{}>{}</span>").format(lang_of(title, lang), inline(title))


def shape(parts: Sequence[Part], people: Sequence[Person]) -> str:
    """A fingerprint of the rows and columns; where it differs, a page has to begin anew."""
    told = repr([(part.id, part.title, part.practice, part.columns) for part in parts])
    told += "\n".join(f"{each.id} {each.name} {each.email} {each.number}" for each in people)
    return sha256(told.encode()).hexdigest()[:16]


def stamp(moment: datetime) -> int:
    """Milliseconds, as scripts count them."""
    return int(moment.timestamp() * 1000)


def moment(milliseconds: int) -> datetime:
    """From when on changes are looked up for a page that has those up to `milliseconds`."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC) - OVERLAP
