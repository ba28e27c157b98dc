"""Editing a bank in the browser: checked, saved as versions, never over somebody else, never onto what was sent."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy import func, select

from grader.errors import WorkshopError
from webapp import bank_versions, banks
from webapp.authoring import proofs
from webapp.authoring.giving_back import give_back
from webapp.authoring.reading import Reader, TooLong
from webapp.models import AssignmentItem, Audit, Bank, BankVersion, Database, Mark, Revision, Task, Verdict
from webapp.models.times import utc_now
from webapp.tasks import rows

HERE = Path(__file__).parent
SMALL = HERE / "small_bank.md"
FILE = "small_bank.md"
TEXT = SMALL.read_text(encoding="utf-8")
EDIT = "/teach/banks/small/edit?lang=en"


def form(text: str = TEXT, version: int = 1, **more: Any) -> dict[str, Any]:
    return {"file": FILE, "text": text, "version": str(version), "message": "a message", "action": "save", **more}


def versions(database: Database, bank_id: str = "small") -> list[BankVersion]:
    with database.reading() as session:
        found = select(BankVersion).where(BankVersion.bank_id == bank_id).order_by(BankVersion.number)
        return list(session.scalars(found))


def test_saving_makes_a_version_and_revisions_with_author_and_message(
    database: Database, world: Any, client_of: Callable[..., Any]
) -> None:
    client = client_of("instructor")
    page = client.get(EDIT).text
    assert "The first saving here makes the workshop its keeper" in page
    answer = client.post(EDIT, data=form(TEXT.replace("Why weigh?", "Why weigh at all?").replace("\n", "\r\n")))
    assert answer.status_code == 303
    assert "Saved as version 2" in client.get(answer.headers["Location"]).text
    first, second = versions(database)
    assert (second.number, second.author_id, second.message) == (2, world.people["instructor"], "a message")
    assert second.files[FILE] == TEXT.replace("Why weigh?", "Why weigh at all?")
    assert first.files[FILE] == TEXT
    with database.reading() as session:
        bank = session.get_one(Bank, "small")
        assert bank.keeper == "workshop"
        revision = session.get_one(Revision, bank.report["items"][1]["revision"])
        assert (revision.author_id, revision.message) == (world.people["instructor"], "a message")
        entry = session.scalars(select(Audit).where(Audit.action == "bank-save")).one()
        assert (entry.actor_id, entry.reason) == (world.people["instructor"], "a message")
        assert session.scalar(select(func.count()).select_from(Task).where(Task.kind == "prove")) == 2
    assert "The first saving" not in client.get(EDIT).text


def test_saving_changes_no_verdict_no_mark_and_no_pin(
    database: Database, world: Any, client_of: Callable[..., Any]
) -> None:
    world.send()
    world.judge(share=0.6)
    with database.reading() as session:
        before = (
            session.scalars(select(Verdict.document)).all(),
            session.scalars(select(Mark.share)).all(),
            session.scalars(select(AssignmentItem.revision).order_by(AssignmentItem.id)).all(),
        )
    text = TEXT.replace("== 3\n", "== 4\n", 1).replace("Why weigh?", "Why?")
    assert client_of("stranger").post(EDIT, data=form(text)).status_code == 303
    with database.reading() as session:
        after = (
            session.scalars(select(Verdict.document)).all(),
            session.scalars(select(Mark.share)).all(),
            session.scalars(select(AssignmentItem.revision).order_by(AssignmentItem.id)).all(),
        )
    assert before == after


def test_who_saves_second_sees_both_and_loses_nothing(database: Database, client_of: Callable[..., Any]) -> None:
    theirs, mine = TEXT.replace("Why weigh?", "Why theirs?"), TEXT.replace("Think of the shapes.", "Mine: shapes.")
    client_of("stranger").post(EDIT, data=form(theirs))
    answer = client_of("instructor").post(EDIT, data=form(mine))
    assert answer.status_code == 409
    assert "Why theirs?" in answer.text
    assert "Mine: shapes." in answer.text
    assert 'name="version" value="2"' in answer.text
    assert len(versions(database)) == 2
    assert client_of("instructor").post(EDIT, data=form(mine, version=2)).status_code == 303
    assert [each.files[FILE] for each in versions(database)] == [TEXT, theirs, mine]


def test_changes_of_different_files_do_not_collide(database: Database, client_of: Callable[..., Any]) -> None:
    more = "## More\n\n### Else {#else}\n\n**Question:** What else?\n"
    client_of("stranger").post(EDIT, data=form(more, file="20-more.md"))
    changed = TEXT.replace("Why weigh?", "Why?")
    assert client_of("instructor").post(EDIT, data=form(changed)).status_code == 303
    assert versions(database)[-1].files == {"20-more.md": more, FILE: changed}
    gone = form("", version=3, file="20-more.md", action="remove")
    assert client_of("instructor").post(EDIT, data=gone).status_code == 303
    assert set(versions(database)[-1].files) == {FILE}
    last = client_of("instructor").post(EDIT, data=form("", version=4, action="remove"))
    assert last.status_code == 422
    assert "at least one file" in last.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Nothing has changed"),
        ({"text": TEXT.replace("id: small", "id: other")}, "the text says it is other"),
        ({"file": "../../etc/passwd.md"}, "ends in .md"),
        ({"file": "a/b.md"}, "ends in .md"),
        ({"file": "script.py"}, "ends in .md"),
        ({"text": "x" * 600_000}, "more than can be kept"),
    ],
)
def test_what_cannot_be_saved_says_why_and_stays_in_the_editor(
    database: Database, client_of: Callable[..., Any], changes: dict[str, str], said: str
) -> None:
    answer = client_of("instructor").post(EDIT, data={**form(), **changes}, content_type="multipart/form-data")
    assert said in answer.text
    assert answer.status_code in (200, 422)
    assert len(versions(database)) == 1


def test_ten_megabytes_are_taken_from_nobody(database: Database, client_of: Callable[..., Any]) -> None:
    data = form("x" * 13_000_000)
    answer = client_of("instructor").post(EDIT, data=data, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert client_of("owner").post(EDIT, data=form("x" * 2_000_000)).status_code in (404, 413)
    assert len(versions(database)) == 1


def test_faults_come_with_their_lines_and_the_item_in_both_languages(client_of: Callable[..., Any]) -> None:
    text = TEXT.replace("@pytest.mark.points(6)\n", "")
    line = text.split("\n").index("## 求和 | Sums") + 4
    asked = {"file": FILE, "text": text, "line": line}
    found = client_of("instructor").post("/teach/banks/small/check?lang=en", json=asked).get_json()
    assert found["item"] == "weighted-sum"
    assert any(each["severity"] == "fault" and each["line"] > 10 for each in found["faults"])
    assert "请实现" in found["html"]
    assert "Write" in found["html"]
    assert "Weighted sum" in found["outline"]
    assert client_of("assistant").post("/teach/banks/small/check", json=asked).status_code == 403


def test_faults_are_told_in_the_language_of_the_page(client_of: Callable[..., Any]) -> None:
    client = client_of("instructor")
    asked = {"file": FILE, "text": TEXT.replace("```python starter", "```python stater", 1), "line": 1}
    for lang, words in (("en", "did you mean 'starter'?"), ("zh", "是想写 'starter' 吗？")):
        found = client.post(f"/teach/banks/small/check?lang={lang}", json=asked).get_json()
        assert words in str(Markup(found["list"]).unescape())
        assert any(words in each["text"] for each in found["faults"])


HOSTILE = """### <script>alert(1)</script> {#bad}

