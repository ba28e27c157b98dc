"""Figures of banks: they travel with the text, an old revision shows its old one, what is no drawing is not shown."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from grader.errors import WorkshopError
from questions.figures import digest_of
from tests.questions.test_figures import DRAWN, FILES, HOSTILE, NAME
from tests.webapp.test_bank_uploads import ADOPT, sent, zipped
from webapp import bank_versions, banks, figures
from webapp.authoring import drawing
from webapp.authoring.giving_back import give_back
from webapp.models import AssignmentItem, BankVersion, Database, Figure, Revision

HERE = Path(__file__).parent
TEXT = (HERE / "small_bank.md").read_text(encoding="utf-8")
SHOWN = TEXT.replace(
    "`weighted_sum(values, weights)`。", "`weighted_sum(values, weights)`。\n\n![两个权重](figures/heat-map.svg)", 1
).replace(
    "Write `weighted_sum(values, weights)`.",
    "Write `weighted_sum(values, weights)`.\n\n![Two weights](figures/heat-map.svg)",
    1,
)
DIGEST = digest_of(DRAWN)
HTML = {"Accept": "text/html"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bank that shows a figure."""
    place = tmp_path / "small"
    (place / "figures").mkdir(parents=True)
    (place / "10-a.md").write_text(SHOWN, encoding="utf-8")
    (place / NAME).write_text(DRAWN, encoding="utf-8")
    return place


def loaded(database: Database, folder: Path, now: datetime, world: Any) -> str:
    """The revision that the bank's coding item has, once it is asked."""
    with database.writing() as session:
        bank, _ = banks.load(session, folder, now)
        item = bank.item("weighted-sum")
        assert item is not None
        session.get_one(AssignmentItem, world.coding).revision = item.revision
        return item.revision


def test_an_item_shows_its_figure_and_says_what_it_shows_in_both_languages(
    database: Database, folder: Path, now: datetime, world: Any, client_of: Callable[..., Any]
) -> None:
    loaded(database, folder, now, world)
    for lang, said in (("zh", "两个权重"), ("en", "Two weights")):
        page = client_of("owner").get(f"/items/{world.coding}?lang={lang}", headers=HTML).text
        assert f'<img alt="{said}" src="/figures/{DIGEST}.svg">' in page


def test_a_figure_is_served_to_whoever_has_its_address_and_can_do_nothing(
    database: Database, folder: Path, now: datetime, world: Any, client_of: Callable[..., Any]
) -> None:
    loaded(database, folder, now, world)
    for who in (None, "owner"):
        answer = client_of(who).get(f"/figures/{DIGEST}.svg?lang=zh")
        assert (answer.status_code, answer.text) == (200, DRAWN)
        headers = answer.headers
        assert headers["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in headers
        assert "Cookie" not in headers.get("Vary", "")
    again = client_of(None).get(f"/figures/{DIGEST}.svg", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    for wrong in ("0" * 32, DIGEST[:-1], DIGEST.upper(), f"{DIGEST}0", "..%2f..%2fx", "heat-map"):
        gone = client_of("owner").get(f"/figures/{wrong}.svg")
        assert gone.status_code == 404
        assert gone.headers["Cache-Control"] == "no-store"
        assert "script-src 'nonce-" in gone.headers["Content-Security-Policy"]


def test_an_old_revision_shows_its_old_figure(
    database: Database, folder: Path, now: datetime, world: Any, client_of: Callable[..., Any]
) -> None:
    before = loaded(database, folder, now, world)
    changed = DRAWN.replace("0.3", "0.4")
    (folder / NAME).write_text(changed, encoding="utf-8")
    with database.writing() as session:
        bank, told = banks.load(session, folder, now)
    item = bank.item("weighted-sum")
    assert item is not None
    assert told.new_revisions == 1
    with database.reading() as session:
        old, new = session.get_one(Revision, before), session.get_one(Revision, item.revision)
        assert old.suite_hash == new.suite_hash
    page = client_of("owner").get(f"/items/{world.coding}", headers=HTML).text
    assert f"/figures/{DIGEST}.svg" in page
    assert client_of(None).get(f"/figures/{DIGEST}.svg").text == DRAWN
    assert client_of(None).get(f"/figures/{digest_of(changed)}.svg").text == changed


def test_what_was_loaded_twice_is_kept_once(database: Database, folder: Path, now: datetime, world: Any) -> None:
    loaded(database, folder, now, world)
    loaded(database, folder, now, world)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Figure)) == 1
        assert session.scalar(select(func.count()).select_from(BankVersion)) == 2
        assert figures.shown_in(session, "nothing") == {}


