"""`workshop grade` with many submissions: stopped, killed and resumed nothing is lost and nothing is graded twice."""

import fcntl
import json
import os
import pty
import re
import resource
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.bulk.problems import bank_at_fault
from tests.grader.conftest import ITEM, TESTS

WORKSHOP = str(Path(sys.executable).parent / "workshop")
SMALL = "attention-weighted-sum"
JOURNAL = Path(".workshop-grade") / f"{SMALL}.journal"
CONCEPTS = JOURNAL.with_stem("attention-concept")
WORDS = {"item": "attention-concept", "path": "words.jsonl"}
RIGHT = """def attention_weighted_sum(inputs, attention_weights):
    return (inputs * attention_weights.unsqueeze(-1)).sum(1)
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Every run has a current folder of its own; `given` below it holds the submissions."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "here" / "given").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")


def give(count, source=RIGHT, name="{:03}.py"):
    for number in range(count):
        Path("given", name.format(number)).write_text(f"{source}# {number}\n")


def answer(*texts):
    """Short answers, which need no sandbox."""
    entries = [json.dumps({"id": number, "text": text}) for number, text in enumerate(texts)]
    Path("words.jsonl").write_text("\n".join(entries))


def grade(*options, item=SMALL, path="given"):
    command = [WORKSHOP, "grade", item, path, "--json", *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], told(done.stderr)


def told(stderr):
    """What was said, without how far it had come every minute: the machine may be slow."""
    return re.sub(r"workshop: \d+ of \d+ graded, .*\n", "", stderr)


def gradings(journal=JOURNAL):
    """How often each submission was graded, by its path: one line of the journal each."""
    lines = [json.loads(line) for line in journal.read_text().splitlines()[1:]]
    paths = [line["path"] for line in lines if "verdict" in line]
    return {path: paths.count(path) for path in paths}


@contextmanager
def grading(*options):
    """A run that goes on until it is stopped."""
    command = [WORKSHOP, "grade", SMALL, "given", "--json", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def descendants(pid):
    """Every process that descends from `pid`, as pidfds: a number may soon be another's."""
    found = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (thread / "children").read_text().split()):
            found += [os.pidfd_open(child), *descendants(child)]
    return found


def ended(pidfd):
    """Whether a process is gone, or as good as gone."""
    text = Path(f"/proc/self/fdinfo/{pidfd}").read_text()
    pid = int(re.search(r"Pid:\s+(-?\d+)", text)[1])
    return pid <= 0 or Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"


def all_end(pidfds, seconds=20):
    deadline = time.monotonic() + seconds
    while not all(map(ended, pidfds)):
        assert time.monotonic() < deadline, "something goes on running"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_a_run_is_told_how_far_it_came_and_resumes_it(number):
    give(80)
    with grading() as process:
        lines = [process.stdout.readline() for _ in range(3)]
        below = descendants(process.pid)
        os.kill(process.pid, number)
        rest, said = process.communicate(timeout=120)
    assert process.returncode == 130
    graded = [json.loads(line) for line in [*lines, *rest.splitlines()]]
    assert {line["status"] for line in graded} == {"passed"}
    assert 3 <= len(graded) < 80
    assert told(said.decode()) == (
        f"workshop: stopped; {len(graded)} of 80 were graded; the same command with --resume grades the rest\n"
    )
    all_end(below)
    status, lines, said = grade("--resume")
    assert (status, [line["status"] for line in lines]) == (0, ["passed"] * 80)
    assert said == f"workshop: {len(graded)} of 80 are in the journal and not graded again\n"
    assert gradings() == {f"given/{number:03}.py": 1 for number in range(80)}