**Question:** <img src=x onerror=alert(2)> <svg onload=alert(3)>
[x](javascript:alert(4)) $\\href{javascript:alert(5)}{x}$

**Hint:** <style>body{display:none}</style><iframe src="//evil"></iframe>

**Answer:** a
"""


def test_hostile_text_is_shown_and_never_run(client_of: Callable[..., Any]) -> None:
    import re

    text = TEXT + "\n" + HOSTILE
    asked = {"file": FILE, "text": text, "line": text.count("\n") - 3}
    found = client_of("instructor").post("/teach/banks/small/check?lang=en", json=asked).get_json()
    assert found["item"] == "bad"
    for html in (found["html"], found["outline"], found["list"]):
        assert not re.search(
            r"<(script|iframe|svg(?! class=\"mark)|style|img)|<[^>]*\son\w+=|href=.javascript", html
        ), html
    page = client_of("instructor").post(EDIT, data=form(text + "</textarea><script>x</script>", action="check")).text
    assert "<script>x" not in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0" * 1000,
        "#" * 100_000,
        "### x {#../../etc}\n",
        "### x {#" + "a" * 10_000 + "}\n",
        "```" * 50_000,
        "### a {#a}\n\n**Rubric:**\n\n- `p` (1) d\n  - yes: `(a+)+$`\n" * 200,
        "### a {#a}\n\n```yaml item\n" + "a: &a [*a]\n" * 100 + "```\n",
        "### a {#a}\n\n```python tests\n" + "(" * 5_000 + "\n```\n",
        "### a {#a}\n\n**Question:** $" + "\\frac{" * 20_000 + "$\n",
        "### a {#a}\n\n" + "> " * 20_000 + "\n",
        "[" * 100_000,
    ],
    ids=range(12),
)
def test_no_text_breaks_the_check(client_of: Callable[..., Any], text: str) -> None:
    asked = {"file": FILE, "text": text, "line": 1}
    answer = client_of("instructor").post("/teach/banks/small/check", json=asked)
    assert answer.status_code == 200
    assert answer.get_json()["faults"] or answer.get_json()["problem"] or not text.strip("#[`")


def test_what_is_sent_in_another_form_breaks_nothing(client_of: Callable[..., Any]) -> None:
    client = client_of("instructor")
    for body in ({"json": []}, {"json": "x"}, {"json": {"line": {"a": 1}, "file": [1], "text": None}}, {"data": b"{"}):
        assert client.post("/teach/banks/small/check", **body).status_code == 200


def test_reading_is_bounded_in_processor_time_and_works_again_afterwards() -> None:
    reader = Reader(cpu_seconds=1)
    one = TEXT[TEXT.index("### 加权和") :]
    many = {
        f"{number}.md": "## a\n\n" + "".join(one.replace("{#", f"{{#n{number}-{n}-") for n in range(150))
        for number in range(12)
    }
    with pytest.raises(TooLong):
        reader.read(many, "many")
    assert len(reader.read({FILE: TEXT}, "small").items) == 2
    reader._end()


def test_a_bank_of_more_items_than_pages_can_show_is_neither_shown_nor_saved(
    database: Database, client_of: Callable[..., Any]
) -> None:
    client, text = client_of("instructor"), TEXT + "\n### a\n" * 1001
    typed = {"file": FILE, "text": text, "version": 1}
    checked = client.post("/teach/banks/small/check?lang=en", json=typed).get_json()
    assert "more than 1,000 items" in checked["problem"]
    assert checked["outline"] == []
    refused = client.post(EDIT, data=form(text))
    assert refused.status_code == 422
    assert len(versions(database)) == 1


def test_an_old_version_comes_back_as_a_new_one(database: Database, client_of: Callable[..., Any]) -> None:
    client = client_of("instructor")
    client.post(EDIT, data=form(TEXT.replace("Why weigh?", "Why?")))
    assert "Why?" in client.get("/teach/banks/small/versions/2?lang=en").text
    client.post("/teach/banks/small/versions/1/restore", data={"newest": "1"})
    assert len(versions(database)) == 2, "somebody has saved since this page was opened"
    client.post("/teach/banks/small/versions/1/restore?lang=en", data={"newest": "2"})
    assert [each.files[FILE] == TEXT for each in versions(database)] == [True, False, True]
    assert client.get("/teach/banks/small/versions/9").status_code == 404
    packed = zipfile.ZipFile(io.BytesIO(client.get("/teach/banks/small/bank.zip?version=1").data))
    assert packed.read(f"small/{FILE}").decode() == TEXT


def test_a_folder_is_left_alone_once_the_workshop_keeps_its_bank(
    database: Database, now: datetime, client_of: Callable[..., Any]
) -> None:
    changed = TEXT.replace("Why weigh?", "Why?")
    client_of("instructor").post(EDIT, data=form(changed))
    with database.writing() as session:
        bank, loaded = banks.load(session, SMALL, now)
        assert loaded.left_alone
        assert [item.revision for item in bank.items] == [
            each["revision"] for each in session.get_one(Bank, "small").report["items"]
        ]
    assert len(versions(database)) == 2


def test_two_savings_at_once_make_one_version(database: Database, world: Any) -> None:
    from questions import parse_files
    from webapp.authoring import saving

    files = [{FILE: TEXT.replace("Why weigh?", f"Why {number}?")} for number in range(2)]
    outcomes = []
    for each in files:
        draft = saving.Draft("small", 1, each)
        with database.writing() as session:
            bank = parse_files(each, "small")
            outcomes.append(saving.save(session, draft, bank, world.people["instructor"], "", utc_now()))
    assert outcomes[1] is saving.Unfit.CHANGED
    assert len(versions(database)) == 2


def test_unsaved_text_is_proved_for_its_author_alone(
    database: Database, world: Any, client_of: Callable[..., Any]
) -> None:
    client = client_of("instructor")
    asked = {"file": FILE, "text": TEXT.replace("Why weigh?", "Why?"), "line": 13}
    headers = {"Accept": "application/json"}
    answer = client.post("/teach/banks/small/try?lang=en", json=asked, headers=headers).get_json()
    assert answer["item"] == "weighted-sum"
    again = client.post("/teach/banks/small/try?lang=en", json=asked, headers=headers).get_json()
    assert again["task"] == answer["task"]
    with database.writing() as session:
        claimed = rows.claim(session, "me", utc_now())
        assert claimed is not None
        assert claimed.kind == proofs.DRAFT
    assert client.get(answer["result"], headers=headers).status_code == 200
    assert client_of("stranger").get(answer["result"], headers=headers).status_code == 404
    assert client.get(answer["result"].replace("small", "answers"), headers=headers).status_code == 404
    assert len(versions(database)) == 1
    broken = {**asked, "text": TEXT.replace("@pytest.mark.points(6)\n", "")}
    answer = client.post("/teach/banks/small/try?lang=en", json=broken, headers=headers).get_json()
    assert "faults of its own" in answer["problem"]


def test_a_file_that_no_browser_could_edit_makes_no_version(database: Database, now: datetime, tmp_path: Path) -> None:
    (tmp_path / "00 with blanks.md").write_text(TEXT.replace("id: small", "id: blanks"), encoding="utf-8")
    assert bank_versions.read_from(tmp_path) is None
    with database.writing() as session:
        banks.load(session, tmp_path, now)
    assert versions(database, "blanks") == []


def test_a_new_item_is_put_at_the_end_and_not_saved(database: Database, client_of: Callable[..., Any]) -> None:
    client = client_of("instructor")
    for kind in ("coding", "short-answer", "choice", "numeric"):
        assert f"{{#new-{kind}-1}}" in client.get(f"{EDIT}&file={FILE}&add={kind}").text
    assert client.get(f"{EDIT}&file=../x.md").status_code == 404
    assert len(versions(database)) == 1


def test_a_bank_is_given_back_to_its_folder_and_nothing_there_is_lost(
    database: Database, now: datetime, tmp_path: Path, client_of: Callable[..., Any]
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "a.md").write_text(TEXT.replace("id: small", "id: own"), encoding="utf-8")
    with database.writing() as session:
        banks.load(session, folder, now)
    client, changed = client_of("instructor"), TEXT.replace("id: small", "id: own").replace("Why weigh?", "Why?")
    assert client.post("/teach/banks/own/edit", data=form(changed, file="a.md")).status_code == 303
    (folder / "b.md").write_text("somebody's own", encoding="utf-8")
    with database.writing() as session, pytest.raises(WorkshopError, match=r"b\.md holds what no version"):
        give_back(session, "own", None)
    assert "Why weigh?" in (folder / "a.md").read_text(encoding="utf-8")
    (folder / "b.md").unlink()
    with database.writing() as session:
        assert give_back(session, "own", None).number == 2
    assert (folder / "a.md").read_text(encoding="utf-8") == changed
    with database.writing() as session:
        assert not banks.load(session, folder, now)[1].left_alone
        assert session.get_one(Bank, "own").keeper == "folder"
        with pytest.raises(WorkshopError, match="no bank"):
            give_back(session, "nowhere", None)
    assert len(versions(database, "own")) == 2