def test_an_upload_brings_its_figures_and_the_download_has_them(
    database: Database, client_of: Callable[..., Any]
) -> None:
    client = client_of("instructor")
    packed = zipped(*((f"bank/{name}", text) for name, text in FILES.items()), ("bank/figures/notes.txt", "x"))
    page = sent(client, ("bank.zip", packed)).text
    assert "Which one" in page
    fields = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', page)}
    assert fields[f"file-{NAME}"] == DRAWN
    assert client.post(ADOPT, data=fields, content_type="multipart/form-data").status_code == 303
    assert client_of(None).get(f"/figures/{DIGEST}.svg").text == DRAWN
    answer = client.get("/teach/banks/shown/bank.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.read(f"shown/{NAME}").decode() == DRAWN
    assert "heat-map.svg" in client.get("/teach/banks/shown/versions/1?lang=en").text


def test_files_sent_one_by_one_find_their_place(client_of: Callable[..., Any]) -> None:
    page = sent(client_of("instructor"), ("bank.md", FILES["bank.md"].encode()), ("heat-map.svg", DRAWN.encode())).text
    assert f'name="file-{NAME}"' in page
    assert "there is no figure" not in page


SOME = [path for path in HOSTILE if path.stem in ("script", "event", "billion-laughs", "style-url", "laughing-uses")]


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_what_is_no_drawing_is_told_at_upload_and_never_served(
    database: Database, client_of: Callable[..., Any], path: Path
) -> None:
    client, text = client_of("instructor"), path.read_text(encoding="utf-8")
    page = sent(client, ("bank.zip", zipped(("bank.md", FILES["bank.md"]), (NAME, text)))).text
    assert f"{NAME}, line " in page
    fields = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', page)}
    assert client.post(ADOPT, data=fields, content_type="multipart/form-data").status_code == 303
    assert client_of(None).get(f"/figures/{digest_of(text)}.svg").status_code == 404
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Figure)) == 0
        assert session.scalar(select(func.count()).select_from(Revision).where(Revision.bank_id == "shown")) == 0
    edited = client.get(f"/teach/banks/shown/edit?file={NAME}&lang=en").text
    assert "data:image/svg+xml" not in edited
    assert "With faults it is not shown." in edited


def test_the_editor_takes_shows_and_replaces_a_figure(
    database: Database, folder: Path, now: datetime, world: Any, client_of: Callable[..., Any]
) -> None:
    loaded(database, folder, now, world)
    client = client_of("instructor")
    page = client.get(f"/teach/banks/small/edit?file={NAME}&lang=en").text
    assert 'src="data:image/svg+xml;base64,' in page
    shown = client.get("/teach/banks/small/edit?file=10-a.md&lang=en").text
    assert f'src="/figures/{DIGEST}.svg"' in shown
    begun = client.get("/teach/banks/small/edit?file=figures/new.svg&lang=en").text
    assert "viewBox" in begun
    assert digest_of(drawing.BEGUN)
    changed = DRAWN.replace("0.3", "0.5")
    version = re.search(r'name="version" value="(\d+)"', page)[1]  # type: ignore[index]
    data = {"version": version, "figure": (io.BytesIO(changed.encode()), "heat-map.svg")}
    answer = client.post("/teach/banks/small/figures", data=data, content_type="multipart/form-data")
    assert answer.headers["Location"].endswith("file=figures/heat-map.svg&line=1")
    with database.reading() as session:
        newest = bank_versions.newest(session, "small")
        assert newest is not None
        assert newest.files[NAME] == changed
    assert client_of(None).get(f"/figures/{digest_of(changed)}.svg").text == changed
    data = {"version": version, "figure": (io.BytesIO(DRAWN.encode()), "heat-map.svg")}
    stale = client.post("/teach/banks/small/figures", data=data, content_type="multipart/form-data")
    assert stale.status_code == 409
    wrong = (("a.png", b"x"), ("../../x.md", b"x"), ("a.svg", b"\xff"), ("a.svg", b"x" * 200_000), ("", b""))
    for name, content in wrong:
        data = {"version": "3", "figure": (io.BytesIO(content), name)}
        client.post("/teach/banks/small/figures", data=data, content_type="multipart/form-data")
        with database.reading() as session:
            assert session.scalar(select(func.max(BankVersion.number)).where(BankVersion.bank_id == "small")) == 3


