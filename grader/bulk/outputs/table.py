"""A table for a terminal, with a closing line on all of it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.bulk.model import Graded
from grader.bulk.outputs.classbook import ClassBook, Spread, class_book, counts_of, spread_of
from grader.bulk.outputs.remarks import remark
from grader.numbers_shown import number
from grader.verdict import Status

BARS = "▁▂▃▄▅▆▇█"


def print_table(results: Sequence[Graded], seconds: float) -> None:
    """The results in order; `seconds` is how long it took to grade them."""
    book = class_book(results)
    many, named = len(book.items) > 1, any(each.known for each in book.students)
    console = Console()
    table = Table(title=None if many or not book.items else Text(f"{book.items[0].bank}/{book.items[0].id}"))
    table.add_column("submission", overflow="fold", ratio=2)
    if named:
        table.add_column("student", overflow="fold", ratio=1)
    if many:
        table.add_column("item", overflow="fold", ratio=1)
    table.add_column("status", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("remarks", overflow="fold", ratio=3)
    for result in book.results:
        verdict, given = result.verdict, result.submission
        cells = [Text(printable(book.paths[result.path]))]
        cells += [Text(printable(given.student))] if named else []
        cells += [Text(printable(given.item.id if given.item else ""))] if many else []
        cells.append(Text(verdict.status.value if verdict else Status.UNGRADABLE.value))
        cells.append(Text(f"{number(verdict.score)}/{number(verdict.max_score)}" if verdict else ""))
        table.add_row(*cells, Text(printable(_remarks(result, book))))
    console.print(table)
    plain = "utf" not in (console.encoding or "").lower()
    for line in closing(book, seconds, plain=plain):
        console.print(Text(line))


def _remarks(result: Graded, book: ClassBook) -> str:
    """What to say of one submission: why there is no verdict, or the verdict in a line; then how it was taken."""
    said = [result.problem if result.verdict is None else remark(result.verdict).get("en")]
    said += ["late"] if result.submission.late else []
    said += [f"same source as {book.paths.get(result.same_as, result.same_as)}"] if result.same_as else []
    return "; ".join(each.rstrip(".") if len(said) > 1 else each for each in (*said, *result.submission.notes) if each)


def closing(book: ClassBook, seconds: float, *, plain: bool = False) -> list[str]:
    """Counts, distribution and rate, a line each; `plain` without what not every terminal can show."""
    results = book.results
    people = [each for each in book.students if each.known]
    said = _count(len(results), "submission")
    said += f" of {_count(len(people), 'student')}" if people else ""
    said += f" for {len(book.items)} items" if len(book.items) > 1 else ""
    lines = [f"{said}: {', '.join(f'{count} {status.value}' for status, count in counts_of(results))}"]
    if spread := spread_of(results):
        lines.append(
            f"scores: mean {spread.mean:.0%}, median {spread.median:.0%}, full marks {spread.full} of {spread.count}"
            + ("" if plain else f"  0 % {_bars(spread)} 100 %")
        )
    if seconds > 0:
        lines.append(f"{len(results) / seconds:.1f} a second ({seconds:.1f} s)")
    return lines


def _count(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _bars(spread: Spread) -> str:
    """The tenths as one bar each; nobody is a space."""
    most = max(spread.tenths)
    return "".join(BARS[(len(BARS) - 1) * count // most] if count else " " for count in spread.tenths)


def printable(text: str) -> str:
    """`text` with what a terminal would obey, or cannot show, as escapes: names of files are the students' own."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text
    )
