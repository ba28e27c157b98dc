"""The fixture `measure`: what a call used decides marks, names mistakes, and never costs a mark where it is not had."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import questions
from grader.errors import Ungradable
from grader.examiner import candidates, judge, measuring
from grader.examiner.session import SuiteSession
from grader.examiner.spec import Assignment, Scope, names_measure, spec_of
from grader.proving import Prover
from grader.public_tests import handout
from grader.verdict import Status
from sandbox.client import Connection
from sandbox.measuring import Gauge, return_what_was_freed
from tests.grader.handed_out import plain_pytest, unpacked

BANK = """# Test

```yaml bank
id: small
languages: [en]
```

## Section

### Pairs {#pairs}

**Question:** Write `mean_of_pairs(x)`: the mean of all products of two entries of a vector, and `Kept`.

```python starter
def mean_of_pairs(x):
    raise NotImplementedError
```

```python reference
class Kept:
    def __init__(self):
        self.total = 0.0

    def add(self, x):
        self.total += float(x.sum())
        return self.total


def mean_of_pairs(x):
    return x.mean() ** 2
```

```python tests
%s
```

%s
"""
VALUES = '''@pytest.mark.points(2)
def test_values(submission, rng):
    """Values."""
    for length in (3, 5):
        x = torch.randn(length, generator=rng)
        torch.testing.assert_close(submission.mean_of_pairs(x), torch.outer(x, x).mean())'''
MEMORY = '''


@pytest.mark.points(4)
def test_memory(submission, measure, rng):
    """Holds no matrix."""
    submission.mean_of_pairs(torch.randn(8, generator=rng))
    used = measure(submission.mean_of_pairs, torch.randn(3000, generator=rng))
    assert used.peak_bytes < 16 * 2**20, f"{used}"
    assert used.resident_bytes < 32 * 2**20, f"{used}"'''
TIME = '''


@pytest.mark.points(4)
def test_time(submission, measure, rng):
    """Takes little time."""
    used = measure(submission.mean_of_pairs, torch.randn(1000, generator=rng))
    assert used.seconds < 0.1, f"{used}"'''
MATRIX = '''```python misconception matrix
"""Makes the whole matrix."""
import torch


def mean_of_pairs(x):
    return torch.outer(x, x).mean()
```'''
SLOW = '''```python misconception slow
"""Takes its time."""
import time


def mean_of_pairs(x):
    began = time.process_time()
    while time.process_time() < began + 0.25 * (len(x) > 100):
        pass
    return x.mean() ** 2
```'''
WRONG = '''```python misconception squares
"""Squares only."""


def mean_of_pairs(x):
    return (x * x).mean()
```'''
KEPT = """class Kept:
    def __init__(self):
        self.total = 0.0
    def add(self, x):
        return float(x.sum())
