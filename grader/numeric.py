"""Judging a number against the values of its item.  Pure.

Amounts and absolute tolerances are compared in the item's base unit; a value that is right comes before one that is
wrong, and of either the first that fits is the one recognised.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from grader.quantities import Quantity
from questions.model import Item, NumericValue
from questions.templates import filled

ROUNDING = 1e-9
"""The relative difference that converting units may make; smaller than any that a bank would ask for."""


class NoAmount(ValueError):
    """A value of the bank that is no finite number; the text says which."""


def amount_of(value: NumericValue, parameters: Mapping[str, Any], units: Mapping[str, float]) -> float:
    """The number that a value stands for, in the base unit.  Raises `NoAmount`."""
    text = filled(value.amount, parameters)
    try:
        amount = float(text) * units.get(value.unit, 1.0)
    except ValueError:
        amount = math.nan
    if not math.isfinite(amount):
        raise NoAmount(f"the value on line {value.line} is not a finite number")
    return amount


def tolerance_of(value: NumericValue, amount: float, units: Mapping[str, float]) -> float:
    """How far off `amount` still counts, in the base unit."""
    text = value.tolerance
    if text.endswith("%"):
        return abs(amount) * float(text[:-1]) / 100
    return float(text or 0) * units.get(value.unit, 1.0)


def recognised(item: Item, parameters: Mapping[str, Any], quantity: Quantity) -> int | None:
    """The number, from 1, of the value that a quantity is; None when it is none of them.  Raises `NoAmount`."""
    units = dict(item.units)
    given = quantity.amount * units.get(quantity.unit, 1.0)
    fitting = []
    for number, value in enumerate(item.values, 1):
        amount = amount_of(value, parameters, units)
        allowed = tolerance_of(value, amount, units) + ROUNDING * abs(amount)
        if abs(given - amount) <= allowed:
            fitting.append((not value.right, number))
    return min(fitting)[1] if fitting else None


def units_asked(item: Item) -> dict[str, float]:
    """The units an answer must be given in one of; empty where a bare number is asked for."""
    return dict(item.units) if any(value.unit for value in item.values) else {}
