"""A table for a terminal, one for each item, with closing lines on all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.bulk.model import Graded
from grader.bulk.outputs.classbook import ClassBook, Spread, class_book, counts_of, key_of, spread_of
from grader.bulk.outputs.remarks import remark, status_of
from grader.bulk.progress import COLOURS
from grader.numbers_shown import counted, number
from grader.verdict import Status

BARS = "▁▂▃▄▅▆▇█"
NAME_SHARE = 0.3
"""How much of the width whose a submission is may take up."""
NAME_LINES, REMARK_LINES = 3, 2
"""What is longer is cut: of a hundred rows of paragraphs nobody reads any."""
STATUS_WIDTH = max(len(status.value) for status in Status)
GAPS = 3 * 2
"""Two columns between each of the four."""


def print_table(results: Sequence[Graded], seconds: float) -> None:
    """The results by item, in order; `seconds` is how long it took to grade them."""
    book = class_book(results)
    console = Console()
    plain = "utf" not in (console.encoding or "").lower()
    rows = _Rows(book, console, "..." if plain else "…")
    for key in (*map(key_of, book.items), ""):
        if of_item := [each for each in book.results if _item(each) == key]:
            console.print(rows.table(key or ("no item known" if book.items else ""), of_item))
            console.print()
    if rows.anything_cut:
        console.print(Text(f"{rows.cut} marks what was cut; --csv FILE has all of it", "dim"))
    for line in closing(book, seconds, plain=plain):
        console.print(Text(line))


class _Rows:
    """Makes the tables of one class, all with columns of the same width; `cut` stands where text was left away."""

    def __init__(self, book: ClassBook, console: Console, cut: str) -> None:
        self.cut, self.anything_cut = cut, False
        self._book, self._console = book, console
        results = book.results
        self._several = Counter(_place(each) for each in results if each.submission.student)
        self._scores = {each.path: _score(each) for each in results}
        self._score = max(map(cell_len, (*self._scores.values(), "score")))
        most = max(STATUS_WIDTH, int(console.width * NAME_SHARE))
        self._name = min(most, max(map(cell_len, (*map(self._whose, results), "student"))))
        self._remark = max(STATUS_WIDTH, console.width - self._name - STATUS_WIDTH - self._score - GAPS)

    def table(self, title: str, results: Sequence[Graded]) -> Table:
        """That of one item."""
        table = Table(title=Text(title, "bold") if title else None, title_justify="left", box=box.SIMPLE_HEAD)
        table.pad_edge, table.show_edge, table.padding = False, False, (0, 1, 0, 0)
        known = any(each.submission.student for each in results)
        table.add_column("student" if known else "submission", width=self._name)
        table.add_column("status", width=STATUS_WIDTH)
        table.add_column("score", width=self._score, justify="right")
        table.add_column("remarks", width=self._remark)
        for result in results:
            status = status_of(result)
            table.add_row(
                self._fitted(self._whose(result), self._name, NAME_LINES),
                Text(status.value, COLOURS.get(status, "red")),
                Text(self._scores[result.path]),
                self._fitted(self._remarks(result), self._remark, REMARK_LINES),
            )
        return table

    def _whose(self, result: Graded) -> str:
        """The student; with the file where they have several, and the file alone where nobody knows whose it is."""
        student, path = result.submission.student, self._book.paths[result.path]
        several = self._several[_place(result)] > 1
        return printable(f"{student}: {path.rpartition('/')[2]}" if student and several else student or path)

    def _remarks(self, result: Graded) -> str:
        """Whether it was late, why there is no verdict or the verdict in a line, then how the submission was taken."""
        said = ["late"] if result.submission.late else []
        said += [result.problem.en if result.verdict is None else remark(result.verdict).get("en")]
        said += [f"same source as {self._book.paths.get(result.same_as, result.same_as)}"] if result.same_as else []
        said = [each for each in (*said, *(note.en for note in result.submission.notes)) if each]
        return printable("; ".join(each.rstrip(".") if len(said) > 1 else each for each in said))

    def _fitted(self, text: str, width: int, most: int) -> Text:
        """At most so many lines of it."""
        lines = Text(text).wrap(self._console, width)
        if len(lines) <= most:
            return Text(text)
        self.anything_cut = True
        *kept, last = (line.plain.rstrip() for line in lines[:most])
        return Text("\n".join([*kept, set_cell_size(last, min(cell_len(last), width - len(self.cut))) + self.cut]))


def _item(result: Graded) -> str:
    return key_of(result.submission.item) if result.submission.item else ""


def _place(result: Graded) -> tuple[str, str]:
    return result.submission.student, _item(result)


def _score(result: Graded) -> str:
    verdict = result.verdict
    return f"{number(verdict.score)}/{number(verdict.max_score)}" if verdict else ""


def closing(book: ClassBook, seconds: float, *, plain: bool = False) -> list[str]:
    """Counts, distribution and rate, a line each; `plain` without what not every terminal can show."""
    results = book.results
    people = [each for each in book.students if each.known]
    said = counted(len(results), "submission")
    said += f" of {counted(len(people), 'student')}" if people else ""
    said += f" for {len(book.items)} items" if len(book.items) > 1 else ""
    lines = [f"{said}: {', '.join(f'{count} {status.value}' for status, count in counts_of(results))}"]
    if spread := spread_of(results):
        lines.append(
            f"scores: mean {spread.mean:.0%}, median {spread.median:.0%}, full marks {spread.full} of {spread.count}"
            + ("" if plain else f"  0 % {_bars(spread)} 100 %")
        )
    if seconds > 0 and (judged := sum(each.verdict is not None for each in results)):
        lines.append(f"{judged / seconds:.1f} a second ({seconds:.1f} s)")
    return lines


def _bars(spread: Spread) -> str:
    """The tenths as one bar each; nobody is a space."""
    most = max(spread.tenths)
    return "".join(BARS[(len(BARS) - 1) * count // most] if count else " " for count in spread.tenths)


def printable(text: str) -> str:
    """`text` with what a terminal would obey, or cannot show, as escapes: names of files are the students' own."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text
    )
