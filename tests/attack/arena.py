"""A real grader in a folder of its own, with planted items, and what must hold of every verdict that leaves it."""

from __future__ import annotations

import json
import os
import re
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.documents import verdict_to_json
from grader.grading import Engine, Grader, Scope
from grader.verdict import Status, TestStatus, Verdict
from questions import load_bank
from questions.model import Bank, Item
from sandbox.model import JobLimits
from sandbox.placement import Placement
from tests.attack.corpus import Attack
from tests.attack.footprint import Footprint, at_rest, settle
from tests.attack.planted import NUMBER, Canaries, new_canaries, plant

SEED = 0
MARGIN_SECONDS = 10.0
"""For starting an examiner and for a busy machine, on top of the wall limit."""
MAX_DOCUMENT = 2**20

_CARRIED = re.compile(rf"{NUMBER}|{NUMBER:x}|{str(NUMBER)[::-1]}")
_SHOWN_CONTROLS = frozenset("\n\t")
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@cache
def shipped_bank() -> Bank:
    """The bank this product ships with."""
    import questions

    return load_bank(Path(questions.__file__).parent / "banks" / "attention")


@cache
def own_bank() -> Bank:
    """An item whose tests measure."""
    return load_bank(Path(__file__).with_name("measured.md"))


@dataclass(frozen=True, slots=True)
class Graded:
    """A verdict, its JSON text without hashes, and how long it took."""

    verdict: Verdict
    text: str
    seconds: float


class Arena:
    """Grades attacks on planted items; one per test process, like a worker's grader."""

    def __init__(self, engine: Engine, folder: Path, canaries: Canaries) -> None:
        self.engine = engine
        self.folder = folder
        self.canaries = canaries
        self._grader = Grader(engine)
        self._items: dict[tuple[str, float], Item] = {}
        self._before: Footprint | None = None

    def rest(self) -> None:
        """Let the examiners go, and with them their spare candidates; the next attack starts others."""
        self._grader.close()

    def item(self, attack: Attack) -> Item:
        """The planted item that `attack` is graded on, its examiner warm and a right submission just graded."""
        key = (attack.item, attack.limit_seconds)
        if key not in self._items:
            item = shipped_bank().item(attack.item) or own_bank().item(attack.item)
            assert item is not None, f"{attack.path}: the bank has no item {attack.item!r}"
            planted = plant(item, attack.limit_seconds, self.canaries)
            self._items[key] = planted
            self.require_full_marks(planted)
            self._before = at_rest(self.folder)
        return self._items[key]

    def grade(self, item: Item, content: bytes, *, run: bool = False) -> Graded:
        """One verdict, timed; with `run` as the Run button asks for it."""
        start = time.monotonic()
        verdict = self._grader.grade(item, content, seed=SEED, scope=Scope.PUBLIC if run else Scope.ALL, program=run)
        seconds = time.monotonic() - start
        document = verdict_to_json(verdict)
        for key in ("revision", "suite"):
            document.pop(key)
        return Graded(verdict, json.dumps(document, ensure_ascii=False), seconds)

    def require_full_marks(self, item: Item) -> float:
        """The reference, with a word of its own in it, as a submission; gives its seconds."""
        assert item.reference is not None
        graded = self.grade(item, f'{item.reference.source}\n\n_kept = "{self.canaries.earlier}"\n'.encode())
        assert graded.verdict.status is Status.PASSED, f"a right submission got {graded.text[:4000]}"
        return graded.seconds

    def left_behind(self) -> str:
        """What the grader has more of than before its first attack, after it had time to clean up."""
        assert self._before is not None
        return settle(self.folder, self._before)

    def sibling(self) -> Arena:
        """Another grader beside this one, with the same fork server and the same secrets."""
        return Arena(self.engine, self.folder, self.canaries)

    def found(self, sequence: tuple[Attack, ...]) -> list[str]:
        """Grade attacks one after the other and a right submission after them; everything that must not be."""
        found = []
        for attack in sequence:
            item = self.item(attack)
            graded = self.grade(item, attack.content, run=attack.run)
            found += [f"{attack.name}: {text}" for text in complaints(attack, graded, item, self.canaries)]
        self.require_full_marks(item)
        return found

    def close(self) -> None:
        """End this grader's examiners."""
        self._grader.close()