def test_a_second_ctrl_c_ends_it_at_once_and_leaves_nothing_running():
    give(1)
    give(4, "while True:\n    pass\n", "loop{}.py")
    with grading() as process:
        process.stdout.readline()
        below = descendants(process.pid)
        assert len(below) >= 4  # the fork server, its keeper, examiners
        os.kill(process.pid, signal.SIGINT)
        os.kill(process.pid, signal.SIGTERM)  # two of a kind might arrive as one
        assert process.wait(30) == 130
        all_end(below)


def test_a_run_that_is_stopped_while_it_starts_leaves_nothing_running():
    give(1)
    with grading() as process:
        while not (below := descendants(process.pid)):
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(30) == 130
        all_end(below)


def test_a_killed_run_leaves_nothing_running_and_is_resumed_without_grading_twice():
    give(60)
    with grading() as process:
        for _ in range(5):
            process.stdout.readline()
        below = descendants(process.pid)
        process.kill()
        process.wait()
        all_end(below)
    before = gradings()
    assert 5 <= len(before) < 60
    with JOURNAL.open("ab") as journal:  # as if the kill had come in the middle of a line
        journal.write(JOURNAL.read_bytes().splitlines()[-1][:200])
    status, lines, said = grade("--resume")
    assert (status, [line["status"] for line in lines]) == (0, ["passed"] * 60)
    assert f"{len(before)} of 60 are in the journal" in said
    assert "1 line of the journal" in said
    assert gradings() == {f"given/{number:03}.py": 1 for number in range(60)}
    assert grade("--resume")[1:] == (lines, "workshop: 60 of 60 are in the journal and not graded again\n")


def test_what_has_changed_is_graded_again_and_nothing_else():
    answer("one", "two", "three")
    assert grade(**WORDS)[0] == 0
    answer("one", "other", "three")
    _, lines, said = grade("--resume", **WORDS)
    assert [line["path"] for line in lines] == ["words.jsonl#0", "words.jsonl#1", "words.jsonl#2"]
    assert "2 of 3 are in the journal" in said
    assert gradings(CONCEPTS) == {"words.jsonl#0": 1, "words.jsonl#1": 2, "words.jsonl#2": 1}
    _, _, said = grade("--resume", "--seed", 3, **WORDS)
    assert "nothing of this is in the journal" in said
    assert sum(gradings(CONCEPTS).values()) == 7


def test_without_resume_all_is_graded_and_the_journal_is_offered():
    answer("one", "two")
    grade(**WORDS)
    _, _, said = grade(**WORDS)
    assert said == f"workshop: 2 of 2 were graded before; --resume would take them from the journal {CONCEPTS}\n"
    assert set(gradings(CONCEPTS).values()) == {2}


def test_equal_sources_are_graded_once_whatever_ends_their_lines():
    give(1)
    source = Path("given/000.py").read_bytes()
    Path("given/copy.py").write_bytes(source)
    Path("given/windows.py").write_bytes(source.replace(b"\n", b"\r\n"))
    Path("given/other.py").write_bytes(source + b"\n")
    _, lines, _ = grade()
    assert [line["status"] for line in lines] == ["passed"] * 4
    assert gradings() == {"given/000.py": 1, "given/other.py": 1}


def test_two_runs_do_not_share_a_journal():
    answer("one")
    with Path("busy").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        status, lines, said = grade("--journal", "busy", **WORDS)
    assert (status, lines) == (2, [])
    assert said.startswith("workshop: another run of workshop grade is writing busy. To mend it: wait until it is done")


@pytest.mark.parametrize("content", ["student,mark\nann,1\n", '{"journal": "workshop grade", "version": 2}\n'])
def test_a_file_that_is_no_journal_is_left_alone(content):
    answer("one")
    Path("marks.csv").write_text(content)
    status, _, said = grade("--journal", "marks.csv", **WORDS)
    assert status == 2
    assert "no journal" in said
    assert Path("marks.csv").read_text() == content


