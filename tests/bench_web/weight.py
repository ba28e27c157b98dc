"""What an item's page weighs on its way to the browser: at the first visit, and at the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.bench_web.browser import Window

FIRST_GOAL = 300 * 1024
NEXT_GOAL = 15 * 1024


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: bytes as they travel, heads of answers included."""

    what: str
    bytes: int
    requests: int
    largest: tuple[tuple[str, int], ...]


def measure(window: Window, item: int, name: str) -> list[Visit]:
    """Visit an item's page with nothing in the cache, then once more."""
    return [_visit(window, item, f"{name}, first visit"), _visit(window, item, f"{name}, next visit")]


def _visit(window: Window, item: int, what: str) -> Visit:
    session = window.context.new_cdp_session(window.page)
    session.send("Network.enable")
    asked: dict[str, str] = {}
    weighed: dict[str, int] = {}

    def sent(event: Any) -> None:
        asked[event["requestId"]] = event["request"]["url"]

    def loaded(event: Any) -> None:
        weighed[event["requestId"]] = int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", loaded)
    window.open(f"/items/{item}")
    window.pause(1.0)
    session.detach()
    travelled = {number: size for number, size in weighed.items() if size}
    parts = sorted(
        ((asked[number].rsplit("/", 1)[-1], size) for number, size in travelled.items()), key=lambda x: -x[1]
    )
    return Visit(what, sum(travelled.values()), len(travelled), tuple(parts[:6]))
