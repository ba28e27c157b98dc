"""What the pages of regrades show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.items import item_of
from webapp.languages import say
from webapp.learn import records
from webapp.models import AssignmentItem, Job, Regrade, RegradeLine, State, Submission
from webapp.regrading import applying, grading
from webapp.regrading.comparing import CHOOSABLE, Group, LineState, distribution
from webapp.regrading.grading import Judged
from webapp.regrading.lines import Line, differences, lines_of
from webapp.tasks import rows as tasks
from webapp.teach.regrades.choosing import names_of
from webapp.teach.regrades.values import Bar, Filters, GroupCount, RegradePage, RegradeRow, Row, Stage

A_PAGE = 200
LONGEST_LIST = 200
SHORTEST_POLL_MS, LONGEST_POLL_MS = 500, 3000


def stage_of(regrade: Regrade, judged: int, total: int) -> Stage:
    """Where it is."""
    if regrade.state == "open":
        return Stage.DECIDING if judged == total else Stage.GRADING
    return Stage(regrade.state)


def overview(session: Session, course_id: int, lang: str) -> list[RegradeRow]:
    """The regrades of a course, the newest first, in a constant number of queries."""
    found = session.scalars(
        select(Regrade).where(Regrade.course_id == course_id).order_by(Regrade.id.desc()).limit(LONGEST_LIST)
    ).all()
    numbers = [each.id for each in found]
    counts = {
        row.regrade_id: row
        for row in session.execute(
            select(
                RegradeLine.regrade_id,
                func.count().label("total"),
                func.count(Job.id).label("judged"),
                func.count().filter(RegradeLine.state == LineState.APPLIED).label("applied"),
            )
            .outerjoin(Job, (Job.id == RegradeLine.job_id) & (Job.state == State.DONE))
            .where(RegradeLine.regrade_id.in_(numbers))
            .group_by(RegradeLine.regrade_id)
        )
    }
    titles = titles_of(session, numbers, lang)
    actors = names_of(session, {each.actor_id for each in found})
    return [
        RegradeRow(
            id=each.id,
            created_at=each.created_at,
            actor=actors.get(each.actor_id, ""),
            reason=each.reason,
            titles=tuple(title for _item, title in titles.get(each.id, ())),
            stage=stage_of(each, counts[each.id].judged, counts[each.id].total),
            total=counts[each.id].total,
            judged=counts[each.id].judged,
            applied=counts[each.id].applied,
        )
        for each in found
    ]


def titles_of(session: Session, numbers: Collection[int], lang: str) -> dict[int, list[tuple[int, str]]]:
    """The items of regrades, with their titles."""
    pairs = session.execute(
        select(RegradeLine.regrade_id, AssignmentItem)
        .join(Submission, Submission.id == RegradeLine.submission_id)
        .join(AssignmentItem, AssignmentItem.id == Submission.assignment_item_id)
        .where(RegradeLine.regrade_id.in_(numbers))
        .distinct()
    ).all()
    revisions = records.revisions(session, {item.revision for _number, item in pairs})
    found: dict[int, list[tuple[int, str]]] = {}
    for number, item in sorted(pairs, key=lambda pair: (pair[0], pair[1].id)):
        found.setdefault(number, []).append((item.id, say(item_of(revisions[item.revision]).title, lang)))
    return found


def progress(session: Session, regrade: Regrade, lang: str, now: datetime) -> RegradePage:
    """A regrade without its table."""
    judged = grading.judged(session, regrade.id, now)
    stage = stage_of(regrade, judged.done, judged.total)
    left = applying.chosen_left(session, regrade.id)
    age = (now - regrade.created_at).total_seconds()
    return RegradePage(
        id=regrade.id,
        reason=regrade.reason,
        scope=regrade.scope,
        actor=names_of(session, {regrade.actor_id}).get(regrade.actor_id, ""),
        created_at=regrade.created_at,
        finished_at=regrade.finished_at,
        stage=stage,
        judged=judged,
        poll_after_ms=int(min(LONGEST_POLL_MS, max(SHORTEST_POLL_MS, age * 100))),
        stalled=_stalled(session, regrade, stage, judged),
        chosen_left=left,
        titles=tuple(titles_of(session, [regrade.id], lang).get(regrade.id, ())),
        moved=_moved(session, regrade.id, lang),
    )


def _stalled(session: Session, regrade: Regrade, stage: Stage, judged: Judged) -> bool:
    """Whether work was given up that ought to go on."""
    if stage is Stage.APPLYING:
        kind = applying.KIND
    elif stage is Stage.GRADING and judged.jobs_made < judged.total:
        kind = grading.KIND
    else:
        return False
    task = tasks.newest(session, kind, f"regrade:{regrade.id}")
    return task is None or task.state not in tasks.OPEN


def _moved(session: Session, regrade_id: int, lang: str) -> tuple[str, ...]:
    """The titles of items that are pinned to another revision than the one they were graded at."""
    items = session.scalars(
        select(AssignmentItem)
        .join(Submission, Submission.assignment_item_id == AssignmentItem.id)
        .join(RegradeLine, RegradeLine.submission_id == Submission.id)
        .where(RegradeLine.regrade_id == regrade_id, RegradeLine.revision != AssignmentItem.revision)
        .distinct()
    ).all()
    revisions = records.revisions(session, {item.revision for item in items})
    return tuple(say(item_of(revisions[item.revision]).title, lang) for item in items)


def page(session: Session, regrade: Regrade, filters: Filters, lang: str, now: datetime) -> RegradePage:
    """A regrade with its table, where there is one."""
    bare = progress(session, regrade, lang, now)
    if bare.stage is Stage.GRADING:
        return bare
    lines = [each for each in lines_of(session, regrade.id) if each.new is not None]
    found = rows_of(session, lines, filters, dict(bare.titles))
    pages = max(1, -(-len(found) // A_PAGE))
    number = min(filters.page, pages)
    changes = differences(lines)
    return replace(
        bare,
        groups=_groups(lines),
        bars=_bars(changes),
        gained=sum(each > 0 for each in changes),
        lost=sum(each < 0 for each in changes),
        rows=tuple(found[(number - 1) * A_PAGE : number * A_PAGE]),
        found=len(found),
        pages=pages,
        filters=replace(filters, page=number),
        shown_at=now.isoformat(),
    )


def rows_of(session: Session, lines: Sequence[Line], filters: Filters, titles: dict[int, str]) -> list[Row]:
    """The lines that are looked at: what changes most first."""
    points = {
        item: points
        for item, points in session.execute(
            select(AssignmentItem.id, AssignmentItem.points).where(AssignmentItem.id.in_(titles))
        )
    }
    words = filters.words.casefold().split()
    found = [
        Row(line, titles.get(line.item_id, ""), points.get(line.item_id, 0.0))
        for line in lines
        if (not filters.group or line.group == filters.group) and (not filters.item or line.item_id == filters.item)
    ]
    found = [row for row in found if all(word in _text(row) for word in words)]
    return sorted(found, key=lambda row: -abs(row.line.difference or 0.0))


def _text(row: Row) -> str:
    line = row.line
    parts = (line.name, line.email, row.title, line.old_diagnosis, line.new_diagnosis, str(line.submission_id))
    return " ".join(parts).casefold()


def _groups(lines: Sequence[Line]) -> tuple[GroupCount, ...]:
    found = []
    for group in (*CHOOSABLE, Group.UNGRADABLE):
        mine = [line for line in lines if line.group is group]
        if mine:
            undecided = sum(line.state.undecided for line in mine)
            found.append(GroupCount(group, len(mine), undecided, sum(differences(mine))))
    return tuple(found)


def _bars(changes: Sequence[float]) -> tuple[Bar, ...]:
    bins = distribution(changes)
    most = max((each.count for each in bins), default=0) or 1
    return tuple(Bar(each.low, each.high, each.count, round(100 * each.count / most, 1)) for each in bins)
