"""Applying what somebody chose of a regrade: fifty marks at a time, each once, and none that changed unseen."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from webapp import audit
from webapp.marks import giving
from webapp.marks.giving import Given
from webapp.models import (
    AssignmentItem,
    Database,
    Mark,
    Regrade,
    RegradeLine,
    Source,
    Submission,
    Task,
)
from webapp.models.times import utc_now
from webapp.notices.telling import tell
from webapp.regrading import grading
from webapp.regrading.comparing import CHOOSABLE, Group, LineState, MarkThen, is_news
from webapp.regrading.lines import Line, lines_of
from webapp.tasks import rows as tasks
from webapp.tasks.kinds import Progress, Surroundings

KIND = "regrade-marks"
AT_A_TIME = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """Which lines to apply: single ones, or whole groups; and what the page showed when it was made."""

    submission_ids: Collection[int] = ()
    groups: Collection[Group] = ()
    shown_at: datetime | None = None
    """Marks that changed after this were not seen by whoever chose."""
    move_pins: bool = False


def choose(session: Session, regrade_id: int, actor_id: int, choice: Choice, now: datetime) -> int:
    """Have these lines applied; how many more were chosen.  What is chosen or settled already stays as it is.

    A line whose mark has changed since it was graded anew is taken as it is now, if it was shown so: its mark must not
    change once more before it is applied.
    """
    regrade = session.scalars(select(Regrade).where(Regrade.id == regrade_id).with_for_update()).one()
    if regrade.state not in ("open", "applying") or not grading.judged(session, regrade_id, now).complete:
        return 0
    lines = [each for each in lines_of(session, regrade_id) if _is_meant(each, choice)]
    marks = select(Mark.submission_id, Mark.changed_at).where(Mark.submission_id.in_(_overtaken(lines)))
    changed_at = {number: at for number, at in session.execute(marks)}
    chosen = []
    for line in lines:
        if line.group is not Group.CHANGED:
            chosen.append(line.submission_id)
        elif line.now is not None and _was_shown(changed_at.get(line.submission_id), choice.shown_at):
            _set(session, regrade_id, [line.submission_id], before=line.now.to_json())
            chosen.append(line.submission_id)
    if not chosen:
        return 0
    _set(session, regrade_id, chosen, state=LineState.CHOSEN)
    regrade.state = "applying"
    if choice.move_pins:
        move_pins(session, regrade, actor_id, now)
    audit.note(
        session,
        now,
        actor_id,
        "regrade-chosen",
        f"regrade:{regrade_id}",
        course_id=regrade.course_id,
        after={"submissions": len(chosen), "groups": sorted(each.value for each in choice.groups)},
        reason=regrade.reason,
    )
    have_applied(session, regrade, now)
    return len(chosen)


def _is_meant(line: Line, choice: Choice) -> bool:
    if not line.state.undecided or line.group not in CHOOSABLE:
        return False
    return line.submission_id in choice.submission_ids or line.group in choice.groups


def _overtaken(lines: Collection[Line]) -> list[int]:
    return [line.submission_id for line in lines if line.group is Group.CHANGED]


def _was_shown(changed_at: datetime | None, shown_at: datetime | None) -> bool:
    return shown_at is not None and (changed_at is None or changed_at <= shown_at)


def _set(session: Session, regrade_id: int, submission_ids: Collection[int], **values: Any) -> None:
    numbers = sorted(submission_ids)
    for start in range(0, len(numbers), 500):
        session.execute(
            update(RegradeLine)
            .where(RegradeLine.regrade_id == regrade_id, RegradeLine.submission_id.in_(numbers[start : start + 500]))
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def move_pins(session: Session, regrade: Regrade, actor_id: int, now: datetime) -> int:
    """From now on the items of a regrade are asked and judged at its revisions; how many were at another one."""
    found = session.execute(
        select(AssignmentItem, RegradeLine.revision)
        .join(Submission, Submission.assignment_item_id == AssignmentItem.id)
        .join(RegradeLine, RegradeLine.submission_id == Submission.id)
        .where(RegradeLine.regrade_id == regrade.id, AssignmentItem.revision != RegradeLine.revision)
        .distinct()
    ).all()
    for item, revision in found:
        audit.note(
            session,
            now,
            actor_id,
            "pin",
            f"assignment-item:{item.id}",
            course_id=regrade.course_id,
            before={"revision": item.revision},
            after={"revision": revision},
            reason=regrade.reason,
        )
        item.revision = revision
    session.flush()
    return len(found)


def have_applied(session: Session, regrade: Regrade, now: datetime) -> Task:
    """Ask for what was chosen to be applied; where that is being done already, nothing more is."""
    return tasks.ask(
        session, KIND, f"regrade:{regrade.id}", now, course_id=regrade.course_id, actor_id=regrade.actor_id,
        parameters={"regrade": regrade.id},
    )  # fmt: skip


def apply_chosen(around: Surroundings) -> Generator[Progress, None, dict[str, Any]]:
    """The task: move the marks of the lines that were chosen."""
    regrade_id = int(around.parameters["regrade"])
    with around.database.reading() as session:
        total = chosen_left(session, regrade_id)
    done = 0
    while True:
        with around.database.writing() as session:
            found = apply_some(session, regrade_id, utc_now())
            if not found:  # what is chosen from now on is another task's
                tasks.end(session, around.task_id, {"applied": done}, utc_now())
        if not found:
            return {"applied": done}
        done += found
        yield done, max(done, total)


def chosen_left(session: Session, regrade_id: int) -> int:
    """How many chosen lines are not applied yet."""
    return (
        session.scalar(
            select(func.count())
            .select_from(RegradeLine)
            .where(RegradeLine.regrade_id == regrade_id, RegradeLine.state == LineState.CHOSEN)
        )
        or 0
    )


def apply_some(session: Session, regrade_id: int, now: datetime) -> int:
    """Apply the next chosen lines in this one transaction; how many were dealt with, 0 when there are no more.

    Marks, notices, the log and the lines' own state are kept together or not at all, so nothing is ever done twice.
    """
    regrade = session.scalars(select(Regrade).where(Regrade.id == regrade_id).with_for_update()).one()
    numbers = session.scalars(
        select(RegradeLine.submission_id)
        .where(RegradeLine.regrade_id == regrade_id, RegradeLine.state == LineState.CHOSEN)
        .order_by(RegradeLine.submission_id)
        .limit(AT_A_TIME)
    ).all()
    if not numbers:
        if regrade.state == "applying":
            _put_down(session, regrade, now)
        return 0
    giving.while_rules_stand(session, numbers)
    _lock_marks(session, numbers)
    lines = lines_of(session, regrade_id, numbers)
    overtaken = {line.submission_id: line.now for line in lines if _changed_meanwhile(line)}
    fit = [line for line in lines if line.submission_id not in overtaken]
    giving.give_all(session, {line.submission_id: _given(line) for line in fit}, now)
    _tell(session, regrade, fit, now)
    _set(session, regrade_id, [line.submission_id for line in fit], state=LineState.APPLIED, settled_at=now)
    for line in fit:
        if line.now is not None and line.now != line.before:  # its points moved with dates or penalties
            _set(session, regrade_id, [line.submission_id], before=line.now.to_json())
    for submission_id, mark in overtaken.items():
        before = {"before": mark.to_json()} if mark else {}
        _set(session, regrade_id, [submission_id], state=LineState.OVERTAKEN, **before)
    return len(lines)


def _lock_marks(session: Session, numbers: Collection[int]) -> None:
    """Nobody gives one of these another mark until this is done; SQLite has one writer anyway."""
    marks = select(Mark.submission_id).where(Mark.submission_id.in_(numbers)).order_by(Mark.submission_id)
    session.execute(marks.with_for_update()).all()


def _changed_meanwhile(line: Line) -> bool:
    return line.before is None or line.now is None or line.new is None or line.before.differs(line.now)


def _given(line: Line) -> Given:
    assert line.new is not None
    return Given(line.new.job_id, line.new.share, line.new.status, Source.GRADER, line.new.review)


def _tell(session: Session, regrade: Regrade, lines: Collection[Line], now: datetime) -> None:
    """Write each change into the log, and tell the students for whom it is one."""
    points = _points(session, {line.item_id for line in lines})
    for line in lines:
        assert line.now is not None
        assert line.new is not None
        after = MarkThen(
            line.new.points, line.new.share, line.new.status, line.new.review, Source.GRADER, "", line.new.job_id
        )
        audit.note(
            session,
            now,
            regrade.actor_id,
            "regrade-applied",
            f"submission:{line.submission_id}",
            course_id=regrade.course_id,
            before=line.now.to_json(),
            after=after.to_json() | {"regrade": regrade.id},
            reason=regrade.reason,
        )
        if is_news(line.now, after.score, after.status):
            tell(
                session,
                now,
                line.user_id,
                "regraded",
                {
                    "item": line.item_id,
                    "submission": line.submission_id,
                    "before": line.now.score,
                    "after": after.score,
                    "points": points[line.item_id],
                    "reason": regrade.reason,
                },
                subject=f"submission:{line.submission_id}",
                course_id=regrade.course_id,
            )


def _points(session: Session, items: Collection[int]) -> Mapping[int, float]:
    found = session.execute(select(AssignmentItem.id, AssignmentItem.points).where(AssignmentItem.id.in_(items)))
    return {number: points for number, points in found}


def _put_down(session: Session, regrade: Regrade, now: datetime) -> None:
    """All that was chosen is applied: it is over, or somebody goes on choosing."""
    undecided = exists().where(
        RegradeLine.regrade_id == regrade.id, RegradeLine.state.in_([LineState.OPEN, LineState.OVERTAKEN])
    )
    if session.scalar(select(undecided)):
        regrade.state = "open"
    else:
        regrade.state, regrade.finished_at = "finished", now


def finish(session: Session, regrade_id: int, actor_id: int, now: datetime) -> int | None:
    """Leave what was not chosen as it is; how many those are, None where it is too early or too late."""
    regrade = session.scalars(select(Regrade).where(Regrade.id == regrade_id).with_for_update()).one()
    if regrade.state != "open" or not grading.judged(session, regrade_id, now).complete:
        return None
    left = session.scalars(
        update(RegradeLine)
        .where(RegradeLine.regrade_id == regrade_id, RegradeLine.state.in_([LineState.OPEN, LineState.OVERTAKEN]))
        .values(state=LineState.LEFT, settled_at=now)
        .returning(RegradeLine.submission_id)
        .execution_options(synchronize_session=False)
    ).all()
    regrade.state, regrade.finished_at = "finished", now
    audit.note(
        session,
        now,
        actor_id,
        "regrade-finished",
        f"regrade:{regrade_id}",
        course_id=regrade.course_id,
        after={"left": len(left)},
    )
    return len(left)


def resume(session: Session, regrade_id: int, now: datetime) -> None:
    """Have somebody go on with a regrade whose work was given up or lost; where it is at work, nothing happens."""
    regrade = session.scalars(select(Regrade).where(Regrade.id == regrade_id).with_for_update()).one()
    if regrade.state == "applying":
        have_applied(session, regrade, now)
    elif regrade.state == "open" and session.scalar(select(exists().where(*_without_job(regrade_id)))):
        grading.have_jobs_made(session, regrade, now)


def _without_job(regrade_id: int) -> tuple[Any, ...]:
    return (
        RegradeLine.regrade_id == regrade_id,
        RegradeLine.job_id.is_(None),
        RegradeLine.state == LineState.OPEN,
    )


def resume_all(database: Database) -> None:
    """What a server does when it starts: go on with every regrade that was interrupted."""
    with database.reading() as session:
        unmade = and_(Regrade.state == "open", RegradeLine.state == LineState.OPEN, RegradeLine.job_id.is_(None))
        numbers = session.scalars(
            select(Regrade.id)
            .outerjoin(RegradeLine, RegradeLine.regrade_id == Regrade.id)
            .where(or_(Regrade.state == "applying", unmade))
            .distinct()
        ).all()
    for number in numbers:
        with database.writing() as session:
            resume(session, number, utc_now())
