"""Proving an item's variants: a hundred of them, generated as a candidate, each complete and unambiguous.

A bank's `python variant` runs in the sandbox like any other code that is not ours.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator
from typing import Any

from grader.grading import Engine
from questions.model import Fault, Item, NumericValue

COUNT = 100
SECONDS = 10.0
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_CALL = f"""

def every_variant():
    import random
    return [variant(random.Random(number)) for number in range({COUNT})]
"""


def prove_variants(item: Item, engine: Engine) -> list[Fault]:
    """Faults of the first variant that shows one: a name that prose asks for and code does not give, equal values, …"""
    if item.variant is None:
        return []
    line = item.variant.line
    try:
        variants = generate_variants(item.variant.source, engine)
    except VariantFailed as error:
        return [Fault(item.path, line, str(error), item=item.id)]
    asked = {name for text in _texts(item) for name in _PLACEHOLDER.findall(text)}
    for number, variant in enumerate(variants):
        problem = variant_problem(item, variant, asked)
        if problem:
            return [Fault(item.path, line, f"variant {number}: {problem}", item=item.id)]
    if all(variant == variants[0] for variant in variants):
        return [
            Fault(
                item.path, line, f"all {COUNT} variants are equal: draw from rng, or leave the fence out", item=item.id
            )
        ]
    return []


class VariantFailed(Exception):
    """The variant code could not be run; the text says why."""


def generate_variants(source: str, engine: Engine) -> list[dict[str, Any]]:
    """The first `COUNT` variants.  Raises `VariantFailed`."""
    from grader.examiner.link import Link
    from grader.examiner.proxies import stand_in
    from grader.examiner.remote_errors import CandidateLost, RemoteError
    from sandbox.client import Connection
    from sandbox.frames import Channel
    from sandbox.model import JobLimits

    engine.warm()
    limits = JobLimits(cpu_seconds=SECONDS)
    candidate = Connection(engine.sandbox_path()).open(limits)
    try:
        link = Link(Channel(candidate.socket, time.monotonic() + limits.wall), 0, stand_in=stand_in)
        names = link.load(source + _CALL, {})
        if "variant" not in names:
            raise VariantFailed("the fence does not define a function `variant(rng)`")
        variants = names["every_variant"]()
    except RemoteError as error:
        raise VariantFailed(f"the variant code raised {error.describe()}") from error
    except CandidateLost as error:
        raise VariantFailed(f"the variant code did not come to an end within {SECONDS:g} s ({error})") from error
    finally:
        candidate.close()
    if not isinstance(variants, list) or not all(isinstance(variant, dict) for variant in variants):
        raise VariantFailed("variant(rng) must return a dict of names and values")
    return variants


def variant_problem(item: Item, variant: dict[str, Any], asked: set[str]) -> str:
    """What is wrong with one variant, or an empty text."""
    missing = sorted(asked - variant.keys())
    if missing:
        return f"{{{{{missing[0]}}}}} is used but variant(rng) does not return it"
    amounts = []
    for value in item.values:
        amount = amount_of(value, variant, item)
        if amount is None or not math.isfinite(amount):
            return f"the value on line {value.line} is not a finite number"
        amounts.append((amount, value))
    for position, (amount, value) in enumerate(amounts):
        for other, against in amounts[position + 1 :]:
            if value.right != against.right and abs(amount - other) <= tolerance_of(value, amount) + tolerance_of(
                against, other
            ):
                return f"the values on lines {value.line} and {against.line} cannot be told apart"
    return ""


def amount_of(value: NumericValue, variant: dict[str, Any], item: Item) -> float | None:
    """The number a value stands for in one variant, in the item's base unit; None when it is no number."""
    text = _PLACEHOLDER.sub(lambda match: str(variant.get(match[1], "")), value.amount)
    try:
        return float(text) * dict(item.units).get(value.unit, 1.0)
    except ValueError:
        return None


def tolerance_of(value: NumericValue, amount: float) -> float:
    """The absolute tolerance of a value."""
    text = value.tolerance.strip().lstrip("±").strip()
    try:
        return abs(amount) * float(text[:-1]) / 100 if text.endswith("%") else float(text or 0)
    except ValueError:
        return 0.0


def _texts(item: Item) -> Iterator[str]:
    for text in (item.question, item.answer, item.explanation, *item.hints):
        for passage in (text.zh, text.en):
            if passage is not None:
                yield passage.markdown
    for value in item.values:
        yield value.amount
