"""The command line as its users meet it: exit status, stdout, stderr."""

import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from questions import load_bank

ROOT = Path(__file__).parents[2]
BANK = ROOT / "questions" / "banks" / "attention"
SMALL = "attention-weighted-sum"
RIGHT = """def attention_weighted_sum(inputs, attention_weights):
    return (inputs * attention_weights.unsqueeze(-1)).sum(1)
"""
KEYS = [
    "path", "item", "revision", "status", "score", "max_score", "tests", "diagnosis", "key_points", "review", "seconds",
]  # fmt: skip


def workshop(*arguments, cwd=None, before=(), timeout=300):
    command = [*before, str(Path(sys.executable).parent / "workshop"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=timeout, check=False)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path_factory, monkeypatch):
    """What a run leaves in the current folder does not meet the next one's."""
    monkeypatch.chdir(tmp_path_factory.mktemp("current"))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ann.py").write_text(RIGHT)
    (tmp_path / "bob.py").write_text(RIGHT.replace("sum(1)", "mean(1)"))
    (tmp_path / "eve.py").write_text("import os\nos._exit(0)\n")
    return tmp_path


def test_a_folder_is_graded_as_json_lines_in_order(folder):
    done = workshop("grade", SMALL, folder, "--json")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(line["path"]).name for line in lines] == ["ann.py", "bob.py", "eve.py"]
    assert [line["status"] for line in lines] == ["passed", "partial", "crashed"]
    assert all(set(KEYS) <= line.keys() for line in lines)
    assert lines[0]["score"] == lines[0]["max_score"]
    assert lines[1]["diagnosis"] == ["mean"]
    assert lines[0]["item"] == SMALL
    test = lines[1]["tests"][0]
    assert test.keys() == {"name", "title", "status", "points", "max_points", "message", "hidden"}


def test_an_archive_is_graded_and_what_is_hostile_in_it_is_said(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as files:
        files.writestr("ann/sum.py", RIGHT)
        files.writestr("../eve.py", RIGHT)
        files.writestr("__MACOSX/._sum.py", "x")
        files.writestr("bob.ipynb", json.dumps({"cells": [{"cell_type": "code", "source": "!pip list\n" + RIGHT}]}))
    (tmp_path / "broken.zip").write_bytes(b"PK\3\4 and no more")
    done = workshop("grade", SMALL, tmp_path / "all.zip", tmp_path / "broken.zip", "--json")
    assert done.returncode == 2
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["status"] for line in lines] == ["passed", "ungradable", "passed", "ungradable"]
    assert lines[0]["path"].endswith("all.zip/ann/sum.py")
    assert "leads out of the archive" in done.stderr
    assert "cut off or damaged" in done.stderr
    assert not (tmp_path.parent / "eve.py").exists()


def test_a_table_is_for_people(folder):
    done = workshop("grade", SMALL, folder / "ann.py")
    assert done.returncode == 0
    assert "passed" in done.stdout
    assert "ann" in done.stdout


def test_a_path_that_is_not_there_is_said_at_once_with_what_there_is(folder):
    for given, said in (
        ([SMALL, "nobody/"], "there is no 'nobody' here"), (["nobody.zip"], "'nobody.zip' is no file or folder here"),
        ([folder, "--map", "*=xyz"], "mask-and-gradient, reading-a-heat-map and "),  # and how many more
    ):  # fmt: skip
        done = workshop("grade", *given)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr


def test_what_cannot_be_graded_is_said_and_loses_nothing(folder):
    done = workshop("grade", SMALL, folder / "ann.py", folder / "nobody.py", "--json")
    assert done.returncode == 2
    assert "nobody.py: cannot be read: No such file" in done.stderr
    assert [json.loads(line)["status"] for line in done.stdout.splitlines()] == ["passed", "ungradable"]


def test_short_answers_come_from_json_lines(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text(
        json.dumps({"id": "a", "text": "模型给输入的每个部分分配不同的权重，权重由训练学习得到。"})
        + "\n\nnot json\n"
        + json.dumps({"id": 7, "text": ""})
        + "\n"
    )
    done = workshop("grade", "attention-concept", path, "--json")
    assert done.returncode == 2
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["path"] for line in lines] == [f"{path}#a", f"{path}:3", f"{path}#7"]
    points = {point["id"]: point for point in lines[0]["key_points"]}
    assert points.keys() == {"focus", "weights", "adaptive", "benefit", "uses"}
    assert points["weights"].keys() == {"id", "award", "confidence", "review"}
    assert lines[2]["score"] == 0


