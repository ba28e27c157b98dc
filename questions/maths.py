"""Mathematics in Markdown: found before emphasis can touch it, handed to the page as text inside an element.

`$…$` becomes `<span class="math">` around `\\(…\\)`; `$$…$$` and `\\[…\\]` become `<span class="math display">` around
`\\[…\\]`.  KaTeX's auto-render finds the delimiters, a script of our own finds the class.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

# A dollar that opens is followed by no space, one that closes is preceded by none and followed by no digit, so that
# "$5 and $6" stays prose.  \x02 opens Python-Markdown's placeholder for a code span, which is no part of a formula.
# No nested quantifiers: each pattern takes time linear in the paragraph.
_INLINE = r"(?<![\\$])\$(?![\s$])((?:[^$\\\n\x02]|\\.|\n(?!\n)){1,2000}?)(?<![\s\\])\$(?![\d$])"
_DISPLAY = r"(?<![\\$])\$\$((?:[^$\\\x02]|\\.|\$(?!\$)){1,8000}?)\$\$"
_BRACKETS = r"(?<!\\)\\\[([^\x02]{1,8000}?)\\\]"
_PARENTHESES = r"(?<!\\)\\\(([^\x02]{1,2000}?)\\\)"
_CJK = "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef"


class _Formula(InlineProcessor):
    """One way to write a formula."""

    def __init__(self, pattern: str, markdown: Markdown, *, display: bool) -> None:
        super().__init__(pattern, markdown)
        self.display = display

    def handleMatch(  # type: ignore[override]
        self, found: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        element = Element("span", {"class": "math display" if self.display else "math"})
        opening, closing = ("\\[", "\\]") if self.display else ("\\(", "\\)")
        element.text = AtomicString(f"{opening}{found[1].strip()}{closing}")
        return element, found.start(0), found.end(0)


class _JoinedLines(InlineProcessor):
    """A line break between two Chinese characters is no space: a browser would show one."""

    def handleMatch(  # type: ignore[override]
        self, found: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        return "", found.start(0), found.end(0)


class MathsExtension(Extension):
    """Formulas, and Chinese lines joined without a space."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the patterns: after code spans (190), before escapes (180) and emphasis."""
        md.inlinePatterns.register(_Formula(_DISPLAY, md, display=True), "maths-display", 189)
        md.inlinePatterns.register(_Formula(_BRACKETS, md, display=True), "maths-brackets", 188)
        md.inlinePatterns.register(_Formula(_PARENTHESES, md, display=False), "maths-parentheses", 187)
        md.inlinePatterns.register(_Formula(_INLINE, md, display=False), "maths-inline", 186)
        joined = _JoinedLines(rf"(?<=[{_CJK}])\n(?=[{_CJK}])", md)
        md.inlinePatterns.register(joined, "chinese-lines", 185)
        md.ESCAPED_CHARS.append("$")
