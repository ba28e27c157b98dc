"""Several things at the same moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sqlalchemy.orm import Session

from webapp.models import Database


def at_once(*work: Callable[[], object]) -> list[BaseException]:
    """Run all in threads of their own; what they raised."""
    raised: list[BaseException] = []

    def run(one: Callable[[], object]) -> None:
        try:
            one()
        except BaseException as problem:
            raised.append(problem)

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def overlapping(
    database: Database, first: Callable[[Session], object], second: Callable[[Session], object]
) -> list[BaseException]:
    """Each in a transaction of its own, the second begun when the first is done but not stored; what they raised."""
    done = threading.Event()

    def lead() -> None:
        with database.writing() as session:
            first(session)
            done.set()
            time.sleep(0.5)

    def follow() -> None:
        done.wait(10)
        with database.writing() as session:
            second(session)

    return at_once(lead, follow)
