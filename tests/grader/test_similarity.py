"""Which submissions are alike: planted copies are found whatever was done to them, what everybody has is not."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from grader.similarity import Language, Pair, Report, compare, stretches
from grader.similarity.tokens import own_names, tokens

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "wrong" / "scaled-dot-product-attention"
STARTER = "import torch\nfrom torch import nn\n\n\nclass ScaledDotProductAttention(nn.Module):\n    ...\n"
CLASS = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("**/*.py"))][:40]
PROSE = [
    "注意力机制让模型给输入的每个部分分配权重，从而关注重要的部分，权重由查询和键的相似度决定。",
    "Attention lets a model weigh the parts of its input by how relevant they are to what it is doing now.",
    "缩放是为了防止点积过大，使得梯度消失；维度越大，点积的方差就越大。",
]


def report(texts: list[str], handed_out: tuple[str, ...] = (STARTER,), language: Language = Language.PYTHON) -> Report:
    """The report, with every step on the way."""
    work = compare(dict(enumerate(texts)), handed_out, language)
    before = 0
    while True:
        try:
            done, total = next(work)
        except StopIteration as end:
            return end.value
        assert before <= done <= total
        before = done


def clear(found: Report) -> list[Pair]:
    """The pairs with what was put in behind the class that are worth more than a look in passing."""
    return [pair for pair in found.pairs if pair.second >= len(CLASS) and pair.rank > 0.6]


def renamed(text: str) -> str:
    """With other names throughout."""
    for number, name in enumerate(sorted(own_names(text), key=len, reverse=True)):
        text = re.sub(rf"(?<![.\w]){name}\b|(?<=self\.){name}\b", f"thing_{number}", text)
    return text


def commented(text: str) -> str:
    """With other comments, blank lines and indentation."""
    lines = [f"{line}  # line {number} is mine" for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    return "# my very own work\n\n" + "\n\n".join(lines).replace("    ", "  ")


def interleaved(text: str) -> str:
    """With a line that does nothing after every third."""
    lines = text.split("\n")
    for place in range(len(lines) - 3, 8, -3):
        indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
        if lines[place].rstrip().endswith(("return x", ")")) and indent:
            lines.insert(place + 1, f"{indent}unused = {place}")
    return "\n".join(lines)


@pytest.mark.parametrize("disguise", [str, renamed, commented, lambda text: renamed(commented(text))])
def test_a_copy_leads_to_its_original_whatever_hides_it(disguise):
    for place in (3, 11, 17):
        pair, *_relatives = clear(report([*CLASS, disguise(CLASS[place])]))
        assert (pair.first, pair.second, pair.structure) == (place, len(CLASS), 1.0)


def test_renaming_is_told_apart_from_copying_word_by_word():
    both = clear(report([*CLASS, CLASS[3], renamed(CLASS[11])]))
    told = {(pair.first, pair.second): pair for pair in both}
    assert (told[3, 40].identical, told[3, 40].renamed) == (True, False)
    assert (told[11, 41].identical, told[11, 41].renamed) == (False, True)


def test_lines_put_in_between_do_not_hide_a_copy():
    changed = interleaved(CLASS[5])
    assert changed != CLASS[5]
    first = next(pair for pair in report([*CLASS, changed]).pairs if pair.second == len(CLASS))
    assert first.first == 5


def test_rare_names_and_comments_that_two_share_are_named():
    mark = "    remembered_scores = 1  # i do not know why this has to be here\n"
    one, other = CLASS[1] + f"\n\ndef extra():\n{mark}", CLASS[2] + f"\n\ndef other():\n{mark}"
    pairs = {(pair.first, pair.second): pair for pair in report([*CLASS, one, other]).pairs}
    found = pairs.get((40, 41))
    assert found is None or "remembered_scores" in found.names
    texts = [f"x{number} = {number}\n" * 8 + mark.strip() if number < 2 else CLASS[number] for number in range(20)]
    (pair,) = [each for each in report(texts).pairs if (each.first, each.second) == (0, 1)]
    assert pair.names == ("remembered_scores",)
    assert pair.comments == ("i do not know why this has to be here",)


def test_what_was_handed_out_and_what_everybody_wrote_counts_for_nothing():
    assert report([STARTER] * 12).pairs == ()
    assert report([CLASS[0]] * 12, handed_out=(CLASS[0],)).pairs == ()
    everybody = [f"{CLASS[0]}\n\nfavourite_{number} = {number}\n" for number in range(40)]
    assert report(everybody).pairs == ()


def test_a_small_group_is_one_cluster_and_chance_is_none():
    group = [CLASS[7], renamed(CLASS[7]), commented(CLASS[7])]
    clusters = report([*CLASS[:7], *CLASS[8:20], *group]).clusters
    assert clusters[0].members == (19, 20, 21)


def test_the_order_of_submissions_changes_nothing():
    texts = [*CLASS[:15], renamed(CLASS[4])]
    one = report(texts)
    backwards = report(texts[::-1])
    last = len(texts) - 1
    assert {(pair.first, pair.second, pair.rank) for pair in one.pairs} == {
        (last - pair.second, last - pair.first, pair.rank) for pair in backwards.pairs
    }


def test_short_answers_are_compared_by_their_words():
    others = [f"第 {number} 个答案：{'完全不同的想法' * (number % 3)}{number * 7919}" for number in range(12)]
    copied = PROSE[0].replace("，", "、") + "！"
    found = report([*PROSE, *others, copied], (), Language.PROSE).pairs
    assert (found[0].first, found[0].second) == (0, 15)


def test_nothing_and_one_and_the_empty_are_no_pairs():
    for texts in ([], ["x = 1"], ["", ""], ["\n\n", "#"]):
        assert report(texts).pairs == ()


def test_stretches_name_the_lines_of_both_and_what_was_given():
    moved = "# first\n\n" + "\n".join(f"value_{number} = {number}" for number in range(30)) + "\n" + CLASS[9]
    found = stretches(CLASS[9], moved, (STARTER,))
    whole = max(found, key=lambda stretch: stretch.tokens)
    assert whole.second[0] - whole.first[0] == 32
    assert not whole.given
    only = stretches(STARTER, STARTER, (STARTER,))
    assert all(stretch.given for stretch in only)
    covered = [line for stretch in found for line in range(stretch.first[0], stretch.first[1] + 1)]
    assert len(covered) >= len(CLASS[9].strip().split("\n")) * 0.7


HOSTILE = {
    "quotes": '"' * 60_000,
    "escaped quotes": '\\"' * 30_000,
    "open triple": "'''" + "\\'" * 30_000,
    "one comment": "#" * 60_000,
    "brackets": "(" * 60_000,
    "numbers": "1.e" * 20_000,
    "names": "é" * 60_000,
    "nul": "\0" * 1000,
    "lone surrogate": "x = '\ud800'\n" * 1000,
    "one line a thousand times": "x = 1\n" * 10_000,
    "one line of names": "a." * 30_000,
    "backslashes": "\\\n" * 30_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_is_slow_or_breaks_the_comparison(name):
    started = time.process_time()
    found = report([HOSTILE[name], HOSTILE[name] + "\ny = 2\n", CLASS[0]])
    assert found.compared == 3
    stretches(HOSTILE[name], HOSTILE[name])
    assert time.process_time() - started < 10


def test_docstrings_comments_and_layout_are_no_tokens():
    plain = "def f(query):\n    return torch.softmax(query, dim=-1)\n"
    dressed = 'def g(q):  # why\n    """Says what."""\n\n    return torch.softmax(\n        q, dim=-1)\n'
    assert [token.kind for token in tokens(plain, Language.PYTHON)] == [
        token.kind for token in tokens(dressed, Language.PYTHON)
    ]
