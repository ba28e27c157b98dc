"""Long work as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.models import Task
from webapp.tasks.rows import OPEN

SHORTEST_POLL_MS, LONGEST_POLL_MS = 300, 3000


@dataclass(frozen=True, slots=True)
class TaskView:
    """Where it is, how fast it goes and how long it will take if it goes on like that."""

    id: int
    state: str
    done: int
    total: int
    per_second: float | None
    seconds_left: float | None
    problem: str
    created_at: datetime
    finished_at: datetime | None
    poll_after_ms: int

    @property
    def open(self) -> bool:
        """Whether it waits or is being done."""
        return self.state in OPEN


def task_view(task: Task, now: datetime) -> TaskView:
    """The view of a task at this moment."""
    spent = (now - task.begun_at).total_seconds() if task.begun_at and task.state in OPEN else 0.0
    rate = task.done / spent if task.done and spent > 0 else None
    age = (now - task.created_at).total_seconds()
    return TaskView(
        id=task.id,
        state=task.state,
        done=task.done,
        total=task.total,
        per_second=rate,
        seconds_left=(task.total - task.done) / rate if rate else None,
        problem=task.problem,
        created_at=task.created_at,
        finished_at=task.finished_at,
        poll_after_ms=int(min(LONGEST_POLL_MS, max(SHORTEST_POLL_MS, age * 100))),
    )
