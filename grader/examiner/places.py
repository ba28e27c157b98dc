"""Where in a bank's files its own code failed."""

from __future__ import annotations

import traceback

from grader.examiner.spec import SuiteSpec


def place_of(error: BaseException | None, spec: SuiteSpec, line: int) -> str:
    """`file:line` of the innermost frame of the bank's own code, else `line` of the item's file."""
    files = {spec.path, *(source.path for source in spec.shared if source.path)}
    path = spec.path
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        for frame, at in traceback.walk_tb(error.__traceback__):
            if frame.f_code.co_filename in files:
                path, line = frame.f_code.co_filename, at
        error = error.__cause__
    return f"{path}:{line}"


def told(error: BaseException) -> str:
    """Type and text of what bank code raised, on one line."""
    return f"{type(error).__name__}: {error}".splitlines()[0][:300].rstrip(": ")
