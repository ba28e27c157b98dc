"""What a verdict says first, and what it leaves unsaid."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from webapp.languages import say
from webapp.learn.verdicts import finished
from webapp.presentation import clauses, coloured_lines, said


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    """Sentences as they stand in the code, without an application around them."""
    monkeypatch.setattr("webapp.learn.verdicts._", lambda text, **values: text % values)
    monkeypatch.setattr("webapp.learn.verdicts.ngettext", lambda _one, many, num, **more: many % {"num": num, **more})


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


def view(tests, status="partial", diagnosis=(), purpose="submit"):
    document = {"status": status, "score": 1.0, "max_score": 9.0, "tests": tests, "key_points": []}
    document["diagnosis"] = [{"misconception": name, "text": {}, "tests": names} for name, names in diagnosis]
    return finished(
        document, "en", job_id=1, submission_id=1, purpose=purpose, created_at=datetime(2026, 11, 22, tzinfo=UTC)
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
