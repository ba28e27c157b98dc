"""The review queue: one answer for one reviewer, equal texts together, marks that follow, and everything undone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from grader.rubric import grade_short_answer
from questions.model import Judgement
from webapp.items import item_of
from webapp.learn import progress_records
from webapp.marks.same_text import compared, digest
from webapp.models import (
    Assignment,
    AssignmentItem,
    Audit,
    Database,
    Decision,
    ItemStanding,
    Mark,
    Notice,
    Phrasing,
    Source,
    User,
)
from webapp.models.times import utc_now
from webapp.queue.carrier import carrier_of
from webapp.refusals import Refusal
from webapp.teach.review import cards, deciding, phrasings, trying, waiting
from webapp.teach.review.deciding import Choice
from webapp.teach.review.waiting import Scope

YES = {"importance": Choice(1.0)}
JSON = {"Accept": "application/json"}


@pytest.fixture
def answers(world: Any, app: Any) -> Callable[..., int]:
    """`answers("classmate", "text")` sends a short answer in which the grader is in doubt; the submission's number."""

    def send(who: str, text: str, share: float = 0.5, review: bool = True, **more: Any) -> int:
        sent = world.send(who, text.encode(), item_id=world.words, **more)
        world.judge(share=share, review=review)
        return sent.submission_id

    world.speaking = app.test_request_context
    return send


def mark(database: Database, submission_id: int) -> Mark:
    with database.reading() as session:
        return session.get_one(Mark, submission_id)


def seen_of(database: Database, submission_id: int) -> str:
    with database.reading() as session:
        found = deciding.before(session, submission_id)
        assert found is not None
        return found.seen


def decide(world: Any, submission_id: int, who: str = "instructor", award: float = 1.0, **more: Any) -> int:
    seen = more.pop("seen", None)
    if seen is None:
        seen = seen_of(world.database, submission_id)
    with world.speaking(), world.database.writing() as session:
        choices = {"importance": Choice(award, more.pop("evidence", ""), more.pop("phrase", ""))}
        return deciding.decide(session, submission_id, world.people[who], choices, seen, more.pop("now", utc_now()))


def undo(world: Any, who: str = "instructor") -> int | None:
    with world.speaking(), world.database.writing() as session:
        return deciding.undo(session, world.here, world.people[who], utc_now())


def take(world: Any, who: str, after: int | None = None, keep: tuple[int, ...] = (), now: Any = None) -> int | None:
    with world.database.writing() as session:
        return waiting.take_next(
            session, Scope(world.here), world.people[who], now or utc_now(), after=after, keep=keep
        )


def rows_of(database: Database, kind: Any, *order: Any) -> list[Any]:
    with database.reading() as session:
        return list(session.scalars(select(kind).order_by(*order)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("It Matters", "it  matters\n", True),
        ("（Ａ）重要", "(a)重要", True),
        ("caf\u00e9", "cafe\u0301", True),
        ("it matters", "it matters.", False),
        ("it matters", "it does not matter", False),
        ("重要 部分", "重要部分", False),
    ],
)
def test_equal_is_what_a_reader_would_not_tell_apart(one: str, other: str, same: bool) -> None:
    assert (digest(one) == digest(other)) is same
    assert (compared(one) == compared(other)) is same


def test_what_waits_stands_in_the_queue_and_practice_guests_and_people_who_teach_do_not(
    world: Any, answers: Any, client_of: Any
) -> None:
    first, second = answers("owner", "It matters"), answers("classmate", "it  MATTERS")
    other = answers("classmate", "something else")
    answers("instructor", "it matters")
    answers("owner", "sure", review=False)
    with world.database.reading() as session:
        found = waiting.groups(session, Scope(world.here))
        assert [each.submission_ids for each in found] == [(first, second), (other,)]
        assert waiting.groups(session, Scope(world.elsewhere)) == []
    page = client_of("assistant").get(f"/teach/courses/{world.here}/review").get_data(as_text=True)
    assert "0 of 3 answers decided" in page
    assert "Start reviewing" in page
    with world.database.writing() as session:
        session.get_one(User, world.people["classmate"]).is_guest = True
    with world.database.reading() as session:
        assert [each.submission_ids for each in waiting.groups(session, Scope(world.here))] == [(first,)]
    with world.database.writing() as session:
        session.get_one(Assignment, world.assignment).practice = True
    with world.database.reading() as session:
        assert waiting.groups(session, Scope(world.here)) == []


