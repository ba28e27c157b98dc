"""The grading itself: what the journal does not know is given to lanes, and written down as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from grader.bulk.journal import Journal
from grader.bulk.lanes import Ended, Failed, Judged, Lanes, Lengthy, Report, Unconfined
from grader.bulk.model import Graded, Submission
from grader.bulk.pace import Pace
from grader.bulk.progress import Shown
from grader.bulk.results import Results
from grader.bulk.schedule import Schedule
from grader.bulk.sources import Source, Terms, sources_of
from grader.bulk.stopping import Stop
from grader.verdict import Status

STOP_SECONDS = 1.0
"""What ends more slowly than this after Ctrl-C is ended by the kernel, with this process."""
TICK_SECONDS = 0.25


class Bulk:
    """Grades many submissions, several at once, each different source once."""

    def __init__(self, submissions: Sequence[Submission], terms: Terms, journal: Journal, *, resume: bool) -> None:
        """With `resume` what the journal knows is taken from there instead of being graded."""
        self._submissions = submissions
        self._terms = terms
        self._journal = journal
        self._results = Results(submissions, journal)
        self._pace = Pace(len(submissions))
        self._pace.known(Status.UNGRADABLE, len(self._results))
        self._left: list[Source] = []
        self.known = 0
        """How many submissions the journal knows, whether they are taken from there or not."""
        for source in sources_of(submissions, terms):
            if source.key not in journal:
                self._left.append(source)
                continue
            self.known += len(source.places)
            if not (resume and self._taken(source)):
                self._left.append(source)
        self._reports: SimpleQueue[Report | None] = SimpleQueue()
        self._next = 0
        """The first place that is not yet shown."""

    def run(self, jobs: int, show: Callable[[Graded], None] | None = None) -> Results:
        """Grade what is left in `jobs` lanes; after Ctrl-C there is less.

        `show` is called for each submission in the order of the input, as soon as all before it were shown; after
        Ctrl-C for all that are graded.  Raises `SandboxUnavailable` where code cannot be confined.
        """
        count = min(jobs, len(self._left))
        with (
            Stop(lambda: self._reports.put(None)) as stop,
            Shown(self._pace, self._title(), lines_go_to_stdout=show is not None) as shown,
        ):
            self._show_ready(show)
            if count:
                lanes = Lanes(Schedule(self._left), self._terms, self._reports)
                try:
                    self._pace.start(time.monotonic(), count)
                    lanes.start(count)
                    self._follow(count, stop, shown, show)
                finally:
                    lanes.close(STOP_SECONDS if stop.asked else None)
            if stop.asked:
                self._take_late()
        if show is not None:
            for place in range(self._next, len(self._submissions)):
                if (result := self._results.at(place)) is not None:
                    show(result)
        return self._results

    def _taken(self, source: Source) -> bool:
        """Take a verdict from the journal; False where that is no verdict of today's form."""
        verdict = self._journal.find(source.key)
        if verdict is None:
            return False
        self._results.judged(source, verdict, self._journal.size(source.key))
        self._pace.known(verdict.status, len(source.places))
        return True

    def _title(self) -> str:
        items = {source.item.revision: source.item.id for source in self._left}
        return next(iter(items.values()), "") if len(items) < 2 else f"{len(items)} items"

    def _follow(self, lanes: int, stop: Stop, shown: Shown, show: Callable[[Graded], None] | None) -> None:
        """Take what the lanes report until all of them have ended, or somebody wants to stop."""
        while lanes and not stop.asked:
            try:
                report = self._reports.get(timeout=TICK_SECONDS)
            except Empty:
                report = None
            if isinstance(report, Ended):
                lanes -= 1
            elif isinstance(report, Unconfined):
                raise report.error
            elif report is not None:
                self._take(report)
                self._show_ready(show)
            shown.show()

    def _take(self, report: Judged | Failed | Lengthy) -> None:
        source = report.source
        count = len(source.places)
        if isinstance(report, Lengthy):
            self._pace.put_behind(count, source.item.limits.seconds)
            return
        if isinstance(report, Judged):
            size = self._journal.keep(source, report.verdict)
            self._results.judged(source, report.verdict, size)
            status = report.verdict.status
        else:
            self._journal.note(source, report.problem.en)
            self._results.failed(source, report.problem)
            status = Status.UNGRADABLE
        if report.whole:
            self._pace.long_graded(count, report.seconds)
        self._pace.graded(status, count, time.monotonic())

    def _take_late(self) -> None:
        """What was judged while we stopped; what failed then did so because we stopped."""
        while True:
            try:
                report = self._reports.get_nowait()
            except Empty:
                return
            if isinstance(report, Judged):
                self._take(report)

    def _show_ready(self, show: Callable[[Graded], None] | None) -> None:
        while show is not None and (result := self._results.at(self._next)) is not None:
            show(result)
            self._next += 1
