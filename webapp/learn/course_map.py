"""The map of a course, and what an item's page says of its place on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from webapp.access import Place
from webapp.items import item_of
from webapp.languages import say
from webapp.learn import map_values as values
from webapp.learn import progress, progress_records, progress_words, routes, scheduling
from webapp.learn.map_layout import layout
from webapp.learn.progress_records import Desk
from webapp.learn.scheduling import Why, Work
from webapp.models import Course, User

ONLY_ORDER = (Why.NEXT, Why.WEAK)
"""Reasons for a step that wait until somebody comes: no date, nothing begun, nothing to be remembered."""


def course_map(
    session: Session,
    user: User,
    course: Course,
    lang: str,
    now: datetime,
    zone: tzinfo,
    *,
    teaches: bool = False,
    wanted: str = "",
) -> values.MapPage:
    """A course as its way: stations, items with somebody's own state, what is recommended before what, and what next.

    `wanted` names another path of a bank, where the course leaves that open.
    """
    desk = progress_records.desk(session, user.id, [course], now)
    offered = routes.routes_of(session, {item.bank_id for item in desk.items.values()})
    followed = routes.followed(offered, course, wanted)
    stations = routes.stations(desk, followed)
    works = {work.item_id: work for work in desk.works}
    order = [item for station in stations for item in station.items]
    step = None if teaches else progress.first_step(session, desk, course, lang, now, zone)
    again = {
        each.work.item_id for each in scheduling.steps(desk.works, (), now, zone) if each.why is Why.AGAIN
    }
    views = _Views(desk, works, order, lang, step.item_id if step else None, again)
    drawn = layout([station.items for station in stations], {item: views.after(works[item]) for item in order})
    then = routes.onward(order, works, step.item_id) if step and step.why not in ONLY_ORDER else None
    choices = [each for each in offered.values() if len(each) > 1] if course.path is None else []
    named = [each for each in followed if each.id]
    return values.MapPage(
        course_id=course.id,
        course_title=say(course.title, lang),
        title=say(named[0].title, lang) if len(followed) == len(named) == 1 else "",
        teaches=teaches,
        choices=tuple(
            values.PathChoice(each.name, say(each.title, lang), each in followed) for path in choices for each in path
        ),
        step=step,
        then=views.named(then) if then else None,
        stations=tuple(views.station(station) for station in stations),
        lines=tuple(values.LineView(line, works[line.before].standing.solved) for line in drawn.lines),
        height=drawn.height,
        items=len(order),
        solved=sum(works[item].standing.solved for item in order),
        opening=_opening(desk, lang, now),
    )


def _opening(desk: Desk, lang: str, now: datetime) -> values.Opening | None:
    coming = [
        values.Opening(say(each.title, lang), at)
        for each in desk.assignments.values()
        if (at := desk.dates[each.id].opens_at) and at > now
    ]
    return min(coming, key=lambda each: each.at, default=None)


class _Views:
    """Turns the items of a desk into nodes, in one language."""

    def __init__(
        self,
        desk: Desk,
        works: dict[int, Work],
        order: Sequence[int],
        lang: str,
        following: int | None,
        again: set[int],
    ) -> None:
        self.desk, self.works, self.lang, self.following, self.again = desk, works, lang, following, again
        items = desk.items
        self.on_map = {(items[item].bank_id, items[item].item): item for item in order}

    def title(self, item: int) -> str:
        return say(self.desk.faces[item].title, self.lang)

    def named(self, work: Work) -> values.Named:
        return values.Named(work.item_id, self.title(work.item_id), work.standing.status)

    def after(self, work: Work) -> list[int]:
        """What is recommended first, as it stands on the map."""
        items = (self.desk.items[each] for each in work.after)
        return [self.on_map[item.bank_id, item.item] for item in items if (item.bank_id, item.item) in self.on_map]

    def station(self, station: routes.Station) -> values.StationView:
        return values.StationView(
            say(station.title, self.lang),
            sum(self.works[item].standing.solved for item in station.items),
            tuple(self.node(self.works[item]) for item in station.items),
        )

    def node(self, work: Work) -> values.NodeView:
        item, face = self.desk.items[work.item_id], self.desk.faces[work.item_id]
        return values.NodeView(
            item_id=item.id,
            title=self.title(item.id),
            kind=face.kind,
            difficulty=face.difficulty,
            status=work.standing.status,
            has_draft=work.draft_at is not None,
            review=work.in_review,
            again=work.item_id in self.again,
            is_next=work.item_id == self.following,
            missing=() if work.standing.solved else tuple(self.title(each) for each in work.missing),
            after=tuple(self.title(each) for each in work.after),
        )


def beside(session: Session, place: Place, lang: str, now: datetime, *, solved: bool) -> values.Beside:
    """What is recommended before an item, unless it is done, and after full marks what comes next; not for guests."""
    asked = item_of(place.item.pinned)
    if place.user.is_guest or not (solved or asked.prerequisites):
        return values.Beside()
    desk = progress_records.desk(session, place.user.id, [place.course], now)
    works = {work.item_id: work for work in desk.works}
    mine = works.get(place.item.id)
    if mine is None:
        return values.Beside()
    if not solved:
        first = [works[each] for each in mine.after] if mine.missing else []
        return values.Beside(
            tuple(
                values.Named(each.item_id, say(desk.faces[each.item_id].title, lang), each.standing.status)
                for each in first
            )
        )
    offered = routes.routes_of(session, {item.bank_id for item in desk.items.values()})
    stations = routes.stations(desk, routes.followed(offered, place.course))
    order = [item for station in stations for item in station.items]
    found = routes.onward(order, works, mine.item_id)
    if found is None:
        return values.Beside()
    title = say(desk.faces[found.item_id].title, lang)
    titles = [say(desk.faces[each].title, lang) for each in found.after]
    return values.Beside(onward=values.Onward(found.item_id, title, progress_words.builds_on(titles)))
