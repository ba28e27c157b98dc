"""Wrong submissions that every suite must refuse, made from an item's own reference.

A suite that lets one of them pass tests too little, whatever it asks for.  Each source does ``from reference import
*`` and replaces what every public function and every module's `forward` returns.
"""

from __future__ import annotations

_FRAME = """
import inspect as _inspect
import torch as _torch
import reference as _reference
from reference import *


def _map(value, change):
    if isinstance(value, _torch.Tensor):
        return change(value)
    if isinstance(value, (tuple, list)):
        return type(value)(_map(entry, change) for entry in value)
    return value


def _first(args, kwargs):
    return next((a for a in (*args, *kwargs.values()) if isinstance(a, _torch.Tensor)), _torch.zeros(1))


class Skipped(BaseException):
    pass


def _spoil(result, args, kwargs, calls):
{body}


def _spoiled(function):
    calls = []

    def spoiled(*args, **kwargs):
        calls.append(1)
        return _spoil(function(*args, **kwargs), [a for a in args], kwargs, len(calls))

    return spoiled


for _name, _value in list(vars(_reference).items()):
    if _name.startswith("_") or getattr(_value, "__module__", None) != "reference":
        continue
    if _inspect.isclass(_value) and issubclass(_value, _torch.nn.Module):
        globals()[_name] = type(_name, (_value,), {{"forward": _spoiled(_value.forward), "__module__": "submission"}})
    elif _inspect.isfunction(_value):
        _new = _spoiled(_value)
        _new.__name__ = _name
        globals()[_name] = _new
"""

_BODIES = {
    "nan": "    return _map(result, lambda t: _torch.full_like(t, float('nan')) if t.is_floating_point() else t)",
    "zeros": "    return _map(result, lambda t: _torch.zeros_like(t))",
    "shape-1": "    return _map(result, lambda t: _torch.zeros(1))",
    "echo": "    source = _first(args, kwargs)\n    return _map(result, lambda t: source)",
    "first-call-only": "    return result if calls == 1 else _map(result, lambda t: t * 2 + 1)",
    "skip": "    raise Skipped('skipped')",
    "bare-object": "    return object()",
}


def universal_sources() -> dict[str, str]:
    """Name and source of each universal wrong submission; `reference` must be importable beside it."""
    return {name: _FRAME.format(body=body) for name, body in _BODIES.items()}
