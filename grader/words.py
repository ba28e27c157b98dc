"""The sentences a verdict says in both languages when no single test can say it."""

from __future__ import annotations

from collections.abc import Sequence

from grader.quantities import Trouble, Unread
from grader.syntax_words import with_meaning
from grader.verdict import Raised, Words
from questions.bilingual import split


def told(message: str, language: str) -> str:
    """A test's message in `language`; a bank writes its messages as `中文 | English`, on their first line."""
    first, separator, rest = message.partition("\n")
    halves = split(first)
    return f"{halves[language == 'en']}{separator}{rest}" if halves else message


def timed_out(seconds: float, at: tuple[int, ...] = ()) -> Words:
    """`at` are the lines it was on, the innermost last."""
    line = _still_in(at)
    return Words(
        f"代码没有在限定时间内运行完：处理器时间最多 {seconds:g} 秒，空等也有上限。{line.zh}"
        "此前通过的测试保留得分，其余测试没有运行。",
        f"Your code did not finish in its time: it has {seconds:g} s of processor time, and idle waiting is limited "
        f"too. {line.en} What passed before keeps its points; the other tests did not run.",
    )


def _still_in(at: tuple[int, ...]) -> Words:
    if not at:
        return Words("请检查有没有停不下来的循环。", "Look for a loop that never ends.")
    return Words(f"时间用完时还在执行第 {at[-1]} 行。", f"It was still in line {at[-1]}.")


def out_of_memory(megabytes: int) -> Words:
    return Words(
        f"代码需要的内存超过了 {megabytes} MB 的上限。请检查哪个张量或列表大得超出了题目需要。"
        "此前通过的测试保留得分，其余测试没有运行。",
        f"Your code asked for more than its {megabytes} MB of memory. Look for a tensor or list larger than the item "
        "needs. What passed before keeps its points; the other tests did not run.",
    )


def crashed(detail: str) -> Words:
    return Words(
        f"运行代码的进程中途结束了（{_ending_in_chinese(detail)}）。"
        "此前通过的测试保留得分，其余测试没有运行。",
        f"The process running your code ended before the tests did ({detail}). "
        "What passed before keeps its points; the other tests did not run.",
    )


def _ending_in_chinese(detail: str) -> str:
    return detail.replace("exit status", "退出码").replace("signal", "信号")


def crashed_hidden() -> Words:
    return Words(
        "运行代码的进程在隐藏测试中途结束了。此前通过的测试保留得分，其余测试没有运行。",
        "The process running your code ended during a hidden test. "
        "What passed before keeps its points; the other tests did not run.",
    )


def sandbox_ended_twice() -> Words:
    return Words(
        "运行这份代码时，沙箱本身两次意外结束，测试没有运行。正常的代码做不到这一点；"
        "如果你认为原因不在你的代码，请告诉老师，让它重新评分。",
        "The sandbox itself ended twice while this submission ran, so no test was run. Code that does what the item "
        "asks cannot cause this; if you think yours did not, tell your instructor and have it graded again.",
    )


def examiner_ended_twice() -> Words:
    return Words(
        "检查这份代码的结果时，测试进程两次意外结束；同样的测试检查参考答案时一切正常。因此没有测试得分。"
        "如果你认为原因不在你的代码，请告诉老师，让它重新评分。",
        "The process that tests your code ended twice over what your code returned; the same tests run to their end on "
        "the reference. No test counts. If you think the cause is not yours, tell your instructor.",
    )


def program_timed_out(seconds: float, at: tuple[int, ...] = ()) -> Words:
    line = _still_in(at)
    return Words(
        f"程序没有在限定时间内运行完：单独运行时处理器时间最多 {seconds:g} 秒，空等也有上限。{line.zh}"
        "测试另行运行，不受影响。",
        f"Your program did not finish in its time: run by itself it has {seconds:g} s of processor time, and idle "
        f"waiting is limited too. {line.en} The tests were run all the same.",
    )


def program_out_of_memory(megabytes: int) -> Words:
    return Words(
        f"程序需要的内存超过了 {megabytes} MB 的上限。测试另行运行，不受影响。",
        f"Your program asked for more than its {megabytes} MB of memory. The tests were run all the same.",
    )


def program_crashed(detail: str) -> Words:
    return Words(
        f"运行程序的进程中途结束了（{_ending_in_chinese(detail)}）。测试另行运行，不受影响。",
        f"The process running your program ended early ({detail}). The tests were run all the same.",
    )


def program_raised(raised: Raised) -> Words:
    """How a program ended that did not end well."""
    if raised.type in (*_SYNTAX, "ModuleNotFoundError"):
        return not_loaded(raised)
    line = raised.lines[-1] if raised.lines else None
    at_zh = f"在第 {line} 行" if line else ""
    at_en = f" on line {line}" if line else ""
    if raised.type == "SystemExit":
        status = "" if raised.message.lstrip("-").isdigit() else " 1"
        return Words(
            f"程序{at_zh}自行退出，退出码{status or ' ' + raised.message}。",
            f"Your program ended itself{at_en} with exit status{status or ' ' + raised.message}.",
        )
    colon_zh, colon_en = ("：", ": ") if raised.message else ("", "")
    return Words(
        f"程序{at_zh}抛出了 {raised.type}{colon_zh}{raised.message}",
        f"Your program raised {raised.type}{at_en}{colon_en}{raised.message}",
    )