def test_a_journal_that_came_along_with_a_submission_is_not_believed(monkeypatch):
    """Whoever sends a folder could send the verdicts with it."""
    answer("one")
    monkeypatch.setenv("XDG_STATE_HOME", str(Path("student").absolute()))
    grade(**WORDS)
    CONCEPTS.write_text(CONCEPTS.read_text().replace('"status": "failed"', '"status": "passed"'))
    monkeypatch.setenv("XDG_STATE_HOME", str(Path("teacher").absolute()))
    _, lines, said = grade("--resume", **WORDS)
    assert [line["status"] for line in lines] == ["failed"]
    assert "1 line of the journal" in said
    assert "nothing of this is in the journal" in said


def test_hostile_submissions_come_last_and_keep_nobody_waiting():
    """A loop, a hog, a flood and a suicide: named first, and judged behind or beside all that is right."""
    give(30)
    hostile = {
        "000-loop.py": "while True:\n    pass\n",
        "000-loops.py": RIGHT.replace("return", "while True: pass\n    return"),
        "000-hog.py": "hoard = []\nwhile True:\n    hoard.append(bytearray(10**8))\n",
        "000-fork.py": "import os\nwhile True:\n    os.fork()\n",
        "000-flood.py": f"{RIGHT}for _ in range(20_000):\n    print('x' * 80)\n",
        "000-exit.py": "import os\nos._exit(0)\n",
    }
    for name, source in hostile.items():
        Path("given", name).write_text(source)
    status, lines, _ = grade()
    assert status == 0
    found = {Path(line["path"]).name: line["status"] for line in lines}
    assert [found.pop(name) for name in hostile][:2] == ["timeout", "timeout"]
    assert set(found.values()) == {"passed"}
    order = [Path(json.loads(line)["path"]).name for line in JOURNAL.read_text().splitlines()[1:]]
    right = [place for place, name in enumerate(order) if name in found]
    assert min(order.index("000-loop.py"), order.index("000-loops.py")) > max(right)


def test_an_item_at_fault_is_found_out_once_and_not_by_every_submission():
    suite = "while True:\n    pass\n\n" + TESTS
    Path("bank.md").write_text(ITEM % {"tests": suite, "points": 10, "seconds": 1, "memory": 512})
    give(20, "def double(x):\n    return 2 * x\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    status, lines, said = grade("--bank", "bank.md", item="double")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (status, {line["status"] for line in lines}) == (2, {"ungradable"})
    assert said.count("bank.md") == 20
    assert {line["explanation"]["zh"] for line in lines} == {bank_at_fault("").zh}
    assert after.ru_utime - before.ru_utime < 60, "every submission ran into the suite's endless loop"


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_grade():
    answer("one")
    Path(".workshop-grade").write_text("a file where the folder would be")
    status, lines, said = grade(**WORDS)
    assert (status, len(lines)) == (0, 1)
    assert "no journal can be kept" in said
    status, _, said = grade("--resume", **WORDS)
    assert (status, "no journal can be kept" in said) == (2, True)
    status, _, said = grade("--no-journal", **WORDS)
    assert (status, said) == (0, "")


def test_a_bar_on_the_terminal_leaves_the_results_to_whoever_reads_them():
    give(12)
    ours, theirs = pty.openpty()
    with subprocess.Popen([WORKSHOP, "grade", SMALL, "given", "--json"], stdout=subprocess.PIPE, stderr=theirs) as run:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # nobody holds the other end any more
            pass
        lines = run.stdout.read().splitlines()
    os.close(ours)
    assert len([json.loads(line) for line in lines]) == 12
    assert b"/12" in shown
    assert b"passed" in shown
    assert b'"path"' not in shown


def test_results_are_shown_as_soon_as_their_turn_comes_and_a_reader_may_go_away():
    give(60)
    with grading() as process:
        assert json.loads(process.stdout.readline())["path"] == "given/000.py"
        assert process.poll() is None
        process.stdout.close()
        process.wait(120)
        assert b"Traceback" not in process.stderr.read()
    assert len(gradings()) < 60
