"""Whether a text is a drawing and nothing else: SVG that runs nothing, fetches nothing, and ends.

What is listed here may stand in a figure; whatever is not listed is a fault.  The parser is expat by itself: the first
document type ends the reading, so that no entity is ever declared, let alone expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from questions.faults import shown

MAX_BYTES = 128 * 1024
"""Of one figure; a heat map of 32 × 32 numbers has half of that."""
MAX_ELEMENTS = 5_000
MAX_DEPTH = 40
MAX_DRAWN = 20_000
"""How many elements may be drawn once every reference to another element is followed."""
MAX_CHAIN = 8
"""How many references may lead from one element to the next."""
MAX_FAULTS = 8
"""What is told of one figure."""

SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
ELEMENTS = {
    "circle", "clipPath", "defs", "desc", "ellipse", "g", "line", "linearGradient", "marker", "mask", "path", "pattern",
    "polygon", "polyline", "radialGradient", "rect", "stop", "style", "svg", "symbol", "text", "textPath", "title",
    "tspan", "use",
}  # fmt: skip
_WORDS = {"class", "id", "lang", "role", f"{_XML} lang", f"{_XML} space"}
"""Attributes whose values mean nothing to whoever draws."""
_ATTRIBUTES = {
    "clipPathUnits", "cx", "cy", "d", "dx", "dy", "fr", "fx", "fy", "gradientTransform", "gradientUnits", "height",
    "lengthAdjust", "markerHeight", "markerUnits", "markerWidth", "maskContentUnits", "maskUnits", "media", "method",
    "offset", "orient", "pathLength", "patternContentUnits", "patternTransform", "patternUnits", "points",
    "preserveAspectRatio", "r", "refX", "refY", "rotate", "rx", "ry", "side", "spacing", "spreadMethod", "startOffset",
    "style", "textLength", "transform", "type", "version", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2",
    # what style sheets can say as well
    "alignment-baseline", "baseline-shift", "clip-path", "clip-rule", "color", "direction", "display",
    "dominant-baseline", "fill", "fill-opacity", "fill-rule", "font-family", "font-size", "font-stretch", "font-style",
    "font-variant", "font-weight", "letter-spacing", "marker-end", "marker-mid", "marker-start", "mask", "opacity",
    "overflow", "paint-order", "shape-rendering", "stop-color", "stop-opacity", "stroke", "stroke-dasharray",
    "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width",
    "text-anchor", "text-decoration", "text-rendering", "unicode-bidi", "vector-effect", "visibility", "white-space",
    "word-spacing", "writing-mode",
}  # fmt: skip
_HREF = {"href", f"{_XLINK} href"}
_REFERENCE = re.compile(r"url\(\s*(['\"]?)#([\w.\-]{1,80})\1\s*\)")
_OWN_ID = re.compile(r"#([\w.\-]{1,80})")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CALL = re.compile(r"([\w-]+)\(")
_CALLS = {
    "and", "calc", "clamp", "hsl", "hsla", "light-dark", "matrix", "max", "media", "min", "not", "only", "or", "rgb",
    "rgba", "rotate", "scale", "scalex", "scaley", "skewx", "skewy", "translate", "translatex", "translatey", "var",
}  # fmt: skip
"""What is written before a bracket in a style sheet, or in an attribute."""
_RULE = re.compile(r"@(?!media\b)[\w-]*", re.IGNORECASE)
_PROPERTY = re.compile(
    r"(?:^|[;{\s])(-moz-binding|animation|backdrop-filter|behavior|filter|transition)[\w-]*\s*:", re.IGNORECASE
)
_SCRIPTS = {"script", "handler", "listener"}
_FOREIGN = {"foreignObject", "image", "a", "feImage", "filter", "iframe", "video", "audio", "canvas", "switch"}
_MOVING = {"animate", "animateMotion", "animateTransform", "animateColor", "set", "mpath", "discard"}

Found = tuple[int, str]
"""A line, 1-based, and what is wrong there."""


class _Enough(Exception):
    """The rest is not worth reading."""


def faults_in(text: str) -> list[Found]:
    """What keeps `text` from being shown as a figure, by line; nothing where it is one."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        return [(1, too_large())]
    drawing = _Drawing()
    try:
        drawing.read(text)
    except _Enough:
        pass
    except expat.ExpatError as error:
        said = expat.errors.messages.get(error.code, "") or "broken"
        drawing.note(f"the figure is not XML ({said}): mend it", error.lineno)
    except (UnicodeEncodeError, ValueError):
        drawing.note("the figure is not XML (characters that no text may hold): mend it", 1)
    return sorted(dict.fromkeys(drawing.found))[:MAX_FAULTS]


