"""Everything an operator may choose, as one frozen value.  `docs/settings.md` explains each; a test compares them."""

from __future__ import annotations

import math
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from grader.errors import WorkshopError
from sandbox import placement
from webapp.secret_files import text_of

PREFIX = "WORKSHOP_"


class SettingError(WorkshopError):
    """A setting has a value that cannot be read."""


class Registration(StrEnum):
    """Who may make an account."""

    CODE = "code"
    """Whoever has the code of a course."""
    CLOSED = "closed"


class LogForm(StrEnum):
    """How the lines of a log are written."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """What is worth a line."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    """Also each step of each judging."""
    DEBUG = "debug"


@dataclass(frozen=True, slots=True)
class Settings:
    """What `WORKSHOP_…` variables say, with defaults for one machine.  Never shown to templates or candidates."""

    data: Path = Path("var")
    database_url: str = ""
    """Empty means SQLite in the data folder."""
    broker_url: str = ""
    """Empty means pipes in the data folder."""
    secret_key: str = ""
    """Empty means the key in the data folder, made at the first start."""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 8
    banks: tuple[Path, ...] = ()
    """Empty means the shipped ones."""
    demo: bool = True
    prove: bool = True
    """Whether items that nobody has proved are proved while nobody waits."""
    grader: str = "webapp.queue.worker:warm_grader"
    sandbox: str = "host"
    secure_cookies: bool = False
    proxies: int = 0
    session_days: int = 30
    registration: Registration = Registration.CODE
    registrations_per_hour: int = 400
    code_failures_per_address: int = 30
    sign_in_failures_per_address: int = 30
    sign_in_failures_per_account: int = 10
    submissions_per_minute: int = 30
    waiting_jobs: int = 6
    guests: bool = True
    guests_per_address: int = 10
    guests_per_hour: int = 200
    guest_submissions_per_minute: int = 6
    guest_submissions_per_hour: int = 600
    guest_waiting_jobs: int = 20
    guest_days: int = 7
    lease_seconds: float = 10.0
    job_seconds: float = 300.0
    tries: int = 3
    keep_runs_days: int = 0
    """Here and below 0 means for ever."""
    keep_drafts_days: int = 0
    keep_uploads_days: int = 0
    keep_notices_days: int = 0
    keep_log_days: int = 0
    log: LogForm = LogForm.TEXT
    log_level: LogLevel = LogLevel.WARNING
    access_log: bool = False
    metrics_port: int = 0
    """0 means none."""
    metrics_host: str = "127.0.0.1"
    metrics_token: str = ""
    """Empty means that the web server itself shows no figures."""

    @property
    def database(self) -> URL:
        """The address of the database.  A folder's name may hold anything, so the address is built, not written."""
        if self.database_url:
            return _database_address(self.database_url)
        return URL.create("sqlite", database=str(self.data.absolute() / "workshop.sqlite3"))

    @property
    def shown_database(self) -> str:
        """The database as it may be named to people: an address holds a password."""
        return "the database of WORKSHOP_DATABASE_URL" if self.database_url else str(self.data / "workshop.sqlite3")

    @property
    def guest_lifetime(self) -> timedelta:
        """How long what a guest left is kept."""
        return timedelta(days=self.guest_days)

    @property
    def wake_folder(self) -> Path:
        """Where workers wait for a nudge."""
        return self.data.absolute() / "wake"

    @property
    def bank_paths(self) -> tuple[Path, ...]:
        """The folders or files that are loaded as banks."""
        return self.banks or shipped_banks()


def shipped_banks() -> tuple[Path, ...]:
    """The banks that come with the distribution, in name order."""
    import questions

    folder = Path(questions.__file__).parent / "banks"
    return tuple(sorted(path for path in folder.glob("*") if path.is_dir() and any(path.glob("*.md"))))


def _database_address(text: str) -> URL:
    try:
        address = make_url(re.sub("^postgres(ql)?:", "postgresql+psycopg:", text))
    except (ArgumentError, ValueError) as problem:  # ValueError: a port that is no number
        raise SettingError(
            f"{variable('database_url')} is no address of a database",
            remedy="write postgresql://user:password@host:5432/database, @ : / % in the password as %40 %3A %2F %25",
        ) from problem
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise SettingError(
            f"{variable('database_url')} names {address.get_backend_name()}, which is not supported",
            remedy="use PostgreSQL (postgresql://user:password@host/database), or unset it for SQLite",
        )
    return address


def _broker_address(text: str) -> None:
    try:
        address = urlsplit(text)
        known = address.scheme in ("amqp", "amqps") and bool(address.hostname) and address.port != 0
    except ValueError:  # a port that is no number
        known = False
    if not known:
        raise SettingError(
            f"{variable('broker_url')} is no address of a RabbitMQ",
            remedy="write amqp://user:password@host:5672/vhost, @ : / % in the password as %40 %3A %2F %25",
        )


