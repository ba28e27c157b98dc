"""Figures: SVG files in the folder `figures/` beside a bank's Markdown, shown by `![what it shows](figures/NAME.svg)`.

A text that shows a figure is kept with the hash of what was drawn, `figures/NAME.svg#HASH`: so the revision of an item
changes with its figures, an old revision shows its old ones, and a text says all by itself where its figures are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from questions import svg
from questions.bilingual import NAMES
from questions.faults import shown
from questions.model import Bilingual, Fault, Figure, Item, Passage, Severity
from questions.outline import Outline
from questions.render import Image, images_in
from questions.text import MAX_LINE, NOT_UTF8

FOLDER = "figures"
MOST = 200
"""Figures of one bank; more are not read."""

NAME = re.compile(rf"{FOLDER}/[A-Za-z0-9][A-Za-z0-9._-]{{0,75}}\.svg")
_DIGITS = 32
_SHOWN = re.compile(rf"(?P<before>\]\(\s*<?)(?P<name>{NAME.pattern})(?:#[\w-]*)?(?=[>\s)])")
_PINNED = re.compile(rf"(?P<name>{NAME.pattern})#(?P<digest>[0-9a-f]{{{_DIGITS}}})")
_IMAGE = re.compile(rf"!\[(?P<said>[^\]]*)\]\(\s*<?{NAME.pattern}(?:#[0-9a-f]*)?>?\s*\)")
_TITLED = re.compile(r"!\[[^\]]*\]\(")


def is_name(name: str) -> bool:
    """Whether a figure of a bank may be called that: `figures/NAME.svg`, in ASCII."""
    return NAME.fullmatch(name) is not None and ".." not in name


def file_of(path: Path) -> str:
    """What the file at `path` is called in its bank: by its name, a figure with its folder's."""
    return f"{FOLDER}/{path.name}" if path.suffix == ".svg" else path.name


def digest_of(text: str) -> str:
    """The hash that a figure is kept and found by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def clean(text: str) -> str:
    """A figure's text as it is kept: line ends are LF, and no byte order mark stands in front."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def unpinned(markdown: str) -> str:
    """`markdown` as its author wrote it."""
    return _PINNED.sub(lambda found: found["name"], markdown)


def in_words(markdown: str) -> str:
    """`markdown` for where only words are shown: each figure is what it says it shows."""
    return _IMAGE.sub(lambda found: found["said"], markdown)


def pinned_in(markdown: str) -> dict[str, str]:
    """The figures a text shows: their hashes by their names."""
    return {found["name"]: found["digest"] for found in _PINNED.finditer(markdown)}


class Figures:
    """The figures beside a bank's Markdown, each looked at once."""

    def __init__(self, texts: Mapping[str, str], problems: Mapping[str, str] | None = None, folder: Path = Path()):
        self._texts = {name: clean(text) for name, text in texts.items()}
        self._found: dict[str, tuple[svg.Found, ...]] = {name: ((1, text),) for name, text in (problems or {}).items()}
        self._folder = folder
        self._digests: dict[str, str | None] = {}

    @property
    def names(self) -> list[str]:
        """What is there, sound or not."""
        return sorted({*self._texts, *self._found})

    @property
    def texts(self) -> Mapping[str, str]:
        """What can be read, sound or not."""
        return self._texts

    @property
    def sound(self) -> tuple[Figure, ...]:
        """What may be shown."""
        kept = ((name, self.digest(name)) for name in sorted(self._texts))
        return tuple(Figure(name, digest, self._texts[name]) for name, digest in kept if digest is not None)

    def digest(self, name: str) -> str | None:
        """The hash of the figure called `name`; None where there is none, or none that may be shown."""
        if name not in self._digests:
            sound = name in self._texts and not self.found_in(name)
            self._digests[name] = digest_of(self._texts[name]) if sound else None
        return self._digests[name]

    def found_in(self, name: str) -> tuple[svg.Found, ...]:
        """What keeps that figure from being shown."""
        if name not in self._found:
            self._found[name] = tuple(svg.faults_in(self._texts[name]))
        return self._found[name]

    def faults_of(self, name: str, item: str | None) -> list[Fault]:
        """The same as faults, told of the item that shows it."""
        path = self._folder / name
        return [Fault(path, line, text, Severity.FAULT, item) for line, text in self.found_in(name)]

    def pin(self, lines: list[str], document: Outline) -> list[str]:
        """`lines` with the hash of each figure that is shown; code is left as it is."""
        if not self._texts:
            return lines
        fenced = {number for fence in document.fences for number in range(fence.line, fence.end + 1)}
        return [
            line if number in fenced or "](" not in line else self._pinned(line) for number, line in enumerate(lines, 1)
        ]

    def _pinned(self, line: str) -> str:
        def put(found: re.Match[str]) -> str:
            digest = self.digest(found["name"])
            return f"{found['before']}{found['name']}{f'#{digest}' if digest else ''}"

        pinned = _SHOWN.sub(put, line)
        return pinned if len(pinned) <= MAX_LINE else line

    def remarks(self, used: set[str]) -> list[Fault]:
        """What may be meant otherwise: a figure that no text shows, one that a dark page swallows."""
        remarks = []
        for name in self.names:
            path = self._folder / name
            if name not in used:
                text = f"no text shows this figure: write ![what it shows]({name}), or remove it"
                remarks.append(Fault(path, 1, text, Severity.REMARK))
            elif self.digest(name) is not None and not svg.is_dark_aware(self._texts[name]):
                text = (
                    "the figure has no colours for a dark page: add @media (prefers-color-scheme: dark) { … } to its "
                    "<style>"
                )
                remarks.append(Fault(path, 1, text, Severity.REMARK))
        return remarks


