"""The grading itself: several submissions at once, graders kept warm."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import local
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from grader.bulk.model import Graded, Submission
from grader.errors import Ungradable, WorkshopError
from grader.grading import Engine, Grader
from questions.model import Item, Kind
from sandbox.model import SandboxUnavailable

TRIES = 2
"""What failed on our side is tried again: a grader opens anew what of it has died."""


class Bulk:
    """Grades many submissions, several at once; a thread's grader stays warm."""

    def __init__(self, seed: int, jobs: int, variant: int) -> None:
        self._seed = seed
        self._number = variant
        self._variants: dict[str, dict[str, Any]] = {}
        """The parameters of the variant that was asked, by the item's revision."""
        self._jobs = jobs
        self._engine = Engine()
        self._threads = local()
        self._graders: list[Grader] = []

    def run(self, submissions: list[Submission], show: Callable[[Graded], None] | None = None) -> list[Graded]:
        """The results in order; after Ctrl-C those there are."""
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        try:
            items = {each.item.revision: each.item for each in submissions if each.item and not each.problem}
            if any(item.kind is Kind.CODING for item in items.values()):
                self._engine.warm()
            for item in items.values():
                if item.variant is not None:
                    with Grader(self._engine) as grader:
                        self._variants[item.revision] = grader.variants(item)[self._number]
            with (
                ThreadPoolExecutor(min(self._jobs, len(submissions))) as pool,
                Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
            ):
                task = progress.add_task(_called(list(items.values())), total=len(submissions))
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
        item = submission.item
        if submission.problem or item is None:
            return Graded(submission, None, submission.problem)
        grader = getattr(self._threads, "grader", None)
        if grader is None:
            grader = self._threads.grader = Grader(self._engine)
            self._graders.append(grader)
        problem = ""
        for _ in range(TRIES):
            try:
                verdict = grader.grade(
                    item, submission.content, seed=self._seed, variant=self._variants.get(item.revision)
                )
                return Graded(submission, verdict)
            except (Ungradable, SandboxUnavailable) as error:
                problem = str(error)
            except WorkshopError as error:
                return Graded(submission, None, str(error))
        return Graded(submission, None, problem)


def _called(items: list[Item]) -> str:
    return items[0].id if len(items) == 1 else f"{len(items)} items"
