"""What comes out of an archive, and why something does not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grader.errors import WorkshopError


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may come out of one archive; `nesting` is how many archives deep an archive is still opened."""

    entries: int = 5_000
    file_bytes: int = 8 * 1024 * 1024
    total_bytes: int = 256 * 1024 * 1024
    ratio: int = 200
    """Bytes out for each byte in, from `ratio_from` bytes on."""
    ratio_from: int = 4 * 1024 * 1024
    nesting: int = 1
    path_characters: int = 240
    nested_bytes: int = 256 * 1024 * 1024
    """Of an archive inside another, which is held as a whole: all of it is taken, or nothing."""
    nested_entries: int = 5_000
    """Of one of them, so that it alone never uses up what all may hold."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it came out."""

    path: str
    content: bytes


class Reason(StrEnum):
    """Why an entry was skipped, or a whole archive refused."""

    CLUTTER = "clutter"
    TRAVERSAL = "traversal"
    ABSOLUTE = "absolute"
    BACKSLASH = "backslash"
    HIDDEN_CHARACTERS = "hidden-characters"
    NAMELESS = "nameless"
    LONG_NAME = "long-name"
    TWICE = "twice"
    LINK = "link"
    DEVICE = "device"
    ENCRYPTED = "encrypted"
    METHOD = "method"
    LARGE = "large"
    DAMAGED = "damaged"
    CONTRADICTORY = "contradictory"
    NESTED = "nested"
    BOMB = "bomb"
    TOO_MANY = "too-many"
    TOO_MUCH = "too-much"
    OVERLAPPING = "overlapping"
    CUT_OFF = "cut-off"
    UNKNOWN = "unknown"

    @property
    def harmless(self) -> bool:
        """Whether it is nothing that anybody wrote: what systems leave behind."""
        return self is Reason.CLUTTER


SENTENCES = {
    Reason.CLUTTER: "left behind by an operating system or an editor",
    Reason.TRAVERSAL: "its path leads out of the archive ('..'): rename it and make the archive again",
    Reason.ABSOLUTE: "its path is absolute: make the archive from inside the folder",
    Reason.BACKSLASH: "its name holds a backslash: make the archive again with another program",
    Reason.HIDDEN_CHARACTERS: "its name holds control characters or direction marks: rename it",
    Reason.NAMELESS: "it has no name",
    Reason.LONG_NAME: "its path is too long: shorten it",
    Reason.TWICE: "another entry has the same path: only the first one is read",
    Reason.LINK: "it is a link: put the file itself into the archive",
    Reason.DEVICE: "it is a device or a pipe, no file",
    Reason.ENCRYPTED: "it is encrypted: make the archive again without a password",
    Reason.METHOD: "it is packed in a way that is not read here: make an ordinary zip",
    Reason.LARGE: "it is too large",
    Reason.DAMAGED: "it is damaged: what comes out is not what the archive says",
    Reason.CONTRADICTORY: "the archive says two different things about it: make the archive again",
    Reason.NESTED: "an archive in an archive in an archive: unpack it first",
    Reason.BOMB: "it unpacks to very much more than it holds: it is an archive bomb, or was made like one",
    Reason.TOO_MANY: "it holds too many entries: divide it",
    Reason.TOO_MUCH: "it unpacks to too many bytes: divide it",
    Reason.OVERLAPPING: "its entries share bytes: it is an archive bomb, or was made like one",
    Reason.CUT_OFF: "it is cut off or damaged: send it again",
    Reason.UNKNOWN: "it is no zip and no tar archive: make a zip",
}
"""For the command line; pages have words of their own."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that was not taken.  `path` is to be shown only; where it hid something, that is escaped."""

    path: str
    reason: Reason

    @property
    def sentence(self) -> str:
        """Why, and what to do."""
        return SENTENCES[self.reason]


class ArchiveRefused(WorkshopError):
    """Nothing of this archive may be used."""

    def __init__(self, reason: Reason) -> None:
        problem, _, remedy = SENTENCES[reason].partition(": ")
        super().__init__(f"the archive cannot be read: {problem}", remedy=remedy)
        self.reason = reason


class EntryFault(Exception):
    """One entry cannot be taken; never leaves this package."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