def read_figures(folder: Path) -> Figures:
    """The figures beside the Markdown in `folder`.  Raises OSError where the folder cannot be read."""
    texts: dict[str, str] = {}
    problems: dict[str, str] = {}
    beside = folder / FOLDER
    if not beside.is_dir():
        return Figures(texts, problems, folder)
    inside = beside.resolve()
    for path in sorted(beside.iterdir())[: 2 * MOST]:
        name = f"{FOLDER}/{path.name}"
        if path.suffix.lower() != ".svg" or len(texts) >= MOST:
            continue
        if not is_name(name):
            problems[name] = "the figure's name has other signs than letters, digits, dots and hyphens: rename it"
            continue
        if not path.resolve().is_relative_to(inside) or not path.is_file():
            problems[name] = "the figure is no file of the folder figures: put the file itself there"
            continue
        with path.open("rb") as file:
            data = file.read(svg.MAX_BYTES + 1)
        if len(data) > svg.MAX_BYTES:
            problems[name] = svg.too_large()
            continue
        try:
            texts[name] = data.decode("utf-8")
        except UnicodeDecodeError:
            problems[name] = NOT_UTF8
    return Figures(texts, problems, folder)


# What texts show ------------------------------------------------------------------------------------------------------


class Looking:
    """Finds what is wrong with the images of one item, or of what stands around items."""

    def __init__(self, path: Path, figures: Figures | None, item: str | None = None) -> None:
        self.found: list[Fault] = []
        self._path, self._figures, self._item = path, figures, item

    def at_item(self, item: Item, declared: tuple[str, ...]) -> list[Fault]:
        """Faults of everything that `item` shows."""
        for name, words, line in _texts(item):
            self.at(name, words, declared, line)
        for name, words, line in _lines(item):
            for passage in filter(None, (words.zh, words.en)):
                if images_in(passage.markdown):
                    self._fault(line, f"an image stands in {name}, which is one line of text: move it to the question")
        return self.found

    def at(self, name: str, words: Bilingual, declared: tuple[str, ...], line: int) -> None:
        """Note what is wrong with the images of one text, called `name`."""
        counts: dict[str, int] = {}
        for language, passage in (("zh", words.zh), ("en", words.en)):
            if passage is None:
                continue
            images = list(_placed(passage))
            counts[language] = len(images)
            for image, at in images:
                if not image.alternative.strip():
                    self._fault(at, f"an image has no alternative in {NAMES[language]}: write ![what it shows](…)")
                self._address(image.address, at)
        if len(set(counts.values())) == 2 and set(counts) <= set(declared):
            more, fewer = ("zh", "en") if counts["zh"] > counts["en"] else ("en", "zh")
            self._fault(
                getattr(words, fewer).line if getattr(words, fewer) else line,
                f"{name} shows {counts[more]} images in {NAMES[more]} and {counts[fewer]} in {NAMES[fewer]}: show "
                "each in both, with its alternative in that language",
            )

    def _address(self, address: str, line: int) -> None:
        pinned = _PINNED.fullmatch(address)
        name = pinned["name"] if pinned else address.partition("#")[0]
        if pinned and (self._figures is None or self._figures.digest(name) == pinned["digest"]):
            return
        names = self._figures.names if self._figures is not None else []
        if not address:
            self._fault(line, "an image has no address: write ![what it shows](figures/NAME.svg)")
        elif re.match(r"(?:[a-z][a-z0-9+.-]*:|//)", address, re.IGNORECASE):
            self._fault(line, f"the image {shown(address)} lies elsewhere: put the SVG into figures/ beside the text")
        elif address.startswith(("/", "\\")) or ".." in address:
            self._fault(line, f"the image {shown(address)} leads out of the bank's folder: put it into figures/")
        elif not name.lower().endswith(".svg"):
            self._fault(line, f"the image {shown(address)} is no SVG: draw it as figures/NAME.svg")
        elif not is_name(name):
            self._fault(
                line,
                f"the image {shown(address)} is not called figures/NAME.svg: put it into figures/ beside the text, "
                "its name in letters, digits, dots and hyphens",
            )
        elif name in names:
            assert self._figures is not None
            self.found += self._figures.faults_of(name, self._item)
            if self._figures.digest(name) is not None:
                self._fault(line, f"the image {shown(name)} is not read as one: write ![what it shows]({name})")
        else:
            close = get_close_matches(name, names, n=1, cutoff=0.6)
            hint = f"did you mean '{close[0]}'?" if close else "put the file there, or mend the name"
            self._fault(line, f"there is no figure {shown(name, 60)}: {hint}")

    def _fault(self, line: int, text: str) -> None:
        self.found.append(Fault(self._path, line, text, Severity.FAULT, self._item))


