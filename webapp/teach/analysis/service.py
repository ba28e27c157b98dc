"""Item analysis from standings and facts: a constant number of queries, and no document is read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import Session

from questions.model import Item, Kind
from webapp.items import item_of
from webapp.languages import say
from webapp.learn import records
from webapp.learn.attempts import FREE_STATUSES
from webapp.marks import reviewing
from webapp.marks.facts import award_letter
from webapp.marks.reviewing import DecidedPoints
from webapp.models import Assignment, AssignmentItem, Course, Fact, ItemStanding, Mark, Source
from webapp.teach.analysis import statistics as figures
from webapp.teach.analysis.findings import Seen, first_of, notable
from webapp.teach.analysis.statistics import Effort, Sent
from webapp.teach.analysis.values import (
    AssignmentPage,
    AssignmentRow,
    ItemAnalysis,
    ItemLine,
    KeyPointLine,
    Mistake,
    OptionLine,
    PeriodLine,
    TestLine,
)

MOST_FIRST = 3
"""Items that are named as worth a look first."""
LISTED_ATTEMPTS = 10
LISTED_MISTAKES = 8
Standings = Mapping[int, Mapping[int, tuple[float, str, bool]]]
"""By item and user: share, status, and whether something waits to be read."""


def assignment_rows(session: Session, course: Course, lang: str) -> list[AssignmentRow]:
    """The assignments of a course."""
    found = records.assignments_of(session, [course.id])
    items = Counter(item.assignment_id for item in records.items_of(session, [each.id for each in found]))
    people: dict[int, int] = dict(
        session.execute(
            select(AssignmentItem.assignment_id, func.count(distinct(ItemStanding.user_id)))
            .join(ItemStanding, ItemStanding.assignment_item_id == AssignmentItem.id)
            .where(AssignmentItem.assignment_id.in_([each.id for each in found]), AssignmentItem.removed_at.is_(None))
            .group_by(AssignmentItem.assignment_id)
        ).all()
    )
    return [AssignmentRow(each.id, say(each.title, lang), items[each.id], people.get(each.id, 0)) for each in found]


def assignment_page(session: Session, assignment: Assignment, lang: str) -> AssignmentPage:
    """An assignment's items in figures."""
    items = records.items_of(session, [assignment.id])
    revisions = records.revisions(session, {item.revision for item in items})
    asked = {item.id: item_of(revisions[item.revision]) for item in items}
    standings = _standings(session, items)
    mistakes, efforts, outcomes = _mistakes(session, items), _efforts(session, items), _outcomes(session, items)
    lines = []
    for item in items:
        line = _line(item, asked[item.id], standings, mistakes.get(item.id, {}), efforts.get(item.id, ()), lang)
        lines.append(_with_oddities(line, asked[item.id], outcomes.get((item.id, item.revision), ())))
    order = [each.item_id for each in first_of(map(_seen, lines))]
    by_id = {line.id: line for line in lines}
    return AssignmentPage(
        id=assignment.id,
        title=say(assignment.title, lang),
        people=len({user for mine in standings.values() for user in mine}),
        lines=tuple(lines),
        first=tuple(by_id[number] for number in order[:MOST_FIRST]),
    )


def _standings(session: Session, items: Sequence[AssignmentItem]) -> Standings:
    points = {item.id: item.points for item in items}
    found: dict[int, dict[int, tuple[float, str, bool]]] = {item.id: {} for item in items}
    for item_id, user_id, score, status, review in session.execute(
        select(
            ItemStanding.assignment_item_id,
            ItemStanding.user_id,
            ItemStanding.score,
            ItemStanding.status,
            ItemStanding.review,
        ).where(ItemStanding.assignment_item_id.in_(points), ItemStanding.score.is_not(None))
    ):
        share = min(1.0, score / points[item_id]) if points[item_id] > 0 else 0.0
        found[item_id][user_id] = (share, status, review)
    return found


def _counting(*columns: object) -> Select[tuple[object, ...]]:
    """Facts of the verdicts that count: of what was graded again only the last word, of free attempts nothing."""
    facts = select(*columns).select_from(Fact).join(Mark, Mark.verdict_job_id == Fact.job_id)  # type: ignore[call-overload]
    return facts.where(Mark.status.not_in(FREE_STATUSES))  # type: ignore[no-any-return]


def _mistakes(session: Session, items: Sequence[AssignmentItem]) -> dict[int, dict[str, int]]:
    """By item how many people made each mistake."""
    people: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    query = _counting(Fact.assignment_item_id, Fact.user_id, Fact.misconceptions)
    for item_id, user_id, names in session.execute(
        query.where(Fact.assignment_item_id.in_([item.id for item in items]), Fact.misconceptions != "").distinct()
    ):
        for name in names.split():
            people[item_id][name].add(user_id)
    return {item_id: {name: len(who) for name, who in made.items()} for item_id, made in people.items()}