def test_two_reviewers_at_once_never_have_the_same_answer_before_them(world: Any, answers: Any) -> None:
    first = answers("owner", "It matters")
    answers("classmate", "it matters ")
    second = answers("owner", "something else")
    now = utc_now()
    assert take(world, "instructor", now=now) == first
    assert take(world, "assistant", now=now) == second
    assert take(world, "admin", now=now) is None
    assert take(world, "instructor", keep=(first,), now=now) is None
    with pytest.raises(Refusal) as refused:
        decide(world, first, "assistant", now=now)
    assert refused.value.code == "held"
    assert "Instructor" in refused.value.message
    assert rows_of(world.database, Decision) == []
    # Who has gone away does not keep it; who is still there does.
    later = now + waiting.HELD - timedelta(seconds=1)
    with world.database.writing() as session:
        assert waiting.hold(session, world.words, digest("it matters"), world.people["instructor"], later)
    assert take(world, "admin", now=now + waiting.HELD + timedelta(seconds=1)) == second
    assert take(world, "assistant", now=later + waiting.HELD + timedelta(seconds=1)) == first


def test_reviewers_who_ask_at_the_same_moment_share_the_queue_out(world: Any, answers: Any) -> None:
    with world.database.writing() as session:
        session.get_one(AssignmentItem, world.words).max_submissions = None
    numbers = [answers("owner" if n % 2 else "classmate", f"text {n}") for n in range(12)]

    def read_on(who: str) -> list[int]:
        mine: list[int] = []
        while (found := take(world, who, keep=tuple(mine))) is not None:
            mine.append(found)
        return mine

    with ThreadPoolExecutor(3) as people:
        shares = [*people.map(read_on, ("instructor", "assistant", "admin"))]
    assert sorted(number for share in shares for number in share) == numbers


def test_of_two_who_decide_at_the_same_moment_one_is_told(world: Any, answers: Any) -> None:
    first = answers("owner", "It matters")

    def decided(who: str, award: float) -> str:
        try:
            decide(world, first, who, award=award, seen="")
        except Refusal as refusal:
            return refusal.code
        return "kept"

    with ThreadPoolExecutor(2) as people:
        told = [*people.map(decided, ("instructor", "assistant"), (1.0, 0.0))]
    assert sorted(told) == ["decided-meanwhile", "kept"]
    assert mark(world.database, first).share == (1.0 if told[0] == "kept" else 0.0)
    assert len(rows_of(world.database, Decision)) == 1


