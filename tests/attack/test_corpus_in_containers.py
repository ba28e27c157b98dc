"""The whole corpus against the real `sandbox` container, in either jail: the verdicts are the same, and nothing stays.

Several graders share the container, as workers do, so that attacks of different students also meet each other.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.placement import Socket
from tests.attack.arena import Arena, harmless_complaints, open_arena
from tests.attack.corpus import HARMLESS, SUBMISSIONS, Attack, attacks_in, sequences
from tests.attack.footprint import weight
from tests.attack.rounds import Rounds, open_rounds
from tests.compose.containers import JAILS, Container, available, running_container

SEQUENCES = {sequence[0].name: sequence for sequence in sequences(attacks_in(SUBMISSIONS))}
GROWTH = 1.05
PROMISES = Path(__file__).parents[2] / "docs" / "security.md"
SECONDS = 5.0
FILES = "find /tmp /slots /dev/shm /run/workshop -mindepth 1 -not -type d 2>/dev/null; tail -n +2 /proc/sysvipc/shm"
"""Printed inside: everything that could be left where something can be written."""
OURS = re.compile(r"/run/workshop/sandbox\.(sock|lock)|/tmp/workshop-sandbox-\w+/log")


@dataclass(frozen=True, slots=True)
class Placed:
    """A container, graders over it, and what was asked of them already."""

    container: Container
    arena: Arena
    rounds: Rounds
    begun: dict[str, Future[list[str]]]


@pytest.fixture(scope="module", params=JAILS)
def placed(request: pytest.FixtureRequest) -> Iterator[Placed]:
    """All attacks that were chosen are begun at once; each test waits for its own."""
    if reason := available():
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with ExitStack() as stack:
        container = stack.enter_context(running_container(request.param))
        arena = stack.enter_context(open_arena(Socket(container.path)))
        rounds = stack.enter_context(open_rounds(arena))
        wanted = dict.fromkeys(
            item.callspec.params["name"]
            for item in request.session.items
            if item.path == request.path and getattr(item, "callspec", None) and "name" in item.callspec.params
        )
        held = [name for name in wanted if SEQUENCES[name][0].jail in (None, request.param)]
        yield Placed(container, arena, rounds, {name: rounds.begin(SEQUENCES[name]) for name in held})


@pytest.mark.parametrize("name", SEQUENCES)
def test_a_hostile_submission_is_held_in_a_container(placed: Placed, name: str) -> None:
    if name not in placed.begun:  # what this jail does not promise to hold must be told
        assert f"`{re.sub(r'-1$', '-*', name)}`" in PROMISES.read_text(encoding="utf-8")
        return
    found = placed.begun[name].result()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("attack", attacks_in(HARMLESS), ids=lambda attack: attack.name)
def test_an_odd_but_right_submission_gets_full_marks_in_a_container(placed: Placed, attack: Attack) -> None:
    def complain(arena: Arena) -> list[str]:
        item = arena.item(attack)
        return list(harmless_complaints(attack, arena.grade(item, attack.content), item, arena.canaries))

    found = placed.rounds.ask(complain).result()
    assert not found, "\n".join(found)


def test_nothing_stays_in_the_container(placed: Placed) -> None:
    """Processes, files, shared memory and the server's own weight, after whatever of the corpus was run."""
    attack = SEQUENCES["exit-at-import"][0]
    for _ in range(2):
        placed.rounds.ask(lambda arena: arena.require_full_marks(arena.item(attack))).result()
    left = placed.container.execute("sh", "-c", FILES).split()
    assert [name for name in left if not OURS.fullmatch(name)] == []
    placed.rounds.everyone(lambda arena: arena.rest())
    until = time.monotonic() + SECONDS
    while len(processes := placed.container.pids()) > 3 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(processes) == 3, f"the service, its keeper and the fork server, not {processes}"
    assert placed.container.inspect()["RestartCount"] == 0
    assert "ended" not in placed.container.logs()
    server = max(processes)
    before = weight(server)
    for name in ("bomb-memory-torch-ones", "tamper-ctypes-true", "leftover-full-folder-1", "exit-segfault"):
        assert not placed.rounds.begin(SEQUENCES[name]).result()
    placed.rounds.ask(lambda arena: arena.require_full_marks(arena.item(attack))).result()
    assert weight(server) < GROWTH * before
