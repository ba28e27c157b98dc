"""`workshop export --public`: what a student takes along works without us, and holds nothing that is not theirs."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import questions
from grader.cli import cli
from grader.errors import WorkshopError
from grader.public_tests import NothingPublic, handout
from questions.model import Item
from tests.grader.handed_out import ITEMS, by_id, plain_pytest, unpacked
from tests.questions.test_figures import DRAWN

# --- What is chosen ---------------------------------------------------------------------------------------------------

BANK = '''# 测试 | Test

```yaml bank
id: small
languages: [en]
```

```python shared
%(shared)s
```

## Section

### Double {#%(id)s}

```yaml item
points: %(points)s
```

**Question:** Write `double(x)`.

```python starter
def double(x):
    raise NotImplementedError
```

```python reference
SECRET_OF_THE_REFERENCE = 2


def double(x):
    return SECRET_OF_THE_REFERENCE * x
```

```python tests
%(tests)s
```

```python misconception square
"""It squares."""
def double(x):
    return x * x
```

**Answer:** Twice.

**Explanation:** Doubling is adding.
'''
PLAIN = '''def test_two(submission):
    """Doubles two."""
    assert submission.double(2) == 4
'''


def small(tests: str, shared: str = "import math", item: str = "double") -> Item:
    """One item with these tests."""
    points = len(re.findall(r"^def test_", tests, re.M))
    text = BANK % {"tests": tests, "shared": shared, "points": points, "id": item}
    found = questions.parse_bank(text, Path("small.md")).items[0]
    assert found.servable, found.faults
    return found


def exported(item: Item) -> str:
    return next(file.content.decode() for file in handout(item).files if file.name == "test_public.py")


@pytest.mark.parametrize(
    "asks",
    [
        'def test_ref(submission, reference):\n    """R."""\n    assert submission.double(3) == reference.double(3)\n',
        "@pytest.fixture\ndef known(reference):\n    return reference.double(3)\n\n\n"
        'def test_ref(submission, known):\n    """R."""\n    assert submission.double(3) == known\n',
        'def test_ref(submission, request):\n    """R."""\n'
        '    assert submission.double(3) == request.getfixturevalue("reference").double(3)\n',
        '@pytest.mark.usefixtures("reference")\n'
        'def test_ref(submission):\n    """R."""\n    assert submission.double(3)\n',
    ],
    ids=["argument", "through a fixture", "by name", "by a mark"],
)
def test_a_test_that_asks_for_the_reference_is_left_out_and_named(asks: str, tmp_path: Path) -> None:
    ready = handout(small(PLAIN + "\n\n" + asks))
    assert [spec.name for spec in ready.left_out] == ["test_ref"]
    files = {file.name: file.content.decode() for file in ready.files}
    assert "test_ref" not in files["test_public.py"]
    assert "need the reference solution" in files["README.md"]
    assert "- R." in files["README.md"]
    folder = unpacked(ready, tmp_path / "double")
    (folder / "double.py").write_text("def double(x):\n    return 2 * x\n")
    assert plain_pytest(folder).returncode == 0


def test_only_what_public_tests_need_goes_along() -> None:
    shared = (
        "import math\nimport json\n\nCASES = [(1, 2)]\nCASES.append((2, 4))\nHIDDEN_CASES = [(7, 14)]\n"
        "for case in [(8, 16)]:\n    HIDDEN_CASES.append(case)\nfor case in [(3, 6)]:\n    CASES.append(case)\n"
        "with open(__import__('os').devnull):\n    HIDDEN_TOO = CASES\n\n\n"
        "def hidden_only(x):\n    return math.sqrt(x)\n\n\n# A note above.\ndef check(x):\n    hidden_only = x\n"
        "    return hidden_only\n"
    )
    tests = (
        '@pytest.mark.parametrize(("given", "wanted"), CASES)\n'
        'def test_cases(submission, given, wanted):\n    """C."""\n'
        "    assert check(submission.double(given)) == wanted\n\n\n"
        "@pytest.mark.hidden\n@pytest.mark.parametrize('case', HIDDEN_CASES)\ndef test_hidden(submission, case):\n"
        '    """H."""\n    assert hidden_only(submission.double(case[0])) and json and HIDDEN_TOO\n'
    )
    text = exported(small(tests, shared))
    assert "CASES.append((2, 4))" in text
    assert "[(3, 6)]" in text
    assert "# A note above." in text
    for secret in ("HIDDEN", "hidden_only(x)", "math", "json", "test_hidden", "14", "16"):
        assert secret not in text, secret


def test_statements_that_share_a_line_do_not_bring_each_other_along() -> None:
    shared = "A = 2; SECRET = 4\ndef helper(x): return A * x\n"
    tests = (
        'def test_two(submission):\n    """T."""\n    assert submission.double(1) == helper(1)\n\n\n'
        '@pytest.mark.hidden\ndef test_hidden(submission):\n    """H."""\n    assert submission.double(2) == SECRET\n'
    )
    text = exported(small(tests, shared))
    assert "A = 2" in text
    assert "SECRET" not in text


def test_a_public_test_that_leads_to_a_hidden_one_is_left_out() -> None:
    tests = (
        PLAIN + "\n\n@pytest.mark.hidden\n"
        'def test_hidden(submission):\n    """H."""\n    assert submission.double(3) == 6\n\n\n'
        'def test_calls(submission):\n    """C."""\n    test_hidden(submission)\n'
    )
    ready = handout(small(tests))
    assert [spec.name for spec in ready.left_out] == ["test_calls"]
    assert "test_hidden" not in exported(small(tests))


@pytest.mark.parametrize("name", ["torch", "random", "conftest", "class", "3d", "test-public"])
def test_no_students_file_hides_a_module_that_is_needed(name: str, tmp_path: Path) -> None:
    ready = handout(small(PLAIN, item=name))
    assert ready.submission.startswith("item_")
    assert len({file.name for file in ready.files}) == 5
    folder = unpacked(ready, tmp_path / name)
    (folder / ready.submission).write_text("def double(x):\n    return 2 * x\n")
    assert plain_pytest(folder).returncode == 0


def test_each_item_gets_the_inputs_that_the_site_draws_with_seed_nought(tmp_path: Path, grader: Any) -> None:
    tests = (
        'def test_draws(submission, rng):\n    """D."""\n'
        "    drawn = (torch.rand(1, generator=rng).item(), torch.rand(1).item())\n"
        '    assert submission.double(0) == 0, f"drawn {drawn}"\n'
    )
    item = small(tests)
    wrong = "def double(x):\n    return 1\n"
    told = grader.grade(item, wrong.encode(), seed=0).tests[0].message
    folder = unpacked(handout(item), tmp_path / "double")
    (folder / "double.py").write_text(wrong)
    drawn = re.search(r"drawn \([^)]+\)", told)
    assert drawn is not None
    assert drawn[0] in plain_pytest(folder).stdout


# --- The notebook and the archive -------------------------------------------------------------------------------------


@by_id
def test_the_notebook_is_one_and_needs_no_other_file(item: Item, tmp_path: Path) -> None:
    ready = handout(item)
    document = json.loads(next(file.content for file in ready.files if file.name.endswith(".ipynb")))
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    names = [cell["id"] for cell in document["cells"]]
    assert len(set(names)) == len(names)
    for cell in document["cells"]:
        assert re.fullmatch("[a-zA-Z0-9-_]{1,64}", cell["id"])
        assert isinstance(cell["metadata"], dict)
        assert all(isinstance(line, str) for line in cell["source"])
        if cell["cell_type"] == "code":
            assert set(cell) == {"cell_type", "execution_count", "id", "metadata", "outputs", "source"}
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
        else:
            assert set(cell) == {"cell_type", "id", "metadata", "source"}
    written = {}
    for cell in document["cells"]:
        first, _, rest = "".join(cell["source"]).partition("\n")
        if first.startswith("%%writefile "):
            written[first.split()[1]] = rest + "\n"
    others = {file.name: file.content.decode() for file in ready.files if file.name in written}
    assert written == others
    assert set(written) == {"conftest.py", "test_public.py", ready.submission}
    last = "".join(document["cells"][-1]["source"])
    compile(last, "cell", "exec")
    assert "pytest" in last


def test_an_archive_is_the_same_bytes_each_time_and_one_folder() -> None:
    item = ITEMS[0]
    packed = handout(item).zipped()
    assert packed == handout(item).zipped()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        entries = archive.infolist()
    assert {entry.filename.split("/")[0] for entry in entries} == {item.id}
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


# --- The command ------------------------------------------------------------------------------------------------------


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli, ["export", *arguments])


def test_the_command_writes_a_folder_an_item(tmp_path: Path) -> None:
    done = run("attention", "--public", "--output", str(tmp_path), "--no-notebook")
    assert done.exit_code == 0, done.output
    assert done.stdout.split() == [str(tmp_path / item.id) for item in ITEMS]
    names = {path.name for path in (tmp_path / "self-attention").iterdir()}
    assert names == {"README.md", "self_attention.py", "test_public.py", "conftest.py"}


def test_the_command_says_what_is_left_out(tmp_path: Path) -> None:
    asks = (
        'def test_ref(submission, reference):\n    """R."""\n    assert submission.double(3) == reference.double(3)\n'
    )
    text = BANK % {"tests": PLAIN + "\n\n" + asks, "shared": "import math", "points": 2, "id": "double"}
    (tmp_path / "bank.md").write_text(text)
    done = run(f"{tmp_path / 'bank.md'}::double", "--public", "--output", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    assert "double: left out test_ref" in done.stderr


def test_an_answer_that_somebody_has_begun_is_not_overwritten(tmp_path: Path) -> None:
    run("attention::self-attention", "--public", "--output", str(tmp_path))
    mine = tmp_path / "self-attention" / "self_attention.py"
    mine.write_text("my own work")
    done = run("attention", "--public", "--output", str(tmp_path))
    assert isinstance(done.exception, WorkshopError)
    assert "self-attention is there already" in str(done.exception)
    assert mine.read_text() == "my own work"
    assert not (tmp_path / "multi-head-attention").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["attention"], "add --public"),
        (["attention::nothing", "--public"], "there is no item 'nothing'; of code there is attention-weighted-sum"),
        (["attention::attention-concept", "--public"], "no tests to give out"),
        (["/does/not/exist", "--public"], "does not exist"),
    ],
)
def test_what_cannot_be_exported_is_said_in_a_line(arguments: list[str], said: str, tmp_path: Path) -> None:
    done = run(*arguments, "--output", str(tmp_path / "out"))
    assert done.exit_code != 0
    assert said in done.output + str(done.exception)
    assert not (tmp_path / "out").exists()


def test_an_item_whose_only_tests_ask_for_the_reference_has_nothing_public() -> None:
    asks = (
        'def test_ref(submission, reference):\n    """R."""\n    assert submission.double(3) == reference.double(3)\n'
    )
    with pytest.raises(NothingPublic):
        handout(small(asks))


def test_figures_of_the_question_go_along_and_no_others(tmp_path: Path) -> None:
    bank = tmp_path / "bank"
    (bank / "figures").mkdir(parents=True)
    text = (Path(__file__).parents[1] / "webapp" / "small_bank.md").read_text(encoding="utf-8")
    text = text.replace("请实现", "![图](figures/asked.svg) 请实现", 1)
    text = text.replace("Write `weighted", "![Asked](figures/asked.svg) Write `weighted", 1)
    text = text.replace("想一想形状。", "![提示](figures/hint.svg)", 1).replace(
        "Think of the shapes.", "![Hint](figures/hint.svg)", 1
    )
    (bank / "bank.md").write_text(text, encoding="utf-8")
    for name in ("asked", "hint"):
        (bank / "figures" / f"{name}.svg").write_text(DRAWN, encoding="utf-8")
    output = tmp_path / "out"
    done = CliRunner().invoke(cli, ["export", f"{bank}::weighted-sum", "--public", "--output", str(output)])
    assert done.exit_code == 0, done.output
    assert (output / "weighted-sum" / "figures" / "asked.svg").read_text(encoding="utf-8") == DRAWN
    assert not (output / "weighted-sum" / "figures" / "hint.svg").exists()
    assert "![Asked](figures/asked.svg) Write" in (output / "weighted-sum" / "README.md").read_text(encoding="utf-8")