def test_a_typed_figure_is_checked_as_it_is_typed(
    database: Database, folder: Path, now: datetime, world: Any, client_of: Callable[..., Any]
) -> None:
    loaded(database, folder, now, world)
    client = client_of("instructor")
    typed = {"file": NAME, "text": DRAWN, "version": 2, "line": 1}
    answer = client.post("/teach/banks/small/check?lang=en", json=typed).get_json()
    assert "data:image/svg+xml" in answer["html"]
    assert answer["faults"] == []
    hostile = DRAWN.replace("<title>", "<script>1</script><title>")
    answer = client.post("/teach/banks/small/check?lang=en", json={**typed, "text": hostile}).get_json()
    assert "data:image/svg+xml" not in answer["html"]
    line = DRAWN[: DRAWN.index("<title>")].count("\n") + 1
    assert [(each["line"], each["severity"]) for each in answer["faults"]] == [(line, "fault")]


def test_a_bank_goes_back_to_its_folder_with_its_figures(
    database: Database, folder: Path, now: datetime, world: Any, client_of: Callable[..., Any]
) -> None:
    loaded(database, folder, now, world)
    client, changed = client_of("instructor"), DRAWN.replace("0.3", "0.6")
    form = {"version": 2, "file": NAME, "text": changed, "action": "save", "line": 1}
    assert client.post("/teach/banks/small/edit", data=form).status_code == 303
    (folder / "figures" / "own.svg").write_text(DRAWN, encoding="utf-8")
    with database.writing() as session, pytest.raises(WorkshopError, match=r"own\.svg holds what no version"):
        give_back(session, "small", None)
    assert (folder / NAME).read_text(encoding="utf-8") == DRAWN
    (folder / "figures" / "own.svg").unlink()
    with database.writing() as session:
        give_back(session, "small", None)
    assert (folder / NAME).read_text(encoding="utf-8") == changed
    with database.writing() as session:
        assert banks.load(session, folder, now)[1].new_revisions == 0


def test_a_bank_of_one_file_takes_along_what_it_shows_and_leaves_others(
    database: Database, folder: Path, now: datetime, world: Any, tmp_path: Path
) -> None:
    (folder / "figures" / "another.svg").write_text(DRAWN, encoding="utf-8")
    with database.writing() as session:
        banks.load(session, folder / "10-a.md", now)
        newest = bank_versions.newest(session, "small")
        assert newest is not None
        assert sorted(newest.files) == ["10-a.md", NAME]
        place = tmp_path / "elsewhere" / "small.md"
        place.parent.mkdir()
        place.write_text(newest.files["10-a.md"], encoding="utf-8")
        give_back(session, "small", place)
    assert (place.parent / NAME).read_text(encoding="utf-8") == DRAWN


def test_public_tests_take_along_what_the_question_shows(
    database: Database, folder: Path, now: datetime, world: Any, client_of: Callable[..., Any]
) -> None:
    loaded(database, folder, now, world)
    answer = client_of("owner").get(f"/items/{world.coding}/public-tests.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.read(f"weighted-sum/{NAME}").decode() == DRAWN
        assert f"![Two weights]({NAME})" in archive.read("weighted-sum/README.md").decode()