def shown_by(item: Item) -> Iterator[tuple[Image, int]]:
    """Every image of an item as it is written, with its line."""
    for _, words, _ in _texts(item):
        for passage in filter(None, (words.zh, words.en)):
            for image, line in _placed(passage):
                yield replace(image, address=unpinned(image.address)), line


def _placed(passage: Passage) -> Iterator[tuple[Image, int]]:
    """The images of a text, each with the line it stands on, as far as its address tells."""
    place = 0
    for image in images_in(passage.markdown):
        place = _place_of(image, passage.markdown, place)
        yield image, passage.line + passage.markdown.count("\n", 0, place)


def _texts(item: Item) -> Iterator[tuple[str, Bilingual, int]]:
    """Every text of an item that pages show with its images."""
    yield "the question", item.question, item.line
    for hint in item.hints:
        yield "a hint", hint, item.line
    for reading in item.readings:
        yield f"the reading '{reading.id}'", reading.text, reading.line
    for option in item.options:
        yield "an option", option.text, option.line
        yield "the feedback", option.feedback, option.line
    for value in item.values:
        yield "the feedback", value.feedback, value.line
    yield "the answer", item.answer, item.line
    yield "the explanation", item.explanation, item.line


def _lines(item: Item) -> Iterator[tuple[str, Bilingual, int]]:
    """Every text that is one line, where an image would not be shown."""
    yield "the title", item.title, item.line
    yield "the section's title", item.section, item.line
    for reading in item.readings:
        yield f"the title of {reading.id}", reading.title, reading.line
    for spec in item.test_specs:
        yield f"the title of {spec.name}", spec.title, spec.line
    for wrong in item.misconceptions:
        yield f"the sentence of misconception '{wrong.id}'", wrong.sentence, wrong.code.line
    for point in item.key_points:
        yield f"the description of key point '{point.id}'", point.description, point.line


def _place_of(image: Image, markdown: str, after: int) -> int:
    """Where an image's address stands, after the one of the image before it, as far as it tells."""
    place = markdown.find(image.address, after) if image.address else -1
    if place < 0:
        found = _TITLED.search(markdown, after)
        return found.start() if found else after
    return place + 1
