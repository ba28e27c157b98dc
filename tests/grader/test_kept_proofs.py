"""Proofs kept between runs: believed as long as nothing that is tried has changed, and never a reason to fail."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import grader
from grader import kept_proofs
from grader.commands.check import check
from grader.kept_proofs import MOST_FILES, KeptProofs, proofs_folder
from grader.proof import Finding, Proof
from grader.proving import Prover
from grader.scaffold import SECTION, bank_head, scaffold
from questions import Kind, Severity, load_bank, parse_bank

CODING = bank_head("small") + "\n" + SECTION + "\n" + scaffold("causal-weights", Kind.CODING)
SHORT = bank_head("small") + "\n" + SECTION + "\n" + scaffold("why", Kind.SHORT_ANSWER)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return proofs_folder()


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    folder = tmp_path / "bank"
    folder.mkdir()
    (folder / "bank.md").write_text(CODING)
    return folder


def proof_of(item) -> Proof:
    with Prover() as prover:
        return prover.prove(item)


def run(*arguments):
    done = CliRunner().invoke(check, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def test_a_second_run_proves_nothing_and_says_the_same(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(bank, "--matrix")
    assert "before" not in first.stderr
    monkeypatch.setattr("grader.commands.check.Prover", None)
    again = run(bank, "--matrix")
    assert again.stdout == first.stdout
    assert "; 1 of 1 proved before and unchanged" in again.stderr
    assert again.exit_code == first.exit_code == 0


def test_anew_proves_again(bank: Path) -> None:
    run(bank)
    assert "proved before" not in run(bank, "--anew").stderr


def test_what_was_moved_in_its_file_or_has_a_mended_text_is_known_with_its_new_lines(bank: Path) -> None:
    run(bank)
    text = CODING.replace("### ", "\n\n\n### ").replace("**Hint:**", "**Hint:** Look again.")
    (bank / "bank.md").write_text(text)
    shown = run(bank, "--json")
    assert "proved before" in run(bank).stderr
    record = json.loads(shown.stdout.splitlines()[0])
    item = load_bank(bank).items[0]
    assert [test["line"] for test in record["tests"]] == [spec.line for spec in item.test_specs]
    assert (record["revision"], record["suite"]) == (item.revision, item.suite)
    kept = KeptProofs().get(item)
    assert [row.line for row in kept.misconceptions] == [each.code.line for each in item.misconceptions]


@pytest.mark.parametrize("change", ["reference", "tests", "misconception", "starter", "limits"])
def test_whatever_is_tried_counts(bank: Path, change: str) -> None:
    item = parse_bank(CODING).items[0]
    kept = KeptProofs()
    kept.keep(item, proof_of(item))
    assert kept.get(item) is not None
    if change == "limits":
        other = replace(item, limits=replace(item.limits, seconds=9))
    elif change == "misconception":
        first, *rest = item.misconceptions
        other = replace(item, misconceptions=(replace(first, code=replace(first.code, source="x = 1")), *rest))
    else:
        code = getattr(item, change)
        other = replace(item, **{change: replace(code, source=code.source + "\n# more")})
    assert kept.get(other) is None


def test_a_rubric_counts_though_it_is_no_code() -> None:
    item = parse_bank(SHORT).items[0]
    kept = KeptProofs()
    kept.keep(item, proof_of(item))
    assert kept.get(item) is not None
    assert kept.get(replace(item, source=item.source.replace("yes:", "half:"))) is None


def test_another_program_or_torch_proves_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    item = parse_bank(SHORT).items[0]
    kept = KeptProofs()
    kept.keep(item, proof_of(item))
    with monkeypatch.context() as patched:
        patched.setattr(kept_proofs, "_program", lambda: "another")
        assert kept.get(item) is None
    monkeypatch.setattr(grader, "version", lambda: "0+torch9")
    assert kept.get(item) is None


def test_what_has_something_to_say_is_not_kept(cache: Path) -> None:
    item = parse_bank(SHORT).items[0]
    KeptProofs().keep(item, replace(proof_of(item), findings=(Finding(1, Severity.REMARK, "look"),)))
    assert not cache.exists()


@pytest.mark.parametrize("broken", ["", "{", "[]", "[" * 100_000, '{"version": 1}', '{"version": 99}'])
def test_a_file_that_is_broken_is_as_good_as_none(cache: Path, broken: str) -> None:
    item = parse_bank(SHORT).items[0]
    kept = KeptProofs()
    kept.keep(item, proof_of(item))
    (file,) = cache.iterdir()
    file.write_text(broken)
    assert kept.get(item) is None


def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    item = parse_bank(SHORT).items[0]
    (tmp_path / "file").write_text("")
    kept = KeptProofs(tmp_path / "file" / "proofs")
    kept.keep(item, proof_of(item))
    assert kept.get(item) is None


def test_they_do_not_grow_without_end(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_proofs, "MOST_FILES", 3)
    assert MOST_FILES > 3
    item = parse_bank(SHORT).items[0]
    proof = proof_of(item)
    for number in range(5):
        KeptProofs().keep(replace(item, source=f"{item.source}{number}"), proof)
    assert len(list(cache.iterdir())) == 3
    assert KeptProofs().get(replace(item, source=f"{item.source}4")) is not None


def test_the_table_has_a_row_for_each_item(bank: Path) -> None:
    done = run(bank, "--format", "markdown")
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert rows[0] == "| item | kind | skills | difficulty | from | tests | misconceptions | seconds to prove |"
    assert "`causal-weights` | coding |" in rows[1]
    assert "| 3 (1 hidden) | 2 |" in rows[1]