@contextmanager
def open_arena(placement: Placement | None = None) -> Iterator[Arena]:
    """An arena with canaries in its environment and its folder."""
    kept = {name: os.environ.get(name) for name in ("TMPDIR", "ATTENTION_CANARY")}
    canaries = new_canaries()
    with tempfile.TemporaryDirectory(prefix="arena-") as name:
        folder = Path(name)
        (folder / "secret.txt").write_text(canaries.file)
        os.environ["TMPDIR"] = name
        os.environ["ATTENTION_CANARY"] = canaries.environment
        tempfile.tempdir = None
        try:
            with closing(Engine(placement)) as engine:
                engine.warm()
                with closing(Arena(engine, folder, canaries)) as arena:
                    yield arena
        finally:
            for key, value in kept.items():
                if value is None:
                    os.environ.pop(key, None)
                else:
                    os.environ[key] = value
            tempfile.tempdir = None


def complaints(attack: Attack, graded: Graded, item: Item, canaries: Canaries) -> Iterator[str]:
    """Everything about a verdict that must not be; nothing when the attack was held."""
    verdict, text = graded.verdict, graded.text
    if verdict.status.value not in attack.expect:
        yield f"status {verdict.status}, expected {', '.join(sorted(attack.expect))}"
    if verdict.status is Status.PASSED or verdict.score >= verdict.max_score:
        yield f"full marks: {verdict.score} of {verdict.max_score}"
    if verdict.score > attack.at_most * verdict.max_score:
        yield f"{verdict.score} of {verdict.max_score} points, at most {attack.at_most:.0%}"
    if attack.says is not None and not re.search(attack.says, text):
        yield f"the verdict does not say {attack.says!r}: the attack did not run to its end"
    yield from _shared_complaints(attack, graded, item, canaries)


def harmless_complaints(attack: Attack, graded: Graded, item: Item, canaries: Canaries) -> Iterator[str]:
    """Everything that keeps a right submission from its marks."""
    if graded.verdict.status is not Status.PASSED:
        yield f"status {graded.verdict.status}: {graded.text[:3000]}"
    yield from _shared_complaints(attack, graded, item, canaries)


def _shared_complaints(attack: Attack, graded: Graded, item: Item, canaries: Canaries) -> Iterator[str]:
    verdict, text = graded.verdict, graded.text
    if "BREACH" in text:
        yield f"breached: {text[max(0, text.index('BREACH') - 40) :][:400]}"
    for canary in canaries:
        if canary in text or canary[::-1] in text:
            yield f"a planted word came out: {canary[:14]}…"
    if match := _CARRIED.search(text):
        yield f"a hidden input came out: …{text[max(0, match.start() - 120) : match.end() + 60]}…"
    if len(text) > MAX_DOCUMENT:
        yield f"a verdict of {len(text)} characters"
    if bad := sorted({f"U+{ord(char):04X}" for char in _strings(verdict_to_json(verdict)) if _unshowable(char)}):
        yield f"characters that no page should get: {', '.join(bad[:8])}"
    begun = any(result.hidden and result.status is not TestStatus.NOT_RUN for result in verdict.tests)
    if verdict.at and begun:
        yield "lines are told of hidden tests"
    told_of = (*verdict.at, *(verdict.program.at if verdict.program is not None else ()))
    if any(line > attack.content.count(b"\n") + 1 for line in told_of):
        yield "a line is told that the file has not"
    allowed = JobLimits(cpu_seconds=attack.limit_seconds).wall + MARGIN_SECONDS
    if attack.run:
        allowed += JobLimits(cpu_seconds=attack.limit_seconds / 2).wall
    if graded.seconds > allowed:
        yield f"took {graded.seconds:.1f} s, at most {allowed:.1f}"
    named = {spec.name for spec in item.test_specs}
    if {result.name for result in verdict.tests} - named:
        yield "tests that the bank does not have"
    for result in verdict.tests:
        if result.points and result.status is not TestStatus.PASSED:
            yield f"points for {result.name}, which did not pass"
        shown = result.comparison, result.call, result.inputs, result.outcome
        told = any(shown) or "\n" in result.message
        if result.hidden and result.status is not TestStatus.PASSED and told:
            yield f"the hidden test {result.name} shows more than its title and an error type"


def _unshowable(char: str) -> bool:
    kind = unicodedata.category(char)
    return (kind == "Cc" and char not in _SHOWN_CONTROLS) or kind == "Cs" or char in _REORDERING


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from value
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from key
            yield from _strings(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _strings(entry)
