"""What an assignment is, as values; as texts of a form; and what is wrong with those texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from questions.bilingual import language_of, split
from webapp.courses.moments import UnclearTime, moment, written
from webapp.courses.names import LONGEST_TITLE, Unfit, name_of
from webapp.courses.rules import fits_attempts, fits_points, out_of_order
from webapp.learn.attempts import Counts, Dates, as_counts
from webapp.models import Assignment, AssignmentItem
from webapp.teach.assignments import fault_words

DATES = ("opens", "due", "closes")
Faults = dict[str, str]
"""Sentences by the field they are about."""


@dataclass(frozen=True, slots=True)
class Settings:
    """An assignment without its items."""

    title: str
    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    late_penalty: float = 0.0
    counts: Counts = "best"
    practice: bool = False

    @property
    def dates(self) -> Dates:
        """Its dates, without anybody's extension."""
        return Dates(self.opens_at, self.due_at, self.closes_at)


@dataclass(frozen=True, slots=True)
class ItemSettings:
    """An item of an assignment; its place is its place in a list."""

    id: int
    points: float
    attempts: int | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole assignment as it is, or as somebody wants it."""

    settings: Settings
    items: tuple[ItemSettings, ...]

    def normal(self) -> Plan:
        """In practice nothing is limited and nothing is late: what means nothing there is not kept."""
        if not self.settings.practice:
            return self
        settings = replace(self.settings, late_penalty=0.0, counts="best")
        return Plan(settings, tuple(replace(each, attempts=None) for each in self.items))


def plan_of(row: Assignment, items: list[AssignmentItem]) -> Plan:
    """An assignment as it is, to the second, as forms and files say it."""
    dates = (at and at.replace(microsecond=0) for at in (row.opens_at, row.due_at, row.closes_at))
    settings = Settings(row.title, *dates, row.late_penalty, as_counts(row.counts), row.practice)
    asked = tuple(ItemSettings(each.id, each.points, each.max_submissions, each.is_open) for each in items)
    return Plan(settings, asked)


@dataclass(frozen=True, slots=True)
class SettingsText:
    """The same as a form says it.  An `…_offset` tells two equal clock times apart."""

    title_zh: str = ""
    title_en: str = ""
    opens: str = ""
    opens_offset: str = ""
    due: str = ""
    due_offset: str = ""
    closes: str = ""
    closes_offset: str = ""
    late_penalty: str = ""
    counts: str = "best"
    practice: str = ""

    @classmethod
    def of(cls, settings: Settings, zone: ZoneInfo) -> SettingsText:
        """The texts of a form that changes nothing."""
        zh, en = titles(settings.title)
        texts = {"title_zh": zh, "title_en": en, "counts": settings.counts}
        for name, at in zip(DATES, (settings.opens_at, settings.due_at, settings.closes_at), strict=True):
            texts[name], texts[f"{name}_offset"] = clock_text(at, zone)
        texts["late_penalty"] = f"{round(settings.late_penalty * 100, 2):g}" if settings.late_penalty else ""
        return cls(**texts, practice="yes" if settings.practice else "")

    @classmethod
    def read(cls, form: Mapping[str, Any]) -> SettingsText:
        """What a form has brought."""
        return cls(**{each.name: str(form.get(each.name, ""))[:1000].strip() for each in fields(cls)})

    @classmethod
    def from_json(cls, text: str) -> SettingsText | None:
        """What a page held when it was opened; None for what no page of ours holds."""
        try:
            return cls.read(json.loads(text[:20_000]))
        except (ValueError, AttributeError, RecursionError):
            return None

    def to_json(self) -> str:
        """For a hidden field."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def decided(self, zone: ZoneInfo) -> tuple[Settings | None, Faults]:
        """The values these texts mean, or what is wrong with them, all of it at once."""
        faults: Faults = {}
        title = _title(self, faults)
        dates = {
            name: time_of(getattr(self, name), getattr(self, f"{name}_offset"), name, zone, faults) for name in DATES
        }
        wrong = out_of_order(**dates)
        if wrong is not None:
            faults.setdefault(wrong.after, fault_words.out_of_order(wrong))
        practice = self.practice == "yes"
        penalty = 0.0 if practice else _penalty(self.late_penalty, faults)
        if penalty and not self.due:
            faults.setdefault("late_penalty", fault_words.penalty_without_due())
        if faults:
            return None, faults
        counts = "best" if practice else as_counts(self.counts)
        return Settings(title, dates["opens"], dates["due"], dates["closes"], penalty, counts, practice), {}


