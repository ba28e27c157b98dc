"""A bank as JSON and back, by the types that `questions.model` declares: what another process sends is only data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

Read = Callable[[Any], Any]


def to_json(value: Any) -> Any:
    """`value` in lists, texts, numbers and nothing; a dataclass is the list of its fields."""
    if is_dataclass(value):
        return [to_json(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, tuple):
        return [to_json(each) for each in value]
    return str(value) if isinstance(value, Path | Enum) else value


def from_json(kind: type, value: Any) -> Any:
    """What `to_json` was given.  Raises `ValueError` or `TypeError` for anything that is not of `kind`."""
    return _reader_of(kind)(value)


@cache
def _reader_of(kind: Any) -> Read:
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        readers = [_reader_of(hints[field.name]) for field in fields(kind)]
        return lambda value: kind(*_each(readers, value))
    if isinstance(kind, UnionType):
        inner = _reader_of(next(each for each in get_args(kind) if each is not NoneType))
        return lambda value: None if value is None else inner(value)
    if get_origin(kind) is tuple:
        parts = get_args(kind)
        if parts[-1] is not Ellipsis:
            readers = [_reader_of(part) for part in parts]
            return lambda value: tuple(_each(readers, value))
        inner = _reader_of(parts[0])
        return lambda value: tuple([inner(each) for each in _checked(list, value)])
    if kind is Path or issubclass(kind, Enum):
        return lambda value: kind(_checked(str, value))
    wanted = (int, float) if kind is float else kind
    return lambda value: _checked(wanted, value)


def _each(readers: list[Read], value: Any) -> list[Any]:
    return [read(each) for read, each in zip(readers, _checked(list, value), strict=True)]


def _checked(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r:.40} is no {kind}")
    return value
