"""Proving what is not code, by answering as students do.

Each option and each value is judged as the bank says, and a short answer's own answer earns its points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.answers import grade_choice, grade_number
from grader.errors import BankFault
from grader.rubric import grade_short_answer
from grader.variants import variant_problem
from grader.verdict import Status
from questions.bilingual import LANGUAGES, NAMES
from questions.model import Fault, Item, Kind, Severity
from questions.templates import filled


def is_answered_at_once(item: Item) -> bool:
    """Whether an item is of a kind whose answers are judged without running anything."""
    return item.servable and item.kind is not Kind.CODING


def answer_faults(item: Item, variants: Sequence[Mapping[str, Any]] = ()) -> list[Fault]:
    """Faults of an item of any kind but coding, with the parameters of each of its variants where it has any."""
    if item.kind is Kind.SHORT_ANSWER:
        return [*_short(item)]
    if item.kind is Kind.CHOICE:
        return [*_choice(item)]
    for number, variant in enumerate(variants or [{}]):
        found = [*_values(item, variant)]
        if found:
            place = f"variant {number}: " if variants else ""
            return [Fault(item.path, line, place + text, item=item.id) for line, text in found]
    return [*_silent(item)]


def _short(item: Item) -> Iterator[Fault]:
    """Where the rubric does not find all of its key points in the item's own answer."""
    for language, passage in ((name, getattr(item.answer, name)) for name in LANGUAGES):
        if passage is None:
            continue
        try:
            results = grade_short_answer(item, passage.markdown)
        except BankFault as error:
            yield Fault(item.path, item.line, f"{error}: {error.remedy}", item=item.id)
            return
        missed = [repr(result.id) for result in results if result.award < 1]
        if missed:
            earned = sum(result.points for result in results)
            text = f"the {NAMES[language]} answer earns {earned:g} of {item.points:g} points by the item's own rubric"
            remedy = f"say {', '.join(missed)} in it, or add its words as a `yes:` rule"
            yield Fault(item.path, passage.line, f"{text}: {remedy}", Severity.REMARK, item.id)


def _choice(item: Item) -> Iterator[Fault]:
    right = [number for number, option in enumerate(item.options, 1) if option.right]
    wrong = [number for number, option in enumerate(item.options, 1) if not option.right]
    if _graded(item, right) != (Status.PASSED, item.points):
        yield Fault(item.path, item.line, "choosing what is right is not full marks: mend the options", item=item.id)
    for number in wrong:
        if _graded(item, [number])[1]:
            text = "choosing this alone earns points: mark it with [x], or mend the options"
            yield Fault(item.path, item.options[number - 1].line, text, item=item.id)
    if wrong and len(right) > 1 and _graded(item, [*right, *wrong])[1]:
        yield Fault(item.path, item.line, "choosing everything earns points: mend the options", item=item.id)
    for number in wrong:
        option = item.options[number - 1]
        if not option.feedback:
            text = "this option says nothing to whoever picks it: add a line > with feedback below it"
            yield Fault(item.path, option.line, text, Severity.REMARK, item.id)


def _graded(item: Item, numbers: Sequence[int]) -> tuple[Status, float]:
    verdict = grade_choice(item, " ".join(map(str, numbers)).encode(), 0, {})
    return verdict.status, verdict.score


def _values(item: Item, variant: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Of one variant: a value that is no number, that another one hides, or that cannot be typed as it stands."""
    if problem := variant_problem(item, variant, set()):
        yield item.line, problem
        return
    for number, value in enumerate(item.values, 1):
        unit = value.unit or (item.units[0][0] if any(other.unit for other in item.values) else "")
        typed = f"{filled(value.amount, variant)} {unit}".strip()
        try:
            verdict = grade_number(item, typed.encode(), 0, variant)
        except BankFault as error:
            yield value.line, str(error)
            return
        if verdict.chosen != (number,):
            found = item.values[verdict.chosen[0] - 1].line if verdict.chosen else 0
            as_what = f"the value on line {found}" if found else f"none ({verdict.explanation.en})"
            yield value.line, f"{typed!r} is recognised as {as_what}: keep one of them, or narrow the tolerances"


def _silent(item: Item) -> Iterator[Fault]:
    for value in item.values:
        if not value.right and not value.feedback:
            text = "this value says nothing to whoever gives it: add a line > with feedback below it"
            yield Fault(item.path, value.line, text, Severity.REMARK, item.id)
