"""A request as the call that a reader of the item would have written: `MultiHeadAttention(d_model=8)(x, mask=mask)`.

Names of parameters are the reference's.  What a candidate has sent takes no part but as a number of a handle.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import nn

from grader.examiner.trace import Operation, Step
from sandbox.arguments import ArgumentDecoder
from sandbox.frames import clean_text

MAX_CALL: Final = 200
MAX_TEXT: Final = 80
MAX_INPUTS: Final = 12
MAX_DEPTH: Final = 4
"""Of calls upon what calls gave."""
ROOT: Final = -1


@dataclass(frozen=True, slots=True)
class Given:
    """One argument: a tensor as it was sent, or a plain value as text."""

    name: str
    value: torch.Tensor | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A call as text, and its arguments."""

    text: str
    inputs: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class _Handle:
    number: int


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is called: how it is written, and what of the reference stands in its place."""

    text: str
    brief: str
    code: Any = None
    is_instance: bool = False
    """Of the class `code`."""


class Calls:
    """The calls of one trace.  `names` are the handles of the submission's public names."""

    def __init__(self, reference: types.ModuleType, trace: Sequence[Step], names: dict[str, int]) -> None:
        self._reference = reference
        self._trace = trace
        self._names = {handle: name for name, handle in names.items() if hasattr(reference, name)}

    def asked(self, index: int) -> Asked:
        """The call that a step of the trace made."""
        step = self._trace[index]
        subject = self._subject(step.header["target"], index)
        parameters = _parameters(subject, str(step.header.get("name", "")))
        written = list(self._arguments(step, parameters, index, MAX_DEPTH))
        method = f".{step.header['name']}" if step.header["op"] == Operation.METHOD else ""
        arguments = ", ".join(text for text, _ in written)
        text = f"{subject.text}{method}({arguments})"
        if len(text) > MAX_CALL:
            text = f"{subject.brief}{method}({arguments})"
        inputs = tuple(given for _, all_given in written for given in all_given)
        return Asked(_cut(text, MAX_CALL), inputs[:MAX_INPUTS])

    def _subject(self, handle: int, before: int, depth: int = MAX_DEPTH) -> _Subject:
        """What a handle stands for: a public name, or what one of the steps before gave (so it says)."""
        if handle in self._names:
            name = self._names[handle]
            return _Subject(name, name, getattr(self._reference, name))
        index = next((at for at in reversed(range(before)) if handle in self._trace[at].handles), None)
        if index is None or not depth:
            return _Subject("…", "…")
        step = self._trace[index]
        operation, target = step.header["op"], step.header.get("target", ROOT)
        name = str(step.header.get("name", ""))
        if operation == Operation.GET and target == ROOT:
            return _Subject(name, name, getattr(self._reference, name, None))
        if operation not in (Operation.CALL, Operation.METHOD, Operation.GET):
            return _Subject("…", "…")
        maker = self._subject(target, index, depth - 1)
        if operation == Operation.GET:
            return _Subject(_cut(f"{maker.text}.{name}"), _cut(f"{maker.brief}.{name}"))
        parameters = _parameters(maker, name)
        arguments = ", ".join(text for text, _ in self._arguments(step, parameters, index, depth - 1))
        method = f".{name}" if operation == Operation.METHOD else ""
        makes_one = operation == Operation.CALL and isinstance(maker.code, type) and not maker.is_instance
        return _Subject(
            _cut(f"{maker.text}{method}({arguments})"), _cut(f"{maker.brief}{method}(…)"),
            maker.code if makes_one else None, is_instance=makes_one,
        )  # fmt: skip

    def _arguments(
        self, step: Step, parameters: Sequence[str], index: int, depth: int
    ) -> Iterator[tuple[str, tuple[Given, ...]]]:
        """Each argument as it is written, and what it holds."""
        decoder = ArgumentDecoder(bytearray(step.body), step.header.get("sizes", []), _Handle)
        by_name = False  # nothing may follow a named argument without its name
        for place, value in enumerate(decoder.decode(step.header["args"])):
            known = place < len(parameters)
            name = parameters[place] if known else f"x{place + 1}"
            if isinstance(value, torch.Tensor):
                yield f"{name}={name}" if by_name and known else name, (Given(name, value.detach()),)
            else:
                text = self._text(value, index, depth)
                by_name = by_name or known
                yield f"{name}={text}" if known else text, tuple(_given(name, value, text))
        for key, value in decoder.decode(step.header["kwargs"]).items():
            name = clean_text(str(key), MAX_TEXT)
            if isinstance(value, torch.Tensor):
                yield f"{name}={name}", (Given(name, value.detach()),)
            else:
                text = self._text(value, index, depth)
                yield f"{name}={text}", tuple(_given(name, value, text))

    def _text(self, value: Any, before: int, depth: int) -> str:
        if isinstance(value, _Handle):
            return self._subject(value.number, before, depth - 1).brief if depth else "…"
        if isinstance(value, list | tuple) and any(isinstance(entry, torch.Tensor) for entry in value):
            return "[…]" if isinstance(value, list) else "(…)"
        if isinstance(value, dict):
            return "{…}"
        return _cut(clean_text(repr(value)), MAX_TEXT)


def _given(name: str, value: Any, text: str) -> Iterator[Given]:
    """Tensors inside a list or a dict one by one; anything else as text."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    inside = [(key, entry) for key, entry in entries if isinstance(entry, torch.Tensor)]
    if not inside:
        yield Given(name, None, text)
    for key, entry in inside:
        yield Given(_cut(clean_text(f"{name}[{key!r}]"), MAX_TEXT), entry.detach())


def _parameters(subject: _Subject, method: str) -> tuple[str, ...]:
    """Names of the positional parameters, without `self`."""
    code = subject.code
    called: Callable[..., Any] | None = code if callable(code) else None
    if subject.is_instance or (method and isinstance(code, type)):
        default = "forward" if isinstance(code, type) and issubclass(code, nn.Module) else "__call__"
        called = getattr(code, method or default, None)
    if called is None:
        return ()
    try:
        parameters = list(inspect.signature(called).parameters.values())
    except (TypeError, ValueError):
        return ()
    if subject.is_instance and inspect.isfunction(called):
        parameters = parameters[1:]
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(parameter.name for parameter in parameters if parameter.kind in positional)


def _cut(text: str, most: int = MAX_CALL) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
