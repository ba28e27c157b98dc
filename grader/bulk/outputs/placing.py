"""Files and folders that are whole or not there: written beside their place, then moved into it.

What is not ours is never written over: a folder is only replaced when an earlier run made all that is in it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from grader.errors import WorkshopError

MANIFEST = ".made-by-workshop"
"""Names what an earlier run put into a folder, one path a line below what the folder is for."""
LONGEST_NAME = 80
"""Bytes of a name as UTF-8: some file systems and archives take no more than about a hundred."""
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
"""What Windows takes for a device, whatever comes after a dot."""


def check_file(path: Path) -> None:
    """Raise a `WorkshopError` where no file can be put, before anything is graded for it."""
    if path.is_dir():
        raise WorkshopError(f"{shown(path)} is a folder", remedy="name a file")
    if path.exists() and not path.is_file():
        raise WorkshopError(f"{shown(path)} is not an ordinary file", remedy="name another")
    _check_parent(path)


def check_folder(path: Path, made_for: str) -> None:
    """Raise a `WorkshopError` where no folder can be put, or one is that is not ours alone."""
    _check_parent(path)
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise WorkshopError(f"{shown(path)} is there and not a folder", remedy="name another folder")
    if path.exists() and (foreign := _foreign(path, made_for)):
        raise WorkshopError(
            f"{shown(path)} holds {shown(Path(foreign))}, which no `{made_for}` has put there",
            remedy="name a new or empty folder",
        )


def shown(path: Path) -> str:
    """A path in a message: one line, with nothing in it that a terminal would obey."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in str(path)
    )


def _check_parent(path: Path) -> None:
    parent = path.absolute().parent
    if not parent.is_dir():
        raise WorkshopError(f"{shown(parent)} is no folder", remedy="make it first, or mend the path")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise WorkshopError(f"nothing can be written into {shown(parent)}", remedy="name another place")


def _foreign(folder: Path, made_for: str) -> str:
    """Something in `folder` that no earlier run of ours put there; empty when all of it is ours."""
    ours: set[str] = set()
    with suppress(OSError, UnicodeDecodeError):
        head, *names = (folder / MANIFEST).read_text("utf-8").splitlines()
        ours = {*names, MANIFEST} if head == made_for else set()
    found = (
        os.path.relpath(os.path.join(parent, name), folder)
        for parent, folders, files in os.walk(folder)
        for name in (*files, *(each for each in folders if os.path.islink(os.path.join(parent, each))))
    )
    return min((name for name in found if name not in ours), default="")


def put_file(path: Path, content: bytes) -> None:
    """Write `path` as a whole; the file that was there stays until the new one is complete."""
    try:
        mode = 0o666 & ~_umask()
        descriptor, name = tempfile.mkstemp(prefix=".workshop-", dir=path.absolute().parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            os.chmod(name, mode)
            os.replace(name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise _unwritten(path, error) from error


@contextmanager
def put_folder(path: Path, made_for: str) -> Iterator[Path]:
    """A folder to write into, which takes the place of `path` once all of it is there, and vanishes if it is not."""
    check_folder(path, made_for)
    try:
        being_made = Path(tempfile.mkdtemp(prefix=".workshop-", dir=path.absolute().parent))
        try:
            yield being_made
            names = sorted(
                os.path.relpath(os.path.join(parent, name), being_made)
                for parent, _, files in os.walk(being_made)
                for name in files
            )
            (being_made / MANIFEST).write_text("\n".join([made_for, *names, ""]), "utf-8")
            being_made.chmod(0o777 & ~_umask())
            _take_the_place(being_made, path)
        finally:
            shutil.rmtree(being_made, ignore_errors=True)
    except OSError as error:
        raise _unwritten(path, error) from error


def _take_the_place(new: Path, path: Path) -> None:
    if not path.exists():
        os.rename(new, path)
        return
    old = Path(tempfile.mkdtemp(prefix=".workshop-old-", dir=path.absolute().parent))
    os.rename(path, old / "folder")
    try:
        os.rename(new, path)
    except BaseException:
        os.rename(old / "folder", path)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _unwritten(path: Path, error: OSError) -> WorkshopError:
    return WorkshopError(
        f"{shown(path)} could not be written: {error.strerror or error}", remedy="make room, or name another place"
    )


def safe_names(texts: Iterable[str]) -> list[str]:
    """A file's name for each text, in order: readable, the same for no two, and harmless on every file system.

    Letters, digits and marks of any script stay; whatever else a name holds (separators, dots in front, control and
    direction characters, lone surrogates) becomes a hyphen.
    """
    taken: set[str] = set()
    return [_unlike(_safe(text), taken) for text in texts]


def _safe(text: str) -> str:
    letters = (
        letter if unicodedata.category(letter)[0] in "LN" or letter in "-_.@" else "-"
        for letter in unicodedata.normalize("NFC", text[:1000])
    )
    name = "-".join(part for part in "".join(letters).split("-") if part).strip("-. ")
    name = _cut(name, LONGEST_NAME)
    if name.partition(".")[0].casefold() in RESERVED:
        name = f"_{name}"
    return name or "unnamed"


def _cut(name: str, most: int) -> str:
    return name.encode("utf-8")[:most].decode("utf-8", "ignore").strip("-. ")


def _unlike(name: str, taken: set[str]) -> str:
    """`name`, or with a number behind it: some file systems tell no capitals apart, nor how a letter is composed."""
    wanted, number = name, 1
    while _folded(wanted) in taken:
        number += 1
        wanted = f"{name}-{number}"
    taken.add(_folded(wanted))
    return wanted


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def check_apart(paths: Sequence[Path]) -> None:
    """Raise a `WorkshopError` when one of several outputs would be written over another, or into it."""
    places = [Path(os.path.abspath(path)) for path in paths]
    for number, one in enumerate(places):
        for other in places[:number]:
            if one == other or one in other.parents or other in one.parents:
                raise WorkshopError(
                    f"two outputs would be written to {shown(one)}", remedy="give each a place of its own"
                )
