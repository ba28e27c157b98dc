"""An item's variants: generated as a candidate, and proved to be complete and unambiguous.

A bank's `python variant` runs in the sandbox like any other code that is not ours, and what it gives is checked like
any other answer of a candidate.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from grader.numeric import NoAmount, amount_of, tolerance_of
from questions.model import Fault, Item
from questions.templates import filled, gaps_of

if TYPE_CHECKING:
    from grader.grading import Engine

COUNT = 100
SECONDS = 10.0
MAX_NAMES = 50
MAX_LETTERS = 2000
"""Of one parameter, as JSON."""
MAX_WHOLE = 2**53
"""Beyond this a number is another one as soon as JavaScript or a database's JSON has read it."""
_CALL = f"""

def every_variant():
    import random
    return [variant(random.Random(number)) for number in range({COUNT})]
"""


class VariantFailed(Exception):
    """The variant code does not give variants; the text says why."""


def generate_variants(source: str, engine: Engine) -> list[dict[str, Any]]:
    """The parameters of `COUNT` variants, plain values only.

    Raises `VariantFailed`, and `SandboxUnavailable` where code cannot be confined.
    """
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
        if "variant" not in names or "every_variant" not in names:
            raise VariantFailed("the fence does not define a function `variant(rng)`")
        drawn, again = names["every_variant"](), names["every_variant"]()
    except RemoteError as error:
        raise VariantFailed(f"the variant code raised {error.describe()}") from error
    except CandidateLost as error:
        text = f"the variant code took more than {SECONDS:g} s, or ended its own process: return a dict, and soon"
        raise VariantFailed(text) from error
    finally:
        candidate.close()
    variants = checked(drawn)
    if variants != checked(again):
        raise VariantFailed("the variant code gives other values each time: draw from rng alone")
    return variants


def checked(given: Any) -> list[dict[str, Any]]:
    """What `every_variant` gave, if it is what it should be.  Raises `VariantFailed`."""
    if type(given) is not list or len(given) != COUNT:
        raise VariantFailed("variant(rng) must return a dictionary of names and values")
    for number, variant in enumerate(given):
        if type(variant) is not dict or not variant:
            raise VariantFailed(f"variant {number}: variant(rng) must return a dictionary of names and values")
        if len(variant) > MAX_NAMES:
            raise VariantFailed(f"variant {number}: {len(variant)} parameters; at most {MAX_NAMES} are kept")
        for name, value in variant.items():
            if type(name) is not str or not name.isidentifier() or len(name) > 60:
                raise VariantFailed(f"variant {number}: a name must be an identifier, as in `layers`")
            if not _plain(value):
                what = "a finite number, a text, a truth or a list of them"
                raise VariantFailed(f"variant {number}: `{name}` must be {what}")
            if len(json.dumps(value)) > MAX_LETTERS:
                raise VariantFailed(f"variant {number}: `{name}` has more than {MAX_LETTERS:,} letters")
    return given


def _plain(value: Any, depth: int = 0) -> bool:
    """Whether JSON holds `value` as it is; proxies of what stayed in the candidate are not asked."""
    kind: type = type(value)
    if kind is float:
        return math.isfinite(value)
    if kind is int:
        return bool(abs(value) <= MAX_WHOLE)
    if kind is list:
        return depth < 4 and len(value) <= MAX_LETTERS and all(_plain(entry, depth + 1) for entry in value)
    return kind is str or kind is bool


def variant_faults(item: Item, variants: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """Faults of the first variant that shows one: a name that prose asks for and code does not give, equal values, …"""
    assert item.variant is not None
    line = item.variant.line
    asked = {name for name, _line in gaps_of(item)}
    for number, variant in enumerate(variants):
        problem = variant_problem(item, variant, asked)
        if problem:
            return [Fault(item.path, line, f"variant {number}: {problem}", item=item.id)]
    if all(variant == variants[0] for variant in variants):
        text = f"all {len(variants)} variants are equal: draw from rng, or leave the fence out"
        return [Fault(item.path, line, text, item=item.id)]
    return []


def variant_problem(item: Item, variant: Mapping[str, Any], asked: set[str]) -> str:
    """What is wrong with one variant, or an empty text."""
    missing = sorted(asked - variant.keys())
    if missing:
        return f"{{{{{missing[0]}}}}} is used but variant(rng) does not return it"
    try:
        return _values_too_near(item, variant) or _equal_options(item, variant)
    except NoAmount as error:
        return str(error)


def _values_too_near(item: Item, variant: Mapping[str, Any]) -> str:
    units = dict(item.units)
    amounts = [(amount_of(value, variant, units), value) for value in item.values]
    for position, (amount, value) in enumerate(amounts):
        for other, against in amounts[position + 1 :]:
            allowed = tolerance_of(value, amount, units) + tolerance_of(against, other, units)
            if value.right != against.right and abs(amount - other) <= allowed:
                return f"the values on lines {value.line} and {against.line} cannot be told apart"
    return ""


def _equal_options(item: Item, variant: Mapping[str, Any]) -> str:
    seen: dict[str, int] = {}
    for option in item.options:
        text = filled(option.text.get("zh"), variant).strip()
        if text in seen:
            return f"the options on lines {seen[text]} and {option.line} say the same"
        seen[text] = option.line
    return ""
