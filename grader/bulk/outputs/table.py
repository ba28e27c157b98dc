"""A table for a terminal."""

from __future__ import annotations

import os

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.bulk.model import Graded
from grader.verdict import TestStatus, Verdict
from grader.words import told
from questions.templates import filled


def print_table(results: list[Graded]) -> None:
    items = {f"{item.bank}/{item.id}" if (item := result.submission.item) else "" for result in results}
    table = Table(title="".join(items) if len(items) == 1 else None)
    table.add_column("submission", overflow="fold", ratio=2)
    if len(items) > 1:
        table.add_column("item", overflow="fold", ratio=2)
    table.add_column("status", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("remarks", overflow="fold", ratio=3)
    paths = [os.path.abspath(result.path) for result in results]
    shared = os.path.commonpath([os.path.dirname(path) for path in paths])
    for path, result in zip(paths, results, strict=True):
        verdict = result.verdict
        cells = [Text(printable(os.path.relpath(path, shared)))]
        if len(items) > 1:
            item = result.submission.item
            cells.append(Text(item.id if item else ""))
        if verdict is None:
            table.add_row(*cells, "ungradable", "", Text(printable(result.problem)))
            continue
        score = f"{verdict.score:g}/{verdict.max_score:g}"
        table.add_row(*cells, verdict.status.value, score, Text(printable(remark(verdict))))
    Console().print(table)


def printable(text: str) -> str:
    """`text` with what a terminal would obey, or cannot show, as escapes: names of files are the students' own."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text
    )


def remark(verdict: Verdict) -> str:
    """One line on a verdict: the mistake behind most of what fails, else how it ended, else what most tests say."""
    failing = [test for test in verdict.tests if test.status is not TestStatus.PASSED]
    leading = [found for found in verdict.diagnosis if 2 * len(found.tests) >= len(failing)]
    if leading:
        return "; ".join(found.text.en for found in leading)
    if verdict.explanation.en:
        return verdict.explanation.en
    if verdict.picked or verdict.typed:
        return _feedback(verdict)
    if verdict.review:
        asked = [point.id for point in verdict.key_points if point.review]
        return f"for review: {', '.join(asked)}"
    if failing:
        failing = [test for test in failing if not test.hidden] or failing
        says = [told(test.message, "en").partition("\n")[0] for test in failing]
        commonest = max(says, key=says.count)  # of equals the first
        title = failing[says.index(commonest)].title.en
        return f"{title} {commonest}".strip()[:200]
    return ""


def _feedback(verdict: Verdict) -> str:
    """What the bank says to an answer that is not code, its gaps filled."""
    texts = [each.feedback.en for each in verdict.picked] + ([verdict.typed.feedback.en] if verdict.typed else [])
    known = dict(verdict.parameters)
    return " ".join(" ".join(filled(text, known).split()) for text in texts if text)[:200]
