"""Banks are read by several threads at once: every request of the web application may read one, a worker grades two."""

from __future__ import annotations

import gc
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.commands.banks import shipped_banks
from grader.examiner.spec import spec_of
from questions import Kind, load_bank
from questions.python_code import syntax_tree

SOURCE = "".join(f"def f{number}(a, b=(1, [2, {{3: 4}}])):\n    return [a, (b, {{a: [b]}})]\n" for number in range(200))


@pytest.fixture
def hasty():
    """Threads take turns a thousand times as often, and collecting garbage runs Python code, as it does in a server."""
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(200)
    gc.callbacks.append(_let_others_go_on)
    yield
    gc.callbacks.remove(_let_others_go_on)
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(interval)


def _let_others_go_on(_phase: str, _found: dict[str, int]) -> None:
    time.sleep(0)


@pytest.mark.usefixtures("hasty")
def test_syntax_trees_are_made_by_one_thread_at_a_time():
    with ThreadPoolExecutor(8) as pool:
        trees = list(pool.map(lambda _: syntax_tree(SOURCE), range(60)))
    assert {len(tree.body) for tree in trees} == {200}


@pytest.mark.usefixtures("hasty")
def test_two_threads_make_ready_to_grade_at_once():
    items = [item for item in load_bank(shipped_banks() / "attention").items if item.kind is Kind.CODING][:8]
    with ThreadPoolExecutor(8) as pool:
        specs = list(pool.map(spec_of, items * 6))
    assert [spec.item for spec in specs] == [f"{item.bank}/{item.id}" for item in items] * 6
