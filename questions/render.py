"""Markdown to HTML that is safe to put on a page.

Python-Markdown makes the HTML, nh3 lets through what is listed here and nothing else.  Input is capped in length and in
what its rules could take long for; past the caps the text is shown as it is, escaped.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.blockprocessors import BlockProcessor, HashHeaderProcessor
from markdown.extensions import Extension
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor
from pymdownx.superfences import SuperFencesCodeExtension  # type: ignore[import-untyped]

from questions.highlight import CLASSES, highlight
from questions.maths import MathsExtension
from questions.prose import tidy

MAX_CHARACTERS = 60_000
"""Longer Markdown is shown as plain text."""
MAX_MARKS = 400
"""How many brackets, stars, backticks … of one sort a paragraph may hold before the text is shown as it is."""
MAX_WORK = 1_000_000
"""How much the squares of those counts may add up to: inline rules take time quadratic in them."""

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "mark", "ol", "p", "pre", "s", "small", "span", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul", "var",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align", "scope"},
}
_CLASSES: dict[str, set[str]] = {
    "span": {"math", "display", *CLASSES},
    "div": {"math", "display", "highlight"},
    "pre": set(),
    "code": set(),
}
_FIGURE = re.compile(r"figures/[A-Za-z0-9._-]+\.svg#([0-9a-f]{32})")
_IMAGE = re.compile(r'<img((?:\s[a-z]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r'\s([a-z]+)="([^"]*)"')
_LINK = re.compile(r"(?:https?://|mailto:|#|[A-Za-z0-9_./\-]+(?:[?#]|$))", re.IGNORECASE)
_MARKS = re.compile(r"[\[\]()<>*_`~!$\\&|{}]")
_FENCE = re.compile(r" *(`{3,}|~{3,})(.*)")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


def render(markdown: str, *, language: str | None = None, image_base: str = "") -> str:
    """`markdown` as sanitised HTML.

    Formulas arrive as `.math` elements holding `\\(…\\)` or `\\[…\\]`, code as `.highlight` with Pygments' classes.
    `language` ("zh" or "en") wraps the result in an element with that `lang`.  A figure that is named with its hash
    (see `questions.figures`) is looked up below `image_base`, by that hash; other images, and all of them without an
    `image_base`, are replaced by what they say they show.  Never raises for what `markdown` says.
    """
    html = _rendered(markdown, image_base)
    tag = {"zh": "zh-Hans", "en": "en"}.get(language or "")
    return f'<div lang="{tag}">{html}</div>' if tag else html


def render_inline(markdown: str) -> str:
    """One line of Markdown (a title, a test's sentence) as sanitised HTML without blocks around it."""
    text = " ".join(markdown[:2000].split())
    # A zero-width joiner in front keeps any block rule from seeing a list, a heading or a quote; it is taken out again.
    html = _rendered("\u2060" + text, "").replace("\u2060", "", 1)
    return nh3.clean(html, tags=_INLINE_TAGS, attributes=_ATTRIBUTES_INLINE, link_rel="noopener noreferrer").strip()


_INLINE_TAGS = {"a", "code", "del", "em", "i", "b", "kbd", "s", "span", "strong", "sub", "sup", "var"}
_ATTRIBUTES_INLINE = {"a": {"href", "title"}, "span": {"class"}}


@lru_cache(maxsize=512)
def _rendered(markdown: str, image_base: str) -> str:
    text = _clean_text(markdown)
    if len(text) > MAX_CHARACTERS or _too_intricate(text):
        return _plain(text[:MAX_CHARACTERS])
    html = _converted(text)
    return _plain(text) if html is None else _sanitised(html, image_base)


def _converted(text: str) -> str | None:
    """What Python-Markdown makes of `text`; None where it cannot."""
    try:
        return _converter().convert(tidy(text))
    except (RecursionError, ValueError, AssertionError, IndexError):
        # Python-Markdown has raised all of these on mangled input; its state after that is not to be trusted.
        _per_thread.__dict__.pop("converter", None)
        return None


def _clean_text(markdown: str) -> str:
    text = markdown.replace("\r\n", "\n").replace("\r", "\n")
    # NUL and surrogates have no HTML; STX and ETX are Python-Markdown's own placeholders and could be forged.
    return re.sub("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "\ufffd", text)


def _too_intricate(text: str) -> bool:
    """Whether paragraphs hold so many marks that inline rules, quadratic in them, would take long."""
    counts = [_count(part) for part in _PARAGRAPH.split(_without_fences(text))]
    return max(counts, default=0) > MAX_MARKS or sum(count * count for count in counts) > MAX_WORK


def _count(part: str) -> int:
    counts: dict[str, int] = {}
    for mark in _MARKS.findall(part):
        counts[mark] = counts.get(mark, 0) + 1
    return max(counts.values(), default=0)


def _without_fences(text: str) -> str:
    """`text` without fenced code, which no inline rule reads."""
    kept: list[str] = []
    marker = ""
    opened = 0
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if marker and found and found[1].startswith(marker) and not found[2].strip():
            marker = ""
            del kept[opened:]
        elif found and not marker:
            marker, opened = found[1], len(kept)
        else:
            kept.append(line)
    return "\n".join(kept)


def _plain(text: str) -> str:
    paragraphs = [part.strip("\n") for part in _PARAGRAPH.split(text)]
    return "\n".join(f"<p>{escape(part)}</p>" for part in paragraphs if part.strip())


def _sanitised(html: str, image_base: str) -> str:
    def allowed(tag: str, attribute: str, value: str) -> str | None:
        if tag == "img" and attribute == "src":
            figure = _FIGURE.fullmatch(value) if image_base else None
            return f"{image_base}{figure[1]}.svg" if figure else None
        if tag == "a" and attribute == "href":
            return value if _LINK.match(value) and not value.startswith("//") else None
        if attribute == "align":
            return value if value in ("left", "right", "center") else None
        if attribute == "start":
            return value if value.isascii() and value.isdigit() and len(value) < 7 else None
        return value

    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style"},
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        attribute_filter=allowed,
        strip_comments=True,
        link_rel="noopener noreferrer",
        url_schemes={"http", "https", "mailto"},
    )
    return _IMAGE.sub(_or_alternative, cleaned)


def _or_alternative(image: re.Match[str]) -> str:
    """An image as nh3 wrote it; what it says instead of it, where no address is left."""
    said = dict(_ATTRIBUTE.findall(image[1]))
    alternative = escape(unescape(said.get("alt", ""))).strip()
    return image[0] if "src" in said else f"<em>{alternative}</em>" if alternative else ""


@dataclass(frozen=True, slots=True)
class Image:
    """An image that a text shows: its address as written, empty where no browser would look for it, and what is said
    of it.
    """

    address: str
    alternative: str


@lru_cache(maxsize=1024)
def images_in(markdown: str) -> tuple[Image, ...]:
    """The images that `render` finds in a text, in order; none where it would show the text as it stands."""
    if "![" not in markdown and "<img" not in markdown.lower():
        return ()
    text = _clean_text(markdown)
    if len(text) > MAX_CHARACTERS or _too_intricate(text):
        return ()
    html = _converted(text)
    if html is None:
        return ()
    found = _Images()
    found.feed(nh3.clean(html, tags={"img"}, attributes={"img": {"src", "alt"}}, url_schemes=_NAMED_SCHEMES))
    found.close()
    return tuple(found.images)


_NAMED_SCHEMES = {"http", "https", "data", "file", "ftp"}


class _Images(HTMLParser):
    """Gathers the images of HTML that nh3 has written."""

    def __init__(self) -> None:
        super().__init__()
        self.images: list[Image] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            said = dict(attrs)
            self.images.append(Image(said.get("src") or "", said.get("alt") or ""))


_per_thread = threading.local()


def _converter() -> Markdown:
    """This thread's converter (one holds state while it works, and takes milliseconds to build)."""
    converter: Markdown | None = getattr(_per_thread, "converter", None)
    if converter is None:
        converter = Markdown(
            extensions=[
                SuperFencesCodeExtension(custom_fences=[{"name": "*", "class": "", "format": _fence}]),
                TableExtension(use_align_attribute=True),
                MathsExtension(),
                _Adjustments(),
                "sane_lists",
                "pymdownx.tilde",
            ],
            extension_configs={"pymdownx.tilde": {"subscript": False}},
            output_format="html",
            tab_length=4,
        )
        _per_thread.converter = converter
    converter.reset()
    return converter


def _fence(source: str, language: str, *_: object, **__: object) -> str:
    """A fence's HTML, the same that `highlight` makes elsewhere."""
    return highlight(source, language)


class _SpacedHeading(HashHeaderProcessor):
    """`# heading`, as in CommonMark: `#tag` is text."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})[ ]+(?P<header>(?:\\.|[^\\])*?)(?:[ ]+#+)?[ ]*(?:\n|$)")


class _Adjustments(Extension):
    """What Python-Markdown does differently from what authors of banks expect."""

    def extendMarkdown(self, md: Markdown) -> None:
        # Raw HTML blocks: their parser is slow and strange on broken input, and nh3 copes with inline tags.
        md.preprocessors.deregister("html_block")
        # `text` over `---` is text over a ruler, here and in the parser of banks.
        md.parser.blockprocessors.deregister("setextheader")
        # Reference links have definitions elsewhere in a document; a passage is alone.
        md.parser.blockprocessors.deregister("reference")
        heading: BlockProcessor = _SpacedHeading(md.parser)
        md.parser.blockprocessors.register(heading, "hashheader", 70)
        md.treeprocessors.register(_ShiftedHeadings(md), "shifted-headings", 1)


class _ShiftedHeadings(Treeprocessor):
    """Headings inside an item start below the page's own: `# x` becomes `<h4>`."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if len(element.tag) == 2 and element.tag[0] == "h" and element.tag[1].isdigit():
                element.tag = f"h{min(int(element.tag[1]) + 3, 6)}"
