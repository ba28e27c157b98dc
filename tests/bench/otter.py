"""Otter-Grader from PyPI: installed below build/ on demand, `otter run` for each submission."""

from __future__ import annotations

from tests.bench.contenders import CannotRun, Contender


def otter(jobs: int) -> Contender:
    raise CannotRun("not yet")
