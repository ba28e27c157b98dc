"""What a verdict says first, and what it leaves unsaid."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from grader.aspects import Aspect, aspect_of
from questions import load_bank
from tests.bench.mix import FIVE
from webapp.languages import say
from webapp.learn.verdicts import Cause, finished
from webapp.presentation import clauses, coloured_lines, marked, said
from webapp.settings import shipped_banks


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    """Sentences as they stand in the code, without an application around them."""
    monkeypatch.setattr("webapp.learn.headlines._", lambda text, **values: text % values)
    monkeypatch.setattr("webapp.learn.headlines.ngettext", lambda _one, many, num, **more: many % {"num": num, **more})


def ran(name, status="failed", *, hidden=False, message="", raised=""):
    return {
        "name": name,
        "title": {"zh": name, "en": name},
        "status": status,
        "hidden": hidden,
        "points": 1.0 if status == "passed" else 0.0,
        "max_points": 1.0,
        "message": message,
        "exception": {"type": raised, "message": "", "lines": [3]} if raised else None,
        "comparison": None,
    }


def view(tests, status="partial", diagnosis=(), purpose="submit", text="", **more):
    document = {"status": status, "score": 1.0, "max_score": 9.0, "tests": tests, "key_points": [], **more}
    document["diagnosis"] = [{"misconception": name, "text": {}, "tests": names} for name, names in diagnosis]
    return finished(
        document,
        "en",
        job_id=1,
        submission_id=1,
        purpose=purpose,
        created_at=datetime(2026, 11, 22, tzinfo=UTC),
        text=text,
    )


def test_the_cause_that_stops_most_tests_comes_first():
    tests = [ran("width", message="no ValueError"), *(ran(name, "error", raised="NameError") for name in "abc")]
    assert [len(group.tests) for group in view(tests).failures] == [3, 1]


def test_a_mistake_that_accounts_for_little_does_not_lead():
    tests = [ran("width"), *(ran(name, "error", raised="NameError") for name in "abc")]
    seen = view(tests, diagnosis=[("unchecked-width", ["width"]), ("undefined", ["a", "b", "c"])])
    assert [found.misconception for found in seen.leading] == ["undefined"]
    assert [(found.misconception, found.explains) for found in seen.minor] == [("unchecked-width", 1)]


def test_what_the_platform_notes_about_an_ended_process_is_not_the_students_message():
    lost = ran("shapes", "error", message="the peer closed its end")
    assert view([lost], "timeout").tests[0].message == ""
    assert view([lost], "partial").tests[0].message != ""


def test_a_run_speaks_of_tests_and_not_of_points():
    tests = [ran("a", "passed"), ran("b", "error")]
    assert view(tests, "timeout", purpose="run").headline == "1 of 2 public tests pass."
    named = [ran("test_shapes", "passed"), ran("test_masks", "error")]
    assert view(named, "partial", purpose="run").headline == (
        "1 of 2 public tests pass: shapes are right, masks are not yet."
    )


@pytest.mark.parametrize(
    ("passed", "failed", "meaning"),
    [
        ("shapes values", "masks", "shapes and values are right, masks are not yet"),
        ("shapes", "masks values gradients heads", "shapes are right, the rest is not yet"),
        ("shapes values heads parameters", "masks", "everything is right except masks"),
        (
            "shapes values heads parameters",
            "masks gradients dropout scale",
            "shapes, values and 2 more are right; masks, gradients and 2 more are not yet",
        ),
        ("shapes values", "something", "2 of 3 tests pass"),
        ("something", "masks", "1 of 2 tests pass"),
        ("masks shapes", "mask", "shapes are right, masks are not yet"),
    ],
)
def test_the_first_line_says_what_is_right_and_what_is_not(passed, failed, meaning):
    tests = [ran(f"test_{name}", "passed") for name in passed.split()] + [
        ran(f"test_{name}") for name in failed.split()
    ]
    assert view(tests).headline == f"1 of 9: {meaning}."


def test_public_tests_that_all_pass_do_not_sound_like_success_while_hidden_ones_fail():
    public = [ran("test_shapes", "passed"), ran("test_values", "passed")]
    named = [*public, ran("Gradients reach both arguments", hidden=True), ran("x", "passed", hidden=True)]
    assert view(named).headline == "1 of 9: all public tests pass, hidden ones fail on gradients."
    unnamed = [*public, ran("something else", hidden=True), ran("x", "passed", hidden=True)]
    assert view(unnamed).headline == "1 of 9: all public tests pass, 1 of 2 hidden ones do not."


def test_the_name_of_a_hidden_test_says_nothing():
    tests = [ran("test_shapes", "passed"), {**ran("test_masks", hidden=True), "title": {"zh": "其他", "en": "other"}}]
    assert "mask" not in view(tests).headline


@pytest.mark.parametrize(
    ("name", "title", "aspect"),
    [
        ("test_masks_of_every_shape_and_type", "", Aspect.MASKS),
        ("test_gradcheck", "", Aspect.GRADIENTS),
        ("", "Large scores give finite and right results.", Aspect.STABILITY),
        ("", "被屏蔽的键和值无论多大都不影响结果。", Aspect.MASKS),
        ("", "任意浮点类型：类型不变，精度不丢。", Aspect.TYPES),
        ("", "权重非负，每行之和为一。", Aspect.ROWS),
        ("", "批大小为一。", Aspect.EDGES),
        ("test_a_width_that_heads_do_not_divide_is_refused", "", Aspect.REFUSALS),
        ("test_inputs_stay_as_they_were", "", Aspect.PURITY),
        ("test_17", "A surprise.", None),
    ],
)
def test_what_a_test_looks_at_is_told_from_its_words(name, title, aspect):
    assert aspect_of(name, (title,)) is aspect


def test_tests_of_the_shipped_bank_say_what_they_look_at():
    [bank] = [load_bank(path) for path in shipped_banks()]
    without = {item.id: [test.name for test in item.test_specs if looks_at(test) is None] for item in bank.items}
    assert not any(without[name] for name in FIVE)
    # Where a test is about blocks, steps or angles, whoever asks counts instead.
    assert sum(map(len, without.values())) < sum(len(item.test_specs) for item in bank.items) / 5


def looks_at(test):
    return aspect_of("" if "hidden" in test.name else test.name, (test.title.get("en"), test.title.get("zh")))


def test_what_the_known_mistake_accounts_for_stands_together_and_first():
    tests = [ran("other"), *(ran(name) for name in "abc"), ran("hidden", hidden=True)]
    seen = view(tests, diagnosis=[("sigmoid", ["a", "b", "c", "hidden"])])
    assert [(group.cause, [test.name for test in group.tests]) for group in seen.failures] == [
        (Cause.MISTAKE, ["a", "b", "c"]),
        (Cause.COMPARED, ["other"]),
        (Cause.HIDDEN, ["hidden-5"]),
    ]


def test_one_line_that_raises_is_one_cause_whatever_its_message():
    tests = [ran(name, "error", raised="RuntimeError", message=f"sizes {name}") for name in "ab"]
    assert len(view(tests).failures) == 1


def test_shapes_that_differ_in_one_way_are_one_cause():
    def swapped(first, second):
        sides = {"expected": {"shape": [2, first, second]}, "actual": {"shape": [2, second, first]}}
        return {"kind": "shape", "worst": None, "labels": [], **sides}

    tests = [{**ran(name), "comparison": swapped(*sizes)} for name, sizes in (("a", (3, 4)), ("b", (5, 6)))]
    assert len(view(tests).failures) == 1


def test_hidden_tests_never_show_their_call():
    test = {**ran("x", hidden=True), "call": "f(secret)", "inputs": [{"name": "x"}], "outcome": {"kind": "close"}}
    seen = view([test]).tests[0]
    assert (seen.call, seen.inputs, seen.outcome) == ("", (), None)


def test_a_line_of_the_submission_can_be_quoted():
    seen = view([ran("a")], text="import torch\n    x = 1\n")
    assert [seen.line(number) for number in (0, 1, 2, 9)] == ["", "import torch", "x = 1", ""]


def test_a_run_carries_what_the_program_did():
    program = {"status": "finished", "output": {"stdout": "", "stderr": ""}, "explanation": {"zh": "", "en": ""}}
    assert view([ran("a", "passed")], purpose="run", program=program).program.silent
    loud = {**program, "output": {"stdout": "hello", "stderr": ""}}
    assert not view([ran("a")], purpose="run", program=loud, at=[3]).program.silent
    assert view([ran("a")]).program is None


def test_the_text_is_shown_once_with_the_numbers_of_its_key_points():
    text = "一是聚焦，二是权重。Third."
    seen = marked(text, [[(0, 2)], [(5, 7)], [(6, 9)], []])
    assert "".join(passage.text for passage in seen) == text
    assert [(passage.text, passage.numbers) for passage in seen if passage.numbers] == [
        ("一是聚焦", (1,)),
        ("二是权重", (2, 3)),
    ]


def test_nothing_right_is_said_as_not_yet():
    assert view([ran("a")], "failed").headline == "1 of 9: no test passes yet."


TORCH = "Tensor-likes are not close!\n\nMismatched elements: 118 / 210 (56.2%)"


@pytest.mark.parametrize(
    ("message", "lead", "rest", "off"),
    [
        (f"权重 | weights\n{TORCH}", "weights", TORCH, (118, 210)),
        (f"d = 1\n{TORCH}", "d = 1", TORCH, (118, 210)),
        (f"\n{TORCH}", "", TORCH, (118, 210)),
        ("应返回两个张量 | return two tensors", "return two tensors", "", None),
        ("assert 1 == 2", "", "assert 1 == 2", None),
        ("", "", "", None),
    ],
)
def test_a_message_is_taken_apart_into_what_was_compared_and_what_pytorch_adds(message, lead, rest, off):
    seen = said(message, "en")
    assert (seen.lead, seen.rest, seen.off) == (lead, rest, off)


def test_evidence_is_widened_to_its_clause_and_never_repeated():
    text = "它给每个部分分配权重，再加权求和。It improves accuracy by 0.5, somewhat."
    quoted = [text[start:end] for start, end in clauses([(32, 40), (5, 9), (7, 9), (21, 29), (4, 4)], text)]
    assert quoted == ["它给每个部分分配权重", "It improves accuracy by 0.5"]


def test_a_listing_has_as_many_lines_as_the_code():
    code = 'def f():\n    """One,\n    two."""\n\n    return "<b>"\n'
    lines = coloured_lines(code)
    assert len(lines) == 5
    assert all(line.count("<span") == line.count("</span>") for line in lines)
    assert "&lt;b&gt;" in lines[4]


@pytest.mark.parametrize(
    ("circumstances", "told"), [({}, ""), ({"answers_open": True}, "why"), ({"staff": True}, "why")]
)
def test_a_missing_key_point_is_not_told_before_the_answer_is(circumstances, told):
    """Copied into the next attempt it would earn the points."""
    points = [
        {"id": name, "description": {"zh": "", "en": "why"}, "award": award, "points": award, "max_points": 1.0}
        for name, award in (("made", 1.0), ("half", 0.5), ("missing", 0.0))
    ]
    document = {"status": "partial", "score": 1.5, "max_score": 3.0, "tests": [], "diagnosis": []}
    document["key_points"] = [{**point, "review": False, "evidence": []} for point in points]
    seen = finished(
        document, "en", job_id=1, submission_id=1, purpose="submit",
        created_at=datetime(2026, 11, 22, tzinfo=UTC), **circumstances,
    )  # fmt: skip
    assert [point.description for point in seen.key_points] == ["why", told, told]


def test_a_title_that_people_gave_in_both_languages_is_shown_in_the_pages():
    assert [say("工作坊 | Workshop", lang) for lang in ("zh", "en")] == ["工作坊", "Workshop"]
    assert say("Attention, autumn term", "zh") == "Attention, autumn term"