def _efforts(session: Session, items: Sequence[AssignmentItem]) -> dict[int, list[Effort]]:
    """By item what it took those who solved it."""
    mine = {"partition_by": (Fact.assignment_item_id, Fact.user_id)}
    numbered = (
        _counting(
            Fact.assignment_item_id.label("item"),
            Fact.user_id.label("user"),
            Mark.status.label("status"),
            Fact.sent_at.label("at"),
            func.row_number().over(**mine, order_by=(Fact.sent_at, Fact.submission_id)).label("attempt"),
            func.min(Fact.sent_at).over(**mine).label("first"),
        )
        .where(Fact.assignment_item_id.in_([item.id for item in items]))
        .subquery()
    )
    row = numbered.c
    found: dict[int, list[Effort]] = defaultdict(list)
    for item_id, attempts, at, first in session.execute(
        select(row.item, func.min(row.attempt), func.min(row.at), row.first)
        .where(row.status == "passed")
        .group_by(row.item, row.user, row.first)
    ):
        found[item_id].append(Effort(attempts, (at - first).total_seconds()))
    return found


def _outcomes(session: Session, items: Sequence[AssignmentItem]) -> dict[tuple[int, str], list[str]]:
    """By item and revision the outcomes that occurred."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    query = _counting(Fact.assignment_item_id, Fact.revision, Fact.outcomes)
    for item_id, revision, outcomes in session.execute(
        query.where(Fact.assignment_item_id.in_([item.id for item in items])).distinct()
    ):
        found[item_id, revision].append(outcomes)
    return found


def _line(
    item: AssignmentItem,
    asked: Item,
    standings: Standings,
    mistakes: Mapping[str, int],
    efforts: Iterable[Effort],
    lang: str,
) -> ItemLine:
    mine = standings[item.id]
    totals = _rest(standings, item)
    efforts = list(efforts)
    shares = [share for share, _status, _review in mine.values()]
    named = _named(asked, mistakes, len(mine), lang)
    return ItemLine(
        id=item.id,
        title=say(asked.title, lang),
        kind=asked.kind,
        points=item.points,
        people=len(mine),
        solved=sum(status == "passed" for _share, status, _review in mine.values()),
        mean=sum(shares) / len(shares) if shares else None,
        discrimination=figures.discrimination(shares, [totals[user] for user in mine]) if len(standings) > 1 else None,
        attempts=figures.middle(effort.attempts for effort in efforts),
        seconds=figures.middle(effort.seconds for effort in efforts),
        to_read=sum(review for _share, _status, review in mine.values()),
        mistake=named[0] if named else None,
        finding=None,
    )


def _rest(standings: Standings, item: AssignmentItem) -> dict[int, float]:
    """What everybody earned with the assignment's other items; what was not tried earned nothing."""
    totals: dict[int, float] = defaultdict(float)
    for number, mine in standings.items():
        if number != item.id:
            for user, (share, _status, _review) in mine.items():
                totals[user] += share
    return totals


def _named(asked: Item, made: Mapping[str, int], people: int, lang: str) -> list[Mistake]:
    """Mistakes in their teacher's words, the most frequent first; one that the item no longer names goes by its id."""
    sentences = {each.id: say(each.sentence, lang) for each in asked.misconceptions}
    return [
        Mistake(name, sentences.get(name, name), count, count / people if people else 0.0)
        for name, count in sorted(made.items(), key=lambda each: (-each[1], each[0]))
    ]


def _with_oddities(line: ItemLine, asked: Item, outcomes: Sequence[str]) -> ItemLine:
    """Tests that nobody has passed, options that nobody has picked, and what stands out."""
    if asked.kind is Kind.CODING:
        tests = len(asked.test_specs)
        whole = [each for each in outcomes if len(each) == tests and set(each) != {"-"}]
        unmet = sum(all(each[place] != "." for each in whole) for place in range(tests)) if whole else 0
        line = replace(line, unmet=unmet)
    elif asked.kind is Kind.CHOICE and outcomes:
        picked = {number for each in outcomes for number in each.split()}
        unpicked = sum(str(number) not in picked for number in range(1, len(asked.options) + 1))
        line = replace(line, unpicked=unpicked)
    found = notable(_seen(line))
    return replace(line, finding=found.finding if found else None)


def _seen(line: ItemLine) -> Seen:
    return Seen(
        item_id=line.id,
        people=line.people,
        mean=line.mean,
        discrimination=line.discrimination,
        mistake=line.mistake.id if line.mistake else "",
        mistaken=line.mistake.people if line.mistake else 0,
        unmet=line.unmet,
        unpicked=line.unpicked,
    )


