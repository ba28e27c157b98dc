"""Choices, numbers and variants from the page to the mark: sent, judged, shown, and never given away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from grader.documents import verdict_to_json
from grader.examiner.spec import Scope
from grader.grading import Grader
from webapp import banks, variants
from webapp.items import item_from
from webapp.models import Assignment, AssignmentItem, Fact, Mark, Revision, Submission, Task
from webapp.models.times import utc_now
from webapp.queue import rows
from webapp.queue.carrier import carrier_of
from webapp.tasks import rows as tasks

BANK = Path(__file__).parent / "answers_bank.md"
DRAWN = [
    {"layers": layers, "length": length, "size": layers * length / 128, "keys_only": layers * length / 256}
    for layers in (24, 32, 40)
    for length in (2048, 4096)
]


@dataclass
class Asked:
    """The items of the bank in an assignment of the course, and a grader's work done here."""

    world: Any
    items: dict[str, int]

    def judge(self) -> rows.Claim | None:
        """What a worker does with the next job; answers that are not code need no engine."""
        now = utc_now()
        with self.world.database.writing() as session:
            claim = rows.claim(session, "test", now, timedelta(seconds=10))
        if claim is None:
            return None
        item = item_from(claim.revision, claim.source)
        verdict = Grader().grade(item, claim.content, seed=claim.seed, scope=Scope.ALL, variant=claim.variant)
        with self.world.database.writing() as session:
            assert rows.store(session, claim, verdict_to_json(verdict), now)
        return claim


@pytest.fixture
def asked(world: Any, now: Any) -> Asked:
    with world.database.writing() as session:
        bank, _ = banks.load(session, BANK, now)
        assignment = Assignment(course_id=world.here, title="Kinds", counts="best", late_penalty=0.0)
        session.add(assignment)
        session.flush()
        items = {item.id: banks.pin(session, assignment.id, item, place, 3).id for place, item in enumerate(bank.items)}
        for revision in session.scalars(select(Revision).where(Revision.item == "cache")):
            revision.variants = DRAWN
    return Asked(world, items)


def own(asked: Asked, who: str = "owner", item: str = "cache") -> dict[str, Any]:
    with asked.world.database.reading() as session:
        pinned = session.get_one(AssignmentItem, asked.items[item]).pinned
        found = item_from(pinned.hash, pinned.source)
        return dict(variants.parameters_for(found, pinned, asked.world.people[who], asked.items[item]) or {})


def test_a_choice_is_sent_without_scripts_judged_and_told_option_by_option(asked, client_of, now):
    client, item = client_of("owner"), asked.items["several"]
    page = client.get(f"/items/{item}?lang=en").text
    assert page.count('type="checkbox"') == 5
    answer = client.post(f"/items/{item}/submit", data={"content": ["1", "3"]})
    assert answer.status_code == 303
    asked.judge()
    page = client.get(f"/items/{item}?lang=en").text
    assert "some of what you chose is right, some is not" in page
    assert "Gamma is wrong." in page
    assert "Epsilon is wrong too." not in page
    assert re.findall(r'value="(\d)" checked', page) == ["1", "3"]
    with asked.world.database.reading() as session:
        assert session.scalars(select(Fact.outcomes)).all() == ["1 3"]
        assert session.scalars(select(Mark.share)).all() == [0.0]


def test_the_rest_is_told_with_the_answer(asked, client_of, now):
    client, item = client_of("owner"), asked.items["several"]
    client.post(f"/items/{item}/submit", data={"content": ["1", "2", "4"]})
    asked.judge()
    page = client.get(f"/items/{item}?lang=en").text
    assert "full marks" in page
    assert "Epsilon is wrong too." in page


@pytest.mark.parametrize("content", [["9"], ["0"], ["-1"], ["1.5"], ["<b>"], ["1", "7"], ["nan"], ["1e9"]])
def test_options_that_are_not_there_are_refused(asked, client_of, content):
    answer = client_of("owner").post(f"/items/{asked.items['several']}/submit", data={"content": content})
    assert answer.status_code == 400
    assert "<b>" not in answer.text
    with asked.world.database.reading() as session:
        assert session.scalars(select(Submission.id)).all() == []


def test_two_options_where_one_is_asked_for_and_none_at_all_are_refused(asked, client_of):
    client, item = client_of("owner"), asked.items["single"]
    assert client.post(f"/items/{item}/submit", data={"content": ["1", "2"]}).status_code == 400
    assert client.post(f"/items/{item}/submit", data={}).status_code == 400
    assert client.post(f"/items/{item}/run", data={"content": "1"}).status_code == 409


