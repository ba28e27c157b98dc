"""Reading a number, perhaps with a unit, as people type it: pure, and at a cost no text can drive up.

`1e-3`, `1.5×10^3`, `10⁻³`, `1,024`, `1 024`, `1'024`, `0,5`, `½`, `3/4`, `3.2万`, `50%`, full-width digits, Chinese
punctuation, a unit with or without a space.  A comma before exactly three digits parts thousands; before any other
number of digits it is a decimal comma.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MAX_TEXT = 200
"""Characters; nobody types a longer number."""
MAX_EXPONENT = 400


class Trouble(StrEnum):
    """Why a text is no quantity."""

    NOT_A_NUMBER = "not-a-number"
    TOO_LARGE = "too-large"
    UNIT_MISSING = "unit-missing"
    UNIT_UNKNOWN = "unit-unknown"
    UNIT_TWICE = "unit-twice"
    NO_UNIT_ASKED = "no-unit-asked"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and the unit it was given in, empty without one."""

    amount: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A text that is no quantity; `unit` is what stands where a unit should."""

    trouble: Trouble
    unit: str = ""


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_RAISED = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_MINUS = str.maketrans(dict.fromkeys("−–—－﹣‐‑‒", "-"))
_DRESSING = " \t$`　。．.,，、;；:：!！=≈～~\"“”"
_AROUND = re.compile(r"^(?:about|approximately|approx\.?|ca\.?|roughly|大约|约|等于|是|为)\s*", re.IGNORECASE)
_GROUPS = r"\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?:[ '_]\d{3})+(?!\d)|\d+(?:_\d+)*"
_DECIMAL = rf"(?:(?:{_GROUPS})(?:\.\d*)?|\.\d+)"
_NUMBER = re.compile(
    rf"""(?P<sign>[+-])?\s*
    (?: (?P<whole>\d+)?\s*(?P<over>\d+)\s*[/⁄]\s*(?P<under>\d+) (?![\d.])
      | (?P<comma>\d+),(?P<after>\d+)(?![\d,.])
      | (?P<base>\d+)\s*(?:\^|\*\*)\s*[\({{]?\s*(?P<raised>[+-]?\d+)\s*[\)}}]?
      | (?P<plain>{_DECIMAL})
    )
    (?: [eE](?P<e>[+-]?\d+)
      | \s*(?:×|·|\*|x|X|\\times|\\cdot)\s*10\s*(?:\^|\*\*)\s*[\({{]?\s*(?P<ten>[+-]?\d+)\s*[\)}}]?
    )?""",
    re.VERBOSE | re.ASCII,
)
_MULTIPLES = (("万亿", 1e12), ("百万", 1e6), ("千万", 1e7), ("亿", 1e8), ("万", 1e4), ("千", 1e3))


def read(text: str, units: Mapping[str, float]) -> Quantity | Unread:
    """The quantity that `text` says; `units` are the item's, by name.  The last line may hold the unit alone."""
    if len(text) > MAX_TEXT:
        return Unread(Trouble.NOT_A_NUMBER)
    first, *rest = [plain for line in text.splitlines() if (plain := _plain(line))] or [""]
    found, behind = _number(first)
    if found is None:
        return Unread(Trouble.NOT_A_NUMBER)
    if not math.isfinite(found):
        return Unread(Trouble.TOO_LARGE)
    said = [part for part in (behind, *rest) if part]
    if said and said[0] == "%" and not _named("%", units):
        found, said = found / 100, said[1:]
    return _with_unit(found, said, units)


def _with_unit(amount: float, said: list[str], units: Mapping[str, float]) -> Quantity | Unread:
    named = [_named(part, units) for part in said]
    if not units:
        return Unread(Trouble.NO_UNIT_ASKED, said[0]) if said else Quantity(amount)
    if not said:
        return Unread(Trouble.UNIT_MISSING)
    for part, name in zip(said, named, strict=True):
        if name is None:
            digits = part[:1].isdigit()
            return Unread(Trouble.NOT_A_NUMBER) if digits else Unread(Trouble.UNIT_UNKNOWN, part)
    if len(set(named)) > 1:
        return Unread(Trouble.UNIT_TWICE, " ".join(said))
    return Quantity(amount, named[0] or "")


def _plain(text: str) -> str:
    """`text` in the letters of a keyboard: raised digits behind a ^, halves as 1/2, full-width letters as others."""
    text = _RAISED.sub(lambda found: "^" + found[0].translate(_SUPERSCRIPTS), text)
    text = "".join(
        f" {unicodedata.normalize('NFKC', letter)}"
        if unicodedata.decomposition(letter).startswith("<fraction>")
        else letter
        for letter in text
    )
    text = re.sub(r"(?<=\d)[。．](?=\d)", ".", text)
    text = unicodedata.normalize("NFKC", text).translate(_MINUS)
    text = re.sub(r"\s+", " ", text).strip()
    while (bare := _AROUND.sub("", text.lstrip(" $`=≈~～:：\"“")).strip()) != text:
        text = bare
    return text.rstrip(_DRESSING)


def _number(text: str) -> tuple[float | None, str]:
    """The number at the start of `text`, and what stands behind it."""
    found = _NUMBER.match(text)
    if found is None:
        return None, text
    try:
        amount = _amount(found)
    except ZeroDivisionError:
        return None, text
    except OverflowError:
        return math.inf, ""
    behind = text[found.end() :].strip()
    for name, size in _MULTIPLES:
        if behind.startswith(name):
            amount, behind = amount * size, behind[len(name) :].strip()
            break
    if behind and (behind[0].isdigit() or behind[0] in "/^*+-=(.,"):  # more than one number, or a sum to be done
        return None, text
    return (-amount if found["sign"] == "-" else amount), behind


def _amount(found: re.Match[str]) -> float:
    exponent = max(-9999, min(9999, int(found["e"] or found["ten"] or 0)))
    if found["plain"]:
        digits = re.sub(r"[ ,'_]", "", found["plain"])
    elif found["comma"]:
        comma = "" if _parts_thousands(found["comma"], found["after"]) else "."
        digits = f"{found['comma']}{comma}{found['after']}"
    elif found["over"]:
        return (int(found["whole"] or 0) + int(found["over"]) / int(found["under"])) * _power(10, exponent)
    else:
        return _power(int(found["base"]), int(found["raised"])) * _power(10, exponent)
    return float(f"{digits}e{exponent}")


def _parts_thousands(before: str, after: str) -> bool:
    return len(after) == 3 and len(before) <= 3 and not before.startswith("0")


def _power(base: int, exponent: int) -> float:
    if abs(exponent) > MAX_EXPONENT and base > 1:
        if exponent > 0:
            raise OverflowError
        return 0.0
    return float(base) ** exponent


def _named(part: str, units: Mapping[str, float]) -> str | None:
    """The unit that `part` names: as it is written, else in other letters where only one can be meant."""
    plain = {name: _plain(name) or name for name in units}
    exact = [name for name, said in plain.items() if said == part]
    if exact:
        return exact[0]
    loose = [name for name, said in plain.items() if _loose(said) == _loose(part)]
    return loose[0] if len(loose) == 1 else None


def _loose(unit: str) -> str:
    return re.sub(r"[\s^.()]", "", unit).casefold()
