"""A bank's patterns may take only so long on an answer.

`re` keeps the interpreter to itself while it matches, so no other thread could end it: a worker that meets a pattern
which never comes to an end would grade nothing more, and neither would the next one that takes its job.  A signal
reaches it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from grader.errors import BankFault

SECONDS = 5.0
"""Of processor time: ten times what the longest answer takes with the patterns that are shipped."""


@contextmanager
def patience(item: str) -> Iterator[None]:
    """Raise `BankFault` once what is inside has used `SECONDS`.  Signals are the main thread's: others get no limit."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: Any) -> None:
        remedy = "divide long repetitions, and give wildcards limits such as .{0,20}"
        raise BankFault(f"the patterns of {item} take more than {SECONDS:g} s on one answer", remedy=remedy)

    previous = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)
