"""Bank code that never ends, crashes or hoards: confined by time, and told to its author with the line it stands in."""

import time

import pytest

from grader.proving import Prover
from questions import load_bank, parse_bank

ITEM = """# Small

```yaml bank
id: small
languages: [en]
```

{shared}

## Section

### Item {{#item}}

```yaml item
limits: {{seconds: 0.5, memory_mb: 256}}
```

**Question:** Write `double(x)`.

```python starter
def double(x):
    raise NotImplementedError
```

```python reference
{reference}
```

```python tests
{tests}
```

{more}
"""
DOUBLE = "def double(x):\n    return 2 * x"
DOUBLES = '''def test_values(submission, rng):
    """The values are right."""
    for _ in range(2):
        x = torch.randn(3, generator=rng)
        torch.testing.assert_close(submission.double(x), 2 * x)'''


def wrong(body):
    return {"more": f"```python misconception wrong\n'''Wrong.'''\nfrom reference import *\n{body}\n```"}


def shared(body):
    return {"shared": f"```python shared\n{body}\n```"}


def fixture(body):
    tests = DOUBLES.replace("rng)", "rng, given)", 1)
    return {**shared(f"@pytest.fixture\ndef given():\n{body}"), "tests": tests}


def suite(body, before=""):
    return {"tests": f'{before}\ndef test_values(submission):\n    """The values are right."""\n    {body}'}


def variant(body):
    same = wrong("double = lambda x: x")["more"]
    return {"more": f"{same}\n\n```python variant\ndef variant(rng):\n    {body}\n    return {{'n': 1}}\n```"}


ENDS_SOON, LOADING = "for more than 3 s of its own: end its loop", "take more than 10 s to load"
BAD = {
    "an endless test": (suite("while True:\n        pass"), "while True:", ENDS_SOON),
    "an endless helper": (
        {**shared("def forever():\n    while True: pass"), **suite("forever()")},
        "while True: pass",
        ENDS_SOON,
    ),
    "an endless fixture": (fixture("    while True: pass"), "while True: pass", ENDS_SOON),
    "an endless teardown": (fixture("    yield 1\n    while True: pass"), "while True: pass", ENDS_SOON),
    "shared code that never ends": (shared("number = 1\nwhile number: number += 1"), "while number: number", LOADING),
    "tests that never finish loading": ({"tests": f"while True: pass\n{DOUBLES}"}, "while True: pass", LOADING),
    "an endless reference": (
        {"reference": "def double(x):\n    while True: pass"},
        "while True: pass",
        "the reference does not come to an end in its time",
    ),
    "an endless misconception": (
        wrong("def double(x):\n    while True: pass"),
        "while True: pass",
        "misconception 'wrong' does not come to an end in its time",
    ),
    "a misconception that never finishes loading": (
        wrong("while True: pass\ndouble = abs"),
        "while True: pass",
        "misconception 'wrong' does not come to an end",
    ),
    "a misconception that ends its process": (
        wrong("import os\ndef double(x):\n    os._exit(0)"),
        "```python misconception wrong",
        "misconception 'wrong' ends its own process",
    ),
    "a misconception that fills the memory": (
        wrong("import torch\ndef double(x):\n    return torch.ones(2**30)"),
        "```python misconception wrong",
        "misconception 'wrong' needs more memory",
    ),
    "a reference that fills the memory": (
        {"reference": "import torch\ndef double(x):\n    return torch.ones(2**31)"},
        "```python reference",
        "the reference needs more memory",
    ),
    "shared code that fills the memory": (
        shared("huge = [bytearray(2**26) for _ in range(2**20)]"),
        "huge = ",
        "the tests cannot be collected: MemoryError",
    ),
    "a test that fills the memory": (suite("torch.ones(2**34)"), "torch.ones(2**34)", "ran out of memory of its own"),
    "a test that ends its process": (suite("os._exit(3)", "import os\n"), "", "the suite of small/item ended its own"),
    "shared code that ends its process": (shared("import os\nos._exit(3)"), "", "ended its own process"),
    "shared code without end of calls": (
        shared("def again():\n    return again()\nagain()"),
        "return again()",
        "the tests cannot be collected: RecursionError",
    ),
    "a test that calls itself": (
        suite("again()", "def again():\n    return again()\n"),
        "def test_values(submission):",
        "the reference fails test_values with seed 0 (RecursionError",
    ),
    "a module nobody has, for the tests": (
        {"tests": f"import nowhere\n\n{DOUBLES}"},
        "import nowhere",
        "the tests cannot be collected: ModuleNotFoundError: No module named 'nowhere'",
    ),
    "a module nobody has, for shared code": (shared("import nowhere"), "import nowhere", "ModuleNotFoundError"),
    "a module nobody has, for the reference": (
        {"reference": f"import nowhere\n{DOUBLE}"},
        "import nowhere",
        "the reference cannot be loaded: ModuleNotFoundError",
    ),
    "a fixture that raises": (
        fixture("    return 1 / 0"),
        "def test_values(submission, rng, given):",
        "the reference fails test_values with seed 0 (ZeroDivisionError: division by zero)",
    ),
    "a reference of chance": (
        {"reference": "import os\ndef double(x):\n    return 2 * x + os.urandom(2)[0]"},
        "def test_values(submission, rng):",
        "the reference fails test_values with seed 0",
    ),
    "a test that leaves": (suite("pytest.exit('done')"), "pytest.exit('done')", "test_values raised Exit: done"),
    "a variant that never ends": (variant("while rng: pass"), "def variant(rng):", "took more than 10 s"),
    "a variant that ends its process": (variant("__import__('os')._exit(1)"), "def variant(rng):", "ended its own"),
    "a variant that raises": (variant("1 / 0"), "def variant(rng):", "the variant code raised ZeroDivisionError"),
}


