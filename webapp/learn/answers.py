"""Answers that are neither code nor words as pages show them: what was chosen, what was typed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from markupsafe import Markup

from grader.choices import read_chosen
from grader.numeric import units_asked
from questions.model import Item, Kind, NumericValue
from questions.templates import filled
from webapp.languages import say
from webapp.learn.values import AnsweredOption, OptionView, TypedView
from webapp.variants import Parameters, filled_prose


def chosen_in(asked: Item, content: str) -> tuple[int, ...]:
    """The options that a stored text names; none where it names what is not there."""
    return read_chosen(content, len(asked.options)) or () if asked.kind is Kind.CHOICE else ()


def options_of(asked: Item, content: str, lang: str, known: Parameters | None) -> tuple[OptionView, ...]:
    """The options of a choice with those marked that `content` names."""
    chosen = chosen_in(asked, content)
    return tuple(
        OptionView(number, filled_prose(say(option.text, lang), known), number in chosen)
        for number, option in enumerate(asked.options, 1)
    )


def answered_options(
    asked: Item, chosen: Collection[int], lang: str, known: Parameters | None, *, told: bool
) -> tuple[AnsweredOption, ...]:
    """The options as an answer left them; which are right, and why not, only where it may be `told`."""
    return tuple(
        AnsweredOption(
            number,
            filled_prose(say(option.text, lang), known),
            number in chosen,
            option.right if told else None,
            filled_prose(say(option.feedback, lang), known) if told else Markup(""),
        )
        for number, option in enumerate(asked.options, 1)
    )


def units_of(asked: Item) -> tuple[str, ...]:
    """The units that a number may be given in."""
    return tuple(units_asked(asked)) if asked.kind is Kind.NUMERIC else ()


def typed_in(asked: Item, content: str) -> TypedView:
    """A stored number and the unit chosen beside it: the last line, where that is a unit and nothing more."""
    lines = [line for line in content.splitlines() if line.strip()]
    units = units_of(asked)
    unit = lines.pop().strip() if len(lines) > 1 and lines[-1].strip() in units else ""
    if not lines and len(units) == 1:
        unit = units[0]
    return TypedView(" ".join(lines), unit)


def as_text(asked: Item, content: str, lang: str, known: Parameters | None) -> str:
    """An answer as lines that can be read and compared: of a choice the options chosen, a line each."""
    if asked.kind is Kind.NUMERIC:
        return " ".join(content.split())
    if asked.kind is not Kind.CHOICE:
        return content
    chosen = chosen_in(asked, content)
    if not chosen:
        return content
    return "\n".join(
        " ".join(filled(say(asked.options[number - 1].text, lang), known or {}).split()) for number in chosen
    )


def right_values(asked: Item, known: Parameters) -> tuple[str, ...]:
    """The values that are right, with how far off an answer may be."""
    return tuple(_said(value, known) for value in asked.values if value.right)


def _said(value: NumericValue, known: Parameters) -> str:
    parts: Sequence[str] = (filled(value.amount, known), value.unit, f"± {value.tolerance}" if value.tolerance else "")
    return " ".join(filter(None, parts))
