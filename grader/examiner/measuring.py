"""The fixture `measure`: a call of the submission, with the time and the memory that it took.

A suite's own code and its reference are measured as well, in the process that runs them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NoReturn

from grader.examiner.link import Link
from grader.examiner.meter import Figures
from grader.examiner.proxies import Proxy
from grader.examiner.remote_errors import CandidateLost
from sandbox.measuring import Gauge, return_what_was_freed

NOT_A_CALL = "measure takes one function, class or module of the submission or of the reference, and what to give it"


class CannotMeasure(BaseException):
    """Nobody can tell here what was used; not an `Exception`, so that no test makes a failure of it."""


def refuse(why: str) -> NoReturn:
    """End the judging: what cannot be measured costs no student a mark."""
    raise CannotMeasure(
        f"a test measures memory, which cannot be had here ({why}): workshop doctor says what is lacking"
    )


@dataclass(frozen=True, slots=True, repr=False)
class Used:
    """A call's result and what it took."""

    result: Any
    seconds: float
    """Of the processor, by the kernel's clock of the process."""
    _figures: Figures
    _refuse: Callable[[str], NoReturn] = field(default=refuse)

    @property
    def peak_bytes(self) -> int:
        """How far resident memory rose during the call above where it stood before."""
        return self._told().peak_bytes

    @property
    def resident_bytes(self) -> int:
        """How far it stood, at that peak, above what the process held before anything of a submission was loaded."""
        return self._told().resident_bytes

    def _told(self) -> Figures:
        if self._figures.unmeasured:
            self._refuse(self._figures.unmeasured)
        return self._figures

    def __repr__(self) -> str:
        seen = self._figures
        memory = "" if seen.unmeasured else f", peak_bytes={seen.peak_bytes}, resident_bytes={seen.resident_bytes}"
        return f"Used(seconds={self.seconds:.4f}{memory})"


class Measure:
    """What the fixture gives."""

    def __init__(self, refuse: Callable[[str], NoReturn] = refuse) -> None:
        self._refuse = refuse

    def __call__(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Used:
        """Call it and tell what it took."""
        owner = function if isinstance(function, Proxy) else getattr(function, "__self__", None)
        if not callable(function):
            raise TypeError(NOT_A_CALL)
        result, figures = (
            _there(owner._link, lambda: function(*args, **kwargs))
            if isinstance(owner, Proxy)
            else _here(lambda: function(*args, **kwargs))
        )
        return Used(result, figures.seconds, figures, self._refuse)


def _there(link: Link, call: Callable[[], Any]) -> tuple[Any, Figures]:
    """A call that a candidate answers."""
    meter = link.meter
    if meter is None:
        raise CannotMeasure("nobody looks at this candidate from outside")
    with meter.next_call():
        result = call()
    if meter.figures is None:
        if link.lost is not None:
            raise CandidateLost(link.lost)
        raise TypeError(NOT_A_CALL)
    return result, meter.figures


def _here(call: Callable[[], Any]) -> tuple[Any, Figures]:
    """A call of this process's own code."""
    gauge, at_rest, why = own_gauge()
    return_what_was_freed()
    held = gauge.look() if gauge is not None else None
    asked, began = Link.asked, _clocks()
    result = call()
    seconds = max(after - before for before, after in zip(began, _clocks(), strict=True))
    most = gauge.look() if gauge is not None else None
    if Link.asked != asked:
        raise TypeError(NOT_A_CALL)
    if held is None or most is None:
        return result, Figures(seconds, 0, 0, why)
    return result, Figures(seconds, max(0, most.peak - held.resident), max(0, most.peak - at_rest))


def _clocks() -> tuple[float, float]:
    """The process's, and that of this thread, which is exact also while a timer of the process runs."""
    return time.process_time(), time.thread_time()


@cache
def own_gauge() -> tuple[Gauge | None, int, str]:
    """This process's own, the bytes it held when it was first asked for, or why there is none.

    A process that is about to be confined asks before, since it may not open these files afterwards.
    """
    try:
        gauge = Gauge.of_this_process()
        memory = gauge.look()
        return gauge, memory.resident if memory is not None else 0, ""
    except OSError as error:
        return None, 0, str(error)
