"""From an answer that is no code to its verdict: words, a choice, a number.  Pure."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from typing import Any

import grader
from grader import words
from grader.choices import is_multiple, read_chosen, share_of
from grader.errors import BankFault
from grader.numeric import NoAmount, recognised, units_asked
from grader.quantities import MAX_TEXT, Unread, read
from grader.rubric import grade_short_answer
from grader.verdict import PickedOption, Resources, Status, TypedNumber, Verdict, Words
from questions.model import Bilingual, Item
from questions.templates import names_in, said

MAX_TEXT_BYTES = 64 * 1024


def grade_words(item: Item, content: bytes, seed: int) -> Verdict:
    """A short answer, key point by key point; what is not sure is marked for review."""
    started = time.perf_counter()
    explanation = Words("", "")
    text = content.decode("utf-8", "replace")
    if len(content) > MAX_TEXT_BYTES:
        explanation = words.too_large(MAX_TEXT_BYTES)
        text = text[:MAX_TEXT_BYTES]
    results = grade_short_answer(item, text)
    score = round(sum(result.points for result in results), 6)
    most = sum(result.max_points for result in results)
    return Verdict(
        item=f"{item.bank}/{item.id}", revision=item.revision, suite=item.suite, grader=grader.version(), seed=seed,
        status=_status(score, most), score=score, max_score=most, review=any(result.review for result in results),
        explanation=explanation, key_points=results,
        resources=Resources(wall_seconds=round(time.perf_counter() - started, 4)),
    )  # fmt: skip


def grade_choice(item: Item, content: bytes, seed: int, variant: Mapping[str, Any]) -> Verdict:
    """What was chosen, with what the bank says to each of it; nothing of what was not."""
    chosen = read_chosen(content[:MAX_TEXT_BYTES].decode("utf-8", "replace"), len(item.options))
    multiple = is_multiple(item)
    if not chosen or (len(chosen) > 1 and not multiple):
        explanation = words.no_such_option(len(item.options), multiple=multiple)
        return _verdict(item, seed, Status.ERROR, 0.0, explanation=explanation)
    score = round(item.points * share_of(item, chosen), 6)
    picked = tuple(
        PickedOption(number, _words(option.text), option.right, _words(option.feedback))
        for number, option in ((number, item.options[number - 1]) for number in chosen)
    )
    shown = [text for each in picked for text in (each.text, each.feedback)]
    return _verdict(
        item, seed, _status(score, item.points), score,
        chosen=chosen, picked=picked, parameters=_parameters(shown, variant),
    )  # fmt: skip


def grade_number(item: Item, content: bytes, seed: int, variant: Mapping[str, Any]) -> Verdict:
    """A number as it was read, and which of the item's values it is.

    What cannot be read is an error, which costs no attempt: nothing of it was judged.  Raises `BankFault`.
    """
    text = content[:MAX_TEXT_BYTES].decode("utf-8", "replace").strip()
    units = units_asked(item)
    typed = TypedNumber(_clean(text))
    quantity = read(text, units)
    if isinstance(quantity, Unread):
        explanation = words.not_a_quantity(quantity, tuple(units))
        return _verdict(item, seed, Status.ERROR, 0.0, explanation=explanation, typed=typed)
    try:
        number = recognised(item, variant, quantity)
    except NoAmount as error:
        raise BankFault(f"{item.path}:{item.line}: {error}", remedy="workshop check proves its variants") from error
    value = item.values[number - 1] if number else None
    feedback = _words(value.feedback) if value else Words("", "")
    score = item.points if value is not None and value.right else 0.0
    typed = TypedNumber(_clean(text), quantity.amount, quantity.unit, feedback)
    return _verdict(
        item, seed, _status(score, item.points), score,
        typed=typed, chosen=(number,) if number else (), parameters=_parameters([feedback], variant),
    )  # fmt: skip


def _verdict(item: Item, seed: int, status: Status, score: float, **more: Any) -> Verdict:
    return Verdict(
        item=f"{item.bank}/{item.id}", revision=item.revision, suite=item.suite, grader=grader.version(), seed=seed,
        status=status, score=score, max_score=item.points, **more,
    )  # fmt: skip


def _status(score: float, most: float) -> Status:
    if score >= most > 0 or math.isclose(score, most, abs_tol=1e-6):
        return Status.PASSED
    return Status.PARTIAL if score > 0 else Status.FAILED


def _words(text: Bilingual) -> Words:
    return Words(text.get("zh"), text.get("en")) if text else Words("", "")


def _parameters(texts: Iterable[Words], variant: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Those of a variant's parameters that stand in `texts`: the others may be what was asked for."""
    names = {name for text in texts for language in (text.zh, text.en) for name in names_in(language)}
    return tuple((name, said(variant[name])) for name in sorted(names) if name in variant)


def _clean(text: str) -> str:
    """What was typed, on one line and without what no page could show."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:MAX_TEXT]
