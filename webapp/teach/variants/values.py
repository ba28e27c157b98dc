"""What the page of an item's variants shows."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from webapp.learn.values import AnsweredOption
from webapp.tasks.values import TaskView


@dataclass(frozen=True, slots=True)
class InOneLanguage:
    """One variant of an item as students read it, answers included."""

    lang: str
    question_html: Markup
    options: tuple[AnsweredOption, ...]
    hints: tuple[Markup, ...]
    answer_html: Markup
    explanation_html: Markup
    said: tuple[tuple[str, Markup], ...]
    """Of a numeric item: each wrong value that it knows, and what it says to it."""


@dataclass(frozen=True, slots=True)
class VariantsPage:
    """One variant of an item, and the way to all the others."""

    bank_id: str
    bank_title: str
    item: str
    title: str
    revision: str
    """Empty for the one that is current."""
    count: int
    number: int
    names: tuple[str, ...]
    shown: tuple[str, ...]
    """The parameters of this variant, in the order of `names`."""
    right: tuple[str, ...]
    texts: tuple[InOneLanguage, ...]
    rows: tuple[tuple[str, ...], ...]
    """The parameters of every variant."""
    task: TaskView | None
    """The work of drawing them, where that is not done."""
