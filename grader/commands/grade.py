"""``workshop grade``: files and folders of submissions for one item."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import local
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from grader.archives import ArchiveRefused, File, unpack
from grader.commands.banks import find_item
from grader.errors import Ungradable, WorkshopError
from grader.grading import MAX_CODE_BYTES, Engine, Grader
from grader.naming import NotebookFault, code_of
from grader.variants import COUNT
from grader.verdict import Status, TestStatus, Verdict
from grader.words import told
from questions.model import Item, Kind
from questions.templates import filled
from sandbox.model import SandboxUnavailable

MAX_READ = 4 * MAX_CODE_BYTES
ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz")
TRIES = 2
"""What failed on our side is tried again: a grader opens anew what of it has died."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One thing to grade: where it came from and its bytes, or why it could not be read."""

    path: str
    content: bytes
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Graded:
    """A verdict, or why there is none."""

    path: str
    verdict: Verdict | None
    problem: str = ""


@click.command(epilog="Example: workshop grade scaled-dot-product-attention submissions/ --json > marks.jsonl")
@click.argument("item_name", metavar="ITEM")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--bank", type=click.Path(path_type=Path), help="Bank folder or .md file (default: the shipped banks).")
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Submissions graded at once.")
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Seed of the tests' inputs."
)
@click.option(
    "--variant", type=click.IntRange(0, COUNT - 1), default=0, show_default=True,
    help="Number of the variant that was asked, where the item has any.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per submission on stdout, in input order.")
def grade(
    item_name: str, paths: tuple[Path, ...], bank: Path | None, jobs: int, seed: int, variant: int, as_json: bool
) -> None:
    """Grade submissions for one item.

    PATHs are .py files, folders or archives (zip, tar) of them, or, for what is not code, .txt files (a choice's
    numbers or letters, a number with its unit) or .jsonl files of {"id": ..., "text": ...}.  Exit status 0 when all
    were graded, whatever the marks; 2 when something could not be; 130 after Ctrl-C, which keeps what was graded.
    """
    item = find_item(item_name, bank)
    submissions = list(read_submissions(paths, item))
    if not submissions:
        raise click.UsageError("nothing to grade there: give .py files, folders or a .jsonl")
    results = _Bulk(item, seed, jobs, variant).run(submissions, show=partial(_print_json, item) if as_json else None)
    if results and not as_json:
        _print_table(item, results)
    problems = [result for result in results if result.verdict is None]
    for result in problems:
        click.echo(f"workshop: {_printable(result.path)}: {_printable(result.problem)}", err=True)
    if len(results) < len(submissions):
        click.echo(f"workshop: stopped; {len(results)} of {len(submissions)} were graded", err=True)
        sys.exit(130)
    sys.exit(2 if problems else 0)


def read_submissions(paths: tuple[Path, ...], item: Item) -> Iterator[Submission]:
    """The submissions that `paths` name, in order; what cannot be read keeps its place with the reason."""
    suffix = {Kind.CODING: ".py", Kind.SHORT_ANSWER: ".jsonl"}.get(item.kind, ".txt")
    for path in paths:
        if path.is_dir():
            files = sorted(_below(path, suffix))
            if not files:
                yield Submission(str(path), b"", f"the folder holds no {suffix} file")
            for file in files:
                if file.is_symlink():
                    yield Submission(str(file), b"", "a link, which may name another's work; name the file itself")
                elif file.is_dir():
                    yield Submission(str(file), b"", "the folder cannot be read")
                elif not file.is_file():
                    yield Submission(str(file), b"", "not a file")
                else:
                    yield from _read_file(file, item)
        elif path.name.lower().endswith(ARCHIVES):
            yield from _read_archive(path, item, suffix)
        else:
            yield from _read_file(path, item)


def _read_archive(path: Path, item: Item, suffix: str) -> Iterator[Submission]:
    """What an archive holds: nothing is written anywhere, and what cannot be taken keeps its place with the reason."""
    found: list[Submission] = []
    try:
        with path.open("rb") as file:
            for each in unpack(file):
                place = f"{path}/{each.path}"
                if not isinstance(each, File):
                    found += [] if each.reason.harmless else [Submission(place, b"", each.sentence)]
                elif each.path.lower().endswith(".txt" if suffix == ".jsonl" else suffix):
                    found.append(Submission(place, each.content[:MAX_READ]))
                elif item.kind is Kind.CODING and each.path.lower().endswith(".ipynb"):
                    found.append(_of_notebook(place, each.content))
    except ArchiveRefused as refused:
        yield Submission(str(path), b"", f"{refused}: {refused.remedy}")
    except OSError as error:
        yield Submission(str(path), b"", f"cannot be read: {error.strerror or error}")
    else:
        yield from found or [Submission(str(path), b"", "the archive holds nothing that can be graded")]


def _of_notebook(place: str, content: bytes) -> Submission:
    try:
        return Submission(place, code_of(content).code.encode())
    except NotebookFault as fault:
        return Submission(place, b"", f"no code can be read from this notebook ({fault})")


def _below(folder: Path, suffix: str) -> Iterator[Path]:
    """Everything below `folder` that is called like a submission, and the folders that hide what they hold."""
    closed: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=closed.append):
        found = (Path(parent, name) for name in (*folders, *files) if name.endswith(suffix))
        yield from (path for path in found if path.is_symlink() or not path.is_dir())
    yield from (Path(error.filename) for error in closed)