"""
RIGHT = "def mean_of_pairs(x):\n    return x.mean() ** 2\n"
GREEDY = "import torch\ndef mean_of_pairs(x):\n    rows = torch.outer(x, x)\n    return rows.sum() / rows.numel()\n"


def pairs(tests: str, *misconceptions: str):
    bank = questions.parse_bank(BANK % (tests, "\n\n".join(misconceptions)), Path("small.md"))
    assert [str(fault) for fault in bank.faults if fault.severity == "fault"] == []
    (item,) = bank.items
    return item


@pytest.fixture(scope="module")
def both():
    return pairs(VALUES + MEMORY + TIME, MATRIX, SLOW, WRONG)


@pytest.fixture(scope="module")
def prover(engine):
    with Prover(2, engine) as prover:
        yield prover


def test_an_item_whose_mistakes_only_measuring_tells_apart_is_proved(both, prover) -> None:
    proof = prover.prove(both)
    assert proof.findings == ()
    caught = {row.name: proof.caught_by(row) for row in proof.misconceptions}
    assert caught["matrix"] == ("test_memory",)
    assert caught["slow"] == ("test_time",)
    assert "test_values" in caught["squares"]


def test_two_mistakes_that_nothing_tells_apart_are_a_fault(prover) -> None:
    other = MATRIX.replace("misconception matrix", "misconception rows").replace(
        "torch.outer(x, x)", "(x[:, None] * x)"
    )
    proof = prover.prove(pairs(VALUES + MEMORY, MATRIX, other))
    texts = [finding.text for finding in proof.findings]
    assert texts == ["misconceptions 'matrix' and 'rows' give equal outputs on every call: keep one of them"]


def test_a_mistake_that_nothing_measures_is_a_fault_as_before(prover) -> None:
    proof = prover.prove(pairs(VALUES, MATRIX))
    assert "misconception 'matrix' passes every test" in proof.findings[0].text


@pytest.mark.parametrize("scope", [Scope.ALL, Scope.PUBLIC])
def test_a_right_answer_that_uses_too_much_is_told_its_mistake(both, grader, scope) -> None:
    verdict = grader.grade(both, GREEDY.encode(), seed=0, scope=scope)
    assert (verdict.status, verdict.score) == (Status.PARTIAL, 6)
    (found,) = verdict.diagnosis
    assert (found.misconception, found.tests) == ("matrix", ("test_memory",))
    (failed,) = [test for test in verdict.tests if test.name == "test_memory"]
    assert "mean_of_pairs(x)" in failed.call
    assert "peak_bytes=" in failed.message


def test_a_wrong_answer_keeps_its_own_diagnosis(both, grader) -> None:
    verdict = grader.grade(both, b"def mean_of_pairs(x):\n    return (x * x).mean()\n", seed=0)
    assert [found.misconception for found in verdict.diagnosis] == ["squares"]
    verdict = grader.grade(both, b"def mean_of_pairs(x):\n    return x.mean()\n", seed=0)
    assert verdict.diagnosis == ()


def test_the_same_is_judged_the_same_and_never_recalled(both, engine) -> None:
    spec = spec_of(both)
    assert spec.measures
    session = SuiteSession(spec)
    assert not session.foreseeable
    with Connection(engine.sandbox_path()) as connection:
        for _ in range(2):
            verdict = judge.judge(session, connection, Assignment(RIGHT, 0, Scope.ALL))
            assert verdict.status is Status.PASSED
    prepared = next(iter(session.prepared.values()))
    measured = [step for requests in prepared.plan.tests.values() for step in requests if step.step.measured]
    assert len(measured) == 2
    assert all(step.waits for step in measured)


@pytest.mark.parametrize(
    ("code", "measures"),
    [
        ("def test_x(measure): pass", True),
        ("def test_x(request):\n    request.getfixturevalue('measure')", True),
        ("def test_x(submission):\n    measure = 3", False),
    ],
)
def test_who_asks_for_the_fixture_measures(code: str, measures: bool) -> None:
    assert names_measure([code]) is measures


def suite(engine, tests: str, *misconceptions: str, source: str = RIGHT):
    """A verdict, judged in this process, which counts from now on what it holds: earlier tests have left their own."""
    return_what_was_freed()
    measuring.own_gauge.cache_clear()
    session = SuiteSession(spec_of(pairs(tests, *misconceptions)))
    with Connection(engine.sandbox_path()) as connection:
        return judge.judge(session, connection, Assignment(source, 0, Scope.ALL))


def test_methods_modules_and_the_reference_are_measured_and_nothing_else(engine) -> None:
    tests = '''def test_kinds(submission, reference, measure):
    """All kinds."""
    kept = measure(submission.Kept).result
    assert measure(kept.add, torch.ones(3)).result == 3
    assert measure(kept.add, x=torch.ones(2)).result == 5
    here = measure(reference.mean_of_pairs, torch.ones(4))
    assert here.result == 1 and 0 < here.seconds < 1
    big = measure(torch.ones, 8 * 2**20)
    assert big.peak_bytes >= 31 * 2**20 and big.resident_bytes >= 31 * 2**20
    with pytest.raises(TypeError, match="measure takes one function"):
        measure(lambda: submission.mean_of_pairs(torch.ones(3)))
    with pytest.raises(TypeError, match="measure takes one function"):
        measure(7)
    with pytest.raises(ValueError, match="no such"):
        measure(submission.refuse)
    x = torch.ones(3, requires_grad=True)
    used = measure(submission.mean_of_pairs, x)
    used.result.backward()
    assert x.grad.abs().sum() > 0
    with pytest.raises(AttributeError):
        used.seconds = 0.0
    assert repr(used).startswith("Used(seconds=")
    torch.testing.assert_close(submission.mean_of_pairs(torch.ones(3)), torch.tensor(1.0))'''
    source = RIGHT + KEPT.replace("return float(x.sum())", "self.total += float(x.sum()); return self.total")
    source += "def refuse():\n    raise ValueError('no such thing')\n"
    verdict = suite(engine, tests, source=source)
    assert [(test.status, test.message) for test in verdict.tests] == [("passed", "")]


def test_nothing_else_is_under_way_while_a_call_is_measured(engine, monkeypatch) -> None:
    """Neither what the test asks later, nor the test that follows."""
    tests = VALUES + MEMORY + "\n\n\n" + VALUES.replace("test_values", "test_values_again")
    under_way = []
    begin = judge.link_to.__globals__["Meter"].begin

    def noted(meter):
        conversation = links[-1]._conversation
        under_way.append((conversation._now.unread, conversation._next.unread, conversation._next.asked))
        begin(meter)

    links = []
    made = candidates.Link

    def keeping(*args, **kwargs):
        links.append(made(*args, **kwargs))
        return links[-1]

    monkeypatch.setattr(candidates, "Link", keeping)
    monkeypatch.setattr(candidates.Meter, "begin", noted)
    assert suite(engine, tests).status is Status.PASSED
    assert under_way == [(0, 0, 0), (0, 0, 0)]  # the plan's own run, and the submission's


def test_where_memory_cannot_be_measured_nobody_loses_a_mark(engine, monkeypatch) -> None:
    look = candidates.Candidate.measure

    def lacking(candidate):
        measured = look(candidate)
        return type(measured)(measured.job, measured.cpu_seconds, 0, 0, 0, False, "[Errno 1] not here")

    monkeypatch.setattr(candidates.Candidate, "measure", lacking)
    with pytest.raises(measuring.CannotMeasure, match=r"not here.*workshop doctor"):
        suite(engine, VALUES + MEMORY)
    assert suite(engine, VALUES + TIME).status is Status.PASSED


def test_an_examiner_reports_it_as_ungradable(both, engine, monkeypatch) -> None:
    from grader.examiner import process

    session = SuiteSession(spec_of(both))

    def cannot(*_):
        measuring.refuse("[Errno 1] not here")

    monkeypatch.setattr(process, "judge", cannot)
    with Connection(engine.sandbox_path()) as connection:
        answer = process._judge(session, connection, Assignment(RIGHT, 0, Scope.ALL))
    assert answer.keys() == {"ungradable"}
    assert "workshop doctor" in answer["ungradable"]
    assert issubclass(Ungradable, Exception)


def test_this_process_without_a_gauge_measures_time_only(monkeypatch) -> None:
    def refused(*_):
        raise PermissionError(13, "Permission denied")

    measuring.own_gauge.cache_clear()
    monkeypatch.setattr(Gauge, "of_this_process", refused)
    try:
        used = measuring.Measure()(torch.ones, 10)
        assert used.seconds > 0
        with pytest.raises(measuring.CannotMeasure, match="Permission denied"):
            _ = used.peak_bytes
        assert repr(used).count("peak") == 0
    finally:
        measuring.own_gauge.cache_clear()


@pytest.mark.parametrize("where", [[], ["--in-process"]])
@pytest.mark.parametrize(("source", "ends"), [(RIGHT, "3 passed"), (GREEDY, "1 failed, 2 passed")])
def test_plain_pytest_measures_jailed_and_in_its_own_process(tmp_path, pytester_like, where, source, ends) -> None:
    assert ends in pytester_like(tmp_path, BANK % (VALUES + MEMORY + TIME, MATRIX), source, where)


@pytest.fixture
def pytester_like():
    def run(folder: Path, bank: str, source: str, more: list[str]) -> str:
        (folder / "bank.md").write_text(bank)
        (folder / "mine.py").write_text(source)
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "--submission", "mine.py", "bank.md", *more]
        plain = {name: value for name, value in os.environ.items() if name != "PYTEST_DISABLE_PLUGIN_AUTOLOAD"}
        done = subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    return run


@pytest.mark.parametrize(("source", "ends"), [(RIGHT, "3 passed"), (GREEDY, "1 failed, 2 passed")])
def test_what_is_handed_out_measures_in_its_own_process(both, tmp_path, source, ends) -> None:
    ready = handout(both)
    folder = unpacked(ready, tmp_path / "pairs")
    (folder / ready.submission).write_text(source)
    done = plain_pytest(folder)
    assert ends in done.stdout, done.stdout


def test_only_who_measures_is_handed_the_fixture(both) -> None:
    def support(item):
        return next(file.content for file in handout(item).files if file.name == "conftest.py")

    assert b"def measure" in support(both)
    assert b"def measure" not in support(pairs(VALUES, MATRIX))
