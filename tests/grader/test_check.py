"""``workshop check`` as people, programs and GitHub read it, and as it stays and watches."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.commands import watching as watching_module
from grader.commands.check import check
from grader.commands.check_report import Report, print_github
from grader.proof import Finding, Proof
from grader.proving import Prover, ProvingStopped
from grader.reuse import moved, tried
from grader.scaffold import SECTION, bank_head, scaffold
from questions import Kind, Severity, parse_bank
from questions.model import Fault

WORKSHOP = Path(sys.executable).parent / "workshop"
CODING = bank_head("small") + "\n" + SECTION + "\n" + scaffold("causal-weights", Kind.CODING)


@pytest.fixture
def bank(tmp_path):
    """A bank of one file with one proved coding item."""
    (tmp_path / "bank.md").write_text(CODING)
    return tmp_path


def run(*arguments):
    done = CliRunner().invoke(check, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def test_faults_come_first_and_each_item_has_a_line(bank):
    (bank / "other.md").write_text("# Other\n\n## S\n\n### One {#one}\n\n**Question:** why\n")
    done = run("--structure", bank)
    faults, items = done.stdout.rstrip().split("\n\n")
    assert all(re.match(rf"{bank}/other\.md:\d+: ", line) for line in faults.splitlines())
    assert items.splitlines() == [
        f"small  {bank}",
        "  causal-weights  complete  10 points, 3 tests (1 hidden), 2 misconceptions",
        "  one             faulty    0 points, 0 key points",
    ]
    assert done.stderr.startswith("1 of 2 items complete, ")
    assert done.exit_code == 1


def test_json_has_the_matrix_and_what_each_test_catches(bank):
    for option in (["--format", "json"], ["--json"]):
        item, *faults = map(json.loads, run(*option, bank).stdout.splitlines())
        assert faults == []
        assert (item["item"], item["kind"], item["proved"], item["points"]) == (
            "small/causal-weights", "coding", True, 10,
        )  # fmt: skip
        assert item["matrix"]["no-mask"] == {
            "test_rows_sum_to_one": "passed",
            "test_nothing_comes_from_later_places": "failed",
            "test_values": "failed",
        }
        assert [test["catches"] for test in item["tests"]] == [
            ["mask-after-softmax"], ["no-mask"], ["no-mask", "mask-after-softmax"],
        ]  # fmt: skip
        assert item["catches_nothing"] == []
        lines = CODING.split("\n")
        assert all(test["name"] in lines[test["line"] - 1] for test in item["tests"])


def test_a_test_that_catches_nothing_is_named_in_text_and_json(bank):
    idle = 'def test_idle(submission):\n    """闲着。 | Idle."""\n\n\n@pytest.mark.points(3)\ndef test_rows'
    (bank / "bank.md").write_text(CODING.replace("@pytest.mark.points(3)\ndef test_rows", idle, 1))
    item, remark = map(json.loads, run("--json", bank).stdout.splitlines())
    assert (item["catches_nothing"], remark["severity"]) == (["test_idle"], "remark")
    done = run("--matrix", bank)
    assert re.search(r" 1  test_idle +catches nothing\n", done.stdout)
    assert "remark: test_idle passes whatever is submitted" in done.stdout


def test_github_gets_annotations_escaped_as_it_wants_them(bank, monkeypatch):
    (bank / "a,b.md").write_text("# B\n\n## S\n\n### One {#one}\n\n**Question:** why\n")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(bank))
    done = run("--structure", "--format", "github", bank / "a,b.md")
    lines = done.stdout.splitlines()
    assert any(line.startswith("::error file=a%2Cb.md,line=5,title=one::the item has no rubric: ") for line in lines)
    assert all(line.startswith(("::error ", "::warning ")) for line in lines)
    assert [line.startswith("::warning") for line in lines] == sorted(line.startswith("::warning") for line in lines)
    assert done.exit_code == 1


def test_whatever_a_fault_says_it_is_one_annotation(capsys, tmp_path):
    (item,) = parse_bank(CODING, tmp_path / "x.md").items
    text = "100% of\nthe lines: ::error::\r no"
    bank = parse_bank("# E\n")
    fault = Fault(tmp_path / "x:y.md", 3, text, Severity.REMARK, item.id)
    object.__setattr__(bank, "faults", (fault,))
    print_github(Report((bank,), structure=True))
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("::warning ")
    assert line.endswith("x%3Ay.md,line=3,title=causal-weights::100%25 of%0Athe lines: ::error::%0D no")


def test_formats_that_do_not_go_with_watching_are_refused(bank):
    assert run("--watch", "--json", bank).exit_code == 2


# What holds after a change -------------------------------------------------------------------------------------------


def item_of(text):
    (item,) = parse_bank(text, "bank.md").items
    return item


def test_a_mended_text_needs_no_new_proof_and_code_that_is_tried_does():
    item = item_of(CODING)
    for same in ("提示：** 先把", "look ahead\n\nIn training", "<!-- The right answer."):
        assert same in CODING
        assert tried(item_of(CODING.replace(same, f"{same} More."))) == tried(item)
    for other in ("triu(1)\n    return", "raise NotImplementedError", "length in (3, 5)", "scores.softmax(-1).tril()"):
        assert other in CODING
        assert tried(item_of(CODING.replace(other, f"{other}  # changed"))) != tried(item)
    assert tried(item_of(CODING.replace("seconds: 10", "seconds: 11"))) != tried(item)


def test_a_proof_that_holds_is_told_with_the_lines_of_today(engine):
    text = CODING.replace("def causal_weights(scores):\n    return scores.softmax(-1)\n", "def other(scores): ...\n")
    before = item_of(text)
    with Prover(1, engine) as prover:
        proof = prover.prove(before)
    assert proof.findings
    longer = text.replace("**提示：**", "多\n\n一些。\n\n**提示：**").replace("<!-- Mistakes", "\n\n<!-- Mistakes")
    now = item_of(longer)
    assert tried(now) == tried(before)
    with_lines = moved(proof, before, now)
    old, new = text.split("\n"), longer.split("\n")
    told = [(*each.findings, *each.tests, *each.rows) for each in (proof, with_lines)]
    for one, other in zip(*told, strict=True):
        assert old[one.line - 1] == new[other.line - 1]
        assert one.line != other.line or one.line == before.line
    assert (with_lines.revision, with_lines.suite) == (now.revision, now.suite)
    elsewhere = moved(proof.__class__("a/b", "", "", "", (Finding(7, Severity.FAULT, "", "00.md"),)), before, now)
    assert elsewhere.findings[0].line == 7


# Watching ------------------------------------------------------------------------------------------------------------


class Watched:
    """A watching command with what it has said so far."""

    def __init__(self, process, descriptor):
        self.process, self._descriptor, self.said = process, descriptor, ""

    def until(self, words, seconds=90):
        """What was said up to the next `words`; they count once."""
        os.set_blocking(self._descriptor, False)
        end = time.monotonic() + seconds
        while words not in self.said:
            assert time.monotonic() < end, self.said
            try:
                self.said += os.read(self._descriptor, 65536).decode("utf-8", "replace")
            except BlockingIOError:
                time.sleep(0.02)
            except OSError:  # a terminal whose other end is closed
                assert words in self.said, self.said
        before, _, self.said = self.said.partition(words)
        return before

    def press(self, keys):
        os.write(self._descriptor, keys.encode())


@contextmanager
def watching(*arguments, terminal=False):
    command = [str(WORKSHOP), "check", "--watch", *map(str, arguments)]
    if terminal:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
    else:
        ours, theirs = os.pipe()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
        os.close(theirs)
    try:
        yield Watched(process, ours)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        finally:
            os.close(ours)


def save_by_renaming(path, text):
    """As vim and many others save."""
    beside = path.with_name(f".{path.name}.swp")
    beside.write_text(text)
    beside.replace(path)


WAITS = "Waiting for a file to be saved."


def test_only_what_changed_is_proved_again_and_nothing_ends_the_watch_but_ctrl_c(bank):
    path = bank / "bank.md"
    second = CODING.replace("causal-weights", "second").partition(SECTION)[2]
    path.write_text(CODING + "\n" + second)
    with watching(bank) as watch:
        assert "2 of 2 items proved, 0 faults" in (said := watch.until(WAITS))
        assert "2 proved just now" in said
        save_by_renaming(path, path.read_text().replace("look ahead\n\nIn training", "look ahead\n\nIn practice", 1))
        assert "; nothing that is tried has changed" in watch.until(WAITS)
        save_by_renaming(path, path.read_text().replace("return scores.softmax(-1).tril()", "return scores.tril()", 1))
        assert "; 1 proved just now" in watch.until(WAITS)
        broken = path.read_text().replace("def causal_weights(scores):\n    length", "def causal_weights(scor", 1)
        path.write_text(broken)
        assert "syntax error" in (said := watch.until(WAITS))
        assert "1 of 2 items proved" in said
        path.unlink()
        assert "cannot be proved:" in watch.until(WAITS)
        path.write_text(CODING)
        assert "1 of 1 items proved" in watch.until(WAITS)
        watch.process.send_signal(signal.SIGINT)
        assert watch.process.wait(30) == 130


def test_keys_prove_all_again_show_the_matrix_and_quit(bank):
    with watching(bank, terminal=True) as watch:
        watch.until("q quits.")
        watch.press("m")
        assert "mask-after-softmax" in watch.until("q quits.")
        watch.press("\n")
        assert "1 proved just now" in watch.until("q quits.")
        watch.press("q")
        assert watch.process.wait(30) == 0


class Interrupted(Prover):
    """A prover that is at its first item when somebody saves the file."""

    def __init__(self, path):
        super().__init__(1)
        self.path, self.revisions = path, []

    def prove(self, item, done=lambda: None, stopped=lambda: False):
        self.revisions.append(item.revision)
        if len(self.revisions) == 1:
            self.path.write_text(CODING.replace("seconds: 10", "seconds: 11"))
            end = time.monotonic() + 10
            while not stopped():
                assert time.monotonic() < end
                time.sleep(0.01)
            raise ProvingStopped
        return Proof(f"{item.bank}/{item.id}", item.revision, item.suite, "", ())


def test_a_save_during_a_proof_begins_it_anew(bank, monkeypatch, capsys):
    prover = Interrupted(bank / "bank.md")
    monkeypatch.setattr(watching_module, "Prover", lambda jobs: prover)
    monkeypatch.setattr(watching_module.Watch, "_wait", lambda *_: "q")
    watching_module.Watch((bank,), matrix=False, structure=False, jobs=1).run()
    assert len(set(prover.revisions)) == 2
    assert "1 of 1 items proved" in capsys.readouterr().out
