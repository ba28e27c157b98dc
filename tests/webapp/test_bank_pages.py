"""A bank's page: what is known of its items, what proving them found, how they are used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from grader.proof import Column, Finding, Proof, Role, Row, proof_to_json
from grader.verdict import Status, TestStatus
from questions.model import Severity
from webapp import banks
from webapp.authoring import pages, proofs
from webapp.authoring.places import Place, found_at
from webapp.items import item_of
from webapp.models import Bank, BankVersion, Course, Database, Revision, Task
from webapp.tasks import rows

HERE = Path(__file__).parent
SMALL = HERE / "small_bank.md"


def revision_of(session: Any, item: str = "weighted-sum") -> Revision:
    return session.scalars(select(Revision).where(Revision.item == item)).one()


def proof_of(revision: Revision, *findings: Finding, caught: bool = True) -> dict[str, Any]:
    names = ("test_sum_of_ones", "test_secret_inputs")
    failed, passed = TestStatus.FAILED, TestStatus.PASSED
    return proof_to_json(
        Proof(
            item="small/weighted-sum",
            revision=revision.hash,
            suite=revision.suite_hash,
            grader="0",
            findings=findings,
            tests=tuple(Column(name, 30, 5.0, name.startswith("test_secret")) for name in names),
            rows=(
                Row(Role.STARTER, "starter", 30, Status.ERROR, (TestStatus.ERROR, TestStatus.ERROR)),
                Row(Role.MISCONCEPTION, "mean", 50, Status.FAILED, (failed if caught else passed, passed)),
            ),
            idle=("test_secret_inputs",),
        )
    )


def test_what_is_known_of_an_item_is_said_in_words(database: Database, client_of: Callable[..., Any]) -> None:
    client = client_of("assistant")
    page = client.get("/teach/banks/small?lang=en").text
    assert "Not proved yet" in page
    assert "<b>2</b> Not proved yet" in page
    with database.writing() as session:
        revision = revision_of(session)
        revision.proof = proof_of(revision)
    page = client.get("/teach/banks/small?lang=en").text
    assert "1 of 1 misconception caught" in page
    assert "<b>1</b> Proved" in client.get("/teach/banks?lang=en").text
    with database.writing() as session:
        revision = revision_of(session)
        asked = item_of(revision)
        assert asked.reference is not None
        revision.proof = proof_of(revision, Finding(asked.reference.line, Severity.FAULT, "it is <b>wrong</b>"))
    page = client.get("/teach/banks/small?lang=en").text
    line = SMALL.read_text(encoding="utf-8").split("\n").index("```python reference") + 2
    assert f"small_bank.md, line {line}" in page
    assert "it is &lt;b&gt;wrong&lt;/b&gt;" in page
    assert "Proof found faults" in page


def test_the_matrix_says_who_catches_what(database: Database, client_of: Callable[..., Any]) -> None:
    with database.writing() as session:
        revision = revision_of(session)
        revision.proof = proof_of(revision)
    page = client_of("instructor").get("/teach/banks/small/items/weighted-sum/proof?lang=en").text
    assert "One misconception hangs on this test alone:" in page
    assert "One test catches nothing:" in page
    assert page.count('<th scope="row">') == 2
    assert page.count("</svg>caught</span>") == 3
    with database.writing() as session:
        revision_of(session).proof = proof_of(revision, caught=False)
    assert (
        "nobody catches it" in client_of("instructor").get("/teach/banks/small/items/weighted-sum/proof?lang=en").text
    )


def test_a_proof_of_another_version_is_as_good_as_none(database: Database, client_of: Callable[..., Any]) -> None:
    with database.writing() as session:
        revision = revision_of(session)
        revision.proof = {**proof_of(revision), "version": 99}
    client = client_of("instructor")
    assert "not proved yet" in client.get("/teach/banks/small/items/weighted-sum/proof?lang=en").text
    assert client.get("/teach/banks/small").status_code == 200


def test_lines_of_shared_code_are_found_in_its_file(now: datetime, database: Database, tmp_path: Path) -> None:
    shared = "# B\n\n```yaml bank\nid: two\nlanguages: [en]\n```\n\n```python shared\nWIDTH = 3\nDEPTH = 4\n```\n"
    text = SMALL.read_text(encoding="utf-8")
    (tmp_path / "00.md").write_text(shared, encoding="utf-8")
    (tmp_path / "10.md").write_text(text[text.index("## 求和") :], encoding="utf-8")
    with database.writing() as session:
        bank, _loaded = banks.load(session, tmp_path, now)
    item = bank.items[0]
    with database.reading() as session:
        asked = item_of(
            session.scalars(select(Revision).where(Revision.bank_id == "two", Revision.item == item.id)).one()
        )
        report = session.get_one(Bank, "two").report["items"][0]
    for place in (Place.of(item), Place.read(report)):
        assert place.of_line(asked, asked.shared[0].line + 1) == ("00.md", 10)
        assert place.of_line(asked, asked.line + 3) == ("10.md", item.line + 3)
    told = (
        f"variant 3: the values on lines {asked.line + 2} and {asked.line + 5} cannot be told apart",
        f"'4' is recognised as the value on line {asked.line + 4}: keep one of them, or narrow the tolerances",
    )
    findings = [Finding(asked.line + 2, Severity.FAULT, text) for text in told]
    proof = Proof("two/x", "", "", "0", tuple(findings))
    first, second = found_at(proof, asked, place)
    assert (first.line, first.text) == (
        item.line + 2,
        f"variant 3: the values on lines {item.line + 2} and {item.line + 5} cannot be told apart",
    )
    assert f"the value on line {item.line + 4}:" in second.text


def test_proofs_that_nobody_asked_for_wait_behind_what_somebody_did(
    database: Database, world: Any, now: datetime
) -> None:
    with database.writing() as session:
        assert proofs.ask_for_all(session, now) == 2
        assert proofs.ask_for_all(session, now) == 2
        rows.ask(session, "variants", "revision:x", now)
        assert session.scalar(select(func.count()).select_from(Task)) == 3
        claimed = rows.claim(session, "me", now)
        assert claimed is not None
        assert claimed.kind == "variants"
        rows.ask(session, "variants", "revision:y", now)
        revision = revision_of(session).hash
        proofs.ask(session, [revision], now, world.people["instructor"])
        claimed = rows.claim(session, "me", now)
        assert claimed is not None
        assert claimed.kind == "prove"
        revision_of(session).proof = proof_of(revision_of(session))
        session.flush()
        assert proofs.ask(session, [revision], now) == 0


def test_a_folder_that_is_read_again_is_a_version_only_when_it_differs(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "small_bank.md"
    path.write_text(SMALL.read_text(encoding="utf-8").replace("Think of the", "Think about the"), encoding="utf-8")
    with database.writing() as session:
        banks.load(session, SMALL, now)
        banks.load(session, path, now)
        banks.load(session, path, now)
        found = session.scalars(select(BankVersion).order_by(BankVersion.number)).all()
    assert [(each.number, each.message) for each in found] == [
        (1, "read from small_bank.md"),
        (2, "read from small_bank.md"),
    ]
    assert "Think about the" in found[1].files["small_bank.md"]


def test_pins_move_in_ones_own_courses_where_nobody_has_worked(
    database: Database, world: Any, now: datetime, tmp_path: Path, client_of: Callable[..., Any]
) -> None:
    world.send()
    world.judge()
    path = tmp_path / "small_bank.md"
    text = SMALL.read_text(encoding="utf-8").replace("Think of the", "Think about the").replace("Why weigh?", "Why?")
    path.write_text(text, encoding="utf-8")
    with database.writing() as session:
        bank, _loaded = banks.load(session, path, now)
    assert "Ask the newest revision of 1 item" not in client_of("stranger").get("/teach/banks/small?lang=en").text
    client_of("stranger").post("/teach/banks/small/pins")
    with database.writing() as session:
        session.get_one(Course, world.here).archived_at = now
    client_of("instructor").post("/teach/banks/small/pins")  # of an archive nothing is changed
    with database.writing() as session:
        session.get_one(Course, world.here).archived_at = None
    with database.reading() as session:
        kept = {each.item: each.revision for each in session.scalars(select(pages.AssignmentItem))}
    assert kept["why"] != bank.items[1].revision
    client = client_of("instructor")
    assert "Ask the newest revision of 1 item" in client.get("/teach/banks/small?lang=en").text
    assert client.post("/teach/banks/small/pins").status_code == 303
    with database.reading() as session:
        moved = {each.item: each.revision for each in session.scalars(select(pages.AssignmentItem))}
    assert moved["why"] == bank.items[1].revision
    assert moved["weighted-sum"] == kept["weighted-sum"]


@pytest.mark.parametrize("address", ["/teach/banks", "/teach/banks/many"])
def test_pages_of_banks_take_as_many_queries_for_many_items_as_for_few(
    database: Database, now: datetime, tmp_path: Path, client_of: Callable[..., Any], address: str
) -> None:
    counts = []
    for number in (5, 50):
        items = "".join(
            f"### 问 | Ask {n} {{#ask-{n}}}\n\n```yaml item\nkind: numeric\npoints: 1\n```\n\n**Question:** {n}?\n\n"
            f"**Value:** {n}\n\n**Answer:** {n}\n\n" for n in range(number)
        )  # fmt: skip
        path = tmp_path / "many.md"
        path.write_text(
            f"# Many\n\n```yaml bank\nid: many\nlanguages: [en]\n```\n\n## All\n\n{items}", encoding="utf-8"
        )
        with database.writing() as session:
            banks.load(session, path, now)
        client, said = client_of("instructor"), []
        engine = client.application.extensions["workshop_database"].engine
        event.listen(engine, "before_cursor_execute", lambda *given, said=said: said.append(given[2]))
        assert client.get(address).status_code == 200
        counts.append(len(said))
    assert counts[0] == counts[1]
