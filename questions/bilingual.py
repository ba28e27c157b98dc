"""Telling Chinese from English by script, and `中文 | English` into its halves."""

from __future__ import annotations

import re
from collections.abc import Iterable

from questions.model import Bilingual, Passage

LANGUAGES = ("zh", "en")
NAMES = {"zh": "Chinese", "en": "English"}

MAX_READ = 4000
"""How much of a text is looked at to tell its language; longer ones are never two languages in one line."""

_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_VERBATIM = re.compile(
    r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)|(?<!\\)\$\$.+?\$\$|(?<!\\)\$[^$\n]+\$|(?<=\])\(figures/[^()\s]{1,200}\)",
    re.DOTALL,
)


def language_of(text: str) -> str | None:
    """ "zh" when any Han character stands in `text`, "en" when only Latin words do, None for neither (a formula)."""
    prose = _VERBATIM.sub(" ", text[:MAX_READ])
    if _CJK.search(prose):
        return "zh"
    return "en" if _LATIN_WORD.search(prose) else None


def _english_quoting_chinese(text: str) -> bool:
    prose = _VERBATIM.sub(" ", text)
    return len(_LATIN_WORD.findall(prose)) > 2 * len(_CJK.findall(prose))


def only_english(text: str) -> bool:
    """Whether `text` is a sentence in English: words enough, and not one Han character."""
    prose = _VERBATIM.sub(" ", text[:MAX_READ])
    return not _CJK.search(prose) and len(_LATIN_WORD.findall(prose)) >= 3


def mostly_chinese(text: str) -> bool:
    """Whether `text` is Chinese rather than English that quotes some."""
    prose = _VERBATIM.sub(" ", text[:MAX_READ])
    return len(_CJK.findall(prose)) > 2 * len(_LATIN_WORD.findall(prose))


def split(text: str) -> tuple[str, str] | None:
    """The Chinese and the English half of `text`, or None when no `|` (or full-width `｜`) parts two scripts.

    A `|` in a code span or formula never parts, nor does one between two texts of one script; `Softmax | Softmax`
    (both halves equal) says that the two languages share one text.
    """
    if len(text) > MAX_READ:
        return None
    masked = _VERBATIM.sub(lambda found: " " * len(found[0]), text)
    bars = [found.start() for found in re.finditer(r"[|｜]", masked)]
    halves = [(text[:bar].strip(), text[bar + 1 :].strip()) for bar in bars[:64]]
    halves = [(left, right) for left, right in halves if left and right]
    for left, right in halves:
        match language_of(left), language_of(right):
            case "zh", "en":
                return left, right
            case "en", "zh":
                return right, left
            case _ if left == right:
                return left, right
    for left, right in halves:
        match _english_quoting_chinese(left), _english_quoting_chinese(right):
            case False, True:
                return left, right
            case True, False:
                return right, left
    return None


def bilingual(text: str, line: int, *, fallback: str = "en", neutral_serves_both: bool = False) -> Bilingual:
    """`text` in the languages it is written in; one of neither script is taken for `fallback`, or for both."""
    text = text.strip()
    if not text:
        return Bilingual()
    if halves := split(text):
        return Bilingual(Passage(halves[0], line), Passage(halves[1], line))
    language = language_of(text)
    if language is None and neutral_serves_both:
        return Bilingual(Passage(text, line), Passage(text, line))
    return in_language(language or fallback, Passage(text, line))


def in_language(language: str, passage: Passage | None) -> Bilingual:
    """`passage` as the text of one language."""
    return Bilingual(zh=passage) if language == "zh" else Bilingual(en=passage)


def join(first: Bilingual, second: Bilingual) -> Bilingual:
    """Both together; where both have a language, `first` counts."""
    return Bilingual(first.zh or second.zh, first.en or second.en)


def by_paragraph(paragraphs: Iterable[Passage]) -> Bilingual:
    """Paragraphs of both languages gathered by script; a formula or code goes with the paragraph before it."""
    gathered: dict[str, list[Passage]] = {"zh": [], "en": []}
    current: tuple[str, ...] = LANGUAGES
    leading = 0
    for paragraph in paragraphs:
        language = language_of(paragraph.markdown)
        if language is not None:
            current = (language,)
        elif len(current) == 2:
            leading += 1
        for name in current:
            gathered[name].append(paragraph)
    # What neither script opened belongs to whichever languages follow, and is nobody's text by itself.
    texts = {name: found for name, found in gathered.items() if len(found) > leading}
    return Bilingual(*(_joined(texts.get(name, [])) for name in LANGUAGES))


def _joined(passages: list[Passage]) -> Passage | None:
    if not passages:
        return None
    return Passage("\n\n".join(passage.markdown for passage in passages), passages[0].line)
