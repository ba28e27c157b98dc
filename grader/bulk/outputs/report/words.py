"""What the report says, in both languages at once: a page holds both, and shows the one that its reader chose."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from grader.aspects import Aspect, standing
from grader.numbers_shown import number
from grader.shown_text import inline, visible, with_code
from grader.verdict import Status, TestStatus, Verdict, Words
from grader.words import told
from questions.figures import pinned_in
from questions.model import Bilingual, Kind
from questions.render import render
from questions.templates import filled

FEW = 3
LONGEST_MESSAGE = 4_000
_MATHS = re.compile(r'(<span class="math[^"]*">)\\[(\[](.*?)\\[)\]](</span>)', re.DOTALL)
"""Formulas stay as they were written: setting them needs a script, and the report needs none."""
_FIGURE = re.compile(r'src="figure/([0-9a-f]{32})\.svg"')

STATUS = {
    Status.PASSED: Words("通过", "Passed"),
    Status.PARTIAL: Words("部分正确", "Partly right"),
    Status.FAILED: Words("还不正确", "Not yet right"),
    Status.ERROR: Words("无法读取", "Could not be read"),
    Status.TIMEOUT: Words("超时", "Time limit"),
    Status.MEMORY: Words("内存超限", "Memory limit"),
    Status.CRASHED: Words("中途退出", "Crashed"),
    Status.UNGRADABLE: Words("未能评分", "Not graded"),
}
_ASPECTS = {
    Aspect.GRADIENTS: Words("梯度", "gradients"),
    Aspect.TYPES: Words("数据类型", "data types"),
    Aspect.MASKS: Words("掩码", "masks"),
    Aspect.STABILITY: Words("大分数", "large scores"),
    Aspect.DROPOUT: Words("dropout 模式", "dropout modes"),
    Aspect.PURITY: Words("输入不被修改", "unchanged inputs"),
    Aspect.REFUSALS: Words("错误检查", "error checks"),
    Aspect.PARAMETERS: Words("参数", "parameters"),
    Aspect.EDGES: Words("边界大小", "edge sizes"),
    Aspect.HEADS: Words("多头", "heads"),
    Aspect.SCALING: Words("缩放因子", "scale factors"),
    Aspect.ROWS: Words("行和", "row sums"),
    Aspect.POSITIONS: Words("位置顺序", "orders of positions"),
    Aspect.SHAPES: Words("形状", "shapes"),
    Aspect.VALUES: Words("数值", "values"),
}


def mood(status: Status, score: float = 0.0) -> str:
    """Which shape and colour stands for a status: passed, partial, failed, or open where nothing was judged."""
    if status in (Status.PASSED, Status.PARTIAL, Status.FAILED):
        return status.value
    if status is Status.UNGRADABLE:
        return "open"
    return "partial" if score > 0 else "failed"


def both(zh: str | Markup, en: str | Markup) -> Markup:
    """Both languages, one of which is shown; what is the same in both stands once."""
    if zh == en:
        return escape(en)
    shown = f'<span class="zh" lang="zh-Hans">{escape(zh)}</span><span class="en" lang="en">{escape(en)}</span>'
    return Markup(shown)  # noqa: S704 - both are escaped


def said(zh: str, en: str, /, **values: object) -> Markup:
    """A sentence of ours in both languages, its `{gaps}` filled with what is escaped."""
    # As plain strings: Markup's own format() is ten times slower, and there is nothing left to escape.
    shown = {
        name: str(each if isinstance(each, Markup) else escape(visible(str(each)))) for name, each in values.items()
    }
    return both(Markup(zh.format(**shown)), Markup(en.format(**shown)))  # noqa: S704 - the sentences are ours


@lru_cache(maxsize=4096)
def from_bank(text: Words | Bilingual) -> Markup:
    """One line of a bank in both languages: code, emphasis, formulas as they were written."""
    return both(_line(text.get("zh")), _line(text.get("en")))


def _line(text: str) -> Markup:
    return Markup(_MATHS.sub(r"\1\2\3", inline(text)))  # noqa: S704 - inline() has made it safe


def passage(text: Bilingual, figures: Mapping[str, str]) -> Markup:
    """A passage of a bank in both languages, as blocks; `figures` by their hashes are written into it."""
    zh, en = (_blocks(text.get(language), figures) for language in ("zh", "en"))
    shown = Markup('<div class="zh" lang="zh-Hans">{}</div><div class="en" lang="en">{}</div>')
    return shown.format(Markup(zh), Markup(en)) if zh != en else Markup(en)  # noqa: S704 - render() sanitises


def _blocks(text: str, figures: Mapping[str, str]) -> str:
    known = figures.keys() >= set(pinned_in(text).values())
    return _FIGURE.sub(
        lambda found: f'src="data:image/svg+xml;base64,{b64encode(figures[found[1]].encode()).decode()}"',
        _rendered(text, "figure/" if known else ""),
    )


@lru_cache(maxsize=256)
def _rendered(text: str, image_base: str) -> str:
    return _MATHS.sub(r"\1\2\3", render(visible(text), image_base=image_base))


def of_words(words: Words) -> Markup:
    """A sentence of the grader, which may quote a student between back ticks."""
    return both(with_code(words.get("zh")), with_code(words.get("en")))


def plainly(words: Words, most: int = LONGEST_MESSAGE) -> Markup:
    """A sentence that may name a stranger's file: nothing in it is Markdown, and of each language so much is shown."""
    zh, en = (visible(words.get(language))[:most] for language in ("zh", "en"))
    return both(zh, en)


