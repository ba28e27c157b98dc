"""Local times in a course's zone, and the hours that clocks skip or say twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

FORM = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{2}:?\d{2}|Z)?)?", re.ASCII
)
FORMAT = "%Y-%m-%d %H:%M"
EARLIEST, LATEST = 2000, 2200


class Unclear(StrEnum):
    """Why a text names no moment."""

    FORM = "form"
    NO_CLOCK = "no-clock"
    YEAR = "year"
    TWENTY_FOUR = "twenty-four"
    SKIPPED = "skipped"
    """Clocks are put forward then."""
    TWICE = "twice"
    """Clocks are put back then."""
    OFFSET = "offset"


class UnclearTime(ValueError):
    """A text that names no moment; `str()` says to a file's author why and what to write instead.

    `remedies` are the texts that may be meant: the next moment there is, or the two equal ones.
    """

    def __init__(self, why: Unclear, text: str, remedies: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.why, self.remedies = why, remedies


def moment(text: str, zone: ZoneInfo) -> datetime:
    """The moment that `text` names in `zone`, in UTC.  Raises `UnclearTime`.

    An offset (`2026-10-25 02:30+02:00`) says which of two equal clock times is meant.
    """
    found = FORM.fullmatch(text)
    if found is None:
        raise UnclearTime(Unclear.FORM, "is no time: write it as 2026-11-29 23:59")
    year, month, day, hour, minute, second, offset = found.groups()
    if hour is None:
        raise UnclearTime(Unclear.NO_CLOCK, f"says no time of day: write {year}-{month}-{day} 23:59")
    if not EARLIEST <= int(year) <= LATEST:
        raise UnclearTime(Unclear.YEAR, f"is in the year {year}: it has to be between {EARLIEST} and {LATEST}")
    if int(hour) == 24:
        raise UnclearTime(Unclear.TWENTY_FOUR, "says 24 o'clock: write 00:00 of the next day, or 23:59")
    try:
        local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
    except ValueError as problem:
        raise UnclearTime(Unclear.FORM, f"is no time ({problem}): write it as 2026-11-29 23:59") from problem
    if offset is not None:
        return _with_offset(local, offset, zone)
    first, second_time = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if not _exists(local, zone):
        after = f"{first.astimezone(UTC).astimezone(zone):{FORMAT}}"
        raise UnclearTime(
            Unclear.SKIPPED, f"does not exist in {zone.key}: clocks are put forward then; write {after}", (after,)
        )
    if first.utcoffset() != second_time.utcoffset():
        both = tuple(f"{local:{FORMAT}}{_offset(each)}" for each in (first, second_time))
        raise UnclearTime(
            Unclear.TWICE,
            f"happens twice in {zone.key}, when clocks are put back: write {both[0]} or {both[1]}",
            both,
        )
    return first.astimezone(UTC)


def written(at: datetime, zone: ZoneInfo) -> str:
    """`at` as `moment` reads it back: local, with its offset only where the clock time happens twice."""
    local = at.astimezone(zone)
    text = f"{local:{FORMAT}}" + (f":{local:%S}" if local.second else "")
    other = local.replace(fold=1 - local.fold)
    return text + (_offset(local) if other.utcoffset() != local.utcoffset() else "")


def _exists(local: datetime, zone: ZoneInfo) -> bool:
    return local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local


def _with_offset(local: datetime, offset: str, zone: ZoneInfo) -> datetime:
    sign = -1 if offset.startswith("-") else 1
    digits = offset[1:].replace(":", "")
    away = timedelta(0) if offset == "Z" else sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    try:
        at = (local - away).replace(tzinfo=UTC)
    except OverflowError as problem:
        raise UnclearTime(Unclear.FORM, "is no time: write it as 2026-11-29 23:59") from problem
    if at.astimezone(zone).utcoffset() != away:
        there = _offset(at.astimezone(zone))
        raise UnclearTime(
            Unclear.OFFSET, f"says {offset}, but {zone.key} is {there} then: leave the offset out, or write that one"
        )
    return at


def _offset(at: datetime) -> str:
    text = f"{at:%z}"
    return f"{text[:3]}:{text[3:5]}"
