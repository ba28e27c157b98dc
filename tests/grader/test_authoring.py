"""``workshop new`` and ``workshop explain``: an item to start from, and how a document was read."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import cli
from grader.commands.explain import explain
from grader.commands.new import new
from grader.commands.watching import stamp
from grader.errors import WorkshopError
from grader.proving import Prover
from questions import Kind, load_bank
from questions.explained import explain_bank
from tests.questions.test_figures import FILES, NAME

ROOT = Path(__file__).parents[2]
WORKSHOP_DOCUMENT = next(ROOT.parent.glob("shared/000_*.txt"), ROOT / "tests/questions/documents/complete.md")
COMPLETE = ROOT / "tests" / "questions" / "documents" / "complete.md"


def call(command, *arguments):
    done = CliRunner().invoke(command, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def prover(engine):
    with Prover(2, engine) as prover:
        yield prover


@pytest.mark.parametrize("kind", list(Kind))
def test_a_new_item_of_any_kind_proves_itself_in_both_languages(kind, here, prover):
    done = call(new, "my-item", "--kind", kind)
    assert done.stdout.splitlines() == ["made my-bank/00-bank.md", "made my-bank/my-item.md"]
    assert "workshop check my-bank --watch" in done.stderr
    bank = load_bank(here / "my-bank")
    assert (bank.id, bank.languages, bank.faults) == ("my-bank", ("zh", "en"), ())
    (item,) = bank.items
    assert (item.id, item.kind) == ("my-item", kind)
    assert prover.prove(item).findings == ()


def test_items_come_to_a_bank_that_is_there_and_nothing_of_it_changes(here):
    call(new, "one")
    before = contents(here)
    call(new, "two", "--kind", "choice")
    call(new, "three", "--kind", "numeric", "--bank", "my-bank")
    after = contents(here)
    assert before.items() <= after.items()
    assert [item.id for item in load_bank(here / "my-bank").items] == ["one", "three", "two"]
    assert load_bank(here / "my-bank").faults == ()


def test_an_item_is_added_to_the_end_of_a_file_and_to_a_new_file(here):
    done = call(new, "one", "--bank", "single.md", "--kind", "short-answer")
    assert done.stdout == "made single.md\n"
    before = (here / "single.md").read_bytes()
    done = call(new, "two", "--bank", "single.md", "--kind", "choice")
    assert done.stdout == "added to single.md\n"
    assert (here / "single.md").read_bytes().startswith(before)
    assert [item.id for item in load_bank(here / "single.md").items] == ["one", "two"]
    assert load_bank(here / "single.md").faults == ()


def test_a_file_keeps_its_line_ends_and_one_without_a_last_line_end_gets_one(here):
    (here / "old.md").write_bytes("# 旧 | Old\r\n\r\n```yaml bank\r\nid: old\r\nlanguages: [zh, en]\r\n```".encode())
    call(new, "one", "--bank", "old.md", "--kind", "choice")
    written = (here / "old.md").read_bytes()
    assert written.count(b"\n") == written.count(b"\r\n")
    assert load_bank(here / "old.md").faults == ()


REFUSED = {
    "an id of other letters": (["My Item!"], "as in 'my-item'"),
    "an id that is too long": (["a" * 81], "lower-case letters"),
    "an id that is taken": (["one"], "has an item 'one' already, at my-bank/one.md:3"),
    "an id that is taken in the file": (["one", "--bank", "my-bank/one.md"], "has an item 'one' already"),
    "a file of that name": (["bank", "--bank", "my-bank"], "my-bank/bank.md is there already"),
    "a folder of banks": (["two", "--bank", "."], "name one of them: --bank my-bank"),
    "a file that is no Markdown": (["two", "--bank", "notes.txt"], "is no Markdown file"),
    "a file that would swallow it": (["two", "--bank", "my-bank/open.md"], "would not be read as one"),
    "a file below a file": (["two", "--bank", "notes.txt/bank"], "cannot be written"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_would_harm_is_refused_in_a_line_and_nothing_is_written(what, here):
    call(new, "one")
    (here / "my-bank" / "bank.md").write_text("# Notes\n")
    (here / "my-bank" / "open.md").write_text("## Open\n\n<!-- never closed\n")
    (here / "notes.txt").write_text("notes")
    before = contents(here)
    arguments, says = REFUSED[what]
    try:
        said = call(new, *arguments).stderr
    except WorkshopError as error:
        said = f"{error} {error.remedy}"
    assert says in said
    assert contents(here) == before


# ----------------------------------------------------------------------------------------------------------------------


def test_the_workshop_s_own_document_is_explained_as_it_is():
    done = call(explain, WORKSHOP_DOCUMENT)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert len([line for line in lines if "since" in line]) == len(load_bank(WORKSHOP_DOCUMENT).items)
    assert any("**题目：**  question, Chinese" in line for line in lines)
    assert "\x1b" not in done.stdout


def test_every_label_and_fence_of_a_document_is_told_with_its_lines():
    read = explain_bank(COMPLETE)
    text = COMPLETE.read_text(encoding="utf-8").split("\n")
    (file,) = read.files
    items = [item for section in file.sections for item in section.items]
    assert [item.item.id for item in items] == [item.id for item in read.bank.items]
    for item in items:
        assert all(text[label.line - 1].startswith(label.written) for label in item.labels)
        assert all(text[fence.line - 1].endswith(fence.written) for fence in item.fences)
        assert all(text[fence.last - 1].startswith("```") for fence in item.fences)
    everything = [fence for item in items for fence in item.fences] + list(file.fences)
    everything += [fence for section in file.sections for fence in section.fences]
    assert len(everything) == sum(line.startswith("```") for line in text) / 2


DOCUMENT = """Hello.

