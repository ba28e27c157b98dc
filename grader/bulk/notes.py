"""What was left out or guessed while reading a submission, a sentence each in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from grader.bulk.lists import AND, either, listed
from grader.naming import Chosen, Judged
from grader.numbers_shown import counted
from grader.verdict import Words

_CHOSEN = {
    Chosen.NAMED: Words("与题目同名", "it is called like the item"),
    Chosen.USUAL: Words("名字像是答案", "it is called like files that hold an answer"),
    Chosen.NEWEST: Words("从名字看最新", "its name says that it is the newest"),
    Chosen.FIRST: Words("看不出该取哪个，取了排在最前的", "nothing says which one counts, and it comes first"),
}
_DEFINES_MOST = Words("题目要求的内容定义得最全", "it defines most of what is asked")


def of_reading(result: Judged) -> tuple[Words, ...]:
    """How what is judged was made of a file."""
    notes = []
    if cells := result.cells:
        notes.append(Words(f"取自笔记本中的 {cells} 个代码单元", f"the code of {counted(cells, 'cell')} of a notebook"))
    if lines := result.left_out:
        notes.append(
            Words(
                f"略去 {lines:,} 行只有 IPython 认识的命令（魔法命令、终端命令）",
                f"{counted(lines, 'line')} left out that only IPython understands (magics, shell)",
            )
        )
    if result.encoding:
        notes.append(Words(f"按 {result.encoding} 编码读取", f"read as {result.encoding}"))
    return tuple(notes)


# Which item -----------------------------------------------------------------------------------------------------------


def also_defines(items: Sequence[str]) -> Words:
    which = either(items, Words("和", "or"))
    return Words(f"其中还定义了 {which.zh} 要求的内容", f"it also defines what {which.en} asks for")


def graded_for_each(items: Sequence[str]) -> Words:
    which = either(items, AND)
    return Words(
        f"其中定义了 {which.zh} 要求的内容，各题分别评分",
        f"it defines what {which.en} ask for, and is graded for each",
    )


def defines_only(names: Sequence[str], item: str) -> Words:
    return Words(
        f"{item} 要求的内容中只定义了 {'、'.join(names)}", f"it defines only {', '.join(names)} of what {item} asks for"
    )


def named_otherwise(items: Sequence[str]) -> Words:
    which = either(items)
    return Words(f"从名字看却是 {which.zh}", f"its name says {which.en}")


# Which of somebody's files --------------------------------------------------------------------------------------------


def one_of(count: int, why: Chosen | None, others: Sequence[str]) -> Words:
    """That it was chosen: for what its name says, else (None) for what it defines."""
    reason = _CHOSEN.get(why, _DEFINES_MOST) if why is not None else _DEFINES_MOST
    rest = left([plain(name) for name in others])
    return Words(f"{count} 个文件之一：{reason.zh}；{rest.zh}", f"one of {count} files: {reason.en}; {rest.en}")


def every_one(count: int, *, of_one: bool) -> Words:
    """That all files of a folder are graded: they are one person's, or may be several people's."""
    zh, en = ("以最好的一份为准", "the best counts") if of_one else ("可能分属不同的人", "each may be somebody's")
    return Words(
        f"文件夹中有 {count} 个这样的文件，全部评分：{zh}",
        f"one of {count} files in a folder, and every one is graded: {en}",
    )


def left(files: Sequence[Words]) -> Words:
    """What was not graded."""
    what = listed(files)
    return Words(f"没有评分的：{what.zh}", f"left: {what.en}")


def plain(name: str) -> Words:
    """A file that was left."""
    return Words(name, name)


def and_why(name: str, why: Words) -> Words:
    """A file that was left with the reason."""
    return Words(f"{name}（{why.zh}）", f"{name} ({why.en})")


def defines_nothing(name: str) -> Words:
    """A file that was left because of what it does not define."""
    return and_why(name, Words("没有定义任何一道题要求的内容", "it defines nothing that an item asks for"))
