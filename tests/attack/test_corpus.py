"""Every hostile submission gets the verdict its file states, never full marks, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.arena import Arena, harmless_complaints, open_arena
from tests.attack.corpus import HARMLESS, SUBMISSIONS, Attack, attacks_in, sequences

ATTACKS = attacks_in(SUBMISSIONS)
REPOSITORY = Path(__file__).parents[2]
FAMILIES = frozenset("exit hang bomb tamper lie protocol secret leftover network privilege carry probe source".split())


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    """One grader for this test process, as a worker has it."""
    with open_arena() as opened:
        yield opened


def test_the_corpus_covers_every_family_with_at_least_120_files() -> None:
    assert len(ATTACKS) >= 120
    assert {attack.family for attack in ATTACKS} == FAMILIES
    assert not [attack.name for attack in ATTACKS if "passed" in attack.expect]


@pytest.mark.parametrize("sequence", sequences(ATTACKS), ids=lambda sequence: sequence[0].name)
def test_a_hostile_submission_is_held(arena: Arena, sequence: tuple[Attack, ...]) -> None:
    found = arena.found(sequence)
    found += [f"left behind: {left}"] if (left := arena.left_behind()) else []
    assert not found, "\n".join(found)


@pytest.mark.parametrize("attack", attacks_in(HARMLESS), ids=lambda attack: attack.name)
def test_an_odd_but_right_submission_gets_full_marks(arena: Arena, attack: Attack) -> None:
    item = arena.item(attack)
    found = list(harmless_complaints(attack, arena.grade(item, attack.content), item, arena.canaries))
    found += [f"left behind: {left}"] if (left := arena.left_behind()) else []
    assert not found, "\n".join(found)


@pytest.mark.skipif(os.geteuid() != 0, reason="this run already is an ordinary user's")
def test_the_corpus_passes_for_an_ordinary_user_too() -> None:
    from tests.ordinary_user import command_prefix

    pytest_here = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "-p",
        "no:cacheprovider",
        "--no-header",
        "--tb=short",
    ]
    command = [*command_prefix(), *pytest_here, "tests/attack/test_corpus.py", "tests/attack/test_banks.py"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
