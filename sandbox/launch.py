"""How a fork server comes to be, told in order: keeper, view, user, namespaces, torch, small root, proof.

`sandbox.client` runs this file as a script with an empty environment and one argument, the plan as JSON.  The process
it starts becomes the keeper, which outlives nobody: it ends with its starter, and the server with it, and with
the server, process 1 of its namespace, every candidate.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import pwd
import random
import select
import signal
import site
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

if __name__ == "__main__":  # started by path, without site-packages: find our own package
    sys.path.append(str(Path(__file__).resolve().parents[1]))

from sandbox import jail, kernel, landlock, mounts, seccomp
from sandbox.model import Kind

# What systemd gives to services that want a user of their own, so nobody's login.
_UNUSED_UIDS: Final = range(61184, 65520)
_INNER_UID: Final = 1000
_CAP_SYS_ADMIN: Final = 1 << 21
_HOST_NAME: Final = "workshop"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the starter decided; descriptors are inherited under the same numbers."""

    channel: int
    listener: int
    starter: int
    """A pidfd of the process that the server must not outlive."""
    kind: Kind
    slots: tuple[str, ...]
    """Small file systems for candidates that cannot mount their own."""
    directory: str
    """A private folder, where the small root is put together."""
    site: tuple[str, ...]
    entry: str
    entry_path: str

    def to_json(self) -> str:
        """For the command line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """The plan on the command line."""
        value: dict[str, Any] = json.loads(text)
        return cls(
            **{**value, "site": tuple(value["site"]), "slots": tuple(value["slots"]), "kind": Kind(value["kind"])}
        )


def main(plan: Plan) -> None:
    """Become keeper and server; each returns from here only by ending."""
    channel = socket.socket(fileno=plan.channel)
    stdlib = tuple(
        path for path in sys.path if os.path.isdir(path) and path != str(Path(__file__).resolve().parents[1])
    )
    sys.path.extend(plan.site)
    with _step(channel, "compile the system call filter"):
        code = jail.compile_filter(plan.kind)
    if plan.kind is Kind.NAMESPACES:
        inner = _enter_namespaces(plan, channel, stdlib)
    else:
        inner = ""
        with _step(channel, "be an ordinary user"):
            _be_ordinary()
    server = os.fork()
    if server:
        os.close(plan.listener)
        _keep(server, plan.starter, channel)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    os.close(plan.starter)
    _serve(plan, channel, code, stdlib, inner, pid=int(os.readlink("/proc/self")))


def _enter_namespaces(plan: Plan, channel: socket.socket, stdlib: tuple[str, ...]) -> str:
    """Become an unprivileged user in namespaces of its own; gives the folder where the small root can be mounted."""
    own = (str(Path(__file__).resolve().parent), *([plan.entry_path] if plan.entry_path else []))
    if os.geteuid() == 0:
        uid = _unused_uid()
        with _step(channel, "build a view for an unprivileged user"):
            kernel.unshare(kernel.CLONE_NEWNS)
            kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
            mounts.build(mounts.server_view(stdlib, plan.site, own), plan.directory)
            mounts.enter(plan.directory)
        with _step(channel, "become an unprivileged user"):
            _become(uid)
        inner = "/inner"
    else:
        inner = plan.directory
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    with _step(channel, "create a user namespace"):
        _enter_user_namespace()
    with _step(channel, "create namespaces"):
        kernel.unshare(
            kernel.CLONE_NEWPID
            | kernel.CLONE_NEWNS
            | kernel.CLONE_NEWNET
            | kernel.CLONE_NEWIPC
            | kernel.CLONE_NEWUTS
            | kernel.CLONE_NEWCGROUP
        )
        kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
        if socket.gethostname() != _HOST_NAME:  # the new one begins with the machine's; a container may not change it
            socket.sethostname(_HOST_NAME)
    return inner


def _be_ordinary() -> None:
    if os.geteuid() == 0:
        raise PermissionError("root's files and limits are not what Landlock and seccomp alone can hold")
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.set_capabilities(0)


def _serve(plan: Plan, channel: socket.socket, code: bytes, stdlib: tuple[str, ...], inner: str, *, pid: int) -> None:
    # After the namespaces, before the root shrinks: without /proc/cpuinfo torch silently computes other bits.
    from sandbox import memory, warm
    from sandbox.messages import Hello
    from sandbox.server import Server
    from sandbox.slots import Slots

    with _step(channel, "warm up torch"):
        warm.warm()
    with _step(channel, "load what runs in candidates"):
        if plan.entry_path:
            sys.path.append(plan.entry_path)
        module, _, function = plan.entry.partition(":")
        entry = getattr(importlib.import_module(module), function)
    with _step(channel, "check the warm process"):
        if (threads := warm.thread_count()) != 1:
            raise RuntimeError(f"{threads} threads where a fork needs one")
        maps = Path("/proc/self/maps").read_text()
        if shared := memory.shared_writable(maps.splitlines()):
            raise RuntimeError(f"memory shared between candidates: {shared[0]}")
        home = mounts.home_for((*stdlib, *plan.site))
        last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
        view = mounts.candidate_view(stdlib, plan.site)
        prepared = jail.Prepared(
            plan.kind, seccomp.prepare(code), landlock.abi(), last, jail.rules(plan.kind, view), os.getpid()
        )
        statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        _prefer_for_the_oom_killer()
    with _step(channel, "gather memory"):
        warm.settle()
        memory.collapse_huge_pages()
    slots = None
    if plan.kind is Kind.NAMESPACES:
        with _step(channel, "build the candidates' root"):
            mounts.build(view, inner)
            mounts.enter(inner)
            kernel.set_capabilities(_CAP_SYS_ADMIN)
    else:
        with _step(channel, "empty the candidates' slots"):
            slots = Slots(plan.slots)
    _see_only(stdlib, plan.site)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    hello = Hello(pid, warm.torch_version(), warm.cpu_capability())
    listener = socket.socket(fileno=plan.listener)
    server = Server(listener, hello, statm=statm, proc=proc, resident=0, home=home, slots=slots)
    with _step(channel, "confine a first candidate"):
        task = server.prove()
    if task is None:
        channel.send(json.dumps({"ready": asdict(hello)}).encode())
        task = server.run()
    # Here every candidate begins.  Nothing of the server is kept, and nothing but the task is known.
    server.close()
    del server
    _become_candidate(task, prepared, warm.prove_backward if task.proof else lambda: entry(jail.JOB_FD))


def _become_candidate(task: jail.Confinement, prepared: jail.Prepared, work: Callable[[], object]) -> NoReturn:
    """Confine this process, say so, work, end.  Without a word of success nothing of a submission is ever sent."""
    status = 1
    try:
        try:
            jail.confine(task, prepared)
            tempfile.tempdir = os.environ["HOME"] = os.environ["TMPDIR"] = os.getcwd()
        except BaseException as error:
            jail.report(b"-" + str(error).encode(errors="replace")[:500])
            raise
        jail.report(b"+")
        random.seed(0)  # Python reseeds itself after a fork; torch and numpy stay as the warm-up left them
        work()
        status = 0
    finally:
        os._exit(status)


def _keep(server: int, starter: int, channel: socket.socket) -> NoReturn:
    """Wait until the starter ends, hangs up, or the server ends; then see to it that all is gone."""
    poll = select.poll()
    for fd in (starter, channel.fileno(), os.pidfd_open(server)):
        poll.register(fd, select.POLLIN)
    poll.poll()
    os.kill(server, signal.SIGKILL)  # process 1 of its namespace: the candidates die with it
    _, status = os.waitpid(server, 0)
    os._exit(0 if os.WIFSIGNALED(status) else 1)


def _unused_uid() -> int:
    """A user that nobody is and no process has."""
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):
                taken.add(process.stat().st_uid)
    return random.SystemRandom().choice([uid for uid in _UNUSED_UIDS if uid not in taken])


def _become(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # changing user took it, and with it our own files in /proc


def _enter_user_namespace() -> None:
    uid, gid = os.geteuid(), os.getegid()
    kernel.unshare(kernel.CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_INNER_UID} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{_INNER_UID} {gid} 1")


def _prefer_for_the_oom_killer() -> None:
    """When memory runs out, candidates go before anything else on this machine."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def _see_only(stdlib: tuple[str, ...], packages: tuple[str, ...]) -> None:
    """Make the interpreter forget the paths that the small root has not, and remember what the others hold."""
    sys.path[:] = [*stdlib, *packages]
    sys.argv[:] = [""]
    sys.orig_argv[:] = []
    for name in ("setquit", "setcopyright", "sethelper"):  # `exit` and its like, which -S leaves out
        getattr(site, name)()
    sys.path_importer_cache.clear()
    importlib.invalidate_caches()
    with suppress(ImportError):
        importlib.import_module("no_such_module_but_every_folder_is_now_read")


@contextmanager
def _step(channel: socket.socket, name: str) -> Iterator[None]:
    """Report a failure of this step to the starter and end."""
    try:
        yield
    except Exception as error:
        traceback.print_exc()
        sys.stderr.flush()
        with suppress(OSError):
            channel.send(json.dumps({"step": name, "error": f"{type(error).__name__}: {error}"}).encode())
        os._exit(1)


if __name__ == "__main__":
    main(Plan.from_json(sys.argv[1]))
