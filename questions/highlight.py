"""Code as HTML with Pygments' classes, and their style sheet (the pages' policy refuses inline styles)."""

from __future__ import annotations

from functools import cache, lru_cache
from html import escape

from pygments import highlight as pygments_highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

MAX_CHARACTERS = 100_000
"""Longer code is shown without colours."""
LONGEST_LINE = 500
"""So is code with a longer line: Pygments' patterns take time by the square of what they cannot match."""
LIGHT_STYLE, DARK_STYLE = "xcode", "monokai"
"""Built-in styles whose every colour has AA contrast on #f6f7f8 and #1c2026 (a test computes it)."""
BACKGROUNDS = {LIGHT_STYLE: "#f6f7f8", DARK_STYLE: "#1c2026"}

CLASSES = frozenset(name for name in STANDARD_TYPES.values() if name) | {"highlight", "linenos", "hll"}
"""Every class that highlighted code may carry."""


@cache
def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(cssclass="highlight", wrapcode=True)


@cache
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False) if language else None
    except ClassNotFound:
        return None


@lru_cache(maxsize=256)
def highlight(code: str, language: str = "python") -> str:
    """`code` as `<div class="highlight"><pre><code>…`; uncoloured when the language is unknown or it is long."""
    short = len(code) <= MAX_CHARACTERS and max(map(len, code.split("\n"))) <= LONGEST_LINE
    lexer = _lexer(language.lower()[:40]) if short else None
    if lexer is None:
        return f'<div class="highlight"><pre><code>{escape(code, quote=False)}\n</code></pre></div>'
    return pygments_highlight(code, lexer, _formatter()).strip()


@cache
def highlight_css(selector: str = ".highlight") -> str:
    """CSS rules for both colour schemes: the system's choice, overridden by `data-theme` on the root element."""
    light = _rules(LIGHT_STYLE, [f':root:not([data-theme="dark"]) {selector}'])
    dark_by_system = _rules(DARK_STYLE, [f':root:not([data-theme="light"]) {selector}'])
    light_by_choice = _rules(LIGHT_STYLE, [f':root[data-theme="light"] {selector}'])
    dark_by_choice = _rules(DARK_STYLE, [f':root[data-theme="dark"] {selector}'])
    return (
        f"@media (prefers-color-scheme: light), print {{\n{light}\n}}\n"
        f"@media (prefers-color-scheme: dark) {{\n{dark_by_system}\n}}\n"
        f"{light_by_choice}\n{dark_by_choice}\n"
    )


def _rules(style: str, selectors: list[str]) -> str:
    formatter = HtmlFormatter(style=style, nobackground=True)
    defined: str = formatter.get_style_defs(selectors)  # type: ignore[no-untyped-call]
    rules = [rule for rule in defined.split("\n") if rule.startswith(":root")]
    background = f"{', '.join(selectors)} {{ background: {BACKGROUNDS[style]} }}"
    return "\n".join([background, *rules])
