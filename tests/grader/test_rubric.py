"""The parts of the short-answer grader: dressing, spelling, sentences, polarity, rules of a bank, awards."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.rubric import grade_short_answer
from grader.rubric.lexicon import CONCEPTS, expand
from grader.rubric.plain import plain
from grader.rubric.sentences import split
from grader.rubric.spelling import distance, mend
from grader.verdict import KeyPointResult
from questions import Item, parse_bank

BANK = """# 小测 | Quiz

```yaml bank
id: quiz
languages: [zh, en]
```

## 一 | One

### 题 | Item {#item}

```yaml item
kind: short-answer
points: 6
```

**题目：** 说说缓存。
**Question:** Talk about caches.

**评分：**

- `speed` (2) 缓存让读取更快 | A cache makes reading faster
  - yes: the cache makes reading data much faster
  - yes: 缓存加快数据读取
  - no: `cache.{0,10}slows`
- `levels` (2) 说出两级缓存 | Two levels
  - yes: `(?P<one_of2>\\bl1\\b)|(?P<two_of2>\\bl2\\b)|(?P<three_of2>\\bl3\\b)`
- `stale` (2) 会过时 | It can be stale
  - yes: `stale|outdated|过时` + `data|entr|数据`
  - half: `stale|outdated|过时`
  - half: `(?P<unsure>old|旧)`

**答案：** 快。
**Answer:** Fast.
"""


def quiz() -> Item:
    item = parse_bank(BANK, Path("quiz.md")).item("item")
    assert item is not None
    return item


def judged(text: str) -> dict[str, KeyPointResult]:
    return {result.id: result for result in grade_short_answer(quiz(), text)}


def test_dressing_is_taken_off_and_every_character_knows_its_place() -> None:
    original = "<b>Ｗｅｉｇｈｔｓ</b>&nbsp;與\u200b權重"
    answer = plain(original)
    assert answer.text == "weights 与权重"
    start = answer.text.index("权重")
    assert original[slice(*answer.span(start, start + 2))] == "權重"


def test_latex_and_markdown_marks_are_read_as_what_they_say() -> None:
    assert plain("**divide** by $\\sqrt{d_k}$").text == "divide by sqrt(d_k)"


def test_a_comment_nobody_sees_is_not_read() -> None:
    answer = plain("before <!-- secret --> after")
    assert "secret" not in answer.text
    assert answer.hidden


def test_spelling_is_mended_only_where_one_word_can_be_meant() -> None:
    vocabulary = frozenset({"relevant", "irrelevant", "attention", "scores"})
    assert mend("atention", vocabulary) == "attention"
    assert mend("relevent", vocabulary) == "relevant"
    assert mend("irrelevant", vocabulary) == "irrelevant"
    assert mend("stores", vocabulary) == "stores"


def test_a_mended_word_is_shown_where_it_stands() -> None:
    original = "The wieghts are lerned."
    answer = plain(original, frozenset({"weights", "learned"}))
    start = answer.text.index("weights")
    assert original[slice(*answer.span(start, start + 7))] == "wieghts"


def test_swapped_letters_are_one_slip() -> None:
    assert distance("wieghts", "weights", 1) == 1


def test_sentences_end_at_stops_of_both_languages_but_not_inside_numbers() -> None:
    text = plain("Half, 0.5 of it. 又一句。再一句；fourth e.g. this").text
    assert [text[s.start : s.end] for s in split(text)] == ["half, 0.5 of it", "又一句", "再一句", "fourth e.g. this"]


def test_a_description_below_a_name_carries_the_name() -> None:
    text = plain("Self-attention\nQueries and keys come from one sequence.").text
    second = split(text)[1]
    assert second.head is not None
    assert text[slice(*second.head)] == "self-attention"


@pytest.mark.parametrize("name", sorted(CONCEPTS))
def test_every_concept_compiles_and_matches_no_empty_text(name: str) -> None:
    assert re.compile(CONCEPTS[name], re.ASCII).search("") is None


def test_a_name_in_braces_stands_for_its_words() -> None:
    assert re.search(expand("{weight}"), "权重")
    assert expand("{nosuchname}") == "{nosuchname}"
    assert expand("a{2,3}") == "a{2,3}"


def test_a_paraphrase_is_recognised_in_its_own_words() -> None:
    assert judged("The cache makes reading data much faster.")["speed"].award == 1
    assert judged("缓存加快数据读取。")["speed"].award == 1


def test_a_denied_paraphrase_is_never_decided_as_right() -> None:
    result = judged("The cache does not make reading data much faster.")["speed"]
    assert result.award == 0 or result.review


def test_different_parts_add_up_wherever_they_stand() -> None:
    assert judged("There is an L1 cache.\n\nBelow it sits the L2 cache.")["levels"].award == 1
    assert judged("There is an L1 cache. The L1 cache is small.")["levels"].award == 0.5


def test_phrases_joined_by_a_plus_have_to_stand_in_one_sentence() -> None:
    assert judged("The data may be stale.")["stale"].award == 1
    assert judged("It may be stale. The data is large.")["stale"].award == 0.5


def test_an_unsure_rule_only_suggests() -> None:
    result = judged("It may hand out an old value.")["stale"]
    assert (result.award, result.review) == (0.5, True)


def test_a_denial_rule_takes_the_point_away() -> None:
    result = judged("The cache slows everything down.")["speed"]
    assert (result.award, result.review) == (0, False)


def test_points_are_the_award_times_the_maximum_and_evidence_lies_in_the_answer() -> None:
    text = "It may be stale."
    result = judged(text)["stale"]
    assert (result.points, result.max_points) == (1, 2)
    assert [text[a:b] for a, b in result.evidence] == ["stale"]
