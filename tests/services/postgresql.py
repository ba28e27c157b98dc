"""A real PostgreSQL for tests, from Debian's binaries: `with running_postgresql() as server: server.url("name")`."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.services.daemons import MARK, Account, account, family, free_port, kill_all, new_folder, wait_until

ROLE = "workshop"
START_SECONDS = 60.0

_SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
max_connections = 200
shared_buffers = 64MB
log_line_prefix = '%m [%p] %q%d '
fsync = {fsync}
full_page_writes = {fsync}
wal_level = minimal
max_wal_senders = 0
jit = off
"""
_WHO = """
local all all trust
host all all 127.0.0.1/32 scram-sha-256
"""


@cache
def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs; Debian keeps them out of PATH."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    if found:
        return found[0].parent
    there = shutil.which("initdb")
    return Path(there).resolve().parent if there else None


def available() -> str:
    """Why no PostgreSQL can be run here, or nothing."""
    if programs() is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "the package psycopg is not installed (pip install -r requirements-cluster.txt)"
    return ""


@dataclass(slots=True)
class PostgreSQL:
    """A server of its own, with the role `workshop`, which is no superuser and may create databases."""

    folder: Path
    port: int
    password: str
    _owner: Account = field(repr=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def url(self, database: str = "postgres", password: str | None = None) -> str:
        """The address of a database, as WORKSHOP_DATABASE_URL has it."""
        return f"postgresql+psycopg://{ROLE}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database (a copy of `template`, to which nobody may be connected) and give its address."""
        self.sql(f'CREATE DATABASE "{database}" TEMPLATE "{template}" OWNER {ROLE} STRATEGY FILE_COPY')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def sql(self, statement: str, database: str = "postgres") -> list[tuple]:
        """Run one statement as the superuser; its rows."""
        import psycopg

        with psycopg.connect(self.superuser(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def superuser(self, database: str = "postgres") -> str:
        """The address of a database for psycopg and the superuser."""
        return f"host={self.folder} port={self.port} user=postgres dbname={database}"

    @property
    def log(self) -> str:
        """What it said so far."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def pid(self) -> int:
        """The server's process."""
        assert self._process is not None, "it does not run"
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        assert self._process is None, "it runs already"
        binary = programs()
        assert binary is not None
        self._process = self._owner.start(
            str(binary / "postgres"),
            "-D",
            str(self.folder / "data"),
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC", MARK: str(self.folder)},
            log=self.folder / "log",
        )
        wait_until(self._answers, START_SECONDS, lambda: f"PostgreSQL did not start:\n{self.log[-3000:]}")

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f"PostgreSQL ended:\n{self.log[-3000:]}")
        import psycopg

        try:
            self.sql("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, *, crash: bool = False) -> None:
        """Stop it: transactions are broken off and the log is put away; with `crash` only the first."""
        self._end(signal.SIGQUIT if crash else signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL to the server and all its processes at once, as when the machine loses its power."""
        if self._process is not None:
            kill_all(family(self._process.pid))
            self._process.wait()
            self._process = None

    def restart(self, *, crash: bool = False) -> None:
        """Stop and start it."""
        self.stop(crash=crash)
        self.start()

    def freeze(self) -> None:
        """Let it answer nobody until `thaw`, connections staying open, as on a machine that swaps."""
        for pid in family(self.pid):
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        for pid in reversed(family(self.pid)):
            os.kill(pid, signal.SIGCONT)

    def disconnect(self, database: str) -> int:
        """Cut every connection of the product to a database; how many there were."""
        condition = f"datname = '{database}' AND usename = '{ROLE}'"
        return len(self.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {condition}"))

    def _end(self, number: int) -> None:
        if self._process is None:
            return
        os.kill(self._process.pid, number)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None


@contextmanager
def running_postgresql(*, fsync: bool = False) -> Iterator[PostgreSQL]:
    """A server with empty databases, gone after the block; with `fsync` it keeps its word over a power cut.

    It sorts text as a language does, not by code points: what holds here holds for an operator's server.
    """
    binary = programs()
    assert binary is not None, available()
    owner = account("postgres")
    folder = new_folder("postgresql", owner)
    server = PostgreSQL(folder, free_port(), secrets.token_hex(16), owner)
    try:
        done = owner.run(
            str(binary / "initdb"),
            *("-D", str(folder / "data"), "-U", "postgres", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"),
            *("--locale-provider=icu", "--icu-locale=en", "--auth=trust"),
            cwd=folder,
        )
        assert done.returncode == 0, done.stderr
        words = _SETTINGS.format(port=server.port, folder=folder, fsync="on" if fsync else "off")
        with open(folder / "data" / "postgresql.conf", "a") as file:
            file.write(words)
        (folder / "data" / "pg_hba.conf").write_text(_WHO)
        server.start()
        server.sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{server.password}'")
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