def headline(verdict: Verdict, kind: Kind) -> Markup:
    """The score and what it means, in one sentence."""
    of = {"score": number(verdict.score), "most": number(verdict.max_score)}
    match verdict.status:
        case Status.PASSED:
            return said("{score} / {most} 分：满分。", "{score} of {most}: full marks.", **of)
        case Status.ERROR if kind is Kind.CODING:
            return said("代码无法加载。", "Your code could not be loaded.")
        case Status.ERROR:
            return said("答案无法读取。", "Your answer could not be read.")
        case Status.TIMEOUT:
            return said("{score} / {most} 分：代码超时。", "{score} of {most}: your code ran out of time.", **of)
        case Status.MEMORY:
            return said("{score} / {most} 分：内存超限。", "{score} of {most}: your code used too much memory.", **of)
        case Status.CRASHED:
            return said("{score} / {most} 分：中途退出。", "{score} of {most}: your code ended its own process.", **of)
    if verdict.key_points:
        found = sum(point.award > 0 for point in verdict.key_points)
        return said(
            "{score} / {most} 分：{all} 个要点中写到了 {found} 个。",
            "{score} of {most}: {found} of {all} key points are there.",
            found=found, all=len(verdict.key_points), **of,
        )  # fmt: skip
    if verdict.tests:
        meaning = _meaning(verdict)
        return said("{score} / {most} 分：{zh}。", "{score} of {most}: {en}.", zh=meaning.zh, en=meaning.en, **of)
    return said("{score} / {most} 分。", "{score} of {most}.", **of)


def _meaning(verdict: Verdict) -> Words:
    """What is right and what is not: in the tests' own terms where these are known, else in numbers."""
    right = sum(test.status is TestStatus.PASSED for test in verdict.tests)
    if not right:
        return Words("还没有测试通过", "no test passes yet")
    counted = Words(f"{len(verdict.tests)} 个测试中通过 {right} 个", f"{right} of {len(verdict.tests)} tests pass")
    public = [test for test in verdict.tests if not test.hidden]
    if public and all(test.status is TestStatus.PASSED for test in public):
        return Words("公开测试全部通过，隐藏测试还没有", "all public tests pass, hidden ones do not yet")
    found = standing(
        {"name": test.name, "hidden": test.hidden, "status": test.status.value,
         "title": {"zh": test.title.zh, "en": test.title.en}}
        for test in verdict.tests
    )  # fmt: skip
    if found is None or not found.wrong or not found.right:
        return counted
    good, bad = _named(found.right), _named(found.wrong)
    if len(found.right) > FEW >= len(found.wrong):
        return Words(f"除{bad.zh}外都正确", f"everything is right except {bad.en}")
    if len(found.right) <= FEW < len(found.wrong):
        return Words(f"{good.zh}正确，其余还不对", f"{good.en} are right, the rest is not yet")
    return Words(f"{good.zh}正确；{bad.zh}还不对", f"{good.en} are right; {bad.en} are not yet")


def _named(aspects: Sequence[Aspect]) -> Words:
    """The sides as a list, the last of many only counted."""
    zh, en = ([_ASPECTS[each].get(language) for each in aspects] for language in ("zh", "en"))
    if len(aspects) > FEW:
        more = len(aspects) - FEW + 1
        zh, en = [*zh[: FEW - 1], f"另外 {more} 项"], [*en[: FEW - 1], f"{more} more"]
    return Words("、".join(zh), en[0] if len(en) == 1 else f"{', '.join(en[:-1])} and {en[-1]}")


def plural(count: int, noun: str) -> str:
    """A count with its English noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def told_twice(message: str) -> tuple[str, str, str]:
    """A test's message: its first line in both languages, and what comes after that."""
    zh, en = (visible(told(message, language).strip()[:LONGEST_MESSAGE]) for language in ("zh", "en"))
    return zh.partition("\n")[0], en.partition("\n")[0], en.partition("\n")[2].strip("\n")


def filled_words(text: Words, verdict: Verdict) -> Words:
    """A bank's text with the gaps filled that the verdict's variant fills."""
    known = dict(verdict.parameters)
    return Words(filled(text.zh, known), filled(text.en, known))


def percent(share: float) -> str:
    """A share as a whole percentage; what is not all is never said to be."""
    shown = round(100 * share)
    return f"{99 if shown == 100 and share < 1 else 1 if shown == 0 and share > 0 else shown} %"


TALK: Mapping[str, object] = {
    "both": both, "said": said, "from_bank": from_bank, "passage": passage, "of_words": of_words, "plainly": plainly,
    "percent": percent, "number": number, "plural": plural, "visible": visible, "mood": mood,
}  # fmt: skip
"""What templates may call."""
