"""What a suite is going to ask, learned from the reference, so that a candidate can be asked many things at once.

With one seed a suite asks every submission nearly the same: what it asked the reference is its `Plan`.  Taking turns
costs both processes more than the calls themselves, so at the start of a test the requests that do not lean on earlier
replies go out as one frame, and each reply is taken when the test comes to ask for it, byte for byte the same thing.
A request that holds what another of the requests under way is to answer waits, too: a submission can read
ahead.  Where a test asks something else, what was answered ahead is thrown away and the rest of that test takes turns.

The rule that makes a verdict the same whoever came before: a plan is always made before a submission is judged, so what
a test asks ahead depends on nothing but the item's revision and the seed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import torch

from grader.examiner.trace import Operation, Step, stands_alone
from sandbox.arguments import ArgumentDecoder
from sandbox.frames import assemble

MAX_AHEAD: Final = 64
MAX_TEXT_AHEAD: Final = 128 * 1024
MAX_BODY_AHEAD: Final = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Planned:
    """One request as it was put to the reference, and how the reference answered."""

    step: Step
    text: str
    """Header and length of the body, as they stand in a frame."""
    body: bytes

    @property
    def waits(self) -> bool:
        """Whether it leans on earlier replies, so that it cannot be asked ahead of them."""
        return self.step.waits

    def asks(self, header: dict[str, Any], body: bytes) -> bool:
        """Whether this is the very request."""
        return header == self.step.header and body == self.body


@dataclass(slots=True)
class Plan:
    """The requests of each test in order; a test that is not in it takes turns."""

    tests: dict[str, tuple[Planned, ...]] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    """Handles of the reference's public names."""
    _frames: dict[tuple[str, int], tuple[bytes, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, trace: Sequence[Step], names: dict[str, int]) -> Plan:
        """The plan that a whole trace of the reference makes."""
        tests: dict[str, list[Planned]] = {}
        before: list[torch.Tensor] = []
        answers: list[torch.Tensor] = []
        for step in trace:
            if step.test not in tests:
                tests[step.test] = []
                before, answers = answers, []
            # What the test before asked may still be in work when this one's requests go out.
            step.waits = step.waits or _holds_one_of((*before, *answers), step)
            tests[step.test].append(Planned(step, entry_text(step.header, step.body), step.body))
            answers += step.tensors
        return cls({name: tuple(requests) for name, requests in tests.items()}, names)

    def requests(self, test: str) -> tuple[Planned, ...]:
        """What the reference was asked in `test`."""
        return self.tests.get(test, ())

    def frame(self, test: str, start: int) -> tuple[bytes, int]:
        """The frame that asks from place `start` on, and the place before which it stops."""
        known = self._frames.get((test, start))
        if known is None:
            requests = self.requests(test)
            end = self.stop(test, start + 1)
            texts, bodies = zip(*((entry.text, entry.body) for entry in requests[start:end]), strict=True)
            known = self._frames[(test, start)] = (ask(texts, bodies), end)
        return known

    def stop(self, test: str, start: int) -> int:
        """The place before which requests asked ahead from `start` on must stop."""
        requests = self.requests(test)
        end, text, body = start, 0, 0
        if start and requests[start - 1].step.measured:
            return start
        while end < len(requests) and not requests[end].waits and end - start < MAX_AHEAD:
            text += len(requests[end].text)
            body += len(requests[end].body)
            if text > MAX_TEXT_AHEAD or body > MAX_BODY_AHEAD:
                break
            end += 1
        return end


def _holds_one_of(answers: Sequence[torch.Tensor], step: Step) -> bool:
    """Whether an argument has the values of an answer, wherever the suite has them from (its own reference, say)."""
    decoder = ArgumentDecoder(bytearray(step.body), step.header.get("sizes", []), lambda number: None)
    decoder.decode([step.header.get("args"), step.header.get("kwargs")])
    return any(_alike(given, answer) for given in decoder.given() for answer in answers)


def _alike(one: torch.Tensor, other: torch.Tensor) -> bool:
    if one.numel() != other.numel() or one.numel() < 2 or not (one.is_floating_point() and other.is_floating_point()):
        return False
    one, other = (tensor.detach().reshape(-1).double() for tensor in (one, other))
    return torch.allclose(one, other, rtol=1e-3, atol=1e-5, equal_nan=True)


def entry_text(header: dict[str, Any], body: bytes | memoryview) -> str:
    """One request's place in a frame's header."""
    return json.dumps([header, len(body)], separators=(",", ":"), check_circular=False)


def ask(texts: Sequence[str], bodies: Sequence[bytes]) -> bytes:
    """The frame of some requests.  Raises `Unsendable` over the caps."""
    return assemble(f'{{"do":[{",".join(texts)}]}}'.encode("ascii"), b"".join(bodies))


def asks_back(operation: Operation, header: dict[str, Any]) -> bool:
    """Whether a request always waits for earlier replies: gradients of outputs, parameters an optimiser has moved.

    So does one that is measured: nothing may run beside it.
    """
    return operation is Operation.BACKWARD or "push" in header or stands_alone(header)
