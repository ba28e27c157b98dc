"""Replaying a trace against the reference and the misconceptions, in the examiner, to name a mistake.

The very requests that a submission answered are put to a local copy of the bank's own code by the same interpreter
that runs in the jail (`sandbox.candidate.Workspace`), so arguments, aliasing, seeds and modes are equal to the byte.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from grader.examiner.spec import MisconceptionEntry, SuiteSpec
from grader.examiner.trace import Operation, Step
from sandbox.candidate import Workspace
from sandbox.wire import ArgumentDecoder, Encoder

NOT_COMPARED = frozenset({Operation.STATE, Operation.PARAMETERS, Operation.REFRESH, Operation.LOAD})
RELATIVE, ABSOLUTE = 1e-4, 1e-5
FIRST_LOCAL_NUMBER = 2**32
"""What is numbered here only (a parameter that is asked for) must not take the place of one of the trace's handles."""


@dataclass(slots=True)
class LocalOutcome:
    """What local code answered to one step: a node with tensors, or an error's type; None when it could not be
    asked.
    """

    node: Any = None
    tensors: Sequence[torch.Tensor] = ()
    error: str | None = None


class Replay(Workspace):
    """Local code answering the steps of a trace one after the other."""

    def __init__(self, sources: dict[str, str]) -> None:
        super().__init__(-1)
        self._next = FIRST_LOCAL_NUMBER
        self._surplus = 2 * FIRST_LOCAL_NUMBER
        self._known: dict[int, torch.nn.Parameter] = {}  # kept alive, so that no later parameter takes its id
        self._unknown_records: set[int] = set()
        self._unseen = torch.zeros((), requires_grad=True)
        self._absent: set[int] = set()
        self._captured: list[Any] = []
        with torch.enable_grad():
            self._names = self.load(dict(sources))

    def begin(self, names: dict[str, int]) -> None:
        """Bind the submission's handles for public names to the local ones."""
        for name, handle in names.items():
            if name in self._names:
                self._objects[handle] = self._names[name]

    def answer(self, step: Step) -> LocalOutcome | None:
        """The local outcome of `step`; None when it is not comparable (its target is absent or its state unknown)."""
        header = dict(step.header)
        operation = header["op"]
        if operation == Operation.LOAD:
            raise AssertionError("a submission must never be loaded in the examiner")
        target = header.get("target", -1)
        if target in self._absent or (target != -1 and target not in self._objects and operation != Operation.BACKWARD):
            self._lose_handles(step)
            return None
        header["push"] = [
            entry for entry in header.get("push", ()) if self._objects.get(entry[0], self._unseen) is not self._unseen
        ]
        header["modes"] = [entry for entry in header.get("modes", ()) if entry[0] in self._objects]
        body = bytearray(step.body)
        decoder = ArgumentDecoder(body, header.get("sizes", []), self._local)
        self._captured = []
        encoder = Encoder(self._capture)
        for handle in header.get("mirrors", ()):
            self._objects.setdefault(handle, self._unseen)  # no gradient, but its place among the gradients
        try:
            node = self.perform(header, body, decoder, encoder)
        except _Absent:
            self._lose_handles(step)
            return None
        except (Exception, SystemExit) as error:  # bank code failing is an outcome
            self._lose_handles(step)
            return LocalOutcome(error=type(error).__name__)
        self._bind(step)
        if operation in NOT_COMPARED:
            self._take_state(step, target)
            self._name_parameters(step, target)
            return None
        if operation == Operation.BACKWARD:
            return None if header["record"] in self._unknown_records else LocalOutcome(node, encoder.tensors)
        if not self._is_known(target):
            self._unknown_records.add(header["n"])
            return None
        return LocalOutcome(node, encoder.tensors)

    def _local(self, handle: int) -> Any:
        if handle not in self._objects:
            raise _Absent
        return self._objects[handle]

    def _capture(self, value: Any) -> dict[str, Any]:
        self._captured.append(value)
        return {"id": 0}

    def _bind(self, step: Step) -> None:
        if len(step.handles) == len(self._captured):
            for handle, value in zip(step.handles, self._captured, strict=True):
                self._objects[handle] = value
        else:
            self._lose_handles(step)

    def _lose_handles(self, step: Step) -> None:
        for handle in step.handles:
            if handle not in self._objects:
                self._absent.add(handle)

    def _take_state(self, step: Step, target: int) -> None:
        """Make the local module's parameters those that the submission showed."""
        module = self._objects.get(target)
        if not isinstance(module, torch.nn.Module) or step.error is not None:
            return
        shown = _shown_tensors(step)
        own = dict(module.state_dict())
        if shown.keys() == own.keys() and all(shown[name].shape == own[name].shape for name in own):
            module.load_state_dict(shown)
            self._know(module)

    def _name_parameters(self, step: Step, target: int) -> None:
        """Give the local parameters the handles by which the trace knows the submission's."""
        module = self._objects.get(target)
        if not isinstance(module, torch.nn.Module) or not isinstance(step.node, list):
            return
        own = dict(module.named_parameters())
        for entry in step.node:
            fields = {pair[0]: pair[1] for pair in entry["d"]} if isinstance(entry, dict) and "d" in entry else {}
            handle, parameter = fields.get("parameter"), own.get(str(fields.get("name")))
            if type(handle) is int and parameter is not None:
                self._objects.setdefault(handle, parameter)

    def _is_known(self, target: int) -> bool:
        module = self._objects.get(target)
        if not isinstance(module, torch.nn.Module):
            module = getattr(module, "__self__", None)
        if not isinstance(module, torch.nn.Module):
            return True
        return all(id(parameter) in self._known for parameter in module.parameters())

    def know(self, target: int) -> None:
        """Note that the module's parameters were loaded by the test itself."""
        module = self._objects.get(target)
        if isinstance(module, torch.nn.Module):
            self._know(module)

    def _know(self, module: torch.nn.Module) -> None:
        self._known.update((id(parameter), parameter) for parameter in module.parameters())