def test_a_million_options_are_too_many(asked, client_of):
    client, item = client_of("owner"), asked.items["several"]
    many = "\n".join(map(str, range(1_000_000)))
    assert client.post(f"/items/{item}/submit", json={"content": many}).status_code == 413


def test_each_student_has_numbers_of_their_own_and_keeps_them(asked, client_of, now):
    item = asked.items["cache"]
    mine, page = own(asked), client_of("owner").get(f"/items/{item}?lang=en").text
    assert f"{mine['layers']} layers, length {mine['length']}" in page
    assert f"2 \\cdot {mine['layers']} \\cdot {mine['length']}" in page
    assert str(mine["size"]) not in page
    assert "{{" not in page
    everybody = {variants.number_for(item_of_cache(asked), cache(asked), user, item) for user in range(200)}
    assert everybody == set(range(len(DRAWN)))
    answer = client_of("owner").post(f"/items/{item}/submit", data={"content": [f"{mine['size']:g}", "MiB"]})
    assert answer.status_code == 303
    claim = asked.judge()
    assert claim is not None
    assert claim.variant == mine
    with asked.world.database.reading() as session:
        sent = session.scalars(select(Submission)).one()
        assert DRAWN[sent.variant] == mine
        assert session.scalars(select(Mark.share)).one() == 1.0
    assert f"{mine['size']:g} MiB" in client_of("owner").get(f"/items/{item}?lang=en").text


def cache(asked: Asked) -> Revision:
    with asked.world.database.reading() as session:
        revision = session.get_one(AssignmentItem, asked.items["cache"]).pinned
        assert revision.variants
        return revision


def item_of_cache(asked: Asked) -> Any:
    revision = cache(asked)
    return item_from(revision.hash, revision.source)


def test_a_known_wrong_number_is_told_with_the_students_own_values(asked, client_of, now):
    client, item, mine = client_of("owner"), asked.items["cache"], own(asked)
    client.post(f"/items/{item}/submit", data={"content": [f"{mine['keys_only']}", "MiB"]})
    asked.judge()
    page = client.get(f"/items/{item}?lang=en").text
    assert f"Each of the {mine['layers']} layers keeps keys <strong>and values</strong>" in page
    assert f"{mine['size']} MiB" not in page
    with asked.world.database.reading() as session:
        submission = session.scalars(select(Submission.id)).one()
    taught = client_of("instructor").get(f"/teach/submissions/{submission}?lang=en").text
    assert f"Each of the {mine['layers']} layers" in taught
    assert "Variant " in taught


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("192", "its unit is missing"),
        ("192 kg", "is no unit of this item"),
        ("abc", "No number was found"),
        ("1e999 MiB", "too large"),
        ("192 <script>alert(1)</script>", "is no unit of this item"),
    ],
)
def test_what_cannot_be_read_costs_no_attempt_and_is_escaped(asked, client_of, now, typed, says):
    client, item = client_of("owner"), asked.items["cache"]
    client.post(f"/items/{item}/submit", data={"content": [typed, ""]})
    asked.judge()
    page = client.get(f"/items/{item}?lang=en").text
    assert says in page
    assert "This costs no attempt." in page
    assert "3 attempts left" in page
    assert "<script>alert" not in page


def test_until_variants_are_drawn_the_item_says_so_and_takes_nothing(asked, client_of):
    with asked.world.database.writing() as session:
        session.get_one(AssignmentItem, asked.items["cache"]).pinned.variants = None
    client, item = client_of("owner"), asked.items["cache"]
    page = client.get(f"/items/{item}?lang=en").text
    assert "is being prepared" in page
    assert "… layers, length …" in page
    headers = {"Accept": "application/json"}
    answer = client.post(f"/items/{item}/submit", json={"content": "1 MiB"}, headers=headers)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "preparing")


def test_loading_a_bank_asks_once_for_the_variants_it_lacks(world, now):
    for _ in range(2):
        with world.database.writing() as session:
            banks.load(session, BANK, now)
    with world.database.reading() as session:
        found = session.scalars(select(Task).where(Task.kind == "variants")).all()
        wanted = session.scalars(select(Revision.hash).where(Revision.item.in_(["cache", "window"]))).all()
    assert sorted(task.subject for task in found) == sorted(map(variants.subject, wanted))


