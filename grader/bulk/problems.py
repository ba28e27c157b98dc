"""Why something is not graded, in both languages: every sentence there is for it.

English is for the terminal and for files that programs read; pages, JSON and Gradescope have both.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass

from grader.bulk.lists import AND, either, listed
from grader.naming.notebooks import MOST_BYTES as MOST_OF_NOTEBOOK
from grader.verdict import Words


@dataclass(frozen=True, slots=True)
class Problem(Words):
    """Why something is not graded: one line in each language for whoever runs the command, with the remedy."""

    shorter: Words | None = None
    """What a student is told where that is less: nothing of what only whoever runs the command can do about it."""

    def __bool__(self) -> bool:
        return bool(self.en)

    @property
    def for_student(self) -> Words:
        """What a student is told."""
        return self.shorter or self


NO_PROBLEM = Problem("", "")
SAY_WHICH = Words("请用 --map PATTERN=ITEM 指明", "say which with --map PATTERN=ITEM")
"""The remedy where nothing says which item a file answers: one for whoever runs the command."""


def of_words(words: Words) -> Problem:
    """That something is so, of which there is nothing more to know."""
    return Problem(words.zh, words.en)


def _say_which(zh: str, en: str, zh_stop: str = "：", en_stop: str = ": ") -> Problem:
    return Problem(f"{zh}{zh_stop}{SAY_WHICH.zh}", f"{en}{en_stop}{SAY_WHICH.en}", Words(zh, en))


# Files and folders ----------------------------------------------------------------------------------------------------

_OF_THE_SYSTEM = {
    errno.EACCES: "没有读取权限",
    errno.EINVAL: "系统不接受这样的操作",
    errno.EIO: "磁盘或网络读取出错",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ELOOP: "链接太多层",
    errno.EMFILE: "同时打开的文件太多",
    errno.ENAMETOOLONG: "名字太长",
    errno.ENFILE: "同时打开的文件太多",
    errno.ENODEV: "没有这个设备",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOMEM: "内存不足",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENXIO: "不是能读取的文件",
    errno.EPERM: "系统不允许读取",
    errno.ESTALE: "网络上的文件已不在原处",
    errno.ETIMEDOUT: "读取超时",
}
"""What the errors mean that reading may meet; the system itself says them in English."""


def _why(error: OSError) -> Words:
    name = errno.errorcode.get(error.errno or 0, "")
    known = _OF_THE_SYSTEM.get(error.errno or 0, f"系统报告错误 {name}" if name else "系统没有说明原因")
    return Words(known, error.strerror or str(error))


def cannot_be_read(error: OSError) -> Problem:
    why = _why(error)
    return Problem(f"无法读取：{why.zh}", f"cannot be read: {why.en}")


def folder_cannot_be_read(error: OSError) -> Problem:
    why = _why(error)
    return Problem(f"文件夹无法读取：{why.zh}", f"the folder cannot be read: {why.en}")


def link() -> Problem:
    return Problem(
        "这是链接，可能指向别人的作业：请给出文件本身", "a link, which may name another's work: name the file itself"
    )


def no_file() -> Problem:
    return Problem("不是文件", "not a file")


def empty_archive() -> Problem:
    return Problem("压缩包是空的", "the archive is empty")


def too_large(size: int, most: int) -> Problem:
    return Problem(
        f"太大：有 {size:,} 字节，最多读取 {most:,} 字节", f"too large: {size:,} bytes, where {most:,} are read"
    )


def words_where_code_is_asked() -> Problem:
    return Problem(
        "里面是文字答案，而本题要的是代码：请给 .py 文件或笔记本",
        "holds answers in words, and the item asks for code: give .py files or notebooks",
    )


OF_CONTENTS = {
    "not-text": Problem(
        "这不是文本：是二进制文件，或用了这里读不了的编码；请存为 UTF-8",
        "no text: a binary file, or in an encoding that is not read here; save it as UTF-8",
    ),
    "empty": Problem("文件是空的：里面没有可以评分的内容", "empty: there is nothing to grade in it"),
    "notebook-large": Problem(
        f"笔记本超过 {MOST_OF_NOTEBOOK // 2**20} MiB：请清除输出后重新保存",
        f"the notebook is larger than {MOST_OF_NOTEBOOK // 2**20} MiB: clear its outputs",
    ),
    "notebook-malformed": Problem(
        "笔记本无法读取，可能已损坏，也可能根本不是笔记本：请在 Jupyter 中重新保存",
        "no notebook, or a damaged one: save it again in Jupyter",
    ),
    "notebook-language": Problem("笔记本用的不是 Python", "a notebook of another language than Python"),
    "notebook-no-code": Problem("笔记本里没有代码", "the notebook holds no cell with code"),
}
"""By the codes of `grader.naming.contents`, but for `too-large`, which says how large."""


# Lines of JSON --------------------------------------------------------------------------------------------------------


def no_json() -> Problem:
    return Problem("这一行不是 JSON", "not a line of JSON")


def no_answer() -> Problem:
    return Problem('这一行不是 {"id": ..., "text": ...} 的形式', 'not of the form {"id": ..., "text": ...}')


def same_id(line: int) -> Problem:
    return Problem(f"第 {line} 行的 id 与此相同，以那一行为准", f"line {line} has the same id, and is what is graded")


# Which item -----------------------------------------------------------------------------------------------------------


def may_mean(items: Sequence[str]) -> Problem:
    which = either(items)
    return _say_which(f"从名字看可能是 {which.zh}", f"its name may mean {which.en}")


def nothing_says_which(*, code: bool) -> Problem:
    zh, en = "名字里没有题目的 id", "its name holds no item's id"
    if code:
        zh = "没有定义任何一道题要求的内容，名字里也没有题目的 id"
        en = f"it defines nothing that an item asks for, and {en}"
    return _say_which(f"看不出回答的是哪道题：{zh}", f"nothing says which item it answers: {en}", "；", "; ")


def several_ask_for(names: Sequence[str], items: Sequence[str]) -> Problem:
    which = either(items, AND)
    return _say_which(
        f"其中定义了 {'、'.join(names)}，{which.zh} 都有这样的要求",
        f"it defines {', '.join(names)}, which {which.en} ask for",
    )


def no_such_item(item: str, near: Sequence[str]) -> Problem:
    zh = f"；是不是 {' 或 '.join(near)}？" if near else ""
    en = f"; did you mean {' or '.join(near)}?" if near else ""
    return Problem(f"以文字作答的题目中没有 {item!r}{zh}", f"there is no item {item!r} that asks for words{en}")


def no_item() -> Problem:
    return Problem("找不到它回答的题目", "there is no item that it answers")


# Which of somebody's files --------------------------------------------------------------------------------------------


def another_is_graded(student: str, item: str, path: str, *, alone: bool) -> Problem:
    zh = "请单独指明算数的那个文件" if alone else "请只留下算数的那个文件"
    en = "name the one that counts by itself" if alone else "leave only the one that counts"
    return Problem(
        f"{student} 的 {item} 已按另一个文件评分：{path}；{zh}",
        f"another file of {student} is graded for {item}: {path}; {en}",
    )


def none_can_be_graded(names: Sequence[str], endings: Sequence[str]) -> Problem:
    what = listed([Words(name, name) for name in names])
    return Problem(
        f"没有能评分的文件：交来的是 {what.zh}，而能评分的是 {'、'.join(endings)}；请补交一份，或由人工评分",
        f"no file that can be graded: of {what.en} none is {', '.join(endings)}; ask for one, or mark it by hand",
    )


def nothing_in_it(endings: Sequence[str]) -> Problem:
    return Problem(
        f"里面没有能在这里评分的文件（{'、'.join(endings)}）", f"nothing in it can be graded ({', '.join(endings)})"
    )


# The platform itself --------------------------------------------------------------------------------------------------


def bank_at_fault(why: str) -> Problem:
    """`why` is what the fault says, in English, of the bank's own code."""
    return Problem("题目自带的代码出了问题，要等题目修好才能评分；这不是提交的问题", why)


def no_sandbox(why: str) -> Problem:
    return Problem("运行代码的沙箱试了两次都不可用，因此没有评分；这不是提交的问题，重新评分即可", why)


def grader_failed_twice(why: str) -> Problem:
    return Problem("评分程序自身两次出了故障，因此没有评分；这不是提交的问题，重新评分即可", why)


def cannot_be_graded(why: str) -> Problem:
    return Problem("这道题现在无法评分；这不是提交的问题", why)


def grader_erred(error: Exception) -> Problem:
    kind = type(error).__name__
    return Problem(f"评分程序出了意外的错误 {kind}，因此没有评分；这不是提交的问题，重新评分即可", f"{kind}: {error}")
