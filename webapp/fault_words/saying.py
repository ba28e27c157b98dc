"""A fault or remark in Chinese: the readers of banks write English, for terminals and editors; pages say it here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from grader.syntax_words import with_meaning
from webapp.fault_words.parts import PARTS
from webapp.fault_words.sentences import SENTENCES

_GAP = re.compile(r"⟨(\w+)⟩")
_PLACE = re.compile(r"(?P<place>\S+\.(?:md|svg):\d+: )(?P<text>.*)", re.DOTALL)
_MEETING = re.compile(r"[\u4e00-\u9fff][!-~]|[!-~][\u4e00-\u9fff]")


def said(text: str, lang: str) -> str:
    """`text` in `lang` ("zh" or "en"), its names as they are; a message that nobody put into Chinese stays English.

    A place in front of it (`file.md:3: `) stays there.
    """
    if lang != "zh":
        return text
    placed = _PLACE.fullmatch(text)
    place, text = placed.groups() if placed else ("", text)
    return place + (_in_chinese(text) or text)


@lru_cache(maxsize=2048)
def _in_chinese(text: str) -> str | None:
    return next((chinese for form in _SENTENCES if (chinese := form.chinese_of(text)) is not None), None)


class _Form:
    """One message: what it looks like with its gaps filled, and its Chinese."""

    def __init__(self, english: str, chinese: str) -> None:
        pieces = _GAP.split(english)  # text, name, text, name, …, text
        self.names = pieces[1::2]
        self.pattern = re.compile("(.{0,400}?)".join(map(re.escape, pieces[::2])), re.DOTALL)
        self.quoted = {name for before, name in zip(pieces[::2], self.names, strict=False) if before[-1:] in ("'", "`")}
        self.chinese = chinese

    def chinese_of(self, text: str) -> str | None:
        """`text` in Chinese when it is this message."""
        found = self.pattern.fullmatch(text)
        if found is None:
            return None
        parts = {name: self._part(name, part) for name, part in zip(self.names, found.groups(), strict=True)}
        pieces = _GAP.split(self.chinese)
        said = pieces[0]
        for name, after in zip(pieces[1::2], pieces[2::2], strict=True):
            said = _spaced(_spaced(said, parts[name]), after)
        return said

    def _part(self, name: str, part: str) -> str:
        """What fills a gap: its Chinese, unless it is a name in quotes."""
        if name == "python":
            return with_meaning(part).zh
        if name in self.quoted:
            return part
        return next((chinese for form in _PARTS if (chinese := form.chinese_of(part)) is not None), part)


def _spaced(before: str, after: str) -> str:
    """Both, with a space where Chinese meets Latin letters, digits or quotes."""
    return before + (" " if _MEETING.search(f"{before[-1:]}{after[:1]}") else "") + after


def _forms(table: Mapping[str, str]) -> tuple[_Form, ...]:
    return tuple(_Form(english, chinese) for english, chinese in table.items())


_SENTENCES, _PARTS = _forms(SENTENCES), _forms(PARTS)
