"""An answer reduced to the words it says, with every character's place in the original kept.

Width, case, script variants, tags, entities, Markdown and LaTeX marks are dressing: they cost nothing and hide nothing.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from grader.rubric.spelling import mend
from grader.rubric.traditional import SIMPLIFIED

MAX_CHARACTERS = 8000
"""What is read of an answer; the rest goes to a person, so that no text can buy endless work."""

BLOCK_TAGS = frozenset({"p", "br", "li", "ul", "ol", "div", "h1", "h2", "h3", "h4", "tr", "td", "table", "blockquote"})

DRESSING = re.compile(
    r"(?P<tag></?[A-Za-z][^<>]{0,200}>)"
    r"|(?P<entity>&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,5});)"
    r"|(?P<latex>\\[A-Za-z]{1,20})"
    r"|(?P<bullet>(?<=\n)[ \t]{0,8}(?:[-*•·●▪+]|#{1,6}|>)(?=[ \t])|^[ \t]{0,8}(?:[-*•·●▪+]|#{1,6}|>)(?=[ \t]))"
    r"|(?P<mark>\*\*|__|[`$~|*])"
    r"|(?P<invisible>[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f])"
)
LATEX = {"\\cdot": "·", "\\times": "×", "\\top": "t", "\\left": "", "\\right": "", "\\mathrm": "", "\\text": ""}
BRACES = {"{": "(", "}": ")", "’": "'", "‘": "'", "“": '"', "”": '"', "「": '"', "」": '"', "—": ",", "–": "-"}
WORD = re.compile(r"[a-z]{6,24}")


@dataclass(frozen=True, slots=True)
class Plain:
    """Normalised text; `places[i]` is the span of the original that character `i` stands for."""

    text: str
    places: tuple[tuple[int, int], ...]
    truncated: bool
    hidden: bool = False
    """Whether it held comments that nobody who reads the page would see."""
    slips: int = 0
    """Words that had to be mended; where there are several, others may not have been recognised."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that ``text[start:end]`` came from."""
        if not self.places or start >= end:
            return (0, 0)
        inside = self.places[start:end]
        return min(place[0] for place in inside), max(place[1] for place in inside)


def plain(original: str, vocabulary: frozenset[str] = frozenset()) -> Plain:
    """Reduce `original` to lower-case simplified text; words within a letter or two of `vocabulary` are mended."""
    shown = original[:MAX_CHARACTERS]
    characters: list[str] = []
    places: list[tuple[int, int]] = []

    def put(text: str, start: int, end: int) -> None:
        for character in unicodedata.normalize("NFKC", text).lower():
            character = BRACES.get(character, SIMPLIFIED.get(character, character))
            if character in "\r\x0b\x0c\u2028\u2029":
                character = "\n"
            if character.isspace() and character != "\n":
                character = " "
            if character == " " and characters and characters[-1] in " \n":
                continue
            if unicodedata.category(character[:1] or " ") in {"Cc", "Cs", "Co"} and character != "\n":
                continue
            characters.append(character)
            places.append((start, end))

    at = 0
    visible = blank_comments(shown)
    hidden, shown = visible != shown, visible
    for match in DRESSING.finditer(shown):
        for index in range(at, match.start()):
            put(shown[index], index, index + 1)
        put(dressed(match), match.start(), match.end())
        at = match.end()
    for index in range(at, len(shown)):
        put(shown[index], index, index + 1)
    text, spans, slips = mended("".join(characters), places, vocabulary)
    return Plain(text, tuple(spans), len(original) > MAX_CHARACTERS, hidden, slips)


def blank_comments(text: str) -> str:
    """`text` with HTML comments blanked out, since no reader of the page would see them."""
    at = text.find("<!--")
    while at >= 0:
        end = text.find("-->", at)
        end = len(text) if end < 0 else end + 3
        text = text[:at] + " " * (end - at) + text[end:]
        at = text.find("<!--", end)
    return text


def dressed(match: re.Match[str]) -> str:
    """What a piece of dressing says to a reader: a line break, a sign or nothing."""
    if match["tag"]:
        name = re.match(r"</?([A-Za-z0-9]+)", match["tag"])
        return "\n" if name and name[1].lower() in BLOCK_TAGS else ""
    if match["entity"]:
        return html.unescape(match["entity"])
    if match["latex"]:
        return LATEX.get(match["latex"], match["latex"][1:])
    return ""


def mended(
    text: str, places: list[tuple[int, int]], vocabulary: frozenset[str]
) -> tuple[str, list[tuple[int, int]], int]:
    """Replace misspelled words and count them; each letter of a mended word has the place of the whole word."""
    characters: list[str] = []
    spans: list[tuple[int, int]] = []
    at = slips = 0
    for match in WORD.finditer(text):
        better = mend(match[0], vocabulary)
        if better == match[0]:
            continue
        characters.append(text[at : match.start()])
        spans.extend(places[at : match.start()])
        characters.append(better)
        spans.extend([(places[match.start()][0], places[match.end() - 1][1])] * len(better))
        at = match.end()
        slips += 1
    characters.append(text[at:])
    spans.extend(places[at:])
    return "".join(characters), spans, slips
