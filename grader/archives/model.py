"""What comes out of an archive, and why something does not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grader.errors import WorkshopError
from grader.verdict import Words


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
    Reason.CLUTTER: Words(
        "操作系统或编辑器留下的文件",
        "left behind by an operating system or an editor",
    ),
    Reason.TRAVERSAL: Words(
        "路径指向压缩包之外（..）：请改名后重新打包",
        "its path leads out of the archive ('..'): rename it and make the archive again",
    ),
    Reason.ABSOLUTE: Words(
        "路径是绝对路径：请在文件夹里面打包",
        "its path is absolute: make the archive from inside the folder",
    ),
    Reason.BACKSLASH: Words(
        "名字中有反斜杠：请换一个程序重新打包",
        "its name holds a backslash: make the archive again with another program",
    ),
    Reason.HIDDEN_CHARACTERS: Words(
        "名字中有控制字符或方向标记：请改名",
        "its name holds control characters or direction marks: rename it",
    ),
    Reason.NAMELESS: Words("没有名字", "it has no name"),
    Reason.LONG_NAME: Words("路径太长：请缩短", "its path is too long: shorten it"),
    Reason.TWICE: Words(
        "另一个文件路径相同：只读取先出现的那个",
        "another entry has the same path: only the first one is read",
    ),
    Reason.LINK: Words(
        "这是链接，可能指向别人的作业：请把文件本身放进压缩包",
        "it is a link: put the file itself into the archive",
    ),
    Reason.DEVICE: Words("这是设备或管道，不是文件", "it is a device or a pipe, no file"),
    Reason.ENCRYPTED: Words(
        "已加密：请不设密码重新打包",
        "it is encrypted: make the archive again without a password",
    ),
    Reason.METHOD: Words(
        "压缩方式这里读不了：请打成普通的 zip",
        "it is packed in a way that is not read here: make an ordinary zip",
    ),
    Reason.LARGE: Words("太大", "it is too large"),
    Reason.DAMAGED: Words(
        "已损坏：解出的内容与压缩包所记不符",
        "it is damaged: what comes out is not what the archive says",
    ),
    Reason.CONTRADICTORY: Words(
        "压缩包对它的记载自相矛盾：请重新打包",
        "the archive says two different things about it: make the archive again",
    ),
    Reason.NESTED: Words(
        "压缩包里的压缩包里还有压缩包：请先解开",
        "an archive in an archive in an archive: unpack it first",
    ),
    Reason.BOMB: Words(
        "解开后远远大于自身：这是压缩炸弹，或做得像压缩炸弹",
        "it unpacks to very much more than it holds: it is an archive bomb, or was made like one",
    ),
    Reason.TOO_MANY: Words("里面的项太多：请分成几个压缩包", "it holds too many entries: divide it"),
    Reason.TOO_MUCH: Words("解开后的字节太多：请分成几个压缩包", "it unpacks to too many bytes: divide it"),
    Reason.OVERLAPPING: Words(
        "里面的各项共用字节：这是压缩炸弹，或做得像压缩炸弹",
        "its entries share bytes: it is an archive bomb, or was made like one",
    ),
    Reason.CUT_OFF: Words("不完整或已损坏：请重新提交", "it is cut off or damaged: send it again"),
    Reason.UNKNOWN: Words("既不是 zip 也不是 tar：请打成 zip", "it is no zip and no tar archive: make a zip"),
}
"""For the command line and its report; pages of the web have words of their own, which say the same."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that was not taken.  `path` is to be shown only; where it hid something, that is escaped."""

    path: str
    reason: Reason

    @property
    def words(self) -> Words:
        """Why, and what to do."""
        return SENTENCES[self.reason]


class ArchiveRefused(WorkshopError):
    """Nothing of this archive may be used."""

    def __init__(self, reason: Reason) -> None:
        problem, _, remedy = SENTENCES[reason].en.partition(": ")
        super().__init__(f"the archive cannot be read: {problem}", remedy=remedy)
        self.reason = reason

    @property
    def words(self) -> Words:
        """Why, and what to do."""
        why = SENTENCES[self.reason]
        return Words(f"压缩包无法读取：{why.zh.replace('：', '；')}", f"the archive cannot be read: {why.en}")


class EntryFault(Exception):
    """One entry cannot be taken; never leaves this package."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
