"""The time zones this machine knows."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

ZONES = frozenset(available_timezones())


@cache
def _known(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of that name, if this machine knows it.  Anybody's text may be asked for; rubbish is not remembered."""
    return _known(name) if name in ZONES else None


def zones_like(text: str) -> list[str]:
    """Zones that `text` may mean, the likeliest first: by the whole name, by its city, or nearly so."""
    wanted = text.strip()[:64].lower().replace(" ", "_")
    if not wanted:
        return []
    named = {name.lower(): name for name in sorted(ZONES)}
    if wanted in named:
        return [named[wanted]]
    cities = [name for name in sorted(ZONES) if name.rpartition("/")[2].lower() == wanted and "/" in name]
    return cities or [named[each] for each in get_close_matches(wanted, named, n=3, cutoff=0.7)]