def item_analysis(session: Session, item: AssignmentItem, lang: str, zone: tzinfo) -> ItemAnalysis:
    """One item in figures; its days are those of `zone`."""
    asked = item_of(item.pinned)
    standings = _standings(session, records.items_of(session, [item.assignment_id]) or [item])
    sent = _sent(session, item, asked)
    people = figures.by_person(sent)
    efforts = figures.efforts(people)
    made = figures.made_by(people)
    line = _line(item, asked, {item.id: {}, **standings}, made, efforts, lang)
    line = _with_oddities(line, asked, sorted({each.outcomes for each in sent if each.revision == item.revision}))
    mistakes = _named(asked, made, len(people), lang)[:LISTED_MISTAKES]
    spans = figures.periods(sent, zone)
    attempts = Counter(min(effort.attempts, LISTED_ATTEMPTS + 1) for effort in efforts)
    return ItemAnalysis(
        line=line,
        assignment_id=item.assignment_id,
        assignment=say(item.assignment.title, lang),
        submissions=len(sent),
        marks=figures.histogram(share for share, _status, _review in standings.get(item.id, {}).values()),
        attempts=tuple(attempts[number] for number in range(1, LISTED_ATTEMPTS + 2)),
        unsolved=len(people) - len(efforts),
        mistakes=tuple(mistakes),
        periods=tuple(
            PeriodLine(span.start, span.submissions, tuple(span.made.get(each.id, 0) for each in mistakes))
            for span in spans
        ),
        weekly=len(spans) > 1 and (spans[1].start - spans[0].start).days > 1,
        tests=_tests(asked, people, item.revision, lang),
        options=_options(asked, people, lang),
        key_points=_key_points(asked, people, item.revision, lang),
        other_revisions=sum(each.revision != item.revision for each in sent) if asked.test_specs else 0,
    )


def _sent(session: Session, item: AssignmentItem, asked: Item) -> list[Sent]:
    query = _counting(
        Fact.submission_id,
        Mark.source,
        Fact.user_id,
        Fact.revision,
        Mark.status,
        Mark.share,
        Fact.outcomes,
        Fact.misconceptions,
        Fact.sent_at,
    )
    decided = reviewing.in_force_at(session, item.id) if asked.key_points else {}
    found = []
    for number, source, user, revision, status, share, letters, names, at in session.execute(
        query.where(Fact.assignment_item_id == item.id)
    ):
        mine = decided.get((number, item.pinned.suite_hash), {}) if source != Source.GRADER else {}
        if mine and revision == item.revision:
            letters = _as_decided(letters, asked, mine)
        found.append(Sent(user, revision, status, share, letters, tuple(names.split()), at))
    return found


def _as_decided(letters: str, asked: Item, decided: DecidedPoints) -> str:
    """The letters of a short answer's key points as people decided them."""
    return "".join(
        award_letter(decided[point.id].award) if point.id in decided else letter
        for point, letter in zip(asked.key_points, letters, strict=False)
    )


def _tests(asked: Item, people: Mapping[int, Sequence[Sent]], revision: str, lang: str) -> tuple[TestLine, ...]:
    specs = asked.test_specs
    return tuple(
        TestLine(
            name=specs[each.place].name,
            title=say(specs[each.place].title, lang) or specs[each.place].name,
            hidden=specs[each.place].hidden,
            people=each.people,
            failed_first=each.failed_first,
            failed_last=each.failed_last,
            nobody_fails=each.nobody_fails,
            everybody_fails=each.everybody_fails,
        )
        for each in figures.test_counts(people, revision, len(specs))
    )


def _options(asked: Item, people: Mapping[int, Sequence[Sent]], lang: str) -> tuple[OptionLine, ...]:
    return tuple(
        OptionLine(number, say(option.text, lang), option.right, first, last)
        for number, (option, (first, last)) in enumerate(
            zip(asked.options, figures.chosen(people, len(asked.options)), strict=True), 1
        )
    )


def _key_points(
    asked: Item, people: Mapping[int, Sequence[Sent]], revision: str, lang: str
) -> tuple[KeyPointLine, ...]:
    last = [mine[-1].outcomes for mine in people.values() if mine[-1].revision == revision]
    last = [letters for letters in last if len(letters) == len(asked.key_points)]
    return tuple(
        KeyPointLine(
            point.id,
            say(point.description, lang),
            *(sum(letters[place] == letter for letters in last) for letter in ("1", "h", "0")),
        )
        for place, point in enumerate(asked.key_points)
    )
