"""One engine for all tests of the grader, and small items written as Markdown."""

import time
from functools import cache
from pathlib import Path

import pytest

import questions
from grader.commands import asked
from grader.examiner.link import Link
from grader.examiner.proxies import SubmissionProxy, stand_in
from grader.grading import Engine, Grader
from sandbox.client import Connection
from sandbox.frames import Channel
from sandbox.model import JobLimits

ITEM = """# 测试 | Test

```yaml bank
id: small
languages: [en]
```

## Section

### Double {#double}

```yaml item
points: %(points)s
limits: {seconds: %(seconds)s, memory_mb: %(memory)s}
```

**Question:** Write `double(x)`.

```python starter
def double(x):
    raise NotImplementedError
```

```python reference
def double(x):
    return 2 * x
```

```python tests
%(tests)s
```

```python misconception square
\"\"\"It squares.\"\"\"
def double(x):
    return x * x
```
"""

TESTS = '''@pytest.mark.points(2)
def test_two(submission):
    """Doubles two."""
    torch.testing.assert_close(submission.double(torch.tensor(2.0)), torch.tensor(4.0))


@pytest.mark.points(3)
def test_many(submission, reference, rng):
    """Doubles many."""
    x = torch.randn(3, 4, generator=rng)
    torch.testing.assert_close(submission.double(x), reference.double(x))


@pytest.mark.points(5)
@pytest.mark.hidden
def test_secret(submission, rng):
    """Doubles a secret."""
    x = torch.randn(5, generator=rng)
    torch.testing.assert_close(submission.double(x), 2 * x)'''


@pytest.fixture(autouse=True)
def _nothing_kept(tmp_path_factory, monkeypatch):
    """No test finds proofs that another has left, or that are the user's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / f"cache-{time.monotonic_ns()}"))


@pytest.fixture(scope="session")
def engine():
    engine = Engine()
    engine.warm()
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def grader(engine):
    with Grader(engine) as grader:
        yield grader


@pytest.fixture
def make_item():
    """An item `double` with the given suite and limits."""

    def make(tests=TESTS, points=10, seconds=10, memory=512):
        text = ITEM % {"tests": tests, "points": points, "seconds": seconds, "memory": memory}
        bank = questions.parse_bank(text, Path("small.md"))
        item = bank.item("double")
        assert item is not None
        return item

    return make


@pytest.fixture
def grade(grader, make_item):
    """Grade a source for the item `double`."""

    def run(source, item=None, **options):
        content = source if isinstance(source, bytes) else source.encode()
        return grader.grade(item or make_item(), content, **{"seed": 0, **options})

    return run


@pytest.fixture
def remote(engine):
    """A submission's source as a proxy, in a real candidate; `.link` is its link."""
    opened = []

    def load(source, seed=0):
        connection = Connection(engine.sandbox_path())
        candidate = connection.open(JobLimits(cpu_seconds=5))
        opened.append((candidate, connection))
        link = Link(Channel(candidate.socket, time.monotonic() + 20), seed, stand_in=stand_in)
        return SubmissionProxy(link, link.load(source, {}))

    yield load
    for candidate, _ in opened:
        candidate.close()


@pytest.fixture(scope="module")
def banks_read_once():
    """The command line reads its banks anew each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asked, "load_banks", cache(asked.load_banks))
        yield
