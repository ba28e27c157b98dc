"""One form for what every process says: a line of text or of JSON, with the numbers of what it is about.

A request, a submission and its job are named once, where they come in hand (`about`), and are on every line from there
on, whoever writes it: `grep job=123` tells the whole story of one judging.  Knows no Flask.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

from webapp.settings import LogForm, Settings

Value = str | int | float
ACCESS = "webapp.access_log"
"""The name of what writes a line for each request."""
LONGEST = 4000
"""Letters of a line's message: what somebody sends cannot fill a disk by being refused."""
LONGEST_TRACEBACK = 16_000
_HERE: ContextVar[dict[str, Value] | None] = ContextVar("about", default=None)


@contextmanager
def about(**numbers: Value) -> Iterator[None]:
    """Have every line of this thread say these as well, until the end of the block."""
    token = _HERE.set((_HERE.get() or {}) | numbers)
    try:
        yield
    finally:
        _HERE.reset(token)


def begin(**numbers: Value) -> None:
    """From here on every line of this thread says these, and nothing of what was before."""
    _HERE.set(numbers)


def add(**numbers: Value) -> None:
    """And these as well."""
    _HERE.set((_HERE.get() or {}) | numbers)


def said() -> dict[str, Value]:
    """What a line written here would say besides its message."""
    return dict(_HERE.get() or {})


def one_line(text: str, longest: int = LONGEST) -> str:
    """`text` without anything that could end a line, move a cursor or begin another entry."""
    if len(text) > longest:
        text = f"{text[:longest]}… ({len(text):,} letters)"
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)


class Numbered(logging.Filter):
    """Puts the numbers of what is in hand, and those of `extra={"about": …}`, on a record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps every record."""
        record.about = said() | getattr(record, "about", {})
        return True


class TextForm(logging.Formatter):
    """`2026-11-26T08:00:00.123Z WARNING worker-1[4711] webapp.queue.worker: what happened job=12 submission=9`."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """One line; a traceback follows it, marked line by line, so that none of them looks like an entry."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        numbers = "".join(f" {name}={_value(value)}" for name, value in getattr(record, "about", {}).items())
        line = f"{at} {record.levelname} {self._process}[{record.process}] {record.name}: "
        line += one_line(record.getMessage()) + numbers
        if record.exc_info:
            line += "".join(f"\n    | {one_line(each)}" for each in _trace(self, record))
        return line


def _value(value: Value) -> str:
    """A value that ends where the next one begins."""
    if isinstance(value, float):
        return f"{value:.3f}"
    text = one_line(str(value), 200)
    return repr(text) if not text or any(each in text for each in " \"'=") else text


class JsonForm(JsonFormatter):
    """The same as one JSON object a line: `time`, `level`, `process`, `pid`, `logger`, `message`, and the numbers."""

    def __init__(self, process: str) -> None:
        super().__init__(json_ensure_ascii=False)
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """One line: JSON escapes what would end it."""
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "pid": record.process,
            "logger": record.name,
            "message": one_line(record.getMessage()),
            **getattr(record, "about", {}),
        }
        if record.exc_info:
            entry["traceback"] = "\n".join(map(one_line, _trace(self, record)))
        return self.jsonify_log_record({name: _plain(value) for name, value in entry.items()})


def _plain(value: object) -> object:
    """JSON leaves in text what some terminals obey (U+009B) or take for a line's end (U+2028); and few digits do."""
    if isinstance(value, float):
        return round(value, 4)
    return "\n".join(map(one_line, value.split("\n"))) if isinstance(value, str) else value


def _trace(form: logging.Formatter, record: logging.LogRecord) -> list[str]:
    """The lines of a traceback, without those in which PostgreSQL repeats a row's values."""
    assert record.exc_info
    lines = form.formatException(record.exc_info)[-LONGEST_TRACEBACK:].splitlines()
    return [line for line in lines if not line.startswith("DETAIL:")]


def set_up(settings: Settings, process: str, stream: TextIO | None = None) -> None:
    """Have everything this process logs leave as the settings say, on standard error.

    `process` is what it is called there: `web`, `worker-1`, `serve`.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(Numbered())
    handler.setFormatter(JsonForm(process) if settings.log is LogForm.JSON else TextForm(process))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(settings.log_level.upper())
    # What a package tells of itself is for its authors, and may hold what people sent (each statement, each message).
    for name in ("sqlalchemy", "alembic", "urllib3", "asyncio", "amqp", "kombu"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("celery.app.trace").setLevel(logging.ERROR)  # a ticket that is handed on is nothing to warn of
    logging.getLogger(ACCESS).setLevel(logging.INFO if settings.access_log else logging.CRITICAL)