def _boolean(text: str) -> bool:
    values = {
        "1": True,
        "yes": True,
        "true": True,
        "on": True,
        "0": False,
        "no": False,
        "false": False,
        "off": False,
    }
    return values[text.strip().lower()]


_READERS: dict[str, Callable[[str], Any]] = {
    "Path": Path,
    "str": str,
    "int": int,
    "float": float,
    "bool": _boolean,
    "Registration": lambda text: Registration(text.strip().lower()),
    "LogForm": lambda text: LogForm(text.strip().lower()),
    "LogLevel": lambda text: LogLevel(text.strip().lower()),
    "tuple[Path, ...]": lambda text: tuple(Path(part) for part in text.split(os.pathsep) if part),
}


_WITHIN = {
    "port": (0, 65535),
    "metrics_port": (0, 65535),
    "workers": (0, 256),
    "threads": (1, 1000),
    "session_days": (1, 3650),
    "guest_days": (1, 3650),
    "lease_seconds": (0.1, 86400.0),
    "job_seconds": (1.0, 86400.0),
    "tries": (1, 100),
}
"""What numbers make sense; others only have to be 0 or more."""


_ADDRESSES: dict[str, Callable[[str], object]] = {"database_url": _database_address, "broker_url": _broker_address}
"""What refuses an address that is none, without repeating it: it holds a password."""


READ_BY_OTHERS = ("sandbox",)
"""Settings that other rooms read as well, from the environment alone."""


def variable(name: str) -> str:
    """The environment variable of the setting `name`."""
    return PREFIX + name.upper()


def from_environment(environment: Mapping[str, str], **overrides: Any) -> Settings:
    """Read `WORKSHOP_…`, an empty one as not set; `overrides` that are not None win.

    Where a variable is not set, the one with `_FILE` at its end may name a file that holds the value.  Raises
    `SettingError` with the variable's name, `SecretFileError` with the file's.
    """
    values: dict[str, Any] = {}
    for each in fields(Settings):
        if overrides.get(each.name) is not None:
            values[each.name] = overrides[each.name]
        elif text := _told(environment, each.name):
            try:
                values[each.name] = _READERS[str(each.type)](text)
                if each.name == "sandbox":
                    placement.parse(text)
            except (ValueError, KeyError) as problem:
                kind = "placement" if each.name == "sandbox" else each.type
                raise SettingError(
                    f"{variable(each.name)} is {text!r}, which is no {kind}", remedy="see docs/settings.md"
                ) from problem
            if refuse_unreadable := _ADDRESSES.get(each.name):
                refuse_unreadable(text)
            if isinstance(values[each.name], (int, float)):
                _check(each.name, values[each.name])
    return Settings(**values)


def _told(environment: Mapping[str, str], name: str) -> str:
    """What the environment says of a setting, itself or through a file."""
    if text := environment.get(variable(name), ""):
        return text
    file = environment.get(variable(name) + "_FILE", "")
    return text_of(Path(file)) if file and name not in READ_BY_OTHERS else ""


def _check(name: str, number: float) -> None:
    least, most = _WITHIN.get(name, (0, math.inf))
    if not least <= number <= most or not math.isfinite(number):
        span = f"from {least:g} to {most:g}" if most < math.inf else f"{least:g} or more"
        raise SettingError(f"{variable(name)} is {number:g}; it has to be {span}", remedy="see docs/settings.md")


def as_environment(settings: Settings) -> dict[str, str]:
    """The variables that give a child process the same settings (the key stays in its file)."""
    result = {}
    for each in fields(Settings):
        value = getattr(settings, each.name)
        if each.name == "secret_key":
            continue
        if isinstance(value, tuple):
            text = os.pathsep.join(str(Path(part).absolute()) for part in value)
        elif isinstance(value, bool):
            text = "1" if value else "0"
        elif isinstance(value, Path):
            text = str(value.absolute())
        else:
            text = str(value)
        result[variable(each.name)] = text
    return result


def own_folder(path: Path) -> None:
    """Make the data folder; what it holds (password hashes, submissions) is its owner's alone."""
    if not path.exists():
        path.mkdir(parents=True, mode=0o700)


def private_file(path: Path, make: Callable[[], str]) -> str:
    """The text of `path`; made once, readable by the owner only, whole or not at all even when two start at once."""
    if not path.exists():
        own_folder(path.parent)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600, and nobody else's
        own = Path(name)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(make())
        try:
            os.link(own, path)
        except FileExistsError:
            pass
        finally:
            own.unlink()
    return path.read_text(encoding="utf-8")


def secret_key(settings: Settings) -> str:
    """The key that signs sessions."""
    if settings.secret_key:
        return settings.secret_key
    return private_file(settings.data / "secret", lambda: secrets.token_hex(32) + "\n").strip()
