"""What somebody is typing as students will read it, and where its items stand."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from questions.figures import file_of
from questions.model import Bank, Fault, Item
from webapp.authoring.values import FaultView
from webapp.items import prose, signature
from webapp.languages import LANGUAGES, say
from webapp.teach.variants.service import text_in
from webapp.teach.variants.values import InOneLanguage

MOST_FAULTS = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """An item in the outline of a file."""

    id: str
    title: str
    kind: str
    line: int
    points: float
    faults: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An item in one language."""

    lang: str
    title: str
    section: str
    text: InOneLanguage
    readings: tuple[tuple[str, Markup], ...]
    tests: tuple[str, ...]
    missing: bool
    """The bank declares this language, and the question is not there in it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """An item in the languages of its bank."""

    id: str
    kind: str
    line: int
    points: float
    multiple: bool
    units: tuple[str, ...]
    signature: str
    hidden: int
    variants: bool
    shown: tuple[Shown, ...]


def faults_of(bank: Bank) -> tuple[FaultView, ...]:
    """What reading found, by file and line."""
    return tuple(_fault(fault) for fault in bank.faults[:MOST_FAULTS])


def _fault(fault: Fault) -> FaultView:
    return FaultView(fault.text, fault.line, fault.severity.value, file_of(fault.path), fault.item or "")


def outline_of(bank: Bank, file: str, lang: str) -> tuple[Entry, ...]:
    """The items of one file."""
    return tuple(
        Entry(
            item.id,
            say(item.title, lang) or item.id,
            item.kind.value,
            item.line,
            item.points,
            sum(fault.severity.value == "fault" for fault in item.faults),
        )
        for item in items_in(bank, file)
    )


def items_in(bank: Bank, file: str) -> list[Item]:
    """The items of one file, in its order."""
    return [item for item in bank.items if item.path.name == file]


def item_at(bank: Bank, file: str, line: int) -> Item | None:
    """The item in which a line stands, else the first one below it."""
    items = items_in(bank, file)
    above = [item for item in items if item.line <= line]
    return above[-1] if above else items[0] if items else None


def preview_of(item: Item, languages: tuple[str, ...]) -> Preview:
    """An item as students will read it, in the bank's languages; gaps of variants are shown as gaps."""
    return Preview(
        id=item.id,
        kind=item.kind.value,
        line=item.line,
        points=item.points,
        multiple=sum(option.right for option in item.options) > 1,
        units=tuple(name for name, _factor in item.units),
        signature="\n".join(signature(item.starter.source)) if item.starter else "",
        hidden=sum(spec.hidden for spec in item.test_specs),
        variants=item.variant is not None,
        shown=tuple(_shown(item, lang) for lang in LANGUAGES if lang in languages),
    )


def _shown(item: Item, lang: str) -> Shown:
    return Shown(
        lang=lang,
        title=say(item.title, lang) or item.id,
        section=say(item.section, lang),
        text=text_in(item, lang, None if item.variant is not None else {}),
        readings=tuple((say(each.title, lang), prose(say(each.text, lang))) for each in item.readings),
        tests=tuple(say(spec.title, lang) or spec.name for spec in item.test_specs if not spec.hidden),
        missing=getattr(item.question, lang) is None,
    )