def test_a_decision_counts_for_every_answer_with_the_text_and_students_are_told(
    world: Any, answers: Any, client_of: Any
) -> None:
    first, second = answers("owner", "It matters"), answers("classmate", " it MATTERS")
    other = answers("classmate", "something else")
    assert mark(world.database, first).score == 2.5
    assert decide(world, first, "assistant", evidence="It matters") == 2
    for each in (first, second):
        found = mark(world.database, each)
        assert (found.share, found.score, found.status, found.review, found.source) == (
            1.0, 5.0, "passed", False, Source.REVIEW,
        )  # fmt: skip
    assert mark(world.database, other).review
    decisions = rows_of(world.database, Decision, Decision.submission_id)
    assert [(each.submission_id, each.followed) for each in decisions] == [(first, False), (second, True)]
    assert len({each.act for each in decisions}) == 1
    notices = rows_of(world.database, Notice, Notice.id)
    assert [(each.user_id, each.kind) for each in notices] == [
        (world.people["owner"], "reviewed"),
        (world.people["classmate"], "reviewed"),
    ]
    noted = rows_of(world.database, Audit, Audit.id)
    assert [(each.action, each.subject, each.before["score"], each.after["score"]) for each in noted] == [
        ("reviewed", f"submission:{first}", 2.5, 5.0),
        ("reviewed", f"submission:{second}", 2.5, 5.0),
    ]
    standings = {
        each.user_id: each for each in rows_of(world.database, ItemStanding) if each.assignment_item_id == world.words
    }
    assert (standings[world.people["owner"]].score, standings[world.people["owner"]].review) == (5.0, False)
    for path in (f"/items/{world.words}", f"/submissions/{first}"):
        page = client_of("owner").get(path).get_data(as_text=True)
        assert "A person has read this part." in page
        assert "An instructor will read this part" not in page
    assert "An instructor has read your answer: 2.5 → 5 of 5 points." in client_of("owner").get(
        "/notices"
    ).get_data(as_text=True)
    assert "part of it is with" not in client_of("owner").get(f"/items/{world.words}/history").get_data(as_text=True)
    page = client_of("instructor").get(f"/teach/submissions/{second}").get_data(as_text=True)
    assert "Read by people" in page
    assert "with another answer of the same text" in page
    assert "Assistant" in page


def test_an_equal_answer_that_comes_later_is_settled_at_once(world: Any, answers: Any, client_of: Any) -> None:
    first = answers("owner", "It matters")
    decide(world, first, award=0.5)
    later = answers("classmate", "IT matters ")
    found = mark(world.database, later)
    assert (found.share, found.review, found.source, found.status) == (0.5, False, Source.REVIEW, "partial")
    page = client_of("assistant").get(f"/teach/review/{later}").get_data(as_text=True)
    assert "2 answers with this text are decided together" in page
    assert "decided by Instructor" in page
    with world.database.reading() as session:
        assert waiting.groups(session, Scope(world.here)) == []
        assert session.scalars(select(Decision.followed).where(Decision.submission_id == later)).all() == [True]
    assert "A person has read this part." in client_of("classmate").get(f"/items/{world.words}").get_data(as_text=True)
    # and it goes back with what it followed
    assert undo(world) == first
    assert mark(world.database, later).review
    assert mark(world.database, later).source == Source.GRADER


def test_undoing_restores_marks_notices_and_offers_as_they_were(world: Any, answers: Any) -> None:
    first = answers("owner", "It matters")
    before = mark(world.database, first)
    decide(world, first, award=0.0, phrase="it matters")
    assert mark(world.database, first).status == "failed"
    assert [each.judgement for each in rows_of(world.database, Phrasing)] == ["no"]
    assert undo(world) == first
    assert undo(world) is None
    after = mark(world.database, first)
    for name in ("score", "share", "status", "review", "source", "verdict_job_id"):
        assert getattr(after, name) == getattr(before, name), name
    assert rows_of(world.database, Phrasing) == []
    assert rows_of(world.database, Notice) == []
    assert [each.action for each in rows_of(world.database, Audit, Audit.id)] == ["reviewed", "review-undone"]


def test_a_second_decision_is_told_of_the_first_and_can_then_replace_it_and_be_undone(world: Any, answers: Any) -> None:
    first = answers("owner", "It matters")
    seen = seen_of(world.database, first)
    decide(world, first, "assistant", award=1.0)
    with pytest.raises(Refusal) as refused:
        decide(world, first, "instructor", award=0.0, seen=seen)
    assert refused.value.code == "decided-meanwhile"
    assert "Assistant has decided this answer meanwhile" in refused.value.message
    assert mark(world.database, first).share == 1.0
    decide(world, first, "instructor", award=0.0)
    assert mark(world.database, first).share == 0.0
    with pytest.raises(Refusal) as refused:
        undo(world, "assistant")
    assert refused.value.code == "decided-since"
    undo(world)
    assert mark(world.database, first).share == 1.0


