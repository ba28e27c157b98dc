"""From paths that somebody names to submissions; what cannot be read keeps its place with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.bulk import problems
from grader.bulk.asking import Asking
from grader.bulk.contents import Pile
from grader.bulk.finding import Finder, Root
from grader.bulk.guessing import Guesser
from grader.bulk.model import Asked, Submission
from grader.bulk.persons import Divider
from grader.bulk.picking import Picker
from grader.naming import Layout
from grader.numbers_shown import counted

MOST_LISTED = 5
SYSTEMS = {Layout.CANVAS: "Canvas", Layout.MOODLE: "Moodle", Layout.GRADESCOPE: "Gradescope"}
WAYS = {
    Asked.MAPPED: "by --map", Asked.DEFINES: "by what they define", Asked.NAMED: "by their names",
    Asked.TOLD: "as they say",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found, in order; what cannot be read keeps its place with the reason."""

    submissions: tuple[Submission, ...]
    remarks: tuple[str, ...] = ()
    """What was understood or left out that concerns no single submission, a sentence each."""


def read_submissions(paths: Sequence[Path], asking: Asking) -> Reading:
    """The submissions that `paths` name.  Raises `WorkshopError` where that is too much."""
    guesser = Guesser(asking)
    divider = Divider((item.id for item in asking.items), guesser.asked)
    picker = Picker(guesser, divider)
    submissions: list[Submission] = []
    remarks: list[str] = []
    for root in Finder(guesser.wants, Pile()).roots(paths):
        division = divider.divide(root)
        places = {found.path: place for place, found in enumerate(root.files)}
        made = [(places[each.path], each) for each in _alone(root, picker)]
        named = division.names
        for person in division.persons:
            made += [(places[person.files[0].path], each) for each in picker.of(person, root, named)]
        submissions += [each for _place, each in sorted(made, key=lambda pair: pair[0])]
        if not made:
            problem = problems.nothing_in_it(picker.endings)
            submissions.append(Submission(root.path, problem=problem, item=asking.told))
        systems = [SYSTEMS[each] for each in division.layouts if each in SYSTEMS]
        if systems:
            people = sum(person.system for person in division.persons)
            remarks.append(f"{root.label}: named by {' and '.join(systems)}, {counted(people, 'student')}")
        remarks += [f"{root.label}: {fault}" for fault in division.faults]
    if picker.left:
        more = f" and {len(picker.left) - MOST_LISTED} more" if len(picker.left) > MOST_LISTED else ""
        listed = ", ".join(picker.left[:MOST_LISTED]) + more
        remarks.append(f"left, because nothing in it is graded here: {listed}")
    if asking.told is None:
        remarks += _told(submissions)
    return Reading(tuple(_apart(submissions)), tuple(remarks))


def _alone(root: Root, picker: Picker) -> Iterator[Submission]:
    for found in root.files:
        if found.nameless:
            yield from picker.alone(found, root.label)


def _told(submissions: Iterable[Submission]) -> Iterator[str]:
    """Which items were guessed, and from what."""
    known = [each for each in submissions if each.item is not None and not each.problem]
    items = Counter(each.item.id for each in known if each.item is not None)
    ways = Counter(each.asked for each in known)
    if items:
        listed = ", ".join(f"{name} {count}" for name, count in sorted(items.items()))
        told = ", ".join(f"{count} {WAYS[way]}" if len(ways) > 1 else WAYS[way] for way, count in ways.most_common())
        yield f"items were guessed ({told}): {listed}" if Asked.MAPPED not in ways else f"items ({told}): {listed}"


def _apart(submissions: Iterable[Submission]) -> Iterator[Submission]:
    """The submissions, no two under one path: the work of a group is each member's, an entry may be there twice."""
    seen: set[str] = set()
    for each in submissions:
        path = each.path
        if path in seen and each.student:
            path = f"{each.path}#{each.student}"
        number = 2
        while path in seen:
            path = f"{each.path}#{number}"
            number += 1
        seen.add(path)
        yield replace(each, path=path) if path != each.path else each