def not_text() -> Words:
    return Words(
        "提交的内容不是 UTF-8 文本。请以 UTF-8 编码保存文件后重新提交。",
        "The submission is not UTF-8 text. Save the file as UTF-8 and submit it again.",
    )


def too_large(limit: int) -> Words:
    return Words(
        f"提交的内容超过了 {limit // 1024} KiB。请只提交本题要求的代码。",
        f"The submission is larger than {limit // 1024} KiB. Submit only the code this item asks for.",
    )


def missing_names(missing: tuple[str, ...], nearest: tuple[str, ...]) -> Words:
    names = ", ".join(f"`{name}`" for name in missing)
    zh = f"代码里没有定义 {names}。"
    en = f"Your code does not define {names}."
    if nearest:
        close = ", ".join(f"`{name}`" for name in nearest)
        zh += f"它定义了名字相近的 {close}；请检查拼写与大小写。"
        en += f" It does define {close}; check spelling and case."
    return Words(zh, en)


_SYNTAX = ("SyntaxError", "IndentationError", "TabError")


def not_loaded(raised: Raised, allowed: str = "torch, numpy, einops") -> Words:
    """Why a submission could not be loaded."""
    line = raised.lines[-1] if raised.lines else None
    at_zh = f"第 {line} 行" if line else ""
    at_en = f" on line {line}" if line else ""
    if raised.type in _SYNTAX:
        said = with_meaning(raised.message)
        return Words(f"{at_zh}有语法错误：{said.zh}。", f"There is a syntax error{at_en}: {said.en}.")
    if raised.type == "ModuleNotFoundError":
        return Words(
            f"{at_zh}导入失败：{raised.message}。提交的代码可以使用标准库以及 {allowed.replace(', ', '、')}。",
            f"An import failed{at_en}: {raised.message}. A submission may use the standard library, {allowed}.",
        )
    return Words(
        f"代码在加载时{at_zh}抛出了 {raised.type}：{raised.message}",
        f"Your code raised {raised.type} while it was loaded{at_en}: {raised.message}",
    )


def no_such_option(options: int, *, multiple: bool) -> Words:
    """What was sent names no options of the item, or more than may be chosen."""
    if multiple:
        return Words(
            f"这不是本题选项的编号。请从 1 到 {options} 中选出所有正确的选项，再提交一次。",
            f"These are not numbers of the options. Choose from 1 to {options} all that are right, and submit again.",
        )
    return Words(
        f"本题只选一项，编号从 1 到 {options}。请选一项后再提交一次。",
        f"This item takes exactly one option, with a number from 1 to {options}. Choose one and submit again.",
    )


def not_a_quantity(unread: Unread, units: Sequence[str]) -> Words:
    """Why what was typed is not the quantity that was asked for, and how to write it."""
    zh_units, en_units = "、".join(f"`{unit}`" for unit in units), ", ".join(f"`{unit}`" for unit in units)
    unit = f"`{''.join(letter for letter in unread.unit[:60] if letter.isprintable() and letter != '`')}`"
    match unread.trouble:
        case Trouble.TOO_LARGE:
            return Words(
                "这个数大得无法比较。请检查指数，或换一个更大的单位。",
                "This number is too large to be compared. Check its exponent, or use a larger unit.",
            )
        case Trouble.UNIT_MISSING:
            return Words(
                f"数已读懂，但还缺单位。请在数的后面写上单位：{zh_units}。",
                f"The number is read, but its unit is missing. Write one behind it: {en_units}.",
            )
        case Trouble.UNIT_UNKNOWN:
            return Words(
                f"数已读懂，但本题不认识单位 {unit}。可以用的单位是：{zh_units}。",
                f"The number is read, but {unit} is no unit of this item. It takes: {en_units}.",
            )
        case Trouble.UNIT_TWICE:
            return Words(
                f"写了两个不同的单位：{unit}。请只留一个。",
                f"Two different units are given: {unit}. Keep one of them.",
            )
        case Trouble.NO_UNIT_ASKED:
            return Words(
                f"本题只要一个数，后面的 {unit} 没有读懂。请只写数。",
                f"This item asks for a number alone, and {unit} behind it was not understood. Write just the number.",
            )
    return Words(
        "没有读出一个数。可以这样写：`0.5`、`1/2`、`1024`、`1,024`、`1e-3`、`1.5×10^3`。请写算好的结果，不要写算式。",
        "No number was found in this. Write it like `0.5`, `1/2`, `1024`, `1,024`, `1e-3` or `1.5×10^3`, worked out "
        "and not as a sum.",
    )