def test_an_override_stays_and_what_it_covered_follows_when_it_is_withdrawn(
    world: Any, answers: Any, client_of: Any
) -> None:
    first, second = answers("owner", "It matters"), answers("classmate", "it matters")
    client = client_of("instructor")
    client.post(f"/teach/submissions/{second}/override", data={"points": "1", "reason": "by hand"})
    with pytest.raises(Refusal):
        decide(world, second)
    assert decide(world, first) == 1
    assert mark(world.database, second).source == Source.OVERRIDE
    client.post(f"/teach/submissions/{second}/override/withdraw", data={})
    found = mark(world.database, second)
    assert (found.source, found.review, found.share) == (Source.REVIEW, False, 1.0)  # as its equal was decided
    # decided before the override, undone below it
    client.post(f"/teach/submissions/{first}/override", data={"points": "1", "reason": "by hand"})
    undo(world)
    assert mark(world.database, first).source == Source.OVERRIDE
    client.post(f"/teach/submissions/{first}/override/withdraw", data={})
    for each in (first, second):
        assert (mark(world.database, each).source, mark(world.database, each).review) == (Source.GRADER, True)


def test_what_an_equal_text_was_given_again_below_an_override_comes_out_with_it(
    world: Any, answers: Any, client_of: Any
) -> None:
    first, second = answers("owner", "It matters"), answers("classmate", "it matters")
    assert decide(world, first, award=1.0) == 2
    client = client_of("instructor")
    client.post(f"/teach/submissions/{second}/override", data={"points": "1", "reason": "by hand"})
    assert decide(world, first, award=0.0) == 1
    client.post(f"/teach/submissions/{second}/override/withdraw", data={})
    assert (mark(world.database, second).source, mark(world.database, second).share) == (Source.REVIEW, 0.0)


def test_analysis_and_today_count_key_points_as_people_decided_them(world: Any, answers: Any, client_of: Any) -> None:
    sent = answers("owner", "It matters")
    page = f"/teach/items/{world.words}/analysis"
    client = client_of("instructor")
    half = '<td class="number" data-label="Half made">1</td>'
    assert half in client.get(page).text
    assert "Not solved yet: 1." in client.get(page).text
    decide(world, sent, award=1.0)
    text = client.get(page).text
    assert '<td class="number" data-label="Made">1</td>' in text
    assert half not in text
    assert "Not solved yet: 0." in text
    with world.database.reading() as session:
        job = session.get_one(Mark, sent).verdict_job_id
        assert progress_records.checks_of(session, {job})[job].passed == 1


def test_every_doubtful_key_point_wants_an_answer(world: Any, answers: Any) -> None:
    first = answers("owner", "It matters")
    with world.speaking(), world.database.writing() as session, pytest.raises(Refusal) as refused:
        deciding.decide(session, first, world.people["instructor"], {}, "", utc_now())
    assert refused.value.code == "undecided"
    assert rows_of(world.database, Decision) == []


def test_a_page_without_scripts_leads_from_answer_to_answer(world: Any, answers: Any, client_of: Any) -> None:
    first, second = answers("owner", "It <b>matters</b>"), answers("classmate", "something else")
    client = client_of("assistant")
    started = client.post(f"/teach/courses/{world.here}/review/next")
    assert started.headers["Location"] == f"/teach/review/{first}"
    page = client.get(started.headers["Location"]).get_data(as_text=True)
    assert "<b>matters" not in page
    assert "suggested: half, 90% sure" in page
    assert "assistant@example.org" not in page.partition("<main")[2]
    missing = client.post(f"/teach/review/{first}", data={"seen": ""})
    assert missing.status_code == 400
    assert "Decide every key point" in missing.get_data(as_text=True)
    skipped = client.post(f"/teach/review/{first}/skip", data={})
    assert skipped.headers["Location"] == f"/teach/review/{second}"
    form = {"seen": "", "award-importance": "0.5", "offer-importance": "1", "phrase-importance": "some `other` words"}
    decided = client.post(f"/teach/review/{second}", data=form)
    assert decided.headers["Location"] == f"/teach/review/{first}"
    assert mark(world.database, second).share == 0.5
    assert [(each.text, each.judgement) for each in rows_of(world.database, Phrasing)] == [("some other words", "half")]
    undone = client.post(f"/teach/courses/{world.here}/review/undo", data={})
    assert undone.headers["Location"] == f"/teach/review/{second}"
    bad = client.post(f"/teach/review/{second}", data={"seen": "", "award-importance": "0.7"})
    assert bad.status_code == 400


