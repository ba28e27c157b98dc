"""Two tables for spreadsheets: a row for each submission with all its tests, and a row for each student."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from pathlib import Path

from grader.bulk.model import Graded, Whose
from grader.bulk.outputs.classbook import ClassBook, Student, key_of
from grader.bulk.outputs.placing import put_file
from grader.bulk.outputs.remarks import failing, remark, status_of
from grader.csv_text import BOM, Cell, written
from grader.shown_text import visible
from questions.model import Item

COLUMNS = (
    "student", "path", "item", "status", "score", "max_score", "late", "review", "tests_failed", "diagnosis", "remark",
    "same_as", "notes",
)  # fmt: skip
WHOSE = tuple(field.name for field in fields(Whose))


def write_submissions(path: Path, book: ClassBook) -> None:
    """`--csv`: a row for each submission, then a column for each test or key point with the points it gave."""
    _write(path, _submissions(book))


def write_gradebook(path: Path, book: ClassBook) -> None:
    """`--gradebook`: a row for each student, a column for each item, with the points that count."""
    _write(path, _gradebook(book))


def _write(path: Path, rows: Iterator[Sequence[Cell]]) -> None:
    # Names of files are the students' own: a terminal would obey them, and a cell could read backwards.
    plain = ([visible(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    put_file(path, (BOM + written(plain)).encode())


def _submissions(book: ClassBook) -> Iterator[Sequence[Cell]]:
    many = len(book.items) > 1
    parts = [(key_of(item), name) for item in book.items for name in parts_of(item)]
    yield (*COLUMNS, *(f"{key.partition('/')[2]}/{name}" if many else name for key, name in parts))
    for result in book.results:
        item, given = result.submission.item, _points(result)
        of = key_of(item) if item else ""
        yield (*_row(result, book), *(given.get(name) if key == of else None for key, name in parts))


def _row(result: Graded, book: ClassBook) -> Sequence[Cell]:
    verdict, given = result.verdict, result.submission
    return (
        given.student,
        book.paths[result.path],
        given.item.id if given.item else "",
        status_of(result).value,
        _number(verdict.score) if verdict else None,
        _number(verdict.max_score) if verdict else _number(given.item.points) if given.item else None,
        "late" if given.late else "",
        "review" if verdict and verdict.review else "",
        len(failing(verdict)) if verdict and verdict.tests else None,
        " ".join(found.misconception for found in verdict.diagnosis) if verdict else "",
        _line(remark(verdict).get("en") if verdict else result.problem.en),
        book.paths.get(result.same_as, result.same_as),
        _line(" ".join(note.en for note in given.notes)),
    )


def parts_of(item: Item) -> tuple[str, ...]:
    """What an item's points are made of: its tests or its key points; what has neither is one thing."""
    return tuple(spec.name for spec in item.test_specs) or tuple(point.id for point in item.key_points)


def _points(result: Graded) -> dict[str, Cell]:
    """The points of every part that was judged; a test that was not run has none."""
    if result.verdict is None:
        return {}
    given: dict[str, Cell] = {test.name: _number(test.points) for test in result.verdict.tests}
    return given | {point.id: _number(point.points) for point in result.verdict.key_points}


def _gradebook(book: ClassBook) -> Iterator[Sequence[Cell]]:
    # As far as anybody is told: whoever marks a folder of files has no use for empty columns.
    told = [each for each in WHOSE if any(getattr(_whose(student), each) for student in book.students)]
    yield ("student", *told, *(item.id for item in book.items), "total", "max_total", "late", "submissions", "remarks")
    for student in book.students:
        scores = [_counts(student, item) for item in book.items]
        total = _number(student.score) if any(score is not None for score in scores) else None
        yield (
            student.name, *(getattr(_whose(student), each) for each in told), *scores, total, _number(book.most),
            "late" if student.late else "", len(student.results),
            _line(" ".join(each.problem.en for each in student.results if each.verdict is None)),
        )  # fmt: skip


def _whose(student: Student) -> Whose:
    """What is said of a student, by whichever of their submissions says most."""
    said = [each.submission.whose for each in student.results]
    return max(said, key=lambda whose: sum(bool(each) for each in astuple(whose)))


def _counts(student: Student, item: Item) -> Cell:
    result = student.counting.get(key_of(item))
    return _number(result.verdict.score) if result and result.verdict else None


def _number(value: float) -> float | int:
    """At most four decimals, and whole numbers without any."""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def _line(text: str) -> str:
    return " ".join(text.split())