class _Absent(Exception):
    """A handle that exists at the submission's side only."""


def _shown_tensors(step: Step) -> dict[str, torch.Tensor]:
    node = step.node
    if isinstance(node, dict) and "d" in node:
        names = [pair[0] for pair in node["d"]]
        if len(names) == len(step.tensors):
            return dict(zip(names, step.tensors, strict=True))
    if isinstance(node, list):  # parameters: data and perhaps a gradient each
        shown, position = {}, 0
        for entry in node:
            fields = {pair[0]: pair[1] for pair in entry["d"]} if isinstance(entry, dict) and "d" in entry else {}
            if "name" not in fields:
                return {}
            shown[fields["name"]] = step.tensors[position]
            position += 1 if fields.get("grad") is None else 2
        return shown
    return {}


def equal_outcomes(step: Step, local: LocalOutcome) -> bool:
    """Whether the submission answered a step as the local code did: same structure, same type of error, close
    values.
    """
    if (step.error is None) != (local.error is None):
        return False
    if step.error is not None:
        return step.error == local.error
    return equal_values(step.node, step.tensors, local.node, local.tensors)


def equal_values(node: Any, tensors: Sequence[torch.Tensor], other: Any, others: Sequence[torch.Tensor]) -> bool:
    """Whether two encoded values are equal up to rounding."""
    return _equal_nodes(node, other) and len(tensors) == len(others) and all(map(_close, tensors, others))


def _equal_nodes(one: Any, other: Any) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        numbers = isinstance(one, int | float) and isinstance(other, int | float)
        return numbers and math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_equal_nodes, one, other))
    if isinstance(one, dict):
        if "h" in one and "h" in other:
            return True
        return one.keys() == other.keys() and all(_equal_nodes(one[key], other[key]) for key in one)
    return bool(one == other)


def _close(one: torch.Tensor, other: torch.Tensor) -> bool:
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    if one.dtype in (torch.float16, torch.bfloat16):
        return torch.allclose(one.double(), other.detach().double(), rtol=0.02, atol=0.01, equal_nan=True)
    if one.is_floating_point() or one.is_complex():
        return torch.allclose(one, other.detach(), rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    return torch.equal(one, other)


@dataclass(frozen=True, slots=True)
class Match:
    """A misconception that explains a submission, and where it shows."""

    misconception: MisconceptionEntry
    steps: frozenset[int]
    tests: tuple[str, ...]


def find_matches(spec: SuiteSpec, trace: Sequence[Step], names: dict[str, int]) -> tuple[Match, ...]:
    """The misconceptions whose outcomes the submission shows wherever they differ from the reference's.

    Of two that match, one whose differences are a part of the other's is left out.
    """
    if any(step.error == "NotImplementedError" for step in trace):
        return ()  # unfinished, not mistaken
    reference = _answers({"submission": spec.reference.text}, trace, names)
    wrong = {
        index
        for index, outcome in enumerate(reference)
        if outcome is not None and not equal_outcomes(trace[index], outcome)
    }
    if not wrong:
        return ()
    found = []
    for entry in spec.misconceptions:
        steps = _matching_steps(entry, spec, trace, names, reference)
        if steps and steps & wrong:
            tests = tuple(dict.fromkeys(_function_name(trace[index].test) for index in sorted(steps)))
            found.append(Match(entry, frozenset(steps), tests))
    return tuple(match for match in found if not any(match.steps < other.steps for other in found))


def _answers(sources: dict[str, str], trace: Sequence[Step], names: dict[str, int]) -> list[LocalOutcome | None]:
    replay = _start(sources, names)
    return [_step(replay, step) for step in trace] if replay is not None else [None] * len(trace)


def _matching_steps(
    entry: MisconceptionEntry,
    spec: SuiteSpec,
    trace: Sequence[Step],
    names: dict[str, int],
    reference: Sequence[LocalOutcome | None],
) -> set[int]:
    """The steps at which a misconception differs from the reference, all shown by the submission; else nothing.

    Of errors only types are compared.  Where nothing but errors would match, a submission that raises at other steps
    too has another reason to raise.
    """
    replay = _start({"reference": spec.reference.text, "submission": entry.source.text}, names)
    if replay is None:
        return set()
    steps = set()
    raises_elsewhere = False
    for index, step in enumerate(trace):
        outcome = _step(replay, step)
        right = reference[index]
        if outcome is None or right is None:
            continue
        same = (
            outcome.error == right.error
            if outcome.error or right.error
            else equal_values(outcome.node, outcome.tensors, right.node, right.tensors)
        )
        if same:
            raises_elsewhere |= step.error is not None and step.error != outcome.error
            continue
        if not equal_outcomes(step, outcome):
            return set()
        steps.add(index)
    return set() if raises_elsewhere and all(trace[index].error is not None for index in steps) else steps


def _start(sources: dict[str, str], names: dict[str, int]) -> Replay | None:
    try:
        replay = Replay(sources)
    except Exception:  # a misconception that cannot even be loaded explains nothing; `workshop check` reports it
        return None
    replay.begin(names)
    return replay


def _step(replay: Replay, step: Step) -> LocalOutcome | None:
    outcome = replay.answer(step)
    if step.header["op"] == Operation.METHOD and step.header.get("name") == "load_state_dict":
        replay.know(step.header["target"])
    return outcome


def _function_name(test: str) -> str:
    return test.partition("[")[0]