def test_scripts_get_the_next_answer_ahead_and_a_conflict_in_words(world: Any, answers: Any, client_of: Any) -> None:
    first, second = answers("owner", "It matters"), answers("classmate", "something else")
    client = client_of("assistant")
    path = f"/teach/courses/{world.here}/review/next"
    assert client.post(path, json={}, headers=JSON).get_json()["answer"] == first
    ahead = client.post(path, json={"after": str(first), "keep": str(first)}, headers=JSON).get_json()
    assert ahead["answer"] == second
    assert "something else" in ahead["card"]
    nothing = client.post(path, json={"after": str(second), "keep": f"{second} {first}"}, headers=JSON).get_json()
    assert (nothing["answer"], nothing["card"]) == (None, "")
    body = {"seen": "", "award-importance": "1", "evidence-importance": "words that are not there"}
    done = client.post(f"/teach/review/{first}", json=body, headers=JSON).get_json()
    assert (done["answers"], done["told"]) == (1, "Decided.")
    assert "1 of 2 answers decided" in done["progress"]
    assert rows_of(world.database, Decision)[0].evidence == ""
    late = client_of("instructor").post(f"/teach/review/{first}", json=body, headers=JSON)
    assert late.status_code == 409
    assert "Assistant has decided this answer meanwhile" in late.get_json()["error"]["message"]
    held = client_of("instructor").post(f"/teach/review/{second}/hold", json={}, headers=JSON)
    assert held.get_json() == {"held": False}


def test_a_queue_asks_as_many_questions_for_fifty_answers_as_for_five(world: Any, answers: Any, client_of: Any) -> None:
    def queries(path: str) -> int:
        asked: list[str] = []
        engine = client.application.extensions["workshop_database"].engine
        event.listen(engine, "before_cursor_execute", note := lambda *told: asked.append(told[2]))
        assert client.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    client = client_of("instructor")
    with world.database.writing() as session:
        session.get_one(AssignmentItem, world.words).max_submissions = None
    first, *_others = [answers("owner", f"text {n}") for n in range(5)]
    paths = (f"/teach/courses/{world.here}/review", f"/teach/review/{first}")
    few = [queries(path) for path in paths]
    for n in range(5, 50):
        answers("owner", f"text {n % 30}")
    assert [queries(path) for path in paths] == few


def test_a_phrasing_is_one_line_that_the_format_gives_no_other_meaning() -> None:
    assert phrasings.as_phrase(" - what `matters`\n + counts  more\x00 ") == "what matters counts more"
    assert len(phrasings.as_phrase("a" * 1000)) == phrasings.LONGEST
    line = phrasings.Taken("importance", Judgement.YES, "what counts weighs more").line
    from questions.rubric import split_phrases

    assert split_phrases(line.removeprefix("yes: ")) == ["what counts weighs more"]


