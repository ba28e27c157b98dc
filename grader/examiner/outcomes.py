"""What the bank's own codes answer to a request, and what of it can be told from one another.

Where right answers differ from each other (an item lets the weights be returned before dropout or after it), what is
theirs says nothing of a mistake: it is open, tensor by tensor, and left out of every comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from grader.examiner.replay import LocalOutcome, equal_outcomes, equal_values
from grader.examiner.trace import Step

Leaves = frozenset[int] | None
"""Tensors of an outcome, by their place in it; None stands for the outcome whole, where structures differ."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one of the bank's codes answers to a request, beside the reference's answer."""

    outcome: LocalOutcome
    as_reference: bool
    open: Leaves = frozenset()


def right_answer(reference: LocalOutcome, others: Sequence[Answer | None]) -> Answer:
    """The reference's answer; what others that are right answer differently is open."""
    found: set[int] = set()
    for other in others:
        if other is None:
            continue
        differing = _differing(reference, other.outcome)
        if differing is None:
            return Answer(reference, as_reference=True, open=None)
        found |= differing
    return Answer(reference, as_reference=True, open=frozenset(found))


def compared_with(right: Answer, outcome: LocalOutcome) -> Answer:
    """What a wrong code answers where `right` is the reference's answer."""
    return Answer(outcome, _same(outcome, right.outcome, right.open), right.open)


def shows(step: Step, answer: Answer) -> bool:
    """Whether a submission answered a step so, as far as right answers agree there."""
    if answer.open is None:
        return True
    if not answer.open or step.error is not None or answer.outcome.error is not None:
        return equal_outcomes(step, answer.outcome)
    mine, theirs = _closed(step.tensors, answer.open), _closed(answer.outcome.tensors, answer.open)
    return equal_values(step.node, mine, answer.outcome.node, theirs)


def _differing(one: LocalOutcome, other: LocalOutcome) -> Leaves:
    if one.error or other.error:
        return frozenset() if one.error == other.error else None
    if len(one.tensors) != len(other.tensors) or not equal_values(one.node, (), other.node, ()):
        return None
    pairs = enumerate(zip(one.tensors, other.tensors, strict=True))
    return frozenset(place for place, (mine, theirs) in pairs if not equal_values(None, [mine], None, [theirs]))


def _same(one: LocalOutcome, other: LocalOutcome, leaves: Leaves) -> bool:
    if leaves is None:
        return True
    if one.error or other.error:
        return one.error == other.error
    return equal_values(one.node, _closed(one.tensors, leaves), other.node, _closed(other.tensors, leaves))


def _closed(tensors: Sequence[torch.Tensor], leaves: frozenset[int]) -> list[torch.Tensor]:
    """`tensors` without those that are open."""
    return [tensor for place, tensor in enumerate(tensors) if place not in leaves]
