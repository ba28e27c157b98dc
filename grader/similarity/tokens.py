"""Source or prose as tokens that renaming, reformatting and other comments do not change.

The lexer takes any text, broken code too, in time that grows with its length alone.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

LONGEST = 256 * 1024
"""Characters that are looked at; what comes after is left out."""


class Language(StrEnum):
    """What a submission is written in."""

    PYTHON = "python"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: what it is compared as, what was written, and on which line (counted from 1)."""

    kind: str
    text: str
    line: int


_TOKEN = re.compile(
    r"""
      (?P<string>[rbfuRBFU]{0,2}(?:
          \"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z) | '''(?:[^\\]|\\.)*?(?:'''|\Z)
        | \"(?:[^\"\\\n]|\\.)*+\"? | '(?:[^'\\\n]|\\.)*+'? ))
    | (?P<comment>\#[^\n]*)
    | (?P<number>(?:\d[\w]*+(?:\.\w*+)?|\.\d\w*+)(?:(?<=[eE])[+-]\d++)?)
    | (?P<name>[^\W\d]\w*+)
    | (?P<newline>\n)
    | (?P<space>[^\S\n]++|\\\n)
    | (?P<sign>->|:=|\*\*=?|//=?|<<=?|>>=?|[-+*/%@&|^=<>!]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_]+")
_MODULES = frozenset({"self", "torch", "nn", "F", "math", "np", "numpy", "einops"})
_KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | _MODULES
NAME, STRING = "n", "s"
"""What every name of the author's own is compared as, and every string."""


def tokens(text: str, language: Language) -> list[Token]:
    """The tokens that are compared: of code without comments, docstrings and layout; of prose its words."""
    if language is Language.PROSE:
        return list(_words(text[:LONGEST], 1))
    found = _lexed(text)
    return [_compared(found, place) for place in range(len(found)) if _counts(found, place)]


def wording(text: str) -> list[Token]:
    """What of code its author has worded: names and numbers as they stand, the words of comments and strings."""
    result: list[Token] = []
    for token in _lexed(text):
        if token.kind in ("comment", "string"):
            result += _words(token.text, token.line)
        elif token.kind in ("name", "number"):
            result.append(Token(token.text, token.text, token.line))
    return result


def own_names(text: str) -> frozenset[str]:
    """The names that an author chose: not Python's, not torch's, not those after a dot but for `self`."""
    found = [token for token in _lexed(text) if token.kind not in ("comment", "newline")]
    return frozenset(
        token.text for place, token in enumerate(found) if token.kind == "name" and _compared(found, place).kind == NAME
    )


def comments(text: str) -> frozenset[str]:
    """What comments say, a line each, as words."""
    lines = (" ".join(word.text for word in _words(token.text, 1)) for token in _lexed(text) if token.kind == "comment")
    return frozenset(line for line in lines if len(line) > 7)


def _words(text: str, line: int) -> Iterator[Token]:
    for match in _WORD.finditer(unicodedata.normalize("NFKC", text)):
        word = match[0].casefold()
        yield Token(word, word, line + text.count("\n", 0, match.start()) if "\n" in text else line)


@lru_cache(maxsize=1)
def _lexed(text: str) -> Sequence[Token]:
    """The tokens as they stand; each text is asked for four times in a row."""
    found, line = [], 1
    for match in _TOKEN.finditer(text[:LONGEST]):
        kind, said = match.lastgroup or "sign", match[0]
        if kind != "space":
            found.append(Token(kind, said, line))
        line += said.count("\n")
    return found


def _counts(found: Sequence[Token], place: int) -> bool:
    token = found[place]
    if token.kind in ("comment", "newline"):
        return False
    return token.kind != "string" or not _stands_alone(found, place)


def _stands_alone(found: Sequence[Token], place: int) -> bool:
    """Whether a string is a statement by itself, as docstrings are."""
    before = found[place - 1].kind == "newline" if place else True
    return before and (place + 1 == len(found) or found[place + 1].kind in ("newline", "comment"))


def _compared(found: Sequence[Token], place: int) -> Token:
    token = found[place]
    if token.kind == "string":
        return Token(STRING, token.text, token.line)
    if token.kind != "name" or token.text in _KEPT:
        return Token(token.text, token.text, token.line)
    after_dot = place > 0 and found[place - 1].text == "."
    of_self = place > 1 and found[place - 2].text == "self"
    return Token(NAME if not after_dot or of_self else token.text, token.text, token.line)
