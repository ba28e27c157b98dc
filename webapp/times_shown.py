"""Times as people read them: exact in the reader's zone, what is left until then, how long ago."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime, format_timedelta
from babel.units import format_unit

MINUTE, HOUR, DAY = 60, 3600, 86400
STEPS = ((HOUR, MINUTE), (DAY, HOUR), (7 * DAY, DAY))
"""Below how many seconds a span is told in which unit; scripts use the same (webapp/assets/js/times.js)."""
SECONDS_SHOWN = 5 * MINUTE


def parts_left(seconds: float) -> tuple[tuple[int, str], ...]:
    """How long is left, in the two units that matter: days and hours, hours and minutes, minutes.

    Seconds are told only in the last five minutes.
    """
    left = max(0, int(seconds))
    if left >= DAY:
        return (left // DAY, "day"), (left % DAY // HOUR, "hour")
    if left >= HOUR:
        return (left // HOUR, "hour"), (left % HOUR // MINUTE, "minute")
    if left >= SECONDS_SHOWN:
        return ((left // MINUTE, "minute"),)
    return (left // MINUTE, "minute"), (left % MINUTE, "second")


def left_in_words(seconds: float, locale: Locale) -> str:
    """`2 days 4 hours`, `2天4小时`; what is nought is left out."""
    parts = parts_left(seconds)
    told = [part for part in parts if part[0]] or [parts[-1]]
    chinese = locale.language == "zh"  # whose long units the data lacks, as they are the short ones
    length = "short" if chinese else "long"
    words = [format_unit(number, f"duration-{unit}", length, locale=locale.language) for number, unit in told]
    return ("" if chinese else " ").join(words)


def relative(span: timedelta, locale: Locale) -> str:
    """`in 2 days`, `3 hours ago`: whole units only, as the scripts count them."""
    seconds = span.total_seconds()
    unit = next((unit for below, unit in STEPS if abs(seconds) < below), 7 * DAY)
    whole = int(abs(seconds) // unit) * unit
    told = timedelta(seconds=whole or abs(seconds)) * (1 if seconds > 0 else -1)
    return str(format_timedelta(told, add_direction=True, locale=locale, threshold=1.0))


def day_and_clock(at: datetime, zone: ZoneInfo, now: datetime, locale: Locale) -> str:
    """`Sun 29 Nov, 23:59`; the year when it is another one, seconds when there are some."""
    local = at.astimezone(zone)
    clock = "HH:mm:ss" if local.second else "HH:mm"
    year = local.year != now.astimezone(zone).year
    if locale.language == "zh":
        form = f"{'y年' if year else ''}M月d日 EEE {clock}"
    else:
        form = f"EEE d MMM{' y' if year else ''}, {clock}"
    return str(format_datetime(local, form, tzinfo=zone, locale=locale))


def in_full(at: datetime, zone: ZoneInfo, locale: Locale) -> str:
    """Everything that can be said about a time, for who asks."""
    local = at.astimezone(zone)
    form = "y年M月d日 EEEE HH:mm:ss" if locale.language == "zh" else "EEEE d MMMM y, HH:mm:ss"
    return f"{format_datetime(local, form, tzinfo=zone, locale=locale)} ({zone.key})"


def two_clocks(at: datetime, there: ZoneInfo, here: ZoneInfo, locale: Locale) -> tuple[str, str] | None:
    """What clocks show at one moment in two zones, with the day where it is another; nothing when they agree."""
    first, second = at.astimezone(there), at.astimezone(here)
    if first.utcoffset() == second.utcoffset():
        return None
    form = "HH:mm" if first.date() == second.date() else "EEE HH:mm"
    texts = [str(format_datetime(each, form, tzinfo=each.tzinfo, locale=locale)) for each in (first, second)]
    return texts[0], texts[1]
