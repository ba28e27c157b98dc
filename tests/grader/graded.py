"""Results of grading as the outputs are given them, made without grading anything."""

from __future__ import annotations

import json
from pathlib import Path

import questions
from grader.bulk.contents import held
from grader.bulk.model import Graded, Submission
from grader.bulk.problems import Problem
from grader.documents import verdict_from_json
from grader.verdict import Status, TestResult, TestStatus, Verdict, Words
from questions.model import Item

BANK = """# 小题库 | Small bank

```yaml bank
id: small
languages: [zh, en]
```

## 一节 | Section

### 题目 {name} | Item {name} {{#{name}}}

```yaml item
points: 10
```

**题目：** 写 `double(x)`。

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
@pytest.mark.points(6)
def test_two(submission):
    \"\"\"二的两倍。 | Doubles two.\"\"\"
    torch.testing.assert_close(submission.double(torch.tensor(2.0)), torch.tensor(4.0))


@pytest.mark.points(4)
@pytest.mark.hidden
def test_secret(submission):
    \"\"\"秘密的两倍。 | Doubles a secret.\"\"\"
    torch.testing.assert_close(submission.double(torch.tensor(7.0)), torch.tensor(14.0))
```

```python misconception square
\"\"\"算成了平方。 | It squares.\"\"\"
def double(x):
    return x * x
```

**答案：** 乘以二。

**Answer:** Twice.

**解析：** 两倍就是乘以二。

**Explanation:** Twice is times two.
"""


def item_of(name: str = "one") -> Item:
    """An item of 10 points with a public and a hidden test."""
    item = questions.parse_bank(BANK.format(name=name), Path("small.md")).item(name)
    assert item is not None
    return item


def two_tests(score: float) -> tuple[TestResult, ...]:
    """Both tests of the item, as `score` (0, 4, 6 or 10) has them."""
    right = {"test_two": score in (6, 10), "test_secret": score in (4, 10)}
    return tuple(
        TestResult(
            name, title, TestStatus.PASSED if right[name] else TestStatus.FAILED, hidden, points if right[name] else 0,
            points, "" if right[name] or hidden else "不接近 | Not close",
        )
        for name, title, hidden, points in (
            ("test_two", Words("二的两倍。", "Doubles two."), False, 6.0),
            ("test_secret", Words("秘密的两倍。", "Doubles a secret."), True, 4.0),
        )
    )  # fmt: skip


def verdict_of(item: Item, score: float = 10, **more: object) -> Verdict:
    """A verdict on the item with that score."""
    status = Status.PASSED if score == 10 else Status.PARTIAL if score else Status.FAILED
    fields = {"status": status, "tests": two_tests(score), **more}
    return Verdict(f"{item.bank}/{item.id}", item.revision, item.suite, "1", 0, score=score, max_score=10.0, **fields)


def graded(
    item: Item, path: str, score: float = 10, *, same_as: str = "", verdict: Verdict | None = None, **whose: object
) -> Graded:
    """A result with a verdict; `whose` are fields of the submission, notes in words or the same in both languages."""
    content = whose.pop("content", b"def double(x):\n    return 2 * x\n")
    notes = whose.pop("notes", ())
    whose["notes"] = tuple(each if isinstance(each, Words) else Words(each, each) for each in notes)
    submission = Submission(path, held(content), item=item, **whose)
    return Graded(submission, verdict or verdict_of(item, score), same_as=same_as)


def unread(
    path: str, problem: str | Problem = "cannot be read: no such file", zh: str = "无法读取", **whose: object
) -> Graded:
    """A result without one; a problem's English comes with some Chinese."""
    why = problem if isinstance(problem, Problem) else Problem(zh, problem)
    return Graded(Submission(path, problem=why, **whose), None, why)


VERDICTS = Path(__file__).parents[1] / "browser" / "verdicts"
SHIPPED = Path(__file__).parents[2] / "questions" / "banks" / "attention"


def recorded_class(copies: int = 1) -> list[Graded]:
    """Verdicts of every status as a worker stored them, each of a student who is called like its file."""
    items = {item.id: item for item in questions.load_bank(SHIPPED).items}
    results = []
    for number in range(copies):
        for path in sorted(VERDICTS.glob("*.json")):
            verdict = verdict_from_json(json.loads(path.read_bytes()))
            source = path.with_suffix(".py")
            code = source.read_bytes() if source.exists() else b"import torch\n\nvalue = torch.ones(2)\n"
            if copies > 1:
                code = code.replace(b"weights", b"weights%d" % (number % 7)) + b"# %d\n" % number
            name = path.stem if copies == 1 else f"{path.stem}-{number}"
            results.append(
                graded(
                    items[verdict.item.rpartition("/")[2]], f"/class/{name}.py", verdict=verdict, student=name,
                    content=code,
                )
            )  # fmt: skip
    return results
