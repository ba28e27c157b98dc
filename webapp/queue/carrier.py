"""How word goes round that work waits.  The rows are the truth; what is carried only says "look"."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from grader.errors import WorkshopError
from webapp.models import Database
from webapp.queue.wake import Pipes
from webapp.settings import Settings


class Rest(Protocol):
    """Where one worker waits for word; a context manager that begins and ends its being there."""

    def wait(self, seconds: float) -> bool:
        """Sleep until there is word (True) or the time is over."""

    def ticket(self) -> str | None:
        """The message on which the next job is taken, where messages can come back."""

    def came_back(self) -> str | None:
        """The same, once, if another worker had it and is gone."""

    def beat(self) -> None:
        """Say that this worker is there, where nobody sees it."""

    def wake(self) -> None:
        """End the worker's own sleep; safe in a signal handler."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Carrier(Protocol):
    """What carries word from whoever stores work to the workers."""

    def announce(self, jobs: int = 1, priority: int = 0) -> None:
        """Say that work waits, once it is committed.  Never fails, never takes long: unheard, it waits a little."""

    def workers(self) -> int:
        """How many workers there are, as far as is known without asking them."""

    def living(self) -> int:
        """How many workers there are, having looked."""

    def rest(self, owner: str) -> Rest:
        """The resting place of the worker `owner`."""


def carrier_of(settings: Settings, database: Database) -> Carrier:
    """The carrier that the settings name.  Raises `WorkshopError` where its packages are missing."""
    if not settings.broker_url:
        return Pipes(settings.wake_folder)
    try:
        from webapp.queue.tickets import Tickets
    except ModuleNotFoundError as problem:
        raise WorkshopError(
            f"WORKSHOP_BROKER_URL needs a package that is not installed: {problem.name}",
            remedy=".venv/bin/python -m pip install -r requirements-cluster.txt",
        ) from problem
    return Tickets(settings, database)