def test_an_unknown_item_names_the_nearest(folder):
    done = workshop("grade", "attention-weighed-sum", folder)
    assert done.returncode == 2
    assert "attention-weighted-sum" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_command_names_the_nearest():
    done = workshop("sevre")
    assert done.returncode == 2
    assert "'serve'" in done.stderr


def test_a_dead_fork_server_costs_no_mark(tmp_path):
    """The kernel may end it for want of memory; what is left is graded by a new one."""
    for number in range(40):
        (tmp_path / f"{number:02}.py").write_text(f"{RIGHT}# {number}\n")
    command = [str(Path(sys.executable).parent / "workshop"), "grade", SMALL, str(tmp_path), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as process:
        lines = [process.stdout.readline() for _ in range(3)]
        threads = Path(f"/proc/{process.pid}/task").iterdir()
        children = [pid for thread in threads for pid in (thread / "children").read_text().split()]
        keeper = next(pid for pid in children if b"launch.py" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(int(keeper), signal.SIGKILL)
        rest, _ = process.communicate(timeout=240)
    assert process.returncode == 0
    assert [json.loads(line)["status"] for line in [*lines, *rest.splitlines()]] == ["passed"] * 40


def test_json_lines_are_no_code(tmp_path):
    (tmp_path / "answers.jsonl").write_text("{}")
    done = workshop("grade", SMALL, tmp_path / "answers.jsonl")
    assert done.returncode == 2
    assert "asks for code" in done.stderr


def test_a_folder_that_cannot_be_read_is_said(folder):
    (folder / "closed").mkdir(mode=0)
    # Root reads every folder, unless the two capabilities that let it are gone.
    blind = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    done = workshop("grade", SMALL, folder, before=blind)
    assert done.returncode == 2
    assert "closed: the folder cannot be read" in done.stderr


def test_help_fits_one_screen_and_shows_examples():
    done = workshop("--help")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) <= 24
    for command in ("check", "grade", "doctor"):
        assert "Example: workshop" in workshop(command, "--help").stdout


def test_the_shipped_bank_is_proved():
    done = workshop("check", BANK, "--anew", timeout=900)  # two minutes on two cores; here it shares them
    assert (done.returncode, [line for line in done.stdout.splitlines() if ".md:" in line]) == (0, [])
    count = len(load_bank(BANK).items)
    assert f"{count} of {count} items proved, 0 faults" in done.stderr


def test_a_removed_test_lets_a_misconception_slip_and_check_names_its_line(tmp_path):
    source = re.sub(r"(?m)^prerequisites: .*$", "", (BANK / "20-coding.md").read_text())  # some are in other files
    start = source.index("### ", source.index("{#attention-weighted-sum}") - 200)
    head, item = source[:start], source[start:]
    before, _, rest = item.partition("```python tests\n")
    _, _, after = rest.partition("```\n")
    cut = '@pytest.mark.points(11)\ndef test_only(submission):\n    """只看形状。 | Only the shape."""\n'
    cut += (
        "    assert_shape(submission.attention_weighted_sum(torch.ones(2, 3, 4), torch.ones(2, 3)), 'B D', B=2, D=4)\n"
    )
    for name in ("00-bank.md", "18-shared.md"):
        (tmp_path / name).write_text((BANK / name).read_text())
    (tmp_path / "20-coding.md").write_text(head + before + "```python tests\n" + cut + "```\n" + after)
    done = workshop("check", tmp_path)
    assert done.returncode == 1
    lines = (tmp_path / "20-coding.md").read_text().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if n > head.count("\n") and text == "```python misconception mean")
    expected = f"{tmp_path / '20-coding.md'}:{line}: misconception 'mean' passes every test"
    assert any(said.startswith(expected) for said in done.stdout.splitlines()), done.stdout


def test_the_matrix_shows_who_catches_what():
    done = workshop("check", ROOT.parent / "shared" / "sketches" / "example-bank.md", "--matrix")
    if done.returncode == 2:
        pytest.skip("the example bank is not beside this checkout")
    assert done.returncode == 0, done.stdout
    assert "  sigmoid    F  ·  F" in done.stdout
    assert "4 of 4 items proved" in done.stderr


def test_a_path_that_is_not_there_is_a_usage_error():
    done = workshop("check", BANK / "nowhere")
    assert done.returncode == 2
    assert "does not exist" in done.stderr


def test_what_cannot_be_read_is_said_in_one_line(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "pipe.md").symlink_to("/dev/null")
    for path, words in [("empty", "holds no bank"), ("pipe.md", "neither a file nor a folder")]:
        done = workshop("check", tmp_path / path)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert f"{tmp_path / path}" in done.stderr
        assert words in done.stderr