def test_what_was_drawn_is_kept_and_never_replaced(asked, world, now, settings):
    from webapp.tasks.kinds import Surroundings

    class Judge:
        def variants(self, item: Any) -> list[dict[str, Any]]:
            return [{"window": 3}]

    with world.database.reading() as session:
        found = session.scalars(select(Revision).where(Revision.item.in_(["cache", "window"]))).all()
        hashes = {each.item: each.hash for each in found}
    for item in ("cache", "window"):
        subject, carrier = variants.subject(hashes[item]), carrier_of(settings, world.database)
        around = Surroundings(world.database, Judge(), settings, 1, subject, None, None, {}, carrier)
        assert list(variants.draw(around)) == [(0, 1), (1, 1)]
    with world.database.reading() as session:
        assert session.get_one(Revision, hashes["window"]).variants == [{"window": 3}]
        assert session.get_one(Revision, hashes["cache"]).variants == DRAWN


def test_a_regrade_at_another_revision_judges_with_the_parameters_the_student_had(asked, world, now):
    with world.database.writing() as session:
        old = session.get_one(AssignmentItem, asked.items["cache"]).pinned
        newer = Revision(
            hash="r:newer", suite_hash="s", bank_id=old.bank_id, item=old.item, source=old.source, created_at=now
        )
        newer.variants = [{"layers": 1, "length": 1, "size": 1.0, "keys_only": 2.0}]
        session.add(newer)
    mine = own(asked)
    world.send(content=f"{mine['size']} MiB".encode(), item_id=asked.items["cache"])
    asked.judge()
    with world.database.writing() as session:
        sent = session.scalars(select(Submission)).one()
        job = sent.jobs[0]
        again = rows.grade_again(session, job, now)
        again.revision = "r:newer"
    with world.database.writing() as session:
        claim = rows.claim(session, "test", utc_now(), timedelta(seconds=10))
    assert claim is not None
    assert claim.revision == "r:newer"
    assert claim.variant == mine


def test_a_change_between_two_choices_names_the_options(asked, client_of, now):
    client, item = client_of("owner"), asked.items["several"]
    for content in (["1", "3"], ["1", "2"]):
        client.post(f"/items/{item}/submit", data={"content": content})
        asked.judge()
    with asked.world.database.reading() as session:
        first, second = session.scalars(select(Submission.id).order_by(Submission.id))
    page = client.get(f"/items/{item}/diff?from={first}&to={second}&lang=en").text
    assert "Gamma" in page
    assert "Beta" in page
    page = client.get(f"/submissions/{first}?lang=en").text
    assert page.count("This was chosen") == 2
    assert "Epsilon is wrong too." not in page


def test_the_page_of_variants_shows_every_one_with_its_answers(asked, client_of):
    client = client_of("instructor")
    page = client.get("/teach/banks/answers/items/cache/variants?number=1&lang=en").text
    chosen = DRAWN[1]
    assert f"{chosen['layers']} layers, length {chosen['length']}" in page
    assert f"{chosen['layers']} 层，长度 {chosen['length']}" in page
    assert f"{chosen['size']:g} MiB ± 1%" in page
    assert page.count("<tr>") == len(DRAWN) + 1
    for address in ("number=99999", "number=-1", "number=x", "number=" + "9" * 50):
        assert client.get(f"/teach/banks/answers/items/cache/variants?{address}").status_code == 200
    for address in ("answers/items/single", "answers/items/nothing", "nothing/items/cache"):
        assert client.get(f"/teach/banks/{address}/variants").status_code == 404
    assert client.get("/teach/banks/answers/items/cache/variants?revision=r:other").status_code == 404


def test_variants_that_could_not_be_drawn_say_why_and_are_asked_for_again(asked, client_of, now):
    with asked.world.database.writing() as session:
        revision = session.get_one(AssignmentItem, asked.items["window"]).pinned
        task = tasks.newest(session, variants.KIND, variants.subject(revision.hash))
        assert task is not None
        task.state, task.problem = "failed", "bank.md:9: the variant code raised <ZeroDivisionError>"
    client = client_of("instructor")
    page = client.get("/teach/banks/answers/items/window/variants?lang=en").text
    assert "raised &lt;ZeroDivisionError&gt;" in page
    assert client.post("/teach/banks/answers/items/window/variants", data={}).status_code == 303
    with asked.world.database.reading() as session:
        again = tasks.newest(session, variants.KIND, variants.subject(revision.hash))
        assert again is not None
        assert again.state == "waiting"


def test_a_draft_of_a_number_comes_back_with_its_unit(asked, client_of):
    client, item = client_of("owner"), asked.items["cache"]
    client.put(f"/items/{item}/draft", json={"content": "42\nGiB"})
    page = client.get(f"/items/{item}?lang=en").text
    assert 'name="content" value="42"' in page
    assert '<option value="GiB" selected>' in page
