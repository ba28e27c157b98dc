"""Choices and numbers from what was sent to the verdict."""

from pathlib import Path

import pytest

from grader.answers import grade_choice, grade_number
from grader.choices import read_chosen
from grader.documents import verdict_from_json, verdict_to_json
from grader.errors import BankFault
from grader.proof_of_answers import answer_faults
from grader.verdict import Status
from questions import load_bank, parse_bank

BANK = load_bank(Path(__file__).parents[1] / "webapp" / "answers_bank.md")
SINGLE, SEVERAL, CACHE, RATIO = (BANK.item(name) for name in ("single", "several", "cache", "ratio"))
VARIANT = {"layers": 24, "length": 2048, "size": 192.0, "keys_only": 96.0}


def chose(item, text):
    return grade_choice(item, text.encode(), 0, {})


def typed(text, item=CACHE, variant=VARIANT):
    return grade_number(item, text.encode(), 0, variant)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1", (1,)),
        ("3\n1", (1, 3)),
        ("1,3", (1, 3)),
        ("1、3", (1, 3)),
        ("A C", (1, 3)),
        ("ac", (1, 3)),
        ("1 1 1", (1,)),
        ("03", (3,)),
        ("", ()),
        ("6", None),
        ("0", None),
        ("-1", None),
        ("1.5", None),
        ("1e0", None),
        ("nan", None),
        ("²", None),
        ("１", None),
        ("z", None),
        ("9" * 3000, None),
        ("1 " * 100_000, None),
        ("\n".join(map(str, range(1, 1_000_000))), None),
    ],
)
def test_options_are_named_by_numbers_or_letters_and_none_that_are_not_there(text, numbers):
    assert read_chosen(text, 5) == numbers


def test_one_right_option_is_all_or_nothing():
    assert (chose(SINGLE, "1").status, chose(SINGLE, "1").score) == (Status.PASSED, 2)
    assert (chose(SINGLE, "2").status, chose(SINGLE, "2").score) == (Status.FAILED, 0)
    assert chose(SINGLE, "1 2").status is Status.ERROR


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("1 2 4", 6),
        ("1 2", 4),
        ("1", 2),
        ("1 2 3 4", 3),
        ("1 3", 0),
        ("3", 0),
        ("3 5", 0),
        ("1 2 3 4 5", 0),
        ("1 2 3", 1),
    ],
)
def test_of_several_the_wrong_ones_take_away_what_the_right_ones_earn(text, score):
    assert chose(SEVERAL, text).score == pytest.approx(score)


def test_guessing_everything_earns_nothing_whatever_the_numbers():
    for right in range(2, 8):
        for wrong in range(1, 8):
            lines = "\n".join([*(f"- [x] r{n}" for n in range(right)), *(f"- [ ] w{n}" for n in range(wrong))])
            head = "# B\n\n## S\n\n### T {#t}\n\n```yaml item\nkind: choice\n```\n\n**Question:** ?\n\n"
            bank = parse_bank(f"{head}**Options:**\n\n{lines}\n")
            (item,) = bank.items
            assert chose(item, " ".join(map(str, range(1, right + wrong + 1)))).score == 0


def test_a_verdict_holds_what_was_chosen_and_nothing_of_the_rest():
    verdict = chose(SEVERAL, "1 3")
    assert verdict.chosen == (1, 3)
    assert [(each.number, each.right) for each in verdict.picked] == [(1, True), (3, False)]
    document = str(verdict_to_json(verdict))
    assert "Gamma is wrong" in document
    for other in ("Beta", "Delta", "Epsilon"):
        assert other not in document


def test_a_number_is_converted_and_compared_within_its_tolerance():
    for text in ("192 MiB", "0.1875 GiB", "193.9MiB", "190.1 MiB", "1.92×10² MiB", "3/16 GiB", "１９２ MiB"):
        assert typed(text).status is Status.PASSED, text
    for text in ("194 MiB", "190 MiB", "192 GiB", "-192 MiB", "0 MiB"):
        assert typed(text).status is Status.FAILED, text


def test_a_known_wrong_number_says_where_it_comes_from():
    verdict = typed("96 MiB")
    assert (verdict.status, verdict.chosen) == (Status.FAILED, (2,))
    assert "{{layers}}" in verdict.typed.feedback.en
    assert verdict.parameters == (("layers", "24"),), "the other parameters are what was asked for"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("192", "its unit is missing"),
        ("192 kg", "`kg` is no unit"),
        ("abc", "No number was found"),
        ("1e999 MiB", "too large"),
        ("192 MiB\nGiB", "Two different units"),
        ("nan", "No number"),
        ("192 `<script>`", "`<script>` is no unit"),
    ],
)
def test_what_cannot_be_judged_costs_nothing_and_says_how_to_write_it(text, says):
    verdict = typed(text)
    assert verdict.status is Status.ERROR
    assert says in verdict.explanation.en
    assert verdict.explanation.zh
    assert verdict.chosen == ()


def test_an_absolute_tolerance_is_in_the_units_of_its_value():
    bank = parse_bank(
        "# B\n\n## S\n\n### T {#t}\n\n```yaml item\nkind: numeric\nunits: {m: 1, km: 1000}\n```\n\n"
        "**Question:** ?\n\n**Value:** 5 km ± 0.1\n"
    )
    (item,) = bank.items
    assert typed("5050 m", item, {}).status is Status.PASSED
    assert typed("5200 m", item, {}).status is Status.FAILED


def test_every_verdict_survives_its_document_and_old_documents_stay_readable():
    for verdict in (chose(SEVERAL, "1 3"), typed("96 MiB"), typed("x"), chose(SINGLE, "9")):
        assert verdict_from_json(verdict_to_json(verdict)) == verdict
    old = {key: value for key, value in verdict_to_json(chose(SINGLE, "9")).items()}
    assert not {"chosen", "picked", "typed", "parameters"} & old.keys()
    assert verdict_from_json(old).chosen == ()


def test_a_variant_that_lacks_a_value_is_the_banks_fault_and_nobody_elses():
    with pytest.raises(BankFault, match="not a finite number"):
        typed("192 MiB", variant={"layers": 24})


def test_a_proof_finds_values_that_hide_each_other():
    source = "# B\n\n## S\n\n### T {#t}\n\n```yaml item\nkind: numeric\n```\n\n**Question:** ?\n\n**Values:**\n\n"
    (item,) = parse_bank(source + "- [x] 5 ± 1\n- [ ] 6.5 ± 1\n  > no\n").items
    assert "cannot be told apart" in answer_faults(item)[0].text
    (item,) = parse_bank(source + "- [x] 5\n- [ ] 7 ± 1\n  > a\n- [ ] 7.5 ± 1\n  > b\n").items
    assert "is recognised as the value on line" in answer_faults(item)[0].text
    (item,) = parse_bank(source + "- [x] 5\n- [ ] 7\n").items
    assert "says nothing" in answer_faults(item)[0].text
    assert answer_faults(RATIO) == []
