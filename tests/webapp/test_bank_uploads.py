"""Banks that arrive as archives and files: looked at first, all or nothing, hostile ones refused with the reason."""

from __future__ import annotations

import gzip
import io
import re
import struct
import tarfile
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.archive_corpus import CASES
from webapp.models import Audit, Bank, BankVersion, Database, Revision

HERE = Path(__file__).parent
TEXT = (HERE / "small_bank.md").read_text(encoding="utf-8").replace("id: small", "id: sent")
UPLOAD, ADOPT = "/teach/banks/-/upload?lang=en", "/teach/banks/-/adopt?lang=en"


def zipped(*entries: tuple[str, str | bytes], mode: int = 0) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return packed.getvalue()


def tarred(*members: tarfile.TarInfo) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"x" * member.size))
    return packed.getvalue()


def linked(kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo("bank/10.md")
    member.type, member.linkname = kind, "/etc/passwd"
    return member


def encrypted() -> bytes:
    """Two flags say so; the content is never looked at."""
    packed = bytearray(zipped(("a.md", TEXT)))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = packed.index(mark) + at
        packed[place : place + 2] = struct.pack("<H", 1)
    return bytes(packed)


def sent(client: Any, *files: tuple[str, bytes], address: str = UPLOAD) -> Any:
    data = {"files": [(io.BytesIO(content), name) for name, content in files]}
    return client.post(address, data=data, content_type="multipart/form-data")


def nothing_new(database: Database) -> bool:
    with database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(each)) for each in (Bank, BankVersion, Revision)]
    return counts == [1, 1, 2]


HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "traversal": ("b.zip", zipped(("../../evil.md", TEXT)), "leads out of the archive"),
    "deep traversal": ("b.zip", zipped(("ok.md", TEXT), ("bank/../../x.md", TEXT)), "leads out of the archive"),
    "absolute": ("b.zip", zipped(("/etc/cron.d/x.md", TEXT)), "absolute"),
    "drive": ("b.zip", zipped(("C:/x.md", TEXT)), "absolute"),
    "backslash": ("b.zip", zipped(("bank\\x.md", TEXT)), "leads out|backslash"),
    "symbolic link in a zip": ("b.zip", zipped(("a.md", "/etc/passwd"), mode=0o120777), "a link"),
    "symbolic link in a tar": ("b.tgz", tarred(linked(tarfile.SYMTYPE)), "a link"),
    "hard link": ("b.tgz", tarred(linked(tarfile.LNKTYPE)), "a link"),
    "device": ("b.tgz", tarred(linked(tarfile.CHRTYPE)), "no file"),
    "bomb": ("b.zip", zipped(*((f"{n}.md", "a" * 2_000_000) for n in range(9))), "too large|very much more|more than"),
    "many entries": ("b.zip", zipped(*((f"{n}.md", "a") for n in range(1_200))), "entries"),
    "many files": ("b.zip", zipped(*((f"{n}.md", "a") for n in range(150))), "more than can be kept"),
    "encrypted": ("b.zip", encrypted(), "encrypted"),
    "cut off": ("b.zip", zipped(("a.md", TEXT))[:-40], "cut off|neither a zip"),
    "archive in an archive": ("b.zip", zipped(("in.zip", zipped(("a.md", TEXT)))), "archive in an archive"),
    "gb 18030": ("a.md", TEXT.encode("gb18030"), "not UTF-8"),
    "utf-16": ("a.md", TEXT.encode("utf-16"), "save it as UTF-8"),
    "latin-1": ("b.zip", zipped(("a.md", "caf\xe9".encode("latin-1"))), "not UTF-8"),
    "binary": ("a.md", b"\x7fELF\0\0\0", "no text"),
    "program": ("b.zip", zipped(("a.md", TEXT), ("run.exe", b"MZ")), "no part of a bank"),
    "several folders": ("b.zip", zipped(("a/1.md", TEXT), ("b/1.md", TEXT)), "several folders"),
    "twice": ("b.zip", zipped(("a.md", TEXT), ("A.md", TEXT)), "same path"),
    "direction marks": ("b.zip", zipped(("a\u202edm.md", TEXT)), "control characters or direction marks"),
    "strange name": ("b.zip", zipped(("a b;rm -rf.md", TEXT)), "ends in .md"),
    "long text": ("a.md", b"a" * 700_000, "more than can be kept"),
    "no markdown": ("b.zip", zipped(("a.py", "x")), "no Markdown"),
    "empty": ("b.zip", zipped(), "no Markdown"),
    "nothing": ("", b"", "Choose a zip"),
    "hostile id": ("a.md", TEXT.replace("id: sent", "id: ../../x").encode(), "|"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_bank_is_refused_with_its_reason_and_nothing_is_stored(
    database: Database, client_of: Callable[..., Any], name: str
) -> None:
    file, content, said = HOSTILE[name]
    answer = sent(client_of("instructor"), (file, content))
    assert answer.status_code == (200 if said == "|" else 422)
    assert re.search(said, unescape(answer.text))
    assert nothing_new(database)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_archive_of_the_corpus_gets_anything_stored(
    database: Database, client_of: Callable[..., Any], case: Any
) -> None:
    answer = sent(client_of("instructor"), ("bank.zip", case.make()))
    assert answer.status_code in (200, 413, 422)
    assert nothing_new(database)


def test_an_upload_is_looked_at_and_then_taken(database: Database, world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("instructor")
    packed = zipped(
        ("bank/10-a.md", TEXT), ("bank/README.md", "# Read me"), ("__MACOSX/x", "y"), ("bank/x.png", b"\x89")
    )
    page = sent(client, ("bank.zip", packed)).text
    assert "This is what was read. Nothing is stored yet." in page
    assert "Weighted sum" in page
    assert "bank/README.md" in page
    assert nothing_new(database)
    fields = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', page)}
    assert fields["file-10-a.md"] == TEXT
    answer = client.post(ADOPT, data={**fields, "message": "from git"}, content_type="multipart/form-data")
    assert answer.headers["Location"].endswith("/teach/banks/sent")
    with database.reading() as session:
        bank = session.get_one(Bank, "sent")
        assert (bank.keeper, bank.source) == ("workshop", "")
        version = session.scalars(select(BankVersion).where(BankVersion.bank_id == "sent")).one()
        assert (version.number, version.message, version.author_id) == (1, "from git", world.people["instructor"])
        assert session.scalars(select(Audit.action).where(Audit.subject == "bank:sent")).all() == ["bank-adopt"]
    assert "Nothing has changed" in client.post(ADOPT, data=fields).text
    fields["file-10-a.md"] += "\n"
    assert client.post(ADOPT, data=fields).status_code == 409, "the same once more would be over somebody's work"


def test_an_upload_over_a_bank_says_what_goes_and_takes_nobodys_saving(
    database: Database, client_of: Callable[..., Any]
) -> None:
    client, text = client_of("instructor"), TEXT.replace("id: sent", "id: small").replace("{#why}", "{#why-not}")
    page = sent(client, ("small_bank.md", text.encode())).text
    assert "1 item of the bank is not in this upload" in page
    assert "kept by its folder so far" in page
    fields = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', page)}
    theirs = {"file": "small_bank.md", "version": "1", "text": text + "\n", "action": "save"}
    client_of("stranger").post("/teach/banks/small/edit", data=theirs)
    answer = client.post(ADOPT, data=fields)
    assert answer.status_code == 409
    assert "Somebody has saved this bank meanwhile" in answer.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(BankVersion)) == 2


@pytest.mark.parametrize(
    "changes",
    [{"id": "other"}, {"id": "../x"}, {"file-../x.md": "a"}, {"file-a.py": "a"}, {"file-b.md": "x" * 600_000}],
    ids=range(5),
)  # fmt: skip
def test_what_is_taken_is_read_again(
    database: Database, client_of: Callable[..., Any], changes: dict[str, str]
) -> None:
    fields = {"id": "sent", "version": "0", "file-a.md": TEXT, **changes}
    answer = client_of("instructor").post(ADOPT, data=fields, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert nothing_new(database)


def test_a_bank_is_begun_with_an_item_that_reads_well(database: Database, client_of: Callable[..., Any]) -> None:
    client = client_of("stranger")
    for kind in ("coding", "short-answer", "choice", "numeric"):
        assert client.post("/teach/banks/-/new", data={"id": f"my-{kind}", "kind": kind}).status_code == 303
        with database.reading() as session:
            (item,) = session.get_one(Bank, f"my-{kind}").report["items"]
        assert item["servable"]
    assert client.post("/teach/banks/-/new", data={"id": "small", "kind": "coding"}).status_code == 409
    for bad in ("", "A", "a/b", "../x", "x" * 65, "-"):
        assert client.post("/teach/banks/-/new", data={"id": bad, "kind": "coding"}).status_code == 422
    assert client.post("/teach/banks/-/new", data={"id": "fine", "kind": "essay"}).status_code == 422
    assert client_of("assistant").post("/teach/banks/-/new", data={"id": "a", "kind": "coding"}).status_code == 403


def test_a_gzip_bomb_costs_no_memory(client_of: Callable[..., Any]) -> None:
    bomb = gzip.compress(b"\0" * 300_000_000, 9)
    assert sent(client_of("instructor"), ("b.tgz", bomb)).status_code == 422
