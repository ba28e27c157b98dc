"""One line on a verdict, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from grader.bulk.model import Graded
from grader.verdict import Diagnosis, Status, TestResult, TestStatus, Verdict, Words
from grader.words import told
from questions.figures import in_words
from questions.templates import filled

LONGEST = 200


def status_of(result: Graded) -> Status:
    """How it ended; what has no verdict is ungradable."""
    return result.verdict.status if result.verdict else Status.UNGRADABLE


def failing(verdict: Verdict) -> tuple[TestResult, ...]:
    """The tests that did not pass, those that were not run included."""
    return tuple(test for test in verdict.tests if test.status is not TestStatus.PASSED)


def leading(verdict: Verdict) -> tuple[Diagnosis, ...]:
    """The mistakes behind most of what fails: they are spoken of first."""
    return tuple(found for found in verdict.diagnosis if 2 * len(found.tests) >= len(failing(verdict)))


def remark(verdict: Verdict) -> Words:
    """The mistake behind most of what fails, else how it ended, else what most tests say; nothing of full marks."""
    wrong = failing(verdict)
    if behind := leading(verdict):
        return Words(
            "；".join(found.text.get("zh") for found in behind), "; ".join(found.text.get("en") for found in behind)
        )
    if verdict.explanation.get("en"):
        return verdict.explanation
    if verdict.picked or verdict.typed:
        return Words(_feedback(verdict, "zh"), _feedback(verdict, "en"))
    if verdict.review:
        asked = ", ".join(point.id for point in verdict.key_points if point.review)
        return Words(f"待人工评阅：{asked}", f"for review: {asked}")
    if wrong:
        shown = [test for test in wrong if not test.hidden] or list(wrong)
        zh, en = (_commonest(shown, language) for language in ("zh", "en"))
        fail = "test fails" if len(verdict.tests) == 1 else "tests fails" if len(wrong) == 1 else "tests fail"
        return Words(
            f"{len(verdict.tests)} 项测试中 {len(wrong)} 项没有通过：{zh}"[:LONGEST],
            f"{len(wrong)} of {len(verdict.tests)} {fail}: {en}"[:LONGEST],
        )
    return Words("", "")


def _commonest(tests: Sequence[TestResult], language: str) -> str:
    """The test that says what most of them say; its title is what should be so, and what it says is what is not."""
    says = [told(test.message, language).partition("\n")[0].strip() for test in tests]
    most = max(says, key=says.count)  # of equals the first
    title = tests[says.index(most)].title.get(language).strip()
    if language == "zh":
        return f"“{title.removesuffix('。')}”" + (f"（{most}）" if most else "")
    return f"“{title.removesuffix('.')}”" + (f" ({most})" if most else "")


def _feedback(verdict: Verdict, language: str) -> str:
    """What the bank says to an answer that is not code, its gaps filled."""
    texts = [each.feedback for each in verdict.picked] + ([verdict.typed.feedback] if verdict.typed else [])
    known = dict(verdict.parameters)
    said = (text.get(language) for text in texts)
    return " ".join(" ".join(filled(in_words(text), known).split()) for text in said if text)[:LONGEST]
