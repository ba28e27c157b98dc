"""Files with secrets: read in place of variables, and drawn at random for services that share them.

A variable is seen by whoever may inspect a container or read a process's environment; a file by whom its mode says.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import quote

from grader.errors import WorkshopError

LONGEST: Final = 64 * 1024
DATABASE: Final = "postgresql+psycopg://workshop:{password}@postgres/workshop"
BROKER: Final = "amqp://workshop:{password}@rabbitmq//"
BROKER_CONFIGURATION: Final = """\
# What RabbitMQ makes its first user from, and how much it says. Written once by `workshop cluster secrets`.
default_user = workshop
default_pass = {password}
log.console = true
log.console.level = warning
"""


class SecretFileError(WorkshopError):
    """A file that should hold a secret cannot be read or written."""


def text_of(path: Path) -> str:
    """What a file holds, without the white space around it.  Raises `SecretFileError`."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
        text = content.decode().strip()
    except OSError as problem:
        raise SecretFileError(f"cannot read {path}: {problem.strerror}", remedy="let this user read it") from problem
    except UnicodeDecodeError as problem:
        raise SecretFileError(f"{path} is no text", remedy="write the value into it, and nothing else") from problem
    if not text or len(content) > LONGEST:
        what = "longer than any setting" if text else "empty"
        raise SecretFileError(f"{path} is {what}", remedy="write the value into it, and nothing else")
    return text


def write_missing(folder: Path) -> list[Path]:
    """Draw what is not there yet, for the services of docker-compose.yml; the files that were written.

    Whoever may see one part need not see another: each has a folder of its own.  What is there is never changed.
    Raises `SecretFileError`.
    """
    written = []
    try:
        for name, make in _files(folder):
            path = folder / name
            if path.exists():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, make())
            written.append(path)
    except OSError as problem:
        raise SecretFileError(
            f"cannot write {problem.filename or folder}: {problem.strerror}", remedy="let this user write the folder"
        ) from problem
    return written


def _files(folder: Path) -> list[tuple[str, Callable[[], str]]]:
    """Names and makers, in an order in which each may read those before it."""

    def address(form: str, part: str) -> Callable[[], str]:
        return lambda: form.format(password=quote(text_of(folder / part / "password"), safe=""))

    return [
        ("web/secret-key", lambda: secrets.token_hex(32)),
        ("database/password", lambda: secrets.token_hex(24)),
        ("database/url", address(DATABASE, "database")),
        ("broker/password", lambda: secrets.token_hex(24)),
        ("broker/url", address(BROKER, "broker")),
        ("broker/rabbitmq.conf", lambda: BROKER_CONFIGURATION.format(password=text_of(folder / "broker/password"))),
    ]


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and from its first moment readable by its owner and group alone."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o440), "w", encoding="utf-8") as file:
            file.write(text.rstrip("\n") + "\n")
            file.flush()
            os.fsync(file.fileno())
        new.rename(path)
    finally:
        new.unlink(missing_ok=True)
