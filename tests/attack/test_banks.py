"""Hostile banks: what a suite does to its examiner stays there and is told as the bank's fault, not the student's.

Each file of `banks/` is a bank of one item `double`, graded with its own reference as the submission.  Its comments say
what it tries and what must come of it: `fault` (a `BankFault` whose text `says` matches) or a verdict's status.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader import examiners
from grader.errors import BankFault, Ungradable
from grader.grading import Engine, Grader
from grader.verdict import Status
from questions import parse_bank
from questions.model import Item
from tests.attack.footprint import descendants

BANKS = Path(__file__).parent / "banks"
DATABASE = Path(f"/tmp/attention-attack-database-{os.getpid()}")
NAMED_DATABASE = "/tmp/attention-attack-database"
CONTENT = "canary-database"
RIGHT = b"def double(x):\n    return x + x\n"
GOOD = BANKS / "good.md"
SLOW_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class HostileBank:
    """One file: what it tries and what must come of it."""

    path: Path
    attack: str
    expect: frozenset[str]
    says: str


def read(path: Path) -> HostileBank:
    told = dict(re.findall(r"^<!-- (attack|expect|says): (.*) -->$", path.read_text(), re.MULTILINE))
    return HostileBank(path, told["attack"], frozenset(told["expect"].split(", ")), told.get("says", ""))


def item_of(path: Path) -> Item:
    bank = parse_bank(path.read_text().replace(NAMED_DATABASE, str(DATABASE)), path)
    item = bank.item("double")
    assert item is not None, [str(fault) for fault in bank.faults]
    return item


HOSTILE = [read(path) for path in sorted(BANKS.glob("*.md")) if path != GOOD]


@pytest.fixture(scope="module", autouse=True)
def database() -> Iterator[Path]:
    """A file of the grader's user, such as its database is."""
    DATABASE.write_text(CONTENT)
    yield DATABASE
    DATABASE.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine()
    engine.warm()
    yield engine
    engine.close()


@pytest.fixture
def grader(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grader]:
    monkeypatch.setattr(examiners, "GRACE_SECONDS", 0.5)
    with Grader(engine) as grader:
        yield grader


def came_of(grader: Grader, item: Item) -> tuple[str, str]:
    """What grading gave: "fault" or a status, and the words with it."""
    try:
        verdict = grader.grade(item, RIGHT, seed=0)
    except BankFault as fault:
        return "fault", str(fault)
    except Ungradable as error:
        return "ungradable", str(error)
    return verdict.status.value, " ".join([verdict.explanation.en, *(test.message for test in verdict.tests)])


@pytest.mark.parametrize("bank", HOSTILE, ids=lambda bank: bank.path.stem)
def test_a_hostile_bank_hurts_only_itself(
    bank: HostileBank, grader: Grader, engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    item = item_of(bank.path)
    started = engine.warm()
    began = time.monotonic()
    status, text = came_of(grader, item)
    assert status in bank.expect, text
    assert re.search(bank.says, text), text
    if status == "fault":
        assert str(bank.path) in text or "double" in text, "a fault names its place"
    assert CONTENT not in text
    assert DATABASE.read_text() == CONTENT
    assert DATABASE.stat().st_mode & 0o777 == 0o644 & ~_umask()
    assert DATABASE.stat().st_mtime > 1e9
    if time.monotonic() - began < SLOW_SECONDS:
        assert came_of(grader, item)[0] in bank.expect, "the same again"
    assert engine.warm() == started, "the warm processes are the same"
    assert grader.grade(item_of(GOOD), RIGHT, seed=0).status is Status.PASSED
    assert grader.grade(item_of(GOOD), b"def double(x):\n    return 3 * x\n", seed=0).status is Status.FAILED
    shown = capfd.readouterr()
    assert len(shown.out) + len(shown.err) < 20_000, "a bank's output fills nobody's log"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_every_named_misdeed_has_a_bank() -> None:
    stems = {bank.path.stem for bank in HOSTILE}
    assert len(stems) >= 50
    assert all(bank.attack and bank.expect <= {"fault", "passed", "failed", "ungradable"} for bank in HOSTILE)


def test_a_suite_that_keeps_what_it_is_given_is_started_anew(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    item = item_of(BANKS / "keeps-memory.md")
    assert came_of(grader, item)[0] == "passed"
    (first,) = grader._examiners.values()
    monkeypatch.setattr(examiners, "HEAVY_BYTES", 1)
    assert first.heavy
    assert came_of(grader, item)[0] == "passed"
    (second,) = grader._examiners.values()
    assert second is not first


@contextmanager
def none_left() -> Iterator[None]:
    before = set(descendants(os.getpid()))
    yield
    end = time.monotonic() + 5
    while set(descendants(os.getpid())) - before:
        assert time.monotonic() < end, "a process is left"
        time.sleep(0.05)


def test_no_process_and_no_descriptor_is_left_of_any_of_them() -> None:
    names = ("exits-with-os-exit", "crashes-at-import", "exits-with-sys-exit-at-import", "leaves-a-timer")
    with none_left():
        with Grader() as grader:
            came_of(grader, item_of(GOOD))
            before = len(os.listdir("/proc/self/fd"))
            for name in names * 3:
                came_of(grader, item_of(BANKS / f"{name}.md"))
            grader._drop_all()
            came_of(grader, item_of(GOOD))
            assert len(os.listdir("/proc/self/fd")) <= before
