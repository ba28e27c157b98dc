"""Frozen values to JSON and back, strictly: the form in which specs and verdicts leave a process or enter a
database.
"""

from __future__ import annotations

import dataclasses
import enum
import math
import types
import typing
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from grader.verdict import VERSION, Verdict

T = TypeVar("T")

LEFT_OUT = frozenset(
    {"call", "inputs", "outcome", "reading", "program", "at", "chosen", "picked", "typed", "parameters"}
)
"""Of a verdict's fields those that most verdicts lack: no document has them empty."""


_PLAIN = frozenset({type(None), str, int, float, bool})


class NotThatDocument(ValueError):
    """The JSON is not of the expected form; the text names the place."""


def to_json(value: Any) -> Any:
    """Plain JSON values for a frozen dataclass, enum, tuple or plain value."""
    if isinstance(value, enum.Enum):
        return value.value
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list | tuple):
        # A picture's thousand numbers are not looked at one by one.
        return list(value) if _PLAIN.issuperset(map(type, value)) else [to_json(entry) for entry in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {name: to_json(entry) for name, entry in pairs if entry or name not in LEFT_OUT}
    raise TypeError(f"a {type(value).__name__} has no place in a document")


@cache
def _fields(cls: type) -> dict[str, tuple[Any, bool]]:
    hints = typing.get_type_hints(cls)
    return {
        field.name: (
            hints[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(cls)
    }


def from_json(cls: type[T], data: Any, where: str = "") -> T:
    """A `cls` from plain JSON.  Raises `NotThatDocument` for anything missing, unknown, mistyped or not finite."""
    return typing.cast(T, _read(cls, data, where or cls.__name__))


def _read(kind: Any, data: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin is typing.Union or origin is types.UnionType:
        return _read_union(get_args(kind), data, where)
    if origin is tuple:
        return _read_tuple(get_args(kind), data, where)
    if kind is Any:
        return data
    if kind is type(None):
        if data is None:
            return None
    elif kind is float:
        if isinstance(data, int | float) and not isinstance(data, bool) and math.isfinite(data):
            return float(data)
    elif kind in (int, str, bool):
        if type(data) is kind:
            return data
    elif isinstance(kind, type) and issubclass(kind, enum.Enum):
        try:
            return kind(data)
        except ValueError:
            pass
    elif dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _read_dataclass(kind, data, where)
    raise NotThatDocument(f"{where}: {str(data)[:60]!r} is not a {getattr(kind, '__name__', kind)}")


def _read_union(kinds: tuple[Any, ...], data: Any, where: str) -> Any:
    if type(data) in kinds and (type(data) is not float or math.isfinite(data)):
        return data  # the thousands of numbers of a picture come this way
    for kind in sorted(kinds, key=lambda kind: kind is float):  # an integer stays one
        try:
            return _read(kind, data, where)
        except NotThatDocument as error:
            last = error
    raise last


def _read_tuple(kinds: tuple[Any, ...], data: Any, where: str) -> Any:
    if not isinstance(data, list):
        raise NotThatDocument(f"{where}: not a list")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        if _all_are(kinds[0], data):
            return tuple(data)
        return tuple(_read(kinds[0], entry, f"{where}[{index}]") for index, entry in enumerate(data))
    if len(kinds) != len(data):
        raise NotThatDocument(f"{where}: {len(data)} entries, not {len(kinds)}")
    return tuple(
        _read(kind, entry, f"{where}[{index}]") for index, (kind, entry) in enumerate(zip(kinds, data, strict=True))
    )


def _all_are(kind: Any, data: list[Any]) -> bool:
    """Whether every entry is a plain value of `kind` as it stands: how the thousands of numbers of a picture come."""
    types_of = set(map(type, data))
    union = get_origin(kind) is typing.Union or get_origin(kind) is types.UnionType
    if not types_of <= _PLAIN.intersection(get_args(kind) if union else (kind,)):
        return False
    return float not in types_of or all(math.isfinite(entry) for entry in data if type(entry) is float)


def _read_dataclass(kind: type, data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        raise NotThatDocument(f"{where}: not an object")
    fields = _fields(kind)
    unknown = data.keys() - fields.keys()
    if unknown:
        raise NotThatDocument(f"{where}: unknown {', '.join(sorted(map(str, unknown)))}")
    missing = [name for name, (_, required) in fields.items() if required and name not in data]
    if missing:
        raise NotThatDocument(f"{where}: {', '.join(missing)} missing")
    return kind(**{name: _read(fields[name][0], value, f"{where}.{name}") for name, value in data.items()})


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """The document of a verdict (version 1)."""
    return {"version": VERSION, **to_json(verdict)}


def verdict_from_json(document: dict[str, Any]) -> Verdict:
    """The verdict of a document.  Raises `NotThatDocument`."""
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise NotThatDocument("Verdict: not of version 1")
    return from_json(Verdict, {key: value for key, value in document.items() if key != "version"})