def _read_file(path: Path, item: Item) -> Iterator[Submission]:
    if item.kind is Kind.CODING and path.suffix == ".jsonl":
        yield Submission(str(path), b"", f"holds answers in words, and {item.id} asks for code: give .py files")
        return
    try:
        with path.open("rb") as file:
            if item.kind is not Kind.CODING and path.suffix == ".jsonl":
                yield from _read_lines(path, file.read())
            else:
                yield Submission(str(path), file.read(MAX_READ))
    except OSError as error:
        yield Submission(str(path), b"", f"cannot be read: {error.strerror or error}")


def _read_lines(path: Path, raw: bytes) -> Iterator[Submission]:
    for number, line in enumerate(raw.decode("utf-8-sig", "replace").split("\n"), 1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            yield Submission(place, b"", "not a line of JSON")
            continue
        if not isinstance(entry, dict) or not isinstance(entry.get("text"), str) or "id" not in entry:
            yield Submission(place, b"", 'not of the form {"id": ..., "text": ...}')
            continue
        yield Submission(f"{path}#{entry['id']}", entry["text"].encode("utf-8", "replace"))


class _Bulk:
    """Grades many submissions, several at once; a thread's grader stays warm."""

    def __init__(self, item: Item, seed: int, jobs: int, variant: int) -> None:
        self._item = item
        self._seed = seed
        self._number = variant
        self._variant: dict[str, Any] | None = None
        self._jobs = jobs
        self._engine = Engine()
        self._threads = local()
        self._graders: list[Grader] = []

    def run(self, submissions: list[Submission], show: Callable[[Graded], None] | None = None) -> list[Graded]:
        """The results in order; after Ctrl-C those there are."""
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        try:
            if self._item.kind is Kind.CODING:
                self._engine.warm()
            if self._item.variant is not None:
                with Grader(self._engine) as grader:
                    self._variant = grader.variants(self._item)[self._number]
            with (
                ThreadPoolExecutor(min(self._jobs, len(submissions))) as pool,
                Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
            ):
                task = progress.add_task(self._item.id, total=len(submissions))
                futures: list[Future[Graded]] = [pool.submit(self._grade, submission) for submission in submissions]
                results = []
                try:
                    for future in futures:
                        result = future.result()
                        results.append(result)
                        if show is not None:
                            show(result)
                        progress.advance(task)
                except KeyboardInterrupt:
                    pool.shutdown(wait=False, cancel_futures=True)
                return results
        finally:
            for grader in self._graders:
                grader.close()
            self._engine.close()

    def _grade(self, submission: Submission) -> Graded:
        if submission.problem:
            return Graded(submission.path, None, submission.problem)
        grader = getattr(self._threads, "grader", None)
        if grader is None:
            grader = self._threads.grader = Grader(self._engine)
            self._graders.append(grader)
        problem = ""
        for _ in range(TRIES):
            try:
                verdict = grader.grade(self._item, submission.content, seed=self._seed, variant=self._variant)
                return Graded(submission.path, verdict)
            except (Ungradable, SandboxUnavailable) as error:
                problem = str(error)
            except WorkshopError as error:
                return Graded(submission.path, None, str(error))
        return Graded(submission.path, None, problem)


def line_of(item: Item, result: Graded) -> dict[str, Any]:
    """The JSON line of one graded submission: the interface that other programs read."""
    verdict = result.verdict
    if verdict is None:
        return {
            "path": result.path, "item": item.id, "revision": item.revision, "status": Status.UNGRADABLE.value,
            "score": 0.0,
            "max_score": item.points, "tests": [], "diagnosis": [], "key_points": [], "chosen": [], "review": False,
            "explanation": {"zh": result.problem, "en": result.problem}, "seconds": 0.0,
        }  # fmt: skip
    return {
        "path": result.path,
        "item": verdict.item.rpartition("/")[2],
        "revision": verdict.revision,
        "status": verdict.status.value,
        "score": verdict.score,
        "max_score": verdict.max_score,
        "tests": [
            {
                "name": test.name, "title": {"zh": test.title.zh, "en": test.title.en}, "status": test.status.value,
                "points": test.points, "max_points": test.max_points, "message": test.message, "hidden": test.hidden,
            }
            for test in verdict.tests
        ],
        "diagnosis": [found.misconception for found in verdict.diagnosis],
        "key_points": [
            {"id": point.id, "award": point.award, "confidence": point.confidence, "review": point.review}
            for point in verdict.key_points
        ],
        "chosen": list(verdict.chosen),
        "review": verdict.review,
        "explanation": {"zh": verdict.explanation.zh, "en": verdict.explanation.en},
        "seconds": verdict.resources.wall_seconds,
    }  # fmt: skip


def _print_json(item: Item, result: Graded) -> None:
    line = json.dumps(line_of(item, result), ensure_ascii=False, allow_nan=False)
    # Lone surrogates (of a file name), line separators and the like only as JSON's own escapes.
    click.echo("".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in line))
    sys.stdout.flush()


def _print_table(item: Item, results: list[Graded]) -> None:
    table = Table(title=f"{item.bank}/{item.id}")
    table.add_column("submission", overflow="fold", ratio=2)
    table.add_column("status", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("remarks", overflow="fold", ratio=3)
    paths = [os.path.abspath(result.path) for result in results]
    shared = os.path.commonpath([os.path.dirname(path) for path in paths])
    for path, result in zip(paths, results, strict=True):
        verdict = result.verdict
        name = _printable(os.path.relpath(path, shared))
        if verdict is None:
            table.add_row(Text(name), "ungradable", "", Text(_printable(result.problem)))
            continue
        score = f"{verdict.score:g}/{verdict.max_score:g}"
        table.add_row(Text(name), verdict.status.value, score, Text(_printable(remark(verdict))))
    Console().print(table)


def _printable(text: str) -> str:
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
