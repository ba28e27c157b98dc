"""What the shipped bank promises of its structure; that it is proved, `workshop check` shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from questions import load_bank
from questions.model import Bank, Item, Kind

ROOT = Path(__file__).parents[2]
BANK = ROOT / "questions" / "banks" / "attention"
CODING = [item.id for item in load_bank(BANK).items if item.kind is Kind.CODING]
WORKSHOP = (
    "attention-concept", "attention-advantages", "attention-types", "attention-optimisation", "attention-weighted-sum",
    "dot-product-attention", "scaled-dot-product-attention", "multi-head-attention", "self-attention",
)  # fmt: skip


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank(BANK)


@pytest.fixture(params=CODING)
def coding(bank: Bank, request: pytest.FixtureRequest) -> Item:
    item = bank.item(request.param)
    assert item is not None
    return item


def test_the_bank_has_no_fault_and_no_remark(bank: Bank) -> None:
    assert [str(fault) for fault in bank.faults] == []


def test_it_holds_the_items_of_the_workshop_and_half_a_term_beside_them(bank: Bank) -> None:
    assert bank.id == "attention"
    assert bank.languages == ("zh", "en")
    assert {item.id for item in bank.items} >= set(WORKSHOP)
    assert len(CODING) >= 26
    assert len(bank.items) - len(CODING) >= 16
    assert {item.kind for item in bank.items} == set(Kind)
    assert all(item.servable for item in bank.items)


def test_every_item_says_how_hard_it_is_what_to_do_first_and_what_it_comes_from(bank: Bank) -> None:
    order = [item.id for item in bank.items]
    for item in bank.items:
        assert item.difficulty in (1, 2, 3), item.id
        assert item.papers, item.id
        assert item.prerequisites or item.id == order[0], item.id
        assert set(item.prerequisites) <= set(order[: order.index(item.id)]), item.id


def test_papers_on_arxiv_are_named_by_their_number(bank: Bank) -> None:
    for item in bank.items:
        for paper in item.papers:
            assert re.search(r"\b(19|20)\d\d\b", paper), (item.id, paper)
            assert "arXiv" not in paper or re.search(r"arXiv:\d{4}\.\d{4,5}\b", paper), (item.id, paper)


def test_titles_questions_and_explanations_exist_in_both_languages(bank: Bank) -> None:
    for item in bank.items:
        for text in (item.title, item.section, item.question, item.answer, item.explanation, *item.hints):
            assert text.zh is not None, item.id
            assert text.en is not None, item.id


def test_every_wrong_option_and_value_says_why_in_both_languages(bank: Bank) -> None:
    for item in bank.items:
        for each in (*item.options, *item.values):
            assert each.right or (each.feedback.zh and each.feedback.en), (item.id, each.line)


def test_a_suite_has_at_least_eight_tests_some_hidden_and_those_last(coding: Item) -> None:
    hidden = [spec.hidden for spec in coding.test_specs]
    assert len(hidden) >= 8
    assert any(hidden)
    assert not all(hidden)
    assert hidden == sorted(hidden)


def test_points_of_the_tests_add_up_to_those_of_the_item(coding: Item) -> None:
    assert 8 <= coding.points <= 30
    assert sum(spec.points for spec in coding.test_specs) == coding.points
    assert all(spec.points > 0 for spec in coding.test_specs)


def test_every_test_has_a_title_in_both_languages(coding: Item) -> None:
    for spec in coding.test_specs:
        assert spec.title.zh is not None, spec.name
        assert spec.title.en is not None, spec.name


def test_at_least_six_misconceptions_say_in_both_languages_what_is_seen(coding: Item) -> None:
    assert len(coding.misconceptions) >= 6
    for misconception in coding.misconceptions:
        assert misconception.sentence.zh is not None, misconception.id
        assert misconception.sentence.en is not None, misconception.id


def test_starter_and_hints_do_not_give_the_reference_away(coding: Item) -> None:
    assert coding.starter is not None
    assert coding.reference is not None
    assert "NotImplementedError" in coding.starter.source
    assert 2 <= len(coding.hints) <= 4
    own = {line.strip() for line in coding.reference.source.splitlines() if len(line.strip()) > 40}
    for hint in coding.hints:
        assert not any(line in hint.get(language) for line in own for language in ("zh", "en"))


@pytest.mark.parametrize(("corpus", "least"), [("golden", 6), ("wrong", 10)])
def test_a_corpus_of_submissions_stands_beside_every_coding_item(coding: Item, corpus: str, least: int) -> None:
    files = sorted((ROOT / "tests" / corpus / coding.id).glob("*.py"))
    assert len(files) >= least
    if corpus == "wrong":
        assert [file.name for file in files if not file.read_text("utf-8").startswith("# mistake: ")] == []
        known = {misconception.code.source.strip() for misconception in coding.misconceptions}
        assert [file.name for file in files if file.read_text("utf-8").partition("\n")[2].strip() in known] == []
    else:
        assert any(b"\r\n" in file.read_bytes() for file in files)


def test_every_misconception_leads_to_a_passage_of_a_length_one_reads(coding: Item) -> None:
    readings = {reading.id: reading for reading in coding.readings}
    assert {wrong.reading for wrong in coding.misconceptions} - {""} == set(readings) != set()
    for reading in readings.values():
        assert 50 <= len(reading.text.get("en").split()) <= 180, reading.id
        assert 80 <= len(re.findall(r"[\u4e00-\u9fff]", reading.text.get("zh"))) <= 300, reading.id


def test_every_skill_has_a_name_in_both_languages(bank: Bank) -> None:
    assert {skill for item in bank.items for skill in item.skills} == {skill.id for skill in bank.skills}
    assert all(skill.name.zh and skill.name.en for skill in bank.skills)
