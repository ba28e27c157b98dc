"""A suite is not run again for replies it has seen: what is told stays the same, and who answers anew is looked at."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import replace
from typing import Any

import pytest
import torch

from grader.documents import verdict_to_json
from grader.examiner import judge, recalling
from grader.examiner.session import SuiteSession
from grader.examiner.spec import Assignment, Scope, spec_of
from grader.verdict import Status, Verdict
from sandbox.client import Connection
from tests.bench.mix import every_coding_item, known_of

OF_EACH = 2
SEES_WHAT_DIFFERS = re.compile(r"\b(measure|seed|manual_seed)\b")
"""A suite that measures, or a reference that takes a seed, is run each time."""
RIGHT = "def double(x):\n    return 2 * x\n"
TWICE = '''@pytest.mark.points(10)
def test_two(submission):
    """Doubles two."""
    torch.testing.assert_close(submission.double(torch.tensor(2.0)), torch.tensor(4.0))'''
COUNTING = '''def count(seen=[]):
    seen.append(1)
    return float(len(seen))


@pytest.mark.points(10)
def test_runs(submission):
    """Doubles another number each time."""
    number = torch.tensor(count())
    torch.testing.assert_close(submission.double(torch.tensor(0.5)), torch.tensor(1.0))
    torch.testing.assert_close(submission.double(number), 2 * number)'''


class Suite:
    """An examiner's work in this process; `recalled` tells of the last submission whether its suite was left out."""

    def __init__(self, item: Any, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
        self.session = SuiteSession(spec_of(item))
        self._connection = connection
        self.recalled = False
        walk = recalling.Recalling.walk

        def noted(channel: recalling.Recalling, about: str) -> recalling.Told | None:
            told = walk(channel, about)
            self.recalled = told is not None
            return told

        monkeypatch.setattr(recalling.Recalling, "walk", noted)

    def judge(self, source: str, scope: Scope = Scope.ALL) -> Verdict:
        self.recalled = False
        return judge.judge(self.session, self._connection, Assignment(source, 0, scope))


@pytest.fixture
def suite(engine, make_item, monkeypatch):
    """An item's suite, judged in this process."""
    assert_close = torch.testing.assert_close
    with Connection(engine.sandbox_path()) as connection:
        yield lambda item=None: Suite(item or make_item(), connection, monkeypatch)
    torch.testing.assert_close = assert_close


def told(verdict: Verdict) -> str:
    """All of a verdict but what is measured."""
    tests = tuple(replace(test, seconds=0.0) for test in verdict.tests)
    document = verdict_to_json(replace(verdict, tests=tests))
    return json.dumps({**document, "resources": None}, sort_keys=True, ensure_ascii=False)


@pytest.mark.parametrize("item", every_coding_item(), ids=lambda item: item.id)
def test_documents_are_the_same_whether_a_suite_ran_or_was_recalled(suite, item) -> None:
    anew, remembering = suite(item), suite(item)
    anew.session.__dict__["foreseeable"] = False
    recalls = remembering.session.foreseeable
    if not recalls:
        assert SEES_WHAT_DIFFERS.search(item.tests.source + item.reference.source), "this suite could be recalled"
        return
    chosen = [known for group in known_of(item) for known in group[:: max(1, len(group) // OF_EACH)]]
    recalled = 0
    for submission in chosen:
        expected = told(anew.judge(submission.source))
        assert not anew.recalled
        for more in ("", "\n# another\n", "\n# a third\n"):
            assert told(remembering.judge(submission.source + more)) == expected, submission.label
            recalled += remembering.recalled
    assert recalled >= len(chosen)  # not where a submission ends early, or answers otherwise each time


def test_a_suite_is_left_out_only_for_what_it_has_been_answered_before(suite) -> None:
    one = suite()
    assert one.judge(RIGHT).status is Status.PASSED
    assert not one.recalled
    assert one.judge("def double(number):\n    return number + number\n").status is Status.PASSED
    assert one.recalled
    assert one.judge("def double(x):\n    return 2 * x if x.numel() != 5 else x\n").score == 5
    assert not one.recalled
    assert one.judge("def double(x):\n    return 2 * x if len(x.reshape(-1)) != 5 else x\n").score == 5
    assert one.recalled


def test_helpers_of_a_submission_are_nothing_to_its_suite(suite) -> None:
    one = suite()
    one.judge(RIGHT)
    assert one.judge(f"def helper(x):\n    return x\n\n\n{RIGHT}").status is Status.PASSED
    assert one.recalled
    assert one.judge(f"class double:\n    pass\n\n\n{RIGHT.replace('2 *', '3 *')}").status is Status.FAILED


def test_the_public_tests_alone_are_remembered_apart(suite) -> None:
    one = suite()
    one.judge(RIGHT)
    assert [test.name for test in one.judge(RIGHT, Scope.PUBLIC).tests] == ["test_two", "test_many"]
    assert not one.recalled
    assert len(one.judge(RIGHT).tests) == 3
    assert one.recalled


def test_what_a_recalled_submission_prints_is_shown(suite) -> None:
    one = suite()
    one.judge(RIGHT)
    assert one.judge(f"print('hello')\n{RIGHT}").output.stdout == "hello\n"
    assert one.recalled
    assert one.judge("def double(x):\n    print('now')\n    return 2 * x\n").output.stdout == "now\nnow\n"
    assert not one.recalled


def test_a_submission_that_ends_on_the_way_is_judged_by_the_suite_itself(suite) -> None:
    one = suite()
    one.judge(RIGHT)
    verdict = one.judge("import os\ndef double(x):\n    return 2 * x if x.dim() < 2 else os._exit(3)\n")
    assert (verdict.status, verdict.score) == (Status.CRASHED, 2)
    assert [test.status.value for test in verdict.tests] == ["passed", "error", "not-run"]


def test_a_suite_that_contradicts_itself_is_run_for_every_submission_from_then_on(suite, make_item, caplog) -> None:
    one = suite(make_item(COUNTING))
    with caplog.at_level(logging.WARNING):
        assert one.judge(RIGHT).status is Status.PASSED
        assert one.judge("def double(x):\n    return 2 * x if x in (0.5, 1) else x\n").status is Status.FAILED
        assert one.judge(RIGHT).status is Status.PASSED
        assert not one.recalled
    assert sum("does not ask the same twice" in record.message for record in caplog.records) == 1


def test_a_number_by_its_name_is_no_reason_to_run_a_suite_each_time() -> None:
    assert recalling.foreseeable([TWICE, 'INF, ONE = float("-inf"), int("1")'])


@pytest.mark.parametrize(
    "line",
    [
        "import time", "from time import perf_counter", "import os", "from torch.utils import benchmark",
        "import torch.utils.benchmark", "from random import SystemRandom", "A = open", "def f(): global A",
        "torch.seed()", "def test(request): pass", "A = id(torch)", "from . import x", "import numpy",
        "SEEN = []", "MADE = dict()", "from functools import cache", "SEEN = float([])\nfloat = list",
        "SEEN = float([])\ndef float(x): return x", "SEEN = float([])\nfrom types import SimpleNamespace as float",
    ],
)  # fmt: skip
def test_a_suite_that_can_see_what_differs_is_not_foreseen(line: str) -> None:
    assert recalling.foreseeable([TWICE])
    assert not recalling.foreseeable([TWICE, line])


def test_a_suite_that_hands_the_submission_on_may_see_all_of_it() -> None:
    assert recalling.only_by_name(TWICE)
    assert not recalling.only_by_name("def test(submission):\n    assert hasattr(submission, 'double')\n")


def test_what_is_kept_has_an_end(monkeypatch) -> None:
    monkeypatch.setattr(recalling, "MAX_BYTES", 100)
    memory = recalling.Memory(usable=True)
    for number in range(50):
        memory.keep(bytes([number]), recalling._Turn((bytes([number]) * 30,)))
        assert len(memory._turns) <= 4
    assert memory.turn(bytes([49])) is not None


def test_what_is_sent_to_all_is_kept_once(monkeypatch) -> None:
    monkeypatch.setattr(recalling, "MAX_BYTES", 100)
    memory = recalling.Memory(usable=True)
    for number in range(50):
        memory.keep(bytes([number]), recalling._Turn((b"the same to all" * 2,)))
    assert len({id(memory.turn(bytes([number])).acts[0]) for number in range(50)}) == 1


def test_a_body_that_reads_like_the_next_reply_is_not_taken_for_it() -> None:
    def state(*replies: tuple[bytes, bytes]) -> bytes:
        listening = recalling.Recalling(None, recalling.Memory(usable=True))  # type: ignore[arg-type]
        for raw, body in replies:
            listening._hear(bytearray(raw), bytearray(body))
        return listening._state

    error, answer = b'{"e":{}}', (b'{"r":1}', b"body")
    spelled = len(answer[0]).to_bytes(8, "big") + len(answer[1]).to_bytes(8, "big") + answer[0] + answer[1]
    assert state((error, b""), answer) != state((error, spelled))
    assert state((error, b""), answer) != state((error, spelled[:8] + spelled[16:]))