def titles(title: str) -> tuple[str, str]:
    """A title in both languages; one that is in one language alone leaves the other empty."""
    halves = split(title)
    if halves is not None:
        return halves
    return (title, "") if language_of(title) == "zh" else ("", title)


def joined(zh: str, en: str) -> str:
    """One title out of two, as files write it."""
    return f"{zh} | {en}" if zh and en else zh or en


def _title(texts: SettingsText, faults: Faults) -> str:
    both = {}
    for field, text in (("title_zh", texts.title_zh), ("title_en", texts.title_en)):
        try:
            both[field] = name_of(text, LONGEST_TITLE)
        except Unfit:
            faults[field] = fault_words.title_unfit(LONGEST_TITLE)
    if faults:
        return ""
    zh, en = both["title_zh"], both["title_en"]
    if len(joined(zh, en)) > LONGEST_TITLE:
        faults["title_zh"] = fault_words.title_unfit(LONGEST_TITLE)
    elif not zh and not en:
        faults["title_zh"] = fault_words.title_missing()
    elif zh and en and split(joined(zh, en)) != (zh, en):
        faults["title_zh"] = fault_words.title_languages()
    elif titles(joined(zh, en)) != (zh, en):
        faults["title_zh" if zh else "title_en"] = fault_words.title_other_language()
    return joined(zh, en)


def clock_text(at: datetime | None, zone: ZoneInfo) -> tuple[str, str]:
    """A time as a field for date and time takes it, and its offset where clocks show it twice."""
    if at is None:
        return "", ""
    text = written(at, zone)
    clock, offset = (text[:-6], text[-6:]) if text[-6] in "+-" and ":" in text[-6:] else (text, "")
    return clock.replace(" ", "T"), offset


def time_of(text: str, offset: str, field: str, zone: ZoneInfo, faults: Faults) -> datetime | None:
    """The moment that a field means; empty means none."""
    if not text:
        return None
    try:
        try:
            return moment(text, zone)
        except UnclearTime as problem:
            if offset and any(remedy.endswith(offset) for remedy in problem.remedies):
                return moment(f"{text}{offset}", zone)
            raise
    except UnclearTime as problem:
        faults[field] = fault_words.unclear_time(problem, zone)
        return None


def twice(text: str, zone: ZoneInfo) -> tuple[str, ...]:
    """The offsets of a clock time that there are two of; nothing for any other."""
    try:
        moment(text, zone)
    except UnclearTime as problem:
        return tuple(remedy[-6:] for remedy in problem.remedies) if len(problem.remedies) > 1 else ()
    return ()


def _penalty(text: str, faults: Faults) -> float:
    text = text.rstrip("%％ ").strip()
    if not text:
        return 0.0
    number = _number(text)
    if number is None or not 0 <= number <= 100:
        faults["late_penalty"] = fault_words.penalty()
        return 0.0
    return round(number, 2) / 100


def _number(text: str) -> float | None:
    """A number as people type it, at most a dozen characters."""
    digits = text.replace("，", ".").replace(",", ".")
    if not digits.isascii() or len(digits) > 12 or not digits.replace(".", "", 1).isdigit():
        return None
    return float(digits)


@dataclass(frozen=True, slots=True)
class ItemText:
    """An item's row of a form."""

    id: int
    points: str
    attempts: str
    is_open: bool

    @classmethod
    def of(cls, item: ItemSettings) -> ItemText:
        """The texts of a row that changes nothing."""
        return cls(item.id, f"{item.points:g}", str(item.attempts or ""), item.is_open)

    def decided(self, faults: Faults) -> ItemSettings:
        """The values of this row; faults are by `points-ID` and `attempts-ID`."""
        points = _number(self.points)
        if points is None or not fits_points(points):
            faults[f"points-{self.id}"] = fault_words.points()
            points = 1.0
        attempts = _number(self.attempts) if self.attempts else None
        if self.attempts and (attempts is None or not fits_attempts(attempts)):
            faults[f"attempts-{self.id}"] = fault_words.attempts()
            attempts = None
        return ItemSettings(self.id, points, int(attempts) if attempts is not None else None, self.is_open)


def items_to_json(items: tuple[ItemSettings, ...]) -> str:
    """The items as a page was given them, for a hidden field."""
    return json.dumps([[each.id, each.points, each.attempts, each.is_open] for each in items])


def items_from_json(text: str) -> tuple[ItemSettings, ...] | None:
    """The same read again; None for what no page of ours holds."""
    try:
        found = tuple(
            ItemSettings(int(number), float(points), int(attempts) if attempts is not None else None, bool(is_open))
            for number, points, attempts, is_open in json.loads(text[:100_000])
        )
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None
    return found
