"""Which system named the files, and which of them belong to one person.

- Canvas (`lib/content_zipper.rb` of instructure/canvas-lms): `name_LATE_user_attachment_file`, where the name is the
  sortable one in lower case without anything but letters, digits and `_`; `anon_id_attachment_file` where students are
  anonymous; `name_user_text.html` for what was typed into the page.
- Moodle (`mod/assign/classes/downloader.php` of moodle/moodle): `Full Name_id_assignsubmission_file/…`, before 4.1 with
  a `_` behind it, and without folders `Full Name_id_assignsubmission_file_name`; the name may start with the login.
- Gradescope: folders `submission_id/` beside a `submission_metadata.yml`, whose `:submitters` have `:name`, `:sid` and
  `:email`.
- Anything else is plain: a folder or a file for each person, called by number, email or name, with more around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from grader.naming.gradescope import MetadataFault, Submitter, submitters_of
from grader.naming.matching import Clue, ClueKind, Roster

METADATA = "submission_metadata.yml"
ARCHIVES = re.compile(r"\.(zip|tar|tgz|tar\.gz)$", re.IGNORECASE)
CANVAS = re.compile(
    r"(?P<name>[^\WA-Z]+?)(?P<late>_LATE)?_(?P<user>[1-9]\d*)_"
    r"(?:(?P<attachment>[1-9]\d*)_(?P<file>.+)|(?:text|link)\.html)",
    re.DOTALL,
)
CANVAS_ANONYMOUS = re.compile(
    r"anon_(?:LATE_)?(?P<user>[A-Za-z0-9]{5})_(?P<attachment>[1-9]\d*)_(?P<file>.+)", re.DOTALL
)
MOODLE = re.compile(
    r"(?P<name>[^_]+)_(?P<user>\d+)_assignsubmission_(?P<plugin>file|onlinetext)(?:_(?P<file>.*))?", re.DOTALL
)
GRADESCOPE = re.compile(r"submission_\d+")


class Layout(StrEnum):
    """Whose way of naming files it is."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Party:
    """The files of one person, and what says who that is."""

    key: str
    clues: tuple[Clue, ...]
    paths: tuple[str, ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The layout, how many of the files' names fit it, and whose files there are."""

    layout: Layout
    fitting: int
    total: int
    parties: tuple[Party, ...]
    metadata_fault: str = ""
    """Why Gradescope's file about its folders could not be read."""


@dataclass(frozen=True, slots=True)
class _Read:
    key: str
    clues: tuple[Clue, ...]
    late: bool = False
    fits: bool = True


def arrange(paths: Iterable[str], metadata: bytes | None, roster: Roster) -> Arrangement:
    """Divide files among people.  `metadata` is Gradescope's file, where there is one."""
    paths = [path for path in paths if path.rpartition("/")[2] != METADATA]
    if metadata is not None:
        return _gradescope(paths, metadata, roster)
    root = _shared_folder(paths, roster)
    inner = [path[len(root) :] for path in paths]
    readers = ((Layout.MOODLE, _moodle), (Layout.CANVAS, _canvas))
    counts = {layout: sum(read(path) is not None for path in inner) for layout, read in readers}
    layout = max(counts, key=lambda each: counts[each])
    if not paths or counts[layout] * 2 < len(paths):
        return _arrangement(Layout.PLAIN, [(path, _plain(short)) for path, short in zip(paths, inner, strict=True)])
    read = dict(readers)[layout]
    return _arrangement(
        layout, [(path, read(short) or _plain(short)) for path, short in zip(paths, inner, strict=True)]
    )


def authoritative(folders: Iterable[str], paths: Iterable[str]) -> list[str]:
    """Of the folders that a `submission_metadata.yml` lies in those that it speaks for.

    Each has a slash behind it, or is empty.  Anybody may put such a file among their own, where it would name another
    as who has sent them: it is not believed below another one, in what a system calls somebody's, or beside files that
    people named.
    """
    believed: list[str] = []
    for folder in sorted(folders, key=len):
        own = any(map(_is_somebodys, folder.split("/"))) or any(map(folder.startswith, believed))
        believed += [] if own else [folder]
    others = (path for path in paths if not path.startswith(tuple(believed)))
    return believed if all(any(map(_is_somebodys, path.split("/"))) for path in others) else []


def _is_somebodys(part: str) -> bool:
    """Whether a system has called a file or a folder so."""
    return bool(MOODLE.fullmatch(part) or GRADESCOPE.fullmatch(part) or _canvas(part))


def _arrangement(layout: Layout, read: Sequence[tuple[str, _Read]], fault: str = "") -> Arrangement:
    grouped: dict[str, list[tuple[str, _Read]]] = {}
    for path, each in read:
        grouped.setdefault(each.key, []).append((path, each))
    parties = tuple(
        Party(key, group[0][1].clues, tuple(path for path, _ in group), any(each.late for _, each in group))
        for key, group in grouped.items()
    )
    fitting = sum(each.fits for _, each in read) if layout is not Layout.PLAIN else len(read)
    return Arrangement(layout, fitting, len(read), parties, fault)


def _shared_folder(paths: Sequence[str], roster: Roster) -> str:
    """The folder that everything is in, where it is nobody's own: what packing a folder puts around it."""
    root = ""
    while paths:
        tops = {path[len(root) :].partition("/")[0] for path in paths if "/" in path[len(root) :]}
        if len(tops) != 1 or any("/" not in path[len(root) :] for path in paths):
            return root
        [top] = tops
        if ARCHIVES.search(top) or _moodle(top) or GRADESCOPE.fullmatch(top) or roster.match(_clues(top)).student_id:
            return root
        root += top + "/"
    return root


def _canvas(path: str) -> _Read | None:
    top = path.partition("/")[0]
    if found := CANVAS_ANONYMOUS.fullmatch(top):
        return _Read(f"anon {found['user']}", (Clue(ClueKind.FOREIGN, found["user"]),), "_LATE_" in top)
    found = CANVAS.fullmatch(top)
    if found is None:
        return None
    clues = (Clue(ClueKind.NAME, found["name"]), Clue(ClueKind.FOREIGN, found["user"]))
    return _Read(f"{found['name']} {found['user']}", clues, found["late"] is not None)


def _moodle(path: str) -> _Read | None:
    found = MOODLE.fullmatch(path.partition("/")[0])
    if found is None:
        return None
    name = found["name"].strip()
    clues = [Clue(ClueKind.NAME, name), Clue(ClueKind.FOREIGN, found["user"])]
    login, _, rest = name.partition(" ")
    if rest:
        clues += [Clue(ClueKind.ANY, login), Clue(ClueKind.NAME, rest)]
    return _Read(f"{name} {found['user']}", tuple(clues))


def _plain(path: str) -> _Read:
    top, slash, _rest = path.partition("/")
    stem = ARCHIVES.sub("", top) if slash else top.rpartition(".")[0] or top
    return _Read(stem if slash else path, _clues(stem), fits=False)


def _clues(stem: str) -> tuple[Clue, ...]:
    """All of a name, and its parts, each of which may be anything."""
    words = [word for word in re.split(r"[\s_()（）\[\]【】,，+&#~]+|(?<=\w)-+|-+(?=\w)", stem) if word]
    runs = [run for word in words for run in re.findall(r"[A-Za-z]?\d{4,}[A-Za-z]?|[一-鿿·]+|[^\W\d_]+", word)]
    pairs = [f"{first} {second}" for first, second in pairwise(runs)]
    texts = dict.fromkeys([stem, *words, *runs, *pairs, *re.findall(r"\d{4,}", stem)])
    return tuple(Clue(ClueKind.ANY, text) for text in list(texts)[:24])


def _gradescope(paths: Sequence[str], metadata: bytes, roster: Roster) -> Arrangement:
    fault, people = "", dict[str, tuple[Submitter, ...]]()
    try:
        people = submitters_of(metadata)
    except MetadataFault as problem:
        fault = str(problem)
    read: list[tuple[str, _Read]] = []
    for path in paths:
        folder = next((part for part in path.split("/") if part in people or GRADESCOPE.fullmatch(part)), None)
        if folder is None:
            read.append((path, _plain(path)))
            continue
        for each in people.get(folder, ()):  # work of a group is each member's
            clues = ((ClueKind.NUMBER, each.number), (ClueKind.EMAIL, each.email), (ClueKind.NAME, each.name))
            key = f"{folder} {each.email or each.number or each.name}"
            read.append((path, _Read(key, tuple(Clue(kind, text) for kind, text in clues if text))))
        if folder not in people:
            read.append((path, _Read(folder, (), fits=False)))
    return _arrangement(Layout.GRADESCOPE, read, fault)
