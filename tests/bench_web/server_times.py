"""How long a server takes for what is fetched from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tests.bench.measuring import quantile
from tests.bench_web.visiting import Visitor


@dataclass(frozen=True, slots=True)
class ServerTimes:
    """One thing that is fetched: milliseconds from the request to the last byte."""

    what: str
    p50_ms: float
    p95_ms: float
    kilobytes: float
    """As it travels."""
    count: int


def timed(visitor: Visitor, asked: Mapping[str, str], each: int, rarely: Collection[str] = ()) -> list[ServerTimes]:
    """Fetch every address of `asked` `each` times by turns, those named in `rarely` a quarter as often."""
    samples: dict[str, list[tuple[float, int]]] = {what: [] for what in asked}
    for number in range(each + 1):  # one to warm up
        for what, path in asked.items():
            if what in rarely and number > max(1, each // 4):
                continue
            answer = visitor.ask(path)
            if answer.status != 200:
                raise RuntimeError(f"{path} answers {answer.status}")
            if number:
                samples[what].append((answer.seconds * 1e3, len(answer.body)))
    return [
        ServerTimes(
            what,
            round(quantile([ms for ms, _ in found], 0.5), 1),
            round(quantile([ms for ms, _ in found], 0.95), 1),
            round(max(size for _, size in found) / 1024, 1),
            len(found),
        )
        for what, found in samples.items()
    ]
