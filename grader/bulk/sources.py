"""What of a run is graded once: its different sources, each for one item, with a key by which it is known again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

import grader
from grader.bulk.model import Submission
from grader.grading import MAX_CODE_BYTES
from questions.model import Item, Kind


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides a verdict beside the item and the submission's own bytes."""

    seed: int = 0
    variant: int = 0
    """The number of the variant that was asked, where the item has any."""


@dataclass(frozen=True, slots=True)
class Source:
    """One text to judge for one item, and every place of the run where it stands."""

    key: str
    item: Item
    submission: Submission
    """The first that has it."""
    places: tuple[int, ...]
    """Numbers of the submissions that have it, in order."""


def sources_of(submissions: Iterable[Submission], terms: Terms) -> list[Source]:
    """The different sources in order; a submission that cannot be graded, or is for no item, has none."""
    first: dict[str, tuple[Item, Submission]] = {}
    places: dict[str, list[int]] = {}
    for place, submission in enumerate(submissions):
        if submission.problem or submission.item is None:
            continue
        key = key_of(submission.item, submission.content, terms)
        first.setdefault(key, (submission.item, submission))
        places.setdefault(key, []).append(place)
    return [Source(key, *found, tuple(places[key])) for key, found in first.items()]


def key_of(item: Item, content: bytes, terms: Terms) -> str:
    """Equal for what must get equal verdicts: a path decides nothing, nor, in code, how lines end."""
    if item.kind is Kind.CODING and len(content) <= MAX_CODE_BYTES:  # the verdict on too long a file is on its length
        content = content.replace(b"\r\n", b"\n")
    decides = [
        f"{item.bank}/{item.id}", item.revision, item.suite, terms.seed, terms.variant if item.variant else 0,
        grader.version(), hashlib.sha256(content).hexdigest(),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(decides).encode()).hexdigest()
