"""What a service must outlast: the corpus twice in any order, and a thousand hostile submissions in a row.

Run with `-s` to see the numbers.
"""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections.abc import Iterator

import pytest

from sandbox.host import HostServer
from tests.attack.arena import Arena, open_arena
from tests.attack.corpus import SUBMISSIONS, Attack, attacks_in, sequences
from tests.attack.footprint import at_rest, descendants, settle, weight
from tests.attack.rounds import open_rounds

SEED = 20260
GRADERS = 3
IN_A_ROW = 1000
EVERY = 50
GROWTH = 1.05
"""How much more memory the fork server may hold in the end."""
SLOWER = 3.0
"""How much longer a right submission may take in the end: other tests share these processors."""
QUICK_SECONDS = 0.25
QUICK = frozenset("exit lie protocol secret privilege carry tamper source network".split())

ALL = sequences(attacks_in(SUBMISSIONS))


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    with open_arena() as opened:
        yield opened


def fork_server(arena: Arena) -> int:
    """Its process id: the keeper's only child."""
    assert arena.engine._sandbox is not None
    host = arena.engine._sandbox._host
    assert isinstance(host, HostServer)
    return descendants(host.keeper)[0]


def test_the_whole_corpus_twice_and_shuffled_leaves_nothing(arena: Arena) -> None:
    order = random.Random(SEED)
    kinds = list({(attack.item, attack.limit_seconds): attack for sequence in ALL for attack in sequence}.values())
    with open_rounds(arena, GRADERS) as rounds:
        # Every grader has seen every item before anything is measured: its examiners are there.
        ready = threading.Barrier(GRADERS)

        def see_everything(one: Arena) -> None:
            ready.wait(60)
            for attack in kinds:
                one.require_full_marks(one.item(attack))

        for seen in [rounds.ask(see_everything) for _ in range(GRADERS)]:
            seen.result()
        server = fork_server(arena)
        before, weighed = at_rest(arena.folder), weight(server)
        found: list[str] = []
        started = time.monotonic()
        for _ in range(2):
            shuffled = order.sample(ALL, len(ALL))
            for done in [rounds.begin(sequence) for sequence in shuffled]:
                found += done.result()
        took = time.monotonic() - started
        left = settle(arena.folder, before)
        grown = weight(server) / weighed
        print(
            f"\ncorpus twice, shuffled: {2 * len(ALL)} sequences in {took:.0f} s with {GRADERS} graders; "
            f"fork server {weighed / 2**20:.1f} MB before, {weight(server) / 2**20:.1f} MB after"
        )
        assert not found, "\n".join(found)
        assert fork_server(arena) == server, "the fork server was started anew"
        assert not left, f"left behind: {left}"
        assert grown < GROWTH


def test_a_thousand_hostile_submissions_in_a_row_neither_slow_nor_stop_it(arena: Arena) -> None:
    quick = [attack for attack in chosen_quick(arena)]
    assert len(quick) > 100
    item = arena.item(quick[0])
    server = fork_server(arena)
    right = [arena.require_full_marks(item) for _ in range(5)]
    before, weighed = at_rest(arena.folder), weight(server)
    started = time.monotonic()
    order = random.Random(SEED)
    later: list[float] = []
    for number in range(IN_A_ROW):
        attack = order.choice(quick)
        graded = arena.grade(arena.item(attack), attack.content)
        assert graded.verdict.status.value in attack.expect, (attack.name, graded.text[:500])
        if number % EVERY == EVERY - 1:
            later.append(arena.require_full_marks(item))
    took = time.monotonic() - started
    each = 1000 * took / IN_A_ROW
    print(
        f"\n{IN_A_ROW} in a row from {len(quick)} files: {took:.1f} s, {each:.0f} ms each; right ones "
        f"{1000 * statistics.median(right):.0f} ms before, {1000 * statistics.median(later[-5:]):.0f} ms at the end; "
        f"fork server {weighed / 2**20:.1f} MB before, {weight(server) / 2**20:.1f} MB after"
    )
    assert fork_server(arena) == server
    assert statistics.median(later[-5:]) < SLOWER * max(statistics.median(right), statistics.median(later[:5]))
    assert weight(server) < GROWTH * weighed
    assert not (left := settle(arena.folder, before)), left


def chosen_quick(arena: Arena) -> Iterator[Attack]:
    """Those that stand alone and cost little, of every family that is not about spending."""
    for sequence in ALL:
        (attack, *more) = sequence
        if more or attack.family not in QUICK or attack.repeat > 1:
            continue
        if arena.grade(arena.item(attack), attack.content).seconds < QUICK_SECONDS:
            yield attack
