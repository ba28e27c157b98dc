"""The names of entries: which letters the bytes mean, and which names are taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from grader.archives.model import EntryFault, Reason

CLUTTER_FOLDERS = frozenset({"__macosx", "__pycache__", ".git", ".ipynb_checkpoints", ".idea", ".vscode", ".svn"})
CLUTTER_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".gitignore", ".gitattributes"})
_DRIVE = re.compile(r"[A-Za-z]:")
_SHOWN = 200
LONGEST = 4096
"""Letters of a name that are looked at, as many as a path may have bytes in Linux; most readers take far fewer."""


def codec_for(names: Sequence[bytes]) -> str:
    """The encoding of names that do not say theirs, as those of one archive have it in common.

    UTF-8 proves itself.  Windows in China writes GBK, in Japan Shift-JIS, elsewhere CP437.  A name in the one often
    reads as something in another, so what speaks for a language is what people write in it: the 6,763 everyday
    characters of GB 2312, or kana.
    """
    unclear = [name for name in names if not name.isascii()]
    if _all_read(unclear, "utf-8"):
        return "utf-8"
    if _all_read(unclear, "shift_jis") and _has_kana("".join(name.decode("shift_jis") for name in unclear)):
        return "shift_jis"
    for codec in ("gb2312", "gbk", "shift_jis"):
        if _all_read(unclear, codec) and _is_mostly_han("".join(name.decode(codec) for name in unclear)):
            return codec
    return "cp437"


def _all_read(names: Sequence[bytes], codec: str) -> bool:
    try:
        for name in names:
            name.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _has_kana(text: str) -> bool:
    """Whole kana; halves of them are what GBK looks like when it is read as Shift-JIS."""
    return any("぀" <= letter <= "ヿ" for letter in text) and not any("｡" <= letter <= "ﾟ" for letter in text)


def _is_mostly_han(text: str) -> bool:
    """Whether what is not ASCII is Chinese characters or full-width signs."""
    foreign = [letter for letter in text if not letter.isascii()]
    return all("一" <= letter <= "鿿" or "　" <= letter <= "〿" or "！" <= letter <= "～" for letter in foreign)


def decoded(name: bytes, codec: str) -> str:
    """The letters of a name."""
    try:
        return name.decode(codec)
    except UnicodeDecodeError:
        return name.decode("cp437")


def safe_path(name: str, longest: int) -> str:
    """The path that is given out for a name; folders end in a slash.  Raises `EntryFault`."""
    if len(name) > LONGEST:  # before it is normalised, which takes the square of a name's length
        raise EntryFault(Reason.LONG_NAME)
    if any(hidden(letter) for letter in name):
        raise EntryFault(Reason.HIDDEN_CHARACTERS)
    name = unicodedata.normalize("NFC", name)
    if "\\" in name:
        raise EntryFault(Reason.BACKSLASH)
    if name.startswith("/") or _DRIVE.match(name):
        raise EntryFault(Reason.ABSOLUTE)
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise EntryFault(Reason.TRAVERSAL)
    if not parts:
        raise EntryFault(Reason.NAMELESS)
    path = "/".join(parts)
    if len(path) > longest:
        raise EntryFault(Reason.LONG_NAME)
    return path + "/" if name.endswith("/") else path


def hidden(letter: str) -> bool:
    """Whether a letter is one nobody sees: controls, direction marks, halves of pairs, line separators."""
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def is_clutter(path: str) -> bool:
    """Whether a path is what systems and editors leave behind."""
    *folders, name = path.rstrip("/").lower().split("/")
    if path.endswith("/"):
        folders.append(name)
    return any(folder in CLUTTER_FOLDERS for folder in folders) or name in CLUTTER_FILES or name.startswith("._")


def same_key(path: str) -> str:
    """What two paths have in common that some file system holds for one."""
    return unicodedata.normalize("NFKC", path).casefold()


def shown(name: str) -> str:
    """A name for a person's eyes: what could not be seen is escaped, what is endless is cut."""
    text = "".join(
        letter.encode("unicode_escape").decode("ascii") if hidden(letter) else letter for letter in name[:_SHOWN]
    )
    return text + "…" if len(name) > _SHOWN else text
