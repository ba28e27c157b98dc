"""The measuring runs, and its names and files come out.  Never how long anything takes."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from tests.bench.comparing import known
from tests.bench.measuring import median_ratio, quantile
from tests.bench.mix import Submission, coding_items, the_mix
from tests.bench.suites import write_suites
from tests.bench.thousand import another_hand, varied

ROOT = Path(__file__).parents[2]
NAMES = ("grader-host", "grader-container", "container-per-submission", "cold-pytest", "otter", "floor")


def bench(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "UNEXPECTED" not in done.stdout + done.stderr
    return done.stdout


def test_a_quick_comparison_writes_its_names_its_reasons_and_a_picture(tmp_path: Path) -> None:
    printed = bench("--quick", "--only", "grader-host,cold-pytest,floor", "--build", str(tmp_path))
    document = json.loads((tmp_path / "bench.json").read_text())
    cases = {case["name"]: case for case in document["cases"]}
    assert list(cases) == ["grader-host", "cold-pytest", "floor"]
    assert set(cases) | set(document["missing"]) == set(NAMES)
    assert set(document["ratios"]) == {"grader-host throughput over cold-pytest", "grader-host cost over floor"}
    for case in cases.values():
        assert min(case["median_ms"], case["p95_ms"], case["per_second"], case["judged"]) > 0
    assert (cases["grader-host"]["wrong_passed"], cases["grader-host"]["right_failed"]) == ([], [])
    assert set(cases["grader-host"]["by_item"]) == {item.id for item in coding_items()}
    assert all(name in printed for name in NAMES)
    picture = ET.parse(tmp_path / "bench.svg").getroot()
    assert picture.tag.endswith("svg")
    assert {text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")} >= set(cases)


def test_a_quick_burst_judges_everything_as_it_should(tmp_path: Path) -> None:
    bench("burst", "--count", "6", "--build", str(tmp_path))
    waits = json.loads((tmp_path / "burst.json").read_text())["waits"]
    assert [(row["what"], row["count"]) for row in waits][2:] == [
        ("right, among endless loops", 3), ("the endless loops", 3),
    ]  # fmt: skip


def test_a_quick_look_at_growth_writes_its_blocks(tmp_path: Path) -> None:
    bench("growth", "--count", "20", "--build", str(tmp_path))
    blocks = json.loads((tmp_path / "growth.json").read_text())["blocks"]
    assert blocks[-1]["submissions"] == 20


def test_a_quick_thousand_grades_through_the_command_s_own_parts_and_says_what_was_not_measured(tmp_path: Path) -> None:
    bench("thousand", "--quick", "--build", str(tmp_path))
    document = json.loads((tmp_path / "thousand.json").read_text())
    assert (document["submissions"], document["unexpected"], document["times"]) == (20, [], None)
    assert document["containers_missing"] == "not asked for"


def test_a_quick_look_at_the_queue_judges_the_same_submissions_through_every_carrier(tmp_path: Path) -> None:
    printed = bench("queue", "--quick", "--build", str(tmp_path))
    rates = json.loads((tmp_path / "queue.json").read_text())["rates"]
    measured = [rate["carrier"] for rate in rates]
    assert measured == ["embedded", "cluster"] or "cluster: not measured" in printed
    assert min(min(rate["grade_per_second"], rate["queue_per_second"], rate["times"]) for rate in rates) > 0


def test_a_class_s_worth_of_sources_has_no_two_equal_and_is_half_right() -> None:
    class_ = varied(1000)
    assert class_ == varied(1000)
    assert len({one.source for one in class_}) == len(class_) == 1000
    counted = Counter((one.item.id, one.right) for one in class_)
    assert set(counted.values()) == {100}
    for one in class_:
        compile(one.source, one.label, "exec")


def test_only_names_that_are_a_function_s_own_are_changed() -> None:
    item = coding_items()[0]
    source = "def f(x, y=1):\n    z = x + y\n    return z\n\ndef g(x):\n    a = 1\n    return (lambda: a)()\n"
    changed = another_hand(Submission(item, "one", source, True), 1).source
    assert "z_1 = x + y" in changed
    assert "a = 1" in changed


def test_the_names_are_the_promised_ones() -> None:
    assert tuple(known(with_otter=True)) == NAMES


def test_the_mix_has_right_and_wrong_answers_of_every_item_in_a_fixed_order() -> None:
    mix = the_mix()
    assert mix == the_mix()
    counted = {(item.id, right): 0 for item in coding_items() for right in (True, False)}
    for submission in mix:
        counted[submission.item.id, submission.right] += 1
    assert set(counted.values()) == {4}
    assert len({submission.label for submission in mix}) == len(mix)


def test_the_plain_suites_are_those_of_the_bank(tmp_path: Path) -> None:
    suites = write_suites(tmp_path)
    assert list(suites) == [item.id for item in coding_items()]
    for item in coding_items():
        text = suites[item.id].read_text(encoding="utf-8")
        assert all(f"def {spec.name}(" in text for spec in item.test_specs)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 10), (0.95, 19), (1.0, 20), (0.951, 20)])
def test_a_quantile_is_a_value_that_was_seen(share: float, expected: int) -> None:
    assert quantile(list(range(20, 0, -1)), share) == expected


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    assert median_ratio([10, 20, 90], [1, 1, 30]) == 10
