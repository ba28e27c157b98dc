"""A real RabbitMQ for tests, from Debian's package: `with running_rabbitmq() as broker: broker.url()`."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from tests.services.daemons import (
    MARK,
    account,
    alive,
    belonging_to,
    family,
    free_port,
    kill_all,
    new_folder,
    wait_until,
)

USER = "workshop"
VHOSTS = ("/", "main", *(f"gw{number}" for number in range(8)))
"""There from the start: one for each process of pytest-xdist, so that tests which share a broker never meet."""
START_SECONDS = 120.0
PROGRAMS = Path("/usr/lib/rabbitmq/bin")

_SETTINGS = """
loopback_users = none
load_definitions = {folder}/definitions.json
disk_free_limit.absolute = 1MB
log.console = true
log.file = false
"""
_ERLANG = "+S 2:2 +SDio 4 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"
"""Two schedulers that do not spin: two cores have to do for everything."""


@cache
def available() -> str:
    """Why no RabbitMQ can be run here, or nothing."""
    if not (PROGRAMS / "rabbitmq-server").exists():
        return "RabbitMQ is not installed (Debian: apt-get install rabbitmq-server)"
    return ""


@dataclass(frozen=True, slots=True)
class RabbitMQ:
    """A broker of its own: node, cookie, name server and data folder are nobody else's.

    Only what is on the disk and in these fields says whether it runs, so that several processes may share one.
    """

    folder: Path
    port: int
    password: str
    names_port: int
    """Where Erlang's name server listens; the machine's own, if it has one, is left alone."""
    nodes_port: int

    @property
    def node(self) -> str:
        """What the node is called."""
        return f"workshop{self.port}@localhost"

    def url(self, vhost: str = "/") -> str:
        """The address of a virtual host, as Celery has it."""
        return f"amqp://{USER}:{self.password}@127.0.0.1:{self.port}/{'%2F' if vhost == '/' else vhost}"

    @property
    def log(self) -> str:
        """What it said so far."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def pid(self) -> int | None:
        """The broker's process, while it runs."""
        try:
            pid = int((self.folder / "pid").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return pid if alive(pid) else None

    def control(self, *arguments: str) -> str:
        """The output of `rabbitmqctl`, which takes a second or two of processor time."""
        done = account("rabbitmq").run(
            str(PROGRAMS / "rabbitmqctl"), "--quiet", *arguments, cwd=self.folder, env=self._environment()
        )
        assert done.returncode == 0, f"rabbitmqctl {' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    def add_vhost(self, name: str) -> str:
        """Make another virtual host and give its address."""
        self.control("add_vhost", name)
        self.control("set_permissions", "-p", name, USER, ".*", ".*", ".*")
        return self.url(name)

    def start(self) -> None:
        """Start it and wait until it lets clients in."""
        assert self.pid is None, "it runs already"
        process = account("rabbitmq").start(
            str(PROGRAMS / "rabbitmq-server"), cwd=self.folder, env=self._environment(), log=self.folder / "log"
        )
        (self.folder / "pid").write_text(str(process.pid))

        def answers() -> bool:
            if process.poll() is not None:
                raise AssertionError(f"RabbitMQ ended:\n{self.log[-3000:]}")
            return self.answers()

        wait_until(answers, START_SECONDS, lambda: f"RabbitMQ did not start:\n{self.log[-3000:]}")

    def answers(self) -> bool:
        """Whether it lets clients in.  It listens a little earlier than that."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as connection:
                connection.settimeout(5)
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                return connection.recv(1) == b"\x01"
        except OSError:
            return False

    def stop(self) -> None:
        """Stop it; what is durable stays."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL to everything it consists of."""
        self._end(signal.SIGKILL)

    def restart(self, *, crash: bool = False) -> None:
        """Stop (or kill) and start it."""
        if crash:
            self.kill()
        else:
            self.stop()
        self.start()

    def freeze(self) -> None:
        """Let it answer nobody until `thaw`, connections staying open."""
        assert self.pid is not None
        for pid in family(self.pid):
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self.pid is not None
        for pid in reversed(family(self.pid)):
            os.kill(pid, signal.SIGCONT)

    def remove(self) -> None:
        """End it and all that belongs to it."""
        self.kill()
        kill_all(belonging_to(self.folder))  # the name server stays behind by itself
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, number: int) -> None:
        pid = self.pid
        if pid is None:
            return
        everything = family(pid)
        if number == signal.SIGTERM:
            os.kill(pid, number)
            try:
                wait_until(lambda: not alive(pid), 30, "it goes on")
            except AssertionError:
                kill_all(everything)
        else:
            kill_all(everything)
        (self.folder / "pid").unlink()

    def _environment(self) -> dict[str, str]:
        folder = str(self.folder)
        return {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "HOME": folder,
            MARK: folder,
            "ERL_EPMD_PORT": str(self.names_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": self.node,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.nodes_port),
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/none",
            "RABBITMQ_CONFIG_FILE": f"{folder}/settings.conf",
            "RABBITMQ_GENERATED_CONFIG_DIR": f"{folder}/generated",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{folder}/none.config",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
            "RABBITMQ_MNESIA_BASE": f"{folder}/data",
            "RABBITMQ_LOG_BASE": folder,
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _ERLANG,
        }


def new_rabbitmq() -> RabbitMQ:
    """A broker that has been started; whoever asked for it calls `remove`."""
    owner = account("rabbitmq")
    folder = new_folder("rabbitmq", owner)
    broker = RabbitMQ(folder, free_port(), secrets.token_hex(16), free_port(), free_port())
    files = {
        ".erlang.cookie": secrets.token_hex(20),
        "settings.conf": _SETTINGS.format(folder=folder),
        "definitions.json": json.dumps(_definitions(broker.password)),
        "plugins": "[].\n",
    }
    for name, text in files.items():
        path = folder / name
        path.write_text(text)
        path.chmod(0o600)
        owner.own(path)
    try:
        broker.start()
    except BaseException:
        broker.remove()
        raise
    return broker


@contextmanager
def running_rabbitmq() -> Iterator[RabbitMQ]:
    """A broker with empty queues, gone after the block."""
    assert not available(), available()
    broker = new_rabbitmq()
    try:
        yield broker
    finally:
        broker.remove()


def to_json(broker: RabbitMQ) -> str:
    """For another process that shares it."""
    return json.dumps(asdict(broker), default=str)


def from_json(text: str) -> RabbitMQ:
    """What `to_json` wrote."""
    fields = json.loads(text)
    return RabbitMQ(**fields | {"folder": Path(fields["folder"])})


def _definitions(password: str) -> dict:
    salt = secrets.token_bytes(4)
    digest = base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
    everything = {"user": USER, "configure": ".*", "write": ".*", "read": ".*"}
    user = {"name": USER, "password_hash": digest, "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": ""}
    return {
        "users": [user],
        "vhosts": [{"name": name} for name in VHOSTS],
        "permissions": [everything | {"vhost": name} for name in VHOSTS],
    }
