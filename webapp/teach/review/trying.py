"""What phrasings would do, as long work: the rubric's grader reads waiting and decided answers with each of them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from grader.shown_text import text_of
from questions.model import Item, Judgement, Phrase, Rule
from webapp.items import item_of
from webapp.marks.same_text import digest
from webapp.models import Assignment, AssignmentItem, Course, Decision, Phrasing, Submission
from webapp.tasks.kinds import Progress, Surroundings
from webapp.teach.review import waiting
from webapp.teach.review.phrasings import PhrasingState

KIND = "phrasings"
MOST_TEXTS = 300
"""Different texts that each phrasing is tried on: waiting ones first, the newest decided ones after them."""

AT_A_TIME = 10
"""Texts that are read between two steps: students' jobs go between them."""


def subject(bank_id: str, item: str) -> str:
    """What the work on an item is asked for as."""
    return f"bank:{bank_id} bank-item:{item}"


@dataclass(frozen=True, slots=True)
class Tried:
    """What one phrasing would do to the key point it is for.

    `settles` answers would no longer wait for this key point, `whole` of them for none at all; to `against` answers
    that people have read it would give something else than they did.
    """

    settles: int = 0
    whole: int = 0
    against: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A text, how many students wrote it, and what people decided of it, by key point; nothing where it waits."""

    text: str
    count: int
    decided: tuple[tuple[str, float], ...] = ()


def with_phrase(item: Item, key_point: str, judgement: Judgement, text: str) -> Item:
    """An item whose rubric has one more rule."""
    rule = Rule(judgement, (Phrase(text, is_pattern=False),), 0)
    return replace(
        item,
        key_points=tuple(
            replace(each, rules=(*each.rules, rule)) if each.id == key_point else each for each in item.key_points
        ),
    )


Reading = dict[str, float | None]
"""By key point the award that the grader gives alone; None where it is in doubt."""


def read(item: Item, text: str) -> Reading:
    """What the grader says of a text by itself."""
    from grader.rubric import grade_short_answer

    return {each.id: None if each.review else each.award for each in grade_short_answer(item, text)}


def tried(
    item: Item, key_point: str, judgement: Judgement, text: str, answers: Sequence[tuple[Answer, Reading]]
) -> Tried:
    """Judge answers with the phrasing; each comes with what the grader says without it."""
    more = with_phrase(item, key_point, judgement, text)
    settles = whole = against = 0
    for answer, without in answers:
        person = dict(answer.decided).get(key_point)
        if person is None and (answer.decided or without.get(key_point) is not None):
            continue
        now = read(more, answer.text)
        award = now.get(key_point)
        if award is None or award == without.get(key_point):
            continue
        if person is not None:
            against += answer.count * (person != award)
        else:
            settles += answer.count
            whole += answer.count * (None not in now.values())
    return Tried(settles, whole, against)


def trial(around: Surroundings) -> Generator[Progress, None, dict[str, Any]]:
    """Try every phrasing of an item that is not dismissed."""
    bank_id, name = str(around.parameters["bank"]), str(around.parameters["item"])
    with around.database.reading() as session:
        pinned = session.scalars(
            select(AssignmentItem)
            .where(AssignmentItem.bank_id == bank_id, AssignmentItem.item == name)
            .order_by(AssignmentItem.id.desc())
        ).all()
        if not pinned:
            return {}
        asked = item_of(pinned[0].pinned)
        rows = [
            (row.id, row.key_point, Judgement(row.judgement), row.text)
            for row in session.scalars(
                select(Phrasing)
                .where(Phrasing.bank_id == bank_id, Phrasing.item == name, Phrasing.state != PhrasingState.DISMISSED)
                .order_by(Phrasing.id)
            )
        ]
        answers = _answers(session, [each.id for each in pinned])
    steps = len(answers) * (len(rows) + 1)
    base = []
    for answer in answers:
        base.append((answer, read(asked, answer.text)))
        yield len(base), steps
    result: dict[str, Any] = {}
    for place, (number, key_point, judgement, text) in enumerate(rows, 1):
        effect = Tried()
        for start in range(0, len(base), AT_A_TIME):
            part = tried(asked, key_point, judgement, text, base[start : start + AT_A_TIME])
            effect = Tried(
                effect.settles + part.settles, effect.whole + part.whole, effect.against + part.against
            )
            yield len(base) * place + min(start + AT_A_TIME, len(base)), steps
        result[str(number)] = [effect.settles, effect.whole, effect.against]
    return result


def _answers(session: Any, item_ids: Sequence[int]) -> list[Answer]:
    """Waiting texts and decided ones, each once."""
    courses = session.scalars(
        select(Course.id)
        .join(Assignment, Assignment.course_id == Course.id)
        .join(AssignmentItem, AssignmentItem.assignment_id == Assignment.id)
        .where(AssignmentItem.id.in_(item_ids))
        .distinct()
    ).all()
    counted: dict[str, tuple[str, int]] = {}
    open_ = session.execute(
        waiting.waiting_in(courses, Submission.content).where(Submission.assignment_item_id.in_(item_ids))
    )
    for (content,) in open_:
        text = text_of(content)
        counted[digest(text)] = (text, counted.get(digest(text), ("", 0))[1] + 1)
    waits = [Answer(text, count) for text, count in counted.values()]
    read: dict[str, tuple[str, set[int], dict[str, float]]] = {}
    rows = session.execute(
        select(Submission.id, Submission.content, Decision.digest, Decision.key_point, Decision.award)
        .join(Decision, Decision.submission_id == Submission.id)
        .where(Submission.assignment_item_id.in_(item_ids), Decision.undone_at.is_(None))
        .order_by(Decision.id)
    )
    for row in rows:
        _text, numbers, awards = read.setdefault(row.digest, (text_of(row.content), set(), {}))
        numbers.add(row.id)
        awards[row.key_point] = row.award
    decided = [Answer(text, len(numbers), tuple(awards.items())) for text, numbers, awards in read.values()]
    return [*waits, *reversed(decided)][:MOST_TEXTS]
