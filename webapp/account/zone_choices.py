"""The zones one may choose from, with words by which they are found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from babel.dates import get_timezone_location

from webapp.zones import ZONES, zone_named

LEFT_OUT = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """A zone with its place as the reader's language calls it."""

    key: str
    words: str


@cache
def zone_choices(language: str) -> tuple[ZoneChoice, ...]:
    """Every zone named after a place, by name."""
    names = sorted(name for name in ZONES if "/" in name and not name.startswith(LEFT_OUT))
    return tuple(ZoneChoice(name, get_timezone_location(zone_named(name), locale=language)) for name in names)
