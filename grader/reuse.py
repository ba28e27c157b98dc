"""When a proof still holds: as long as nothing that it tried has changed, wherever that stands in its file now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.findings import cases_of, columns_of
from grader.proof import Proof
from questions.model import Code, Item, Limits

Tried = tuple[object, ...]


def tried(item: Item, *, anywhere: bool = False) -> Tried:
    """What proving `item` depends on; two that are equal need one proof.  A mended typo in a text is none of it.

    `anywhere`: also where the item's file, or its place in it, is another.
    """
    limits: Limits = item.limits
    codes = tuple(("" if anywhere else str(code.path or ""), code.source) for code in _codes(item))
    tests = tuple((spec.name, spec.points, spec.hidden) for spec in item.test_specs)
    wrong = tuple(misconception.id for misconception in item.misconceptions)
    wrong += tuple(alternative.id for alternative in item.alternatives)
    # Variants are tried in the item's texts, and what is said of them names lines.
    whole = (item.source, 0 if anywhere else item.line) if item.variant is not None or not item.tests else ()
    return "" if anywhere else str(item.path), item.bank, item.id, item.servable, limits, codes, tests, wrong, whole


def moved(proof: Proof, before: Item, now: Item) -> Proof:
    """`proof`, which was made of `before`, for `now`, of which the same is tried: every line where it stands now."""
    places: dict[tuple[str, int], int] = {}
    for old, new in zip(_codes(before), _codes(now), strict=True):
        for offset in range(-1, old.source.count("\n") + 2):  # from fence to fence
            places[str(old.path or ""), old.line + offset] = new.line + offset

    def line_of(line: int, path: str = "") -> int:
        return places.get((path, line), line + (0 if path else now.line - before.line))

    return replace(
        proof,
        revision=now.revision,
        suite=now.suite,
        findings=tuple(replace(found, line=line_of(found.line, found.path)) for found in proof.findings),
        tests=tuple(replace(test, line=line_of(test.line)) for test in proof.tests),
        rows=tuple(replace(row, line=line_of(row.line)) for row in proof.rows),
    )


def renewed(proof: Proof, now: Item) -> Proof:
    """`proof`, which found nothing to say, for `now`, of which the same is tried: every line where it stands now."""
    lines = {(case.role, case.name): case.line for case in cases_of(now)}
    return replace(
        proof,
        revision=now.revision,
        suite=now.suite,
        tests=columns_of(now) if proof.tests else (),
        rows=tuple(replace(row, line=lines[row.role, row.name]) for row in proof.rows),
    )


def _codes(item: Item) -> Iterator[Code]:
    yield from item.shared
    yield from (code for code in (item.starter, item.reference, item.tests, item.variant) if code is not None)
    yield from (alternative.code for alternative in item.alternatives)
    yield from (misconception.code for misconception in item.misconceptions)