def test_phrasings_are_taken_dismissed_and_handed_to_the_editor(
    world: Any, answers: Any, client_of: Any, database: Database
) -> None:
    first, second = answers("owner", "It counts"), answers("classmate", "It weighs")
    decide(world, first, award=1.0, phrase="it counts")
    decide(world, second, award=0.0, phrase="it weighs")
    client = client_of("instructor")
    rows = rows_of(database, Phrasing, Phrasing.id)
    bank, item = rows[0].bank_id, rows[0].item
    page = client.get(f"/teach/phrasings/{bank}/{item}").get_data(as_text=True)
    assert "it counts" in page
    assert "not tried" in page
    for row, state in zip(rows, ("taken", "dismissed"), strict=True):
        answer = client.post(f"/teach/phrasings/{row.id}", data={"state": state})
        assert answer.headers["Location"] == f"/teach/phrasings/{bank}/{item}#phrasing-{row.id}"
    assert client.post(f"/teach/phrasings/{rows[0].id}", data={"state": "eaten"}).status_code == 400
    page = client.get(f"/teach/phrasings/{bank}/{item}").get_data(as_text=True)
    assert page.count("not tried") == 1  # one that was dismissed is not going to be
    assert "  - yes: it counts\n" in page
    with database.reading() as session:
        assert [each.line for each in phrasings.taken(session, bank, item)] == ["yes: it counts"]
    # what was answered is not offered anew
    third = answers("owner", "It counts, surely")
    decide(world, third, award=1.0, phrase="it counts")
    assert [each.state for each in rows_of(database, Phrasing, Phrasing.id)] == ["taken", "dismissed"]


def test_the_rubric_s_own_grader_says_what_a_phrasing_would_decide(
    world: Any, answers: Any, database: Database
) -> None:
    from webapp.settings import Settings
    from webapp.tasks.kinds import Surroundings

    with database.reading() as session:
        asked = item_of(session.get_one(AssignmentItem, world.words).pinned)
    text = "A token with a bigger share drives the sum, and tokens that say little hardly show up in the end result."
    assert grade_short_answer(asked, text)[0].review
    phrase = "tokens that say little hardly show up in the end result"
    without = trying.read(asked, text)
    assert without == {"importance": None}
    waits = (trying.Answer(text, 3), without)
    decided = (trying.Answer(text, 2, (("importance", 0.0),)), without)
    assert trying.tried(asked, "importance", Judgement.YES, phrase, [waits, decided]) == trying.Tried(3, 3, 2)
    assert trying.tried(asked, "importance", Judgement.YES, "nothing of it", [waits, decided]) == trying.Tried()
    first = answers("owner", text)
    decide(world, answers("classmate", "another text"), award=1.0, phrase=phrase)
    row = rows_of(database, Phrasing)[0]
    around = Surroundings(
        database, None, Settings(), 1, "", None, None, {"bank": row.bank_id, "item": row.item},  # type: ignore[arg-type]
        carrier_of(Settings(), database),
    )  # fmt: skip
    work = trying.trial(around)
    steps: list[Any] = []

    def done() -> Any:
        steps.append((yield from work))

    assert [*done()] == [(1, 4), (2, 4), (4, 4)]
    assert steps == [{str(row.id): [1, 1, 0]}]
    assert mark(database, first).review


def test_words_offered_for_two_judgements_are_a_conflict(world: Any, answers: Any, database: Database) -> None:
    decide(world, answers("owner", "It counts"), award=1.0, phrase="it counts")
    decide(world, answers("classmate", "It counts somehow"), award=0.5, phrase="It counts")
    rows = rows_of(database, Phrasing, Phrasing.id)
    assert phrasings.contradictions(rows) == {rows[0].id: ("half",), rows[1].id: ("yes",)}


def test_a_card_shows_the_evidence_and_what_was_decided(world: Any, answers: Any) -> None:
    first = answers("owner", "It matters")
    with world.speaking(), world.database.reading() as session:
        card = cards.card(session, first, world.people["instructor"], "en", utc_now())
    assert card is not None
    assert (card.open, card.equal, card.held_by) == (1, 1, "")
    assert [each.numbers for each in card.passages] == [(1,)]
    point = card.points[0]
    assert (point.suggested, point.chosen, point.passage, point.doubtful) == (0.5, None, "It matters", True)
    assert point.rules == ("yes: (重要|matters|important)",)
    assert take(world, "assistant") == first
    with world.speaking(), world.database.reading() as session:
        card = cards.card(session, first, world.people["instructor"], "en", utc_now())
    assert card is not None
    assert card.held_by == "Assistant"