# Small

<!-- a note -->

## Part

### One {#one}

Stray words.

**题目：** 问

**Question:** Ask.

```python
print(1)
```

**Remember:** nothing.

#### Deeper

```pyhton tests
def test(): ...
```

**选项：**

- [x] 好 | good
- [ ] 坏 | bad

### Two {#two}

```yaml item
kind: numeric
units: {MiB: 1, GiB: 1024}
```

**题目：** 多少？ \x1b[31m

**数值：** 3 MiB ± 1%

## End
"""


def test_what_was_left_aside_is_told_with_the_reason(tmp_path):
    (tmp_path / "small.md").write_text(DOCUMENT, encoding="utf-8")
    told = call(explain, tmp_path / "small.md").stdout
    for line in (
        "'Hello.'  text above the first heading is not shown  line 1",
        "'<!-- a note -->'  a comment is not read  line 5",
        "'Stray words.'  text above the first label is not shown  line 11",
        "'Remember'  no label has this name: it is text of the question  line 21",
        "'Deeper'  a heading below ### opens nothing: it is text  line 23",
        "```python  no role: shown as code of the question  lines 17-19",
        "unknown fence 'pyhton tests'; did you mean 'python tests'?  line 25",
        "[x] 好 | good  line 31",
        "[x] 3 MiB ± 1%  line 43",
        "GiB = 1024",
        "choice, since it holds options; 1 points; Chinese and English",
        "no items: shown as a chapter of text",
    ):
        assert line in told
    assert "\x1b" not in told


def test_a_program_reads_the_same_as_json():
    record = json.loads(call(explain, COMPLETE, "--json").stdout)
    items = [item for file in record["files"] for section in file["sections"] for item in section["items"]]
    bank = load_bank(COMPLETE)
    assert [item["id"] for item in items] == [item.id for item in bank.items]
    assert items[0]["test_specs"][0]["name"] == bank.items[0].test_specs[0].name
    assert {label["part"] for label in items[1]["labels"]} >= {"question", "rubric"}
    assert all(label["line"] <= label["last"] for item in items for label in item["labels"])


@pytest.mark.parametrize("path", sorted((ROOT / "tests/questions/documents").rglob("*.md")), ids=lambda path: path.stem)
def test_any_document_can_be_explained(path):
    assert call(explain, path).exit_code == 0
    json.loads(call(explain, path, "--json").stdout)


def test_a_whole_bank_is_explained_file_by_file():
    told = call(explain, ROOT / "questions" / "banks" / "attention").stdout
    assert "20-coding.md" in told
    assert "python shared  code that suites share" in told


def test_a_path_that_is_not_there_has_one_line(tmp_path):
    with pytest.raises(WorkshopError, match="does not exist"):
        call(explain, tmp_path / "nowhere")
    assert {"new", "explain", "check"} <= set(cli.list_commands(None))


def test_figures_and_what_is_wrong_with_them_are_explained(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    told = call(explain, tmp_path).stdout
    assert "figures/heat-map.svg  A heat map: 0.7 and 0.3  line 18" in told
    (tmp_path / NAME).write_text(FILES[NAME].replace("<title>", "<script/><title>"), encoding="utf-8")
    assert f"{NAME}: <script> has no place in a figure" in call(explain, tmp_path).stdout
    record = json.loads(call(explain, tmp_path, "--json").stdout)
    assert (record["figures"], record["faults"][0]["file"]) == ([], NAME)


def test_watching_sees_a_figure_change(tmp_path):
    (tmp_path / "bank" / "figures").mkdir(parents=True)
    (tmp_path / "bank" / "bank.md").write_text("# Bank\n", encoding="utf-8")
    for places in ((tmp_path,), (tmp_path / "bank",), (tmp_path / "bank" / "bank.md",)):
        before = stamp(places)
        (tmp_path / "bank" / "figures" / "a.svg").write_text(f"<svg/><!-- {places} -->", encoding="utf-8")
        assert stamp(places) != before
