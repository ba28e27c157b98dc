"""Wrong submissions that every suite must refuse, made from an item's own reference.

A suite that lets one of them pass tests too little, whatever it asks for.  Each source does ``from reference import
*`` and spoils what comes out of every public function, every method of a class and every module's `forward`.  Where
spoiling leaves a result as it was (a mask holds no NaN, some right answers are zero), a bare object takes its place:
none of these submissions may ever be right.  They work on copies of their arguments, so none does its work in place.
"""

from __future__ import annotations

_FRAME = """
import copy as _copy
import inspect as _inspect
import itertools as _itertools
import torch as _torch
import reference as _reference
from reference import *


class Skipped(BaseException):
    pass


def _map(value, tensor, number):
    if isinstance(value, _torch.Tensor):
        return tensor(value)
    if isinstance(value, (bool, int, float, complex)):
        return number(value)
    if isinstance(value, dict):
        return {{key: _map(entry, tensor, number) for key, entry in value.items()}}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_map(entry, tensor, number) for entry in value))
    if isinstance(value, (tuple, list)):
        return type(value)(_map(entry, tensor, number) for entry in value)
    return value


def _same(one, other):
    if isinstance(one, _torch.Tensor):
        same = isinstance(other, _torch.Tensor) and one.shape == other.shape and one.dtype == other.dtype
        return same and bool(((one == other) | (one != one) & (other != other)).all())
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(map(_same, one, other))
    return one is other or type(one) is type(other) and (one == other or one != one and other != other)


def _copied(value):
    if isinstance(value, _torch.Tensor):
        return value.clone()
    if isinstance(value, (tuple, list, dict)):
        entries = value.items() if isinstance(value, dict) else value
        return value if hasattr(value, "_fields") else type(value)(map(_copied, entries))
    return _copy.deepcopy(value) if isinstance(value, _torch.nn.Module) else value


def _first(args, kwargs):
    return next((a for a in (*args, *kwargs.values()) if isinstance(a, _torch.Tensor)), _torch.zeros(1))


def _spoil(result, args, kwargs):
{body}


_depth = 0


def _wrong(produce, args, kwargs, call):
    # Inside `produce` the reference works as it is.
    global _depth
    _depth += 1
    try:
        result = produce()
        wrong = _spoil(result, args, kwargs)
        if {right_once} and call == 1:
            return result
        return object() if _same(result, wrong) else wrong
    finally:
        _depth -= 1


def _spoiled(function, bound):
    calls = _itertools.count(1)

    def spoiled(*args, **kwargs):
        if _depth:
            return function(*args, **kwargs)
        own, given = args[:bound], args[bound:]
        produce = lambda: function(*own, *map(_copied, given), **_copied(kwargs))
        return _wrong(produce, given, kwargs, next(calls))

    return spoiled


def _spoiled_attributes(cls):
    calls = _itertools.count(1)

    def attribute(self, name):
        value = cls.__getattribute__(self, name)
        is_data = isinstance(value, (_torch.Tensor, bool, int, float, complex, tuple, list, dict, str))
        if _depth or name.startswith("_") or not is_data:
            return value
        return _wrong(lambda: value, (), {{}}, next(calls))

    return attribute


def _spoiled_class(cls):
    methods = {{}}
    for base in reversed(cls.__mro__):
        if base.__module__ == "reference":
            methods.update(
                (name, _spoiled(method, 1))
                for name, method in vars(base).items()
                if _inspect.isfunction(method) and (name == "__call__" or not name.startswith("_"))
            )
    if issubclass(cls, _torch.nn.Module):
        methods["forward"] = _spoiled(cls.forward, 1)
    else:
        methods["__getattribute__"] = _spoiled_attributes(cls)
    return type(cls.__name__, (cls,), {{**methods, "__module__": "submission"}})


for _name, _value in list(vars(_reference).items()):
    if _name.startswith("_") or getattr(_value, "__module__", None) != "reference":
        continue
    if _inspect.isclass(_value):
        globals()[_name] = _spoiled_class(_value)
    elif _inspect.isfunction(_value):
        globals()[_name] = _spoiled(_value, 0)
        globals()[_name].__name__ = _name
"""

_BODIES = {
    "nan": "    return _map(result, lambda t: t * float('nan'), lambda n: float('nan'))",
    "zeros": "    return _map(result, lambda t: _torch.zeros_like(t), lambda n: type(n)(0))",
    "shape-1": "    return _map(result, lambda t: _torch.zeros(1), lambda n: _torch.zeros(1))",
    "echo": "    source = _first(args, kwargs)\n    return _map(result, lambda t: source, lambda n: (args or (n,))[0])",
    "first-call-only": "    return _map(result, lambda t: t * 2 + 1, lambda n: n * 2 + 1)",
    "skip": "    raise Skipped('skipped')",
    "bare-object": "    return object()",
}

DESCRIPTIONS = {
    "nan": "every number is NaN",
    "zeros": "every number is 0",
    "shape-1": "every tensor is zeros(1)",
    "echo": "the first argument is given back",
    "first-call-only": "only the first call is right",
    "skip": "every call raises",
    "bare-object": "every call returns object()",
}
"""What each of them does, for a message."""


def universal_sources() -> dict[str, str]:
    """Name and source of each universal wrong submission; `reference` must be importable beside it."""
    return {name: _FRAME.format(body=body, right_once=name == "first-call-only") for name, body in _BODIES.items()}