@pytest.fixture(scope="module")
def prover(engine):
    with Prover(2, engine) as prover:
        yield prover


def item_of(parts):
    text = ITEM.format(**{"shared": "", "reference": DOUBLE, "tests": DOUBLES, "more": "", **parts})
    (item,) = parse_bank(text, "small.md").items
    assert item.servable, [str(fault) for fault in item.faults]
    return text.split("\n"), item


@pytest.mark.parametrize("name", BAD)
def test_it_is_told_with_its_line_and_the_next_item_is_proved_as_ever(name, prover):
    parts, line, says = BAD[name]
    lines, item = item_of(parts)
    started = time.monotonic()
    (fault,) = prover.prove(item).faults(item)
    assert time.monotonic() - started < 120
    assert says in fault.text
    assert lines[fault.line - 1].strip().startswith(line)
    good = item_of(wrong("double = lambda x: x"))[1]
    assert prover.prove(good).findings == ()


@pytest.mark.parametrize("what", ["test", "misconception"])
def test_megabytes_printed_are_no_fault_and_fill_nobody_s_terminal(what, prover, capfd):
    loud = "print('x' * 10**7)"
    parts = wrong(f"def double(x):\n    {loud}\n    return x")
    if what == "test":
        parts = {**wrong("double = lambda x: x"), "tests": DOUBLES.replace("for _", f"{loud}\n    for _")}
    assert prover.prove(item_of(parts)[1]).findings == ()
    shown = capfd.readouterr()
    assert shown.out + shown.err == ""


BANK = """# Small

```yaml bank
id: small
languages: [en]
```

```python shared
import torch


@pytest.fixture
def three():
    return {three}


def same(one, other):
    torch.testing.assert_close(one, other)
```
"""
PART = """## Section {number}

### Item {number} {{#item-{number}}}

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
def test_values(submission, three, rng):
    \"\"\"The values are right.\"\"\"
    for _ in range(2):
        x = torch.randn(three, generator=rng)
        same(submission.double(x), {two} * x)
```

```python misconception same
\"\"\"Nothing is doubled.\"\"\"
def double(x):
    return x
```
"""


@pytest.fixture
def bank_of(tmp_path):
    """A bank of three files: shared code, and an item in each of two more."""

    def write(three="3", two="2"):
        (tmp_path / "00-bank.md").write_text(BANK.format(three=three))
        for number in (1, 2):
            (tmp_path / f"{number}0-part.md").write_text(PART.format(number=number, two=two))
        return load_bank(tmp_path)

    return write


def test_shared_code_of_a_file_without_items_serves_all_files_after_it(bank_of, prover, grader):
    bank = bank_of()
    assert bank.faults == ()
    for item in bank.items:
        assert prover.prove(item).findings == ()
        assert grader.grade(item, b"def double(x):\n    return x + x\n", seed=0).status == "passed"
        verdict = grader.grade(item, b"def double(x):\n    return x\n", seed=0)
        assert [found.misconception for found in verdict.diagnosis] == ["same"]


def test_what_such_code_does_wrong_is_told_with_its_own_file_and_line(bank_of, prover, tmp_path):
    for body, says in (("1 / 0", "ZeroDivisionError"), ("nowhere", "nothing there defines")):
        bank = bank_of(three=f"3\n\n\nnumber = {body}")
        found = [fault for item in bank.items for fault in prover.prove(item).faults(item)] or bank.faults
        assert {(fault.path, fault.line) for fault in found} == {(tmp_path / "00-bank.md", 17)}
        assert all(says in fault.text for fault in found)


def test_a_test_that_fails_within_such_code_is_told_with_its_own_line(bank_of, prover, tmp_path):
    for item in bank_of(two="3").items:
        (fault,) = prover.prove(item).faults(item)
        assert (fault.path, fault.line) == (item.path, item.test_specs[0].line)
        assert "the reference fails test_values" in fault.text


def test_one_file_of_a_bank_is_read_as_a_part_of_it(bank_of, tmp_path, prover):
    bank_of()
    part = load_bank(tmp_path / "20-part.md")
    assert (part.id, part.faults, [item.id for item in part.items]) == ("small", (), ["item-2"])
    (whole,) = [item for item in load_bank(tmp_path).items if item.id == "item-2"]
    assert part.items == (whole,)
    (tmp_path / "README.md").write_text("# About these\n")
    assert load_bank(tmp_path / "README.md").items == ()


def test_a_file_with_a_bank_of_its_own_is_no_part_of_its_folder(bank_of, tmp_path):
    bank_of()
    text = BANK.format(three="3").replace("id: small", "id: other") + PART.format(number=9, two=2)
    (tmp_path / "other.md").write_text(text)
    assert (load_bank(tmp_path / "other.md").id, load_bank(tmp_path / "other.md").faults) == ("other", ())
