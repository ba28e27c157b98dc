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

from grader.examiner.trace import Operation, Step
from sandbox.arguments import ArgumentDecoder
from sandbox.candidate import Workspace
from sandbox.wire import Encoder

NOT_COMPARED = frozenset({Operation.STATE, Operation.PARAMETERS, Operation.REFRESH, Operation.LOAD})
RELATIVE, ABSOLUTE = 1e-4, 1e-5
ROOT = -1
"""The handle of the module itself."""
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
        if operation in (Operation.LOAD, Operation.RUN):
            raise AssertionError("a submission must never be executed in the examiner")
        target = header.get("target", ROOT)
        known = target in self._objects or target == ROOT or operation == Operation.BACKWARD
        if target in self._absent or not known:
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
        if operation == Operation.METHOD and header.get("name") == "load_state_dict":
            self._know_module(target)
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

    def _know_module(self, target: int) -> None:
        """Note that the module's parameters were loaded by the test itself."""
        module = self._objects.get(target)
        if isinstance(module, torch.nn.Module):
            self._know(module)

    def end_test(self) -> None:
        """Let go of what no later test can ask for; modules and their state may be asked again."""
        self._records.clear()
        self._unknown_records.clear()
        self._captured.clear()

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


def start_replay(sources: dict[str, str], names: dict[str, int]) -> Replay | None:
    """A replay of `sources` under the handles of `names`; None when they cannot even be loaded.

    A misconception like that explains nothing; `workshop check` reports it.
    """
    try:
        replay = Replay(sources)
    except Exception:
        return None
    replay.begin(names)
    return replay
