"""Every word of the interface exists in Chinese, with the placeholders of the English one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import webapp

ROOM = Path(webapp.__file__).parent
CATALOGUES = sorted((ROOM / "translations" / "zh" / "LC_MESSAGES").glob("*.po"))
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2), "_n": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|(?<![%\w])\{\w+\}")
HAN = re.compile("[\u4e00-\u9fff]")
# What is the same in both languages, is only punctuation, or a word that Chinese does without.
SAME = {", ", "on %(day)s", "“%(title)s”"}


def wanted() -> dict[str, str]:
    """Every message id with the file that uses it."""
    found = {}
    for method, pattern in (("jinja2", "templates/**.html"), ("python", "**.py")):
        for name, _line, message, _comments, _context in extract_from_dir(
            ROOM,
            method_map=[("assets/**", "ignore"), ("static/**", "ignore"), (pattern, method)],
            keywords=KEYWORDS,
        ):
            found[message if isinstance(message, str) else message[0]] = name
    return found


def translated() -> dict[str, list[tuple[str, ...]]]:
    words: dict[str, list[tuple[str, ...]]] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            for entry in read_po(file, locale="zh"):
                if entry.id:
                    key = entry.id if isinstance(entry.id, str) else entry.id[0]
                    texts = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
                    words.setdefault(key, []).append(texts)
    return words


def test_every_word_is_translated():
    words = translated()
    missing = {
        message: name
        for message, name in wanted().items()
        if not all(map(all, words.get(message, [()]))) or message not in words
    }
    assert missing == {}


def test_placeholders_survive_translation():
    for path in CATALOGUES:
        with path.open("rb") as file:
            entries = list(read_po(file, locale="zh"))
        for entry in entries:
            english = entry.id if isinstance(entry.id, tuple | list) else (entry.id,)
            texts = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
            allowed = set(PLACEHOLDER.findall(" ".join(english)))
            for text in texts if entry.id else ():
                assert set(PLACEHOLDER.findall(text)) == allowed, entry.id


def test_chinese_words_are_chinese():
    english = [
        message
        for message, entries in translated().items()
        for texts in entries
        for text in texts
        if not HAN.search(text) and message not in SAME
    ]
    assert english == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_no_translation_is_marked_as_doubtful(path):
    with path.open("rb") as file:
        assert [entry.id for entry in read_po(file, locale="zh") if entry.id and entry.fuzzy] == []
