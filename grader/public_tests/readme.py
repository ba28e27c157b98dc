"""What a handout says about itself, in both languages."""

from __future__ import annotations

from grader.public_tests.selection import PublicSuite
from questions.model import Bilingual, Item


def readme(item: Item, suite: PublicSuite, submission: str, tests: str) -> str:
    """What to do, how to run the tests, and what their passing means."""
    return (
        "\n\n".join(
            [heading(item), *_chinese(item, suite, submission, tests), *_english(item, suite, submission, tests)]
        )
        + "\n"
    )


def heading(item: Item) -> str:
    """The title in both languages."""
    zh, en = item.title.get("zh"), item.title.get("en")
    return f"# {zh}" if zh == en else f"# {zh} | {en}"


def question(text: Bilingual, language: str) -> str:
    """What is asked, where it is written in that language."""
    passage = text.zh if language == "zh" else text.en
    return passage.markdown.strip() if passage else ""


def _chinese(item: Item, suite: PublicSuite, submission: str, tests: str) -> list[str]:
    asked = question(item.question, "zh")
    parts = [
        "## 做什么",
        *([asked] if asked else []),
        f"把代码写进 `{submission}`，然后在这个文件夹里运行公开测试：",
        "    python -m pip install pytest torch\n    python -m pytest",
        "也可以打开同名的 `.ipynb`，在笔记本里写代码、运行测试，它不需要其他文件。",
        f"`{tests}` 里是公开测试，`conftest.py` 里是测试要用的东西。"
        "随机输入每次相同，改动 `conftest.py` 里的 `SEED` 就换一组。",
    ]
    if suite.hidden:
        parts.append(f"提交之后还有 {suite.hidden} 个隐藏测试，它们不在这里：公开测试全部通过，不等于得满分。")
    if suite.left_out:
        parts.append("下列公开测试要用到参考实现，因此不在这里，只在提交或在网页上运行时才会执行：")
        parts.append("\n".join(f"- {spec.title.get('zh') or spec.name}" for spec in suite.left_out))
    return parts


def _english(item: Item, suite: PublicSuite, submission: str, tests: str) -> list[str]:
    asked = question(item.question, "en")
    parts = [
        "## What to do",
        *([asked] if asked else []),
        f"Write your code into `{submission}`, then run the public tests in this folder:",
        "    python -m pip install pytest torch\n    python -m pytest",
        "Or open the `.ipynb` of the same name, write and test in a notebook; it needs none of the other files.",
        f"`{tests}` holds the public tests, `conftest.py` what they lean on. Random inputs are the same each time; "
        "another `SEED` in `conftest.py` draws others.",
    ]
    if suite.hidden:
        hidden = "one hidden test is" if suite.hidden == 1 else f"{suite.hidden} hidden tests are"
        parts.append(
            f"When you submit, {hidden} run as well. They are not here, so passing every public test is not yet full "
            "marks."
        )
    if suite.left_out:
        parts.append(
            "These public tests need the reference solution, so they are not here; they run when you run or submit on "
            "the site:"
        )
        parts.append("\n".join(f"- {spec.title.get('en') or spec.name}" for spec in suite.left_out))
    return parts