def too_large() -> str:
    """What is said of a figure with more than `MAX_BYTES`."""
    return f"the figure has more than {MAX_BYTES // 1024} KiB: draw less, or round its numbers"


def is_dark_aware(text: str) -> bool:
    """Whether a figure has colours for a dark page, as far as its text tells."""
    return "prefers-color-scheme" in text or "light-dark(" in text


@dataclass(slots=True)
class _Element:
    line: int
    name: str
    end: int = 0
    """The number of the first element that is not inside this one."""
    wanted: list[str] = field(default_factory=list)
    """The ids it refers to."""


class _Drawing:
    """A figure while it is read."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self._elements: list[_Element] = []
        self._open: list[int] = []
        self._ids: dict[str, int] = {}
        self._style: list[str] | None = None
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.ordered_attributes = True
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._parser.XmlDeclHandler = self._declared
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._entity
        self._parser.ExternalEntityRefHandler = self._entity
        self._parser.ProcessingInstructionHandler = self._instruction
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def read(self, text: str) -> None:
        """Note what is wrong with `text`.  Raises `_Enough` and `ExpatError`."""
        self._parser.Parse(text, True)
        self._follow()

    def note(self, text: str, line: int = 0) -> None:
        """Something is wrong, by default where the parser stands."""
        self.found.append((max(line or self._parser.CurrentLineNumber, 1), text))
        if len(self.found) > 4 * MAX_FAULTS:
            raise _Enough

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
            self.note(f"the figure says it is in {shown(encoding)}: save it as UTF-8 and say so")

    def _doctype(self, *_: object) -> None:
        self.note("a figure has no document type and no entities: remove <!DOCTYPE …>")
        raise _Enough

    def _entity(self, *_: object) -> int:
        raise _Enough

    def _instruction(self, target: str, _data: str) -> None:
        self.note(f"a figure holds no <?{shown(target)[1:-1]} …?>: remove it")

    def _start(self, name: str, attributes: list[str]) -> None:
        if len(self._open) >= MAX_DEPTH:
            self.note(f"the figure is nested deeper than {MAX_DEPTH} elements: draw it flatter")
            raise _Enough
        if len(self._elements) >= MAX_ELEMENTS:
            self.note(f"the figure has more than {MAX_ELEMENTS:,} elements: draw less")
            raise _Enough
        namespace, _, local = name.rpartition(" ")
        element = _Element(self._parser.CurrentLineNumber, local)
        if not self._elements:
            self._root(namespace, local, dict(zip(attributes[::2], attributes[1::2], strict=True)))
        elif namespace != SVG:
            self.note(f"<{shown(local)[1:-1]}> is not SVG: save the drawing as plain SVG, or remove it")
        elif local not in ELEMENTS:
            self.note(_refused(local))
        if self._style is not None:
            self.note("an element stands inside <style>: remove it")
        if local == "style":
            self._style = []
        self._open.append(len(self._elements))
        self._elements.append(element)
        for key, value in zip(attributes[::2], attributes[1::2], strict=True):
            self._attribute(element, key, value)

    def _root(self, namespace: str, local: str, attributes: dict[str, str]) -> None:
        if local != "svg" or namespace not in ("", SVG):
            self.note(f"a figure is SVG, and this is <{shown(local)[1:-1]}>: save the drawing as SVG")
            raise _Enough
        if not namespace:
            self.note(f'<svg> does not say what it is, and browsers show nothing: write <svg xmlns="{SVG}" …>')
            raise _Enough
        if "viewBox" not in attributes:
            self.note('<svg> has no viewBox, so it does not fit a phone: write viewBox="0 0 WIDTH HEIGHT"')

    def _attribute(self, element: _Element, key: str, value: str) -> None:
        namespace, _, local = key.rpartition(" ")
        name = shown(local)[1:-1]
        if key in _HREF:
            if own := _OWN_ID.fullmatch(value.strip()):
                element.wanted.append(own[1])
            else:
                self.note(f"{name} leads to {shown(value)}: a figure shows what it holds itself, as in href=\"#id\"")
        elif local.lower().startswith("on"):
            self.note(f"{name} is an event, and nothing in a figure runs: remove it")
        elif key == "id":
            self._ids.setdefault(value, len(self._elements) - 1)
        elif key in _WORDS or (not namespace and local.startswith(("aria-", "data-"))):
            return
        elif key not in _ATTRIBUTES:
            self.note(f"the attribute {name} has no place in a figure: remove it")
        else:
            element.wanted += [found[2] for found in _REFERENCE.finditer(value)] if key != "style" else []
            self._css(value if key == "style" else _REFERENCE.sub(" ", value), self._parser.CurrentLineNumber)

    def _text(self, text: str) -> None:
        if self._style is not None:
            self._style.append(text)

    def _end(self, _name: str) -> None:
        element = self._elements[self._open.pop()]
        element.end = len(self._elements)
        if element.name == "style" and self._style is not None:
            self._css("".join(self._style), element.line)
            self._style = None

    def _css(self, text: str, line: int) -> None:
        """Note what a style sheet, or an attribute that is read like one, may not say."""
        for place, problem in _css_faults(_COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)):
            self.note(problem, line + text.count("\n", 0, place))

    # References ------------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        """Note references to nothing, and drawings that grow beyond bounds when references are followed."""
        drawn = len(self._elements)
        sizes: dict[str, int] = {}
        for element in self._elements:
            for name in element.wanted:
                if name not in self._ids:
                    self.note(f"nothing in the figure has the id {shown(name)}: mend the reference", element.line)
                    continue
                drawn += self._size(name, sizes, MAX_CHAIN)
                if drawn > MAX_DRAWN:
                    self.note(
                        f"references in the figure lead in a circle, or draw more than {MAX_DRAWN:,} elements: "
                        "draw less",
                        element.line,
                    )
                    raise _Enough

    def _size(self, name: str, sizes: dict[str, int], left: int) -> int:
        """How many elements the one called `name` draws; more than may be for those in a circle."""
        if name in sizes:
            return sizes[name]
        if name not in self._ids:
            return 0
        if not left:
            return MAX_DRAWN + 1
        first = self._ids[name]
        inside = self._elements[first : self._elements[first].end]
        size = len(inside)
        for wanted in (wanted for element in inside for wanted in element.wanted):
            if size > MAX_DRAWN:
                break
            size += self._size(wanted, sizes, left - 1)
        sizes[name] = size
        return size


def _refused(name: str) -> str:
    word = f"<{shown(name)[1:-1]}>"
    if name in _SCRIPTS:
        return f"{word} has no place in a figure, where nothing runs: remove it"
    if name in _MOVING:
        return f"{word} moves, and figures stand still: remove it"
    if name in _FOREIGN:
        return f"{word} brings in what is no drawing: draw it with SVG's own shapes and text"
    return f"{word} has no place in a figure: use shapes, text, gradients and <use>"


def _css_faults(text: str) -> Iterator[Found]:
    """What a style sheet may not say: places in it, and what is wrong."""
    if (place := text.find("\\")) >= 0:
        yield place, "a \\ stands in a style: write letters as they are"
    if (place := text.find("/*")) >= 0:
        yield place, "a comment in a style is never closed: add */"
    for rule in _RULE.finditer(text):
        yield rule.start(), f"{shown(rule[0])[1:-1]} has no place in a figure's style: of such rules only @media has"
    for call in _CALL.finditer(text):
        if call[1].lower() not in _CALLS:
            yield (
                call.start(),
                f"{shown(call[1])[1:-1]}(…) has no place in a figure's style: a colour is written as one, and a "
                'reference as an attribute, as in fill="url(#id)"',
            )
    for prop in _PROPERTY.finditer(text):
        yield prop.start(1), f"{prop[1].lower()} has no place in a figure: it stands still and is drawn plainly"
