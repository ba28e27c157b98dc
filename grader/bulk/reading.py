"""From paths that somebody names to submissions; what cannot be read keeps its place with the reason."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from grader.archives import ArchiveRefused, File, unpack
from grader.bulk.asking import Asking
from grader.bulk.contents import held
from grader.bulk.model import Submission
from grader.errors import WorkshopError
from grader.grading import MAX_CODE_BYTES
from grader.naming import NotebookFault, code_of
from questions.model import Item, Kind

MAX_READ = 4 * MAX_CODE_BYTES
ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found, in order; what cannot be read keeps its place with the reason."""

    submissions: tuple[Submission, ...]
    remarks: tuple[str, ...] = ()
    """What was understood or left out that concerns no single submission, a sentence each."""


def read_submissions(paths: tuple[Path, ...], asking: Asking) -> Reading:
    """The submissions that `paths` name."""
    if asking.told is None:
        raise WorkshopError("no item is named", remedy="workshop grade ITEM PATH...")
    item = asking.told
    return Reading(tuple(replace(each, item=item) for each in _read(paths, item)))


def _read(paths: tuple[Path, ...], item: Item) -> Iterator[Submission]:
    suffix = {Kind.CODING: ".py", Kind.SHORT_ANSWER: ".jsonl"}.get(item.kind, ".txt")
    for path in paths:
        if path.is_dir():
            files = sorted(_below(path, suffix))
            if not files:
                yield Submission(str(path), problem=f"the folder holds no {suffix} file")
            for file in files:
                if file.is_symlink():
                    yield Submission(str(file), problem="a link, which may name another's work; name the file itself")
                elif file.is_dir():
                    yield Submission(str(file), problem="the folder cannot be read")
                elif not file.is_file():
                    yield Submission(str(file), problem="not a file")
                else:
                    yield from _read_file(file, item)
        elif path.name.lower().endswith(ARCHIVES):
            yield from _read_archive(path, item, suffix)
        else:
            yield from _read_file(path, item)


def _read_archive(path: Path, item: Item, suffix: str) -> Iterator[Submission]:
    """What an archive holds: nothing is written anywhere, and what cannot be taken keeps its place with the reason."""
    found: list[Submission] = []
    try:
        with path.open("rb") as file:
            for each in unpack(file):
                place = f"{path}/{each.path}"
                if not isinstance(each, File):
                    found += [] if each.reason.harmless else [Submission(place, problem=each.sentence)]
                elif each.path.lower().endswith(".txt" if suffix == ".jsonl" else suffix):
                    found.append(Submission(place, held(each.content[:MAX_READ])))
                elif item.kind is Kind.CODING and each.path.lower().endswith(".ipynb"):
                    found.append(_of_notebook(place, each.content))
    except ArchiveRefused as refused:
        yield Submission(str(path), problem=f"{refused}: {refused.remedy}")
    except OSError as error:
        yield Submission(str(path), problem=f"cannot be read: {error.strerror or error}")
    else:
        yield from found or [Submission(str(path), problem="the archive holds nothing that can be graded")]


def _of_notebook(place: str, content: bytes) -> Submission:
    try:
        return Submission(place, held(code_of(content).code.encode()))
    except NotebookFault as fault:
        return Submission(place, problem=f"no code can be read from this notebook ({fault})")


def _below(folder: Path, suffix: str) -> Iterator[Path]:
    """Everything below `folder` that is called like a submission, and the folders that hide what they hold."""
    closed: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=closed.append):
        found = (Path(parent, name) for name in (*folders, *files) if name.endswith(suffix))
        yield from (path for path in found if path.is_symlink() or not path.is_dir())
    yield from (Path(error.filename) for error in closed)


def _read_file(path: Path, item: Item) -> Iterator[Submission]:
    if item.kind is Kind.CODING and path.suffix == ".jsonl":
        yield Submission(str(path), problem=f"holds answers in words, and {item.id} asks for code: give .py files")
        return
    try:
        with path.open("rb") as file:
            if item.kind is not Kind.CODING and path.suffix == ".jsonl":
                yield from _read_lines(path, file.read())
            else:
                yield Submission(str(path), held(file.read(MAX_READ)))
    except OSError as error:
        yield Submission(str(path), problem=f"cannot be read: {error.strerror or error}")


def _read_lines(path: Path, raw: bytes) -> Iterator[Submission]:
    for number, line in enumerate(raw.decode("utf-8-sig", "replace").split("\n"), 1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            yield Submission(place, problem="not a line of JSON")
            continue
        if not isinstance(entry, dict) or not isinstance(entry.get("text"), str) or "id" not in entry:
            yield Submission(place, problem='not of the form {"id": ..., "text": ...}')
            continue
        yield Submission(f"{path}#{entry['id']}", held(entry["text"].encode("utf-8", "replace")))
