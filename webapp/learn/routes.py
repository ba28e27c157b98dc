"""The way through a course: which path of its banks it follows, station by station, and what comes next on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.learn.progress_records import Desk
from webapp.learn.scheduling import Work
from webapp.models import Bank, Course


@dataclass(frozen=True, slots=True)
class Route:
    """A way through a bank: sections with a title in each language and ids of items.  Its own sections have no id."""

    bank: str
    id: str
    title: Any
    sections: tuple[tuple[Any, tuple[str, ...]], ...]

    @property
    def name(self) -> str:
        """As a course's file and an address write it."""
        return f"{self.bank}/{self.id}"


@dataclass(frozen=True, slots=True)
class Station:
    """A section of a course: those of its items that the course asks.  One without a title is what no path names."""

    title: Any
    items: tuple[int, ...]


def routes_of(session: Session, banks: Collection[str]) -> dict[str, tuple[Route, ...]]:
    """The ways that banks offer: the paths they declare, or else their own sections."""
    found = session.execute(
        select(Bank.id, Bank.report["paths"].label("paths"), Bank.report["sections"].label("sections"))
        .where(Bank.id.in_(sorted(banks)))
        .order_by(Bank.id)
    )
    return {row.id: _routes(row.id, row.paths or [], row.sections or []) for row in found}


def declared(session: Session, banks: Collection[str]) -> list[Route]:
    """The paths that banks declare."""
    return [route for routes in routes_of(session, banks).values() for route in routes if route.id]


def _routes(bank: str, paths: Iterable[Mapping[str, Any]], sections: Iterable[Mapping[str, Any]]) -> tuple[Route, ...]:
    found = tuple(Route(bank, each["id"], each["title"], _sections(each["sections"])) for each in paths)
    return found or (Route(bank, "", "", _sections(sections)),)


def _sections(sections: Iterable[Mapping[str, Any]]) -> tuple[tuple[Any, tuple[str, ...]], ...]:
    return tuple((each["title"], tuple(each["items"])) for each in sections)


def followed(offered: Mapping[str, Sequence[Route]], course: Course, wanted: str = "") -> list[Route]:
    """Of each bank the way to follow: what the course names, else what an address asks for, else the first."""
    chosen = {course.path, wanted} if course.path is None else {course.path}
    return [next((each for each in routes if each.name in chosen), routes[0]) for routes in offered.values()]


def stations(desk: Desk, routes: Iterable[Route]) -> tuple[Station, ...]:
    """What a course asks, in the order of its ways; what none of them names comes last."""
    works = {work.item_id: work for work in desk.works}
    here: dict[tuple[str, str], int] = {}
    for name, items in by_name(desk).items():
        here[name] = foremost(works[item] for item in items).item_id
    found = []
    for route in routes:
        for title, items in route.sections or _as_asked(desk, route.bank):
            listed = [here.pop((route.bank, each)) for each in items if (route.bank, each) in here]
            if listed:
                found.append(Station(title, tuple(listed)))
    if here:
        found.append(Station("", tuple(here.values())))
    return tuple(found)


def _as_asked(desk: Desk, bank: str) -> list[tuple[Any, list[str]]]:
    """The sections of a bank that was read before its sections were kept, as far as its items are asked."""
    found: dict[str, tuple[Any, list[str]]] = {}
    for work in desk.works:
        item, section = desk.items[work.item_id], desk.faces[work.item_id].section
        if item.bank_id == bank:
            found.setdefault(section.get("en"), (section, []))[1].append(item.item)
    return list(found.values())


def by_name(desk: Desk) -> dict[tuple[str, str], list[int]]:
    """The items of a desk by bank and name: one may be asked by several assignments."""
    found: dict[tuple[str, str], list[int]] = {}
    for work in desk.works:
        item = desk.items[work.item_id]
        found.setdefault((item.bank_id, item.item), []).append(work.item_id)
    return found


def foremost(works: Iterable[Work]) -> Work:
    """Of one item that several assignments ask, the one to show: graded, else solved, else open, else the first."""
    return max(works, key=lambda each: (not each.standing.practice, each.standing.solved, each.open, -each.order))


def onward(order: Sequence[int], works: Mapping[int, Work], done: int | None = None) -> Work | None:
    """What comes next on the way after `done`: what builds on it, else what follows, else what was left before."""
    ready = [works[item] for item in order if item != done and is_ready(works[item])]
    place = order.index(done) if done in order else -1
    opened = [each for each in ready if done in each.after]
    following = [each for each in ready if order.index(each.item_id) > place]
    return next(iter([*opened, *following, *ready]), None)


def is_ready(work: Work) -> bool:
    """Whether to send somebody there: points are left, an attempt may be made, what is recommended first is done."""
    return work.open and work.unsolved and not work.missing
