"""Banks are read by several threads at once: every request of the web application may read one."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from questions.python_code import syntax_tree

SOURCE = "".join(f"def f{number}(a, b=(1, [2, {{3: 4}}])):\n    return [a, (b, {{a: [b]}})]\n" for number in range(200))


@pytest.fixture
def hasty():
    """Threads take turns a thousand times as often."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_syntax_trees_are_made_by_one_thread_at_a_time():
    with ThreadPoolExecutor(8) as pool:
        trees = list(pool.map(lambda _: syntax_tree(SOURCE), range(60)))
    assert {len(tree.body) for tree in trees} == {200}