def test_files_that_are_no_bank_have_faults_and_no_traceback(tmp_path):
    files = {"none.md": b"", "gbk.md": "### 题 {#a}".encode("gbk"), "binary.md": bytes(range(256))}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        done = workshop("check", "--structure", name, cwd=tmp_path)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
        faults, _, items = done.stdout.partition("\n\n")
        assert all(line.startswith(f"{name}:") for line in faults.splitlines())
        assert items.startswith(f"{name.removesuffix('.md')}  {name}\n")


def test_json_holds_every_item_and_every_fault(tmp_path):
    (tmp_path / "a.md").write_text("# A\n\n## S\n\n### One {#one}\n\n**Question:** why\n")
    done = workshop("check", "--json", tmp_path)
    item, *faults = [json.loads(line) for line in done.stdout.splitlines()]
    assert (item["item"].endswith("/one"), item["proved"], item["matrix"]) == (True, False, {})
    assert ("one", 5, "fault") in [(fault["item"], fault["line"], fault["severity"]) for fault in faults]
    done = workshop("check", "--json", "--structure", tmp_path)
    assert json.loads(done.stdout.splitlines()[0])["proved"] is None


def test_a_bank_of_faults_is_listed_line_by_line(tmp_path):
    (tmp_path / "bad.md").write_text("# Bad\n\n## S\n\n### No id\n\n**Question:** why\n")
    done = workshop("check", tmp_path)
    assert done.returncode == 1
    faults = done.stdout.partition("\n\n")[0].splitlines()
    assert len(faults) > 1
    assert all(line.startswith(f"{tmp_path}/bad.md:") for line in faults)


def pytest_on(tmp_path, submission, *arguments):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--submission"]
    return subprocess.run(
        [*command, submission, *arguments], capture_output=True, text=True, cwd=tmp_path, timeout=200, check=False
    )


def test_pytest_runs_an_items_suite_on_a_file(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(RIGHT)
    for options in ([], ["--in-process"]):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", *options]
        target = f"{BANK / '20-coding.md'}::{SMALL}"
        done = subprocess.run(
            [*command, "--submission", str(path), target], capture_output=True, text=True, timeout=200, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    path.write_text(RIGHT.replace("sum(1)", "mean(1)"))
    done = subprocess.run(
        [*command, "--submission", str(path), target], capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 1
    assert "20-coding.md:" in done.stdout


def test_pytest_shows_where_a_submission_raised_and_no_frame_of_ours(tmp_path):
    (tmp_path / "mine.py").write_text(RIGHT.replace("return", "return 1 / 0 *"))
    done = pytest_on(tmp_path, "mine.py", f"{BANK / '20-coding.md'}::{SMALL}", "-k", "single")
    assert done.returncode == 1
    assert "mine.py:2: ZeroDivisionError: division by zero" in done.stdout
    assert "proxies.py" not in done.stdout
    (tmp_path / "late.py").write_text(f"{RIGHT}\nimport absent\n")
    done = pytest_on(tmp_path, "late.py", f"{BANK / '20-coding.md'}::{SMALL}", "-k", "single")
    assert "late.py:4: ModuleNotFoundError: No module named 'absent'" in done.stdout
    assert "link.py" not in done.stdout


MISUSES = {
    "no such file": (["nobody.py", "CODING"], "ERROR: --submission nobody.py: No such file"),
    "a syntax error": (["broken.py", "CODING"], "ERROR: --submission broken.py:2: invalid syntax"),
    "no bank": (["mine.py"], "ERROR: --submission needs a bank as well"),
    "an unknown item": (["mine.py", f"CODING::{SMALL}s"], f"has no item '{SMALL}s'; it has {SMALL}"),
    "a short answer": (["mine.py", "CONCEPTS::attention-concept"], "it is a short-answer item"),
    "a bank without suites": (["mine.py", "CONCEPTS"], "holds no suite to run"),
    "a submission for nothing": (["other.py", f"CODING::{SMALL}"], "does not define attention_weighted_sum"),
}


@pytest.mark.parametrize("name", MISUSES)
def test_pytest_says_what_is_wrong_with_its_arguments(name, tmp_path):
    for file, source in {"mine.py": RIGHT, "broken.py": "\nx = = 1\n", "other.py": "y = 1\n"}.items():
        (tmp_path / file).write_text(source)
    arguments, words = MISUSES[name]
    files = {"CODING": str(BANK / "20-coding.md"), "CONCEPTS": str(BANK / "10-concepts.md")}
    for short, path in files.items():
        arguments = [argument.replace(short, path) for argument in arguments]
    done = pytest_on(tmp_path, *arguments)
    assert done.returncode in (2, 4)
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
