"""What an archive or a heap of files holds for an item: whose each is, what of it would be judged, what was left out.

Nothing here is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from grader.archives import File, Limits, Skipped, collect
from grader.naming import (
    Arrangement,
    Chosen,
    Party,
    Roster,
    Wanted,
    arrange,
    authoritative,
    choose,
    judged,
)
from grader.naming.layouts import METADATA
from questions.model import Kind
from webapp.learn.sending import content_limit

LIMITS = Limits(total_bytes=192 * 1024 * 1024)
MOST_FILES = 3_000
MOST_LEFT_OUT = 500
KINDS = (Kind.CODING, Kind.SHORT_ANSWER)
"""What files can be handed in for."""

Remark = dict[str, Any]
"""A code and its numbers, as JSON keeps it."""


@dataclass(frozen=True, slots=True)
class Received:
    """One file of somebody: `content` is what would be judged, `problem` the code of why it cannot be."""

    path: str
    content: bytes
    problem: str = ""
    remarks: tuple[Remark, ...] = ()
    user_id: int | None = None
    matched_by: str = ""
    suggested: tuple[int, ...] = ()
    chosen: bool = True
    late: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """Everything that one upload holds."""

    arrangement: Arrangement
    files: tuple[Received, ...]
    left_out: tuple[Remark, ...]


def receive(sent: Sequence[tuple[str, BinaryIO]], kind: Kind, item: str, roster: Roster) -> Parcel:
    """Read what was sent.  Raises `ArchiveRefused`."""
    wanted = Wanted.CODE if kind is Kind.CODING else Wanted.TEXT
    files: dict[str, Received] = {}
    paths: list[str] = []
    metadata: dict[str, bytes] = {}
    skipped: list[tuple[str, str]] = []
    for each in collect(sent, LIMITS):
        if isinstance(each, Skipped):
            skipped.append((each.path, each.reason))
        elif each.path.rpartition("/")[2] == METADATA:
            metadata[each.path[: -len(METADATA)]] = each.content
        elif len(paths) >= MOST_FILES:
            skipped.append((each.path, "too-many"))
        else:
            paths.append(each.path)
            if each.path.lower().endswith(wanted.endings):
                files[each.path] = read(each, kind)
    believed = authoritative(metadata, files)[:1]
    skipped += [(folder + METADATA, "not-wanted") for folder in metadata if folder not in believed]
    arrangement = arrange(paths, metadata[believed[0]] if believed else None, roster)
    found: list[Received] = []
    for party in arrangement.parties:
        found += _of_party(party, files, wanted, item, roster)
    skipped += [(path, "not-wanted") for path in paths if path not in files]
    return Parcel(arrangement, tuple(one_for_each(found)), _counted(skipped))


def _counted(skipped: Sequence[tuple[str, str]]) -> tuple[Remark, ...]:
    told = [{"path": path, "code": code} for path, code in skipped[:MOST_LEFT_OUT]]
    more = len(skipped) - MOST_LEFT_OUT
    return (*told, *([{"path": "", "code": "more", "count": more}] if more > 0 else []))


def _of_party(
    party: Party, files: dict[str, Received], wanted: Wanted, item: str, roster: Roster
) -> Iterator[Received]:
    match = roster.match(party.clues)
    choice = choose(party.paths, wanted, item)
    own = [files[path] for path in party.paths if path in files]
    if not own and match.student_id is None:
        return  # nobody misses it; it is told with what was left out
    if not own:
        others = len(party.paths) - 1
        told: tuple[Remark, ...] = ({"code": "others", "count": others},) if others else ()
        own = [Received(party.paths[0], b"", "nothing", told)]
    for each in own:
        chosen = choice.path is None or each.path == choice.path
        remarks = list(each.remarks)
        if chosen and len(own) > 1 and choice.why is not Chosen.ONLY:
            remarks.insert(0, {"code": f"chosen-{choice.why}", "count": len(own)})
        if match.contradictory:
            remarks.insert(0, {"code": "contradictory"})
        yield replace(
            each,
            remarks=tuple(remarks),
            user_id=match.student_id,
            matched_by=match.by or "",
            suggested=match.suggestions,
            chosen=chosen,
            late=party.late,
        )


def one_for_each(files: Iterable[Received]) -> list[Received]:
    """Of the files that each student has, one that counts: chosen, without a problem, by the surer clue, the first."""
    order = ["number", "email", "name", "login", ""]
    files = list(files)
    best: dict[int, int] = {}
    for place, each in enumerate(files):
        if each.user_id is not None:
            rival = files[best.setdefault(each.user_id, place)]
            rank = [(not f.chosen, bool(f.problem), order.index(f.matched_by)) for f in (each, rival)]
            if rank[0] < rank[1]:
                best[each.user_id] = place
    return [
        each if each.user_id is None else replace(each, chosen=best[each.user_id] == place)
        for place, each in enumerate(files)
    ]


def read(file: File, kind: Kind) -> Received:
    """A file as it would be judged, and what a person should know of how it was read."""
    found = judged(file.path, file.content, content_limit(kind))
    if found.problem == "too-large":
        return Received(file.path, b"", found.problem, ({"code": "bytes", "count": found.size},))
    remarks: list[Remark] = []
    if found.cells:
        remarks.append({"code": "cells", "count": found.cells})
    if found.left_out:
        remarks.append({"code": "magics", "count": found.left_out})
    if found.encoding:
        remarks.append({"code": "encoding", "name": found.encoding})
    return Received(file.path, found.content, found.problem, tuple(remarks))
