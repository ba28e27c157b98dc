"""Which of an item's code its public tests need, and nothing else of it.

What is not needed stays behind, and so does what leads to a hidden test or to the reference: a test that asks for the
reference cannot be told without it.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.errors import WorkshopError
from grader.public_tests.pieces import Piece, pieces_of
from questions.model import Item, Kind, TestSpec

REFERENCE = "reference"
INJECTED = ("pytest", "torch", "assert_shape")


class NothingPublic(WorkshopError):
    """An item has no tests that can be given out."""


@dataclass(frozen=True, slots=True)
class PublicSuite:
    """What may be given out of a suite."""

    pieces: tuple[Piece, ...]
    tests: tuple[TestSpec, ...]
    left_out: tuple[TestSpec, ...]
    """Public ones that ask for the reference, or for what only hidden ones may use."""
    hidden: int
    """How many tests are hidden."""
    injected: frozenset[str]
    """What is used of the names that a suite has without importing them."""


def public_suite(item: Item) -> PublicSuite:
    """The public part of `item`'s suite.  Raises `NothingPublic`."""
    if item.kind is not Kind.CODING or item.tests is None or not item.servable:
        raise NothingPublic(
            f"{item.bank}/{item.id} has no tests to give out",
            remedy="name a coding item without faults: workshop check",
        )
    pieces = [piece for code in (*item.shared, item.tests) for piece in pieces_of(code)]
    house = _House(pieces, frozenset(spec.name for spec in item.test_specs if spec.hidden))
    public = [spec for spec in item.test_specs if not spec.hidden]
    needed: set[int] = set()
    tests, left_out = [], []
    for spec in public:
        reached = house.reached_from(spec.name)
        if reached is None:
            left_out.append(spec)
        else:
            tests.append(spec)
            needed |= reached
    if not tests:
        raise NothingPublic(
            f"{item.bank}/{item.id} has no public test that does without the reference",
            remedy="write one: pytest --submission shows how it fares",
        )
    needed |= house.acting_on(needed)
    chosen = tuple(pieces[place] for place in sorted(needed))
    used = frozenset(name for piece in chosen for name in piece.asks)
    return PublicSuite(chosen, tuple(tests), tuple(left_out), len(item.test_specs) - len(public), used & set(INJECTED))


class _House:
    """The pieces by what they give to each other."""

    def __init__(self, pieces: list[Piece], hidden: frozenset[str]) -> None:
        self._pieces = pieces
        self._hidden = hidden
        self._always = {place for place, piece in enumerate(pieces) if piece.always}

    def _asked_by(self, piece: Piece) -> set[int]:
        return {
            place
            for place, other in enumerate(self._pieces)
            if other.defines & piece.asks or (other.gives is not None and other.gives in piece.fixtures)
        }

    def reached_from(self, test: str) -> set[int] | None:
        """All pieces that a test needs; None where the way leads to the reference or to a hidden test."""
        ways = {place for place, piece in enumerate(self._pieces) if piece.test == test} | self._always
        reached: set[int] = set()
        own = any(piece.gives == REFERENCE for piece in self._pieces)
        while ways:
            place = ways.pop()
            piece = self._pieces[place]
            if piece.test in self._hidden or (REFERENCE in piece.fixtures and not own):
                return None
            reached.add(place)
            ways |= self._asked_by(piece) - reached
        return reached

    def acting_on(self, needed: set[int]) -> set[int]:
        """Statements that work on nothing but what is given out anyway, as `CASES.append(…)` does."""
        added: set[int] = set()
        for place, piece in enumerate(self._pieces):
            if piece.acts and place not in needed:
                others = self._asked_by(piece) - {place}
                if others <= needed | added:
                    added.add(place)
        return added
