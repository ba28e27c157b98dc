"""How the numbers of a comparison are written: aligned, with a real minus sign, precise enough to tell them apart."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

Number = float | int | bool | str
"""An entry of a verdict's array; what is not finite is "nan", "inf" or "-inf"."""


@dataclass(frozen=True, slots=True)
class Notation:
    """How the numbers of one picture are written: `fixed` decimals, so that they align, or significant digits."""

    digits: int
    fixed: bool

    def write(self, value: Number) -> str:
        """`value` with a real minus sign; the document writes what is not finite as "nan", "inf", "-inf"."""
        if isinstance(value, str):
            return {"inf": "∞", "-inf": "−∞"}.get(value, value[:8])
        if not isinstance(value, float):
            return str(value)[:24].replace("-", "−")
        if self.fixed and (value == 0 or abs(value) >= 0.5 * 10**-self.digits):
            return f"{value:.{self.digits}f}".replace("-", "−")
        return (f"{value:.0e}" if self.fixed else f"{value:.{self.digits + 1}g}").replace("-", "−")

    def signed(self, value: float) -> str:
        """A difference, always with its sign."""
        return self.write(float(value)) if value < 0 else "+" + self.write(float(value))


def notation_for(values: Iterable[Number], pair: tuple[Number, Number] | None = None) -> Notation:
    """One notation for all `values`, precise enough to tell the two of `pair` apart."""
    shown = list(values)
    largest = max((abs(value) for value in shown if isinstance(value, float) and math.isfinite(value)), default=0.0)
    fixed = 1e-2 <= largest < 1e5
    whole = all(not isinstance(value, float) or not math.isfinite(value) or value.is_integer() for value in shown)
    decimals = 0 if whole else max(1, 3 - math.floor(math.log10(largest or 1)))
    choices = [Notation(decimals + more if fixed else 3 + more, fixed) for more in (0, 3, 6)]
    if (fixed and whole) or pair is None:
        return choices[0]
    return next((each for each in choices if each.write(pair[0]) != each.write(pair[1])), choices[0])


def in_short(value: Number) -> str:
    """A number in at most five characters or so, to be written into its cell; nothing for what is not finite."""
    if isinstance(value, str):
        return ""
    if not isinstance(value, float):
        return {True: "T", False: "F"}[value] if isinstance(value, bool) else str(value)[:6].replace("-", "−")
    size = abs(value)
    digits = 2 if size < 10 else 1 if size < 100 else 0
    return (f"{value:.{digits}f}" if size < 10_000 else f"{value:.0e}").replace("-", "−")


def change_in_short(gap: float) -> str:
    """A difference in as few characters: always with its sign, without a nought before the point; nothing for none."""
    text = in_short(float(gap))
    if text.strip("−0.") == "":
        return ""
    sign, digits = ("−", text[1:]) if gap < 0 else ("+", text)
    return sign + (digits[1:] if digits.startswith("0.") else digits)


def finite(value: Number) -> float | None:
    """`value` as a finite number, or None."""
    if isinstance(value, str) or not math.isfinite(value):
        return None
    return float(value)
