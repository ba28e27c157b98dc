"""Text of strangers made safe to look at, and a bank's short texts made into HTML.

Escaping alone keeps markup harmless, but not the order of characters on the screen: a bidirectional override can make a
message read as another one.  So control characters are shown as what they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from questions.render import render_inline

_DECEIVING = re.compile("[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")
_HIGH_CONTROL = re.compile("[\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Clipped:
    """The part of a text that is shown and how many characters are not."""

    text: str
    dropped: int = 0

    def __bool__(self) -> bool:
        return bool(self.text)


def text_of(content: bytes) -> str:
    """Bytes as sent, as text to look at."""
    return content.decode("utf-8", "replace").replace("\r\n", "\n")


def visible(text: str) -> str:
    """`text` with terminal escapes, control and bidirectional characters replaced by visible names."""
    text = text.replace("\r\n", "\n")
    text = _CONTROL.sub(lambda found: chr(0x2400 + ord(found[0])), text)
    text = _HIGH_CONTROL.sub(_named, text)
    return _DECEIVING.sub(_named, text)


def clipped(text: str, limit: int = 8000) -> Clipped:
    """The first `limit` characters of `text`, made visible."""
    return Clipped(visible(text[:limit]), max(0, len(text) - limit))


def inline(text: str) -> Markup:
    """A bank's one-line text (a title, a test's sentence) as HTML: code, mathematics for KaTeX, emphasis."""
    return Markup(render_inline(visible(text)))  # noqa: S704 - render_inline lets through what it lists and nothing else


def with_code(text: str) -> Markup:
    """A sentence that may quote a student: `code` between back ticks is set as code, nothing else is Markdown."""
    parts = re.split(r"`([^`\n]+)`", visible(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part) for index, part in enumerate(parts)
    )


def _named(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"
