"""Starting and speaking to examiners from the process that wants verdicts.

`Examiners` owns the warm process; an `Examiner` is one suite's fork of it, with time limits kept from here: a suite
that never answers is ended and reported as the bank's fault.
"""

from __future__ import annotations

import array
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.documents import NotThatDocument, to_json, verdict_from_json
from grader.errors import BankFault, Ungradable
from grader.examiner.spec import Assignment, SuiteSpec
from grader.verdict import Verdict

COLLECT_SECONDS = 60.0
GRACE_SECONDS = 10.0
KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "PYTHONDONTWRITEBYTECODE")


class ExaminerEnded(BankFault):
    """An examiner's process ended: its suite's doing, or that of somebody outside (a kernel short of memory)."""


class Examiners:
    """The warm examiner process.  Thread-safe."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {
            "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "LANG": "C.UTF-8",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            **{name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
        }  # fmt: skip
        self._process = subprocess.Popen(  # noqa: S603  - our own interpreter and module
            [sys.executable, "-I", "-m", "grader.examiner", str(theirs.fileno())],
            pass_fds=[theirs.fileno()], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/",
            start_new_session=True,  # a Ctrl-C in our terminal is ours to handle; we hang up
        )  # fmt: skip
        theirs.close()
        self._control = ours
        self._lock = threading.Lock()
        self._ready = False

    @property
    def alive(self) -> bool:
        """Whether the warm process still runs."""
        return self._process.poll() is None

    def start(self, spec: SuiteSpec, sandbox: Path | str) -> Examiner:
        """Fork an examiner for `spec`.  Raises `BankFault` when the suite cannot be collected."""
        ours, theirs = socket.socketpair()
        with self._lock:
            try:
                self._wait_until_ready()
                self._control.sendmsg(
                    [b"fork"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [theirs.fileno()]))]
                )
                pid = int(self._control.recv(16))
            except (OSError, ValueError) as error:
                raise Ungradable("the examiner's process is gone", remedy="run the command again") from error
            finally:
                theirs.close()
        return Examiner(spec, Pipe(ours.detach()), pid, str(sandbox))

    def _wait_until_ready(self) -> None:
        if not self._ready:
            if self._control.recv(16) != b"ready":
                raise OSError("the examiner's process did not start")
            self._ready = True

    def close(self) -> None:
        """End the warm process; its forks end with it."""
        self._control.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Examiners:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Examiner:
    """One suite, collected and warm.  Used by one thread at a time."""

    def __init__(self, spec: SuiteSpec, pipe: Pipe, pid: int, sandbox: str) -> None:
        self.spec = spec
        self.judged = 0
        self._pipe = pipe
        self._pidfd = os.pidfd_open(pid)
        self._send({"spec": to_json(spec), "sandbox": sandbox})
        self._receive(COLLECT_SECONDS, "could not be collected")

    def judge(self, assignment: Assignment) -> Verdict:
        """The verdict of one submission.  Raises `BankFault` or `Ungradable`."""
        self._send(to_json(assignment))
        # Processor time ends a suite from inside; this clock only ends one that sleeps, if the machine is overloaded.
        seconds = 3 * self.spec.cpu_seconds + 5 * self.spec.suite_seconds + GRACE_SECONDS
        answer = self._receive(seconds, "did not come to an end")
        self.judged += 1
        try:
            verdict = verdict_from_json(answer["verdict"])
        except (NotThatDocument, KeyError) as error:
            raise self._fault(f"its verdict is not one ({error})") from error
        self._check(verdict)
        return verdict

    def _check(self, verdict: Verdict) -> None:
        """What leaves an examiner must agree with the bank: its tests, their points, nothing else."""
        declared = {entry.name: entry for entry in self.spec.entries}
        for result in verdict.tests:
            entry = declared.get(result.name)
            if entry is None or result.max_points != entry.points or result.points not in (0.0, entry.points):
                raise self._fault(f"its verdict has a test that is not the bank's: {result.name}")
        if abs(verdict.score - sum(result.points for result in verdict.tests)) > 1e-6:
            raise self._fault("its verdict's score is not the sum of its points")

    def _fault(self, what: str) -> BankFault:
        return BankFault(f"{self._place}: the suite of {self.spec.item} {what}")

    @property
    def _place(self) -> str:
        return f"{self.spec.path}:{self.spec.tests.line}"

    def _send(self, message: Any) -> None:
        try:
            self._pipe.send_bytes(json.dumps(message, separators=(",", ":")).encode())
        except OSError as error:
            raise ExaminerEnded(f"the examiner of {self.spec.item} is gone") from error

    def _receive(self, seconds: float, what: str) -> dict[str, Any]:
        try:
            if not self._pipe.poll(seconds):
                self.close()
                raise self._fault(f"{what} within {seconds:g} s")
            message = json.loads(self._pipe.recv_bytes())
        except (OSError, EOFError) as error:
            self.close()
            raise ExaminerEnded(f"{self._place}: the suite of {self.spec.item} ended its own process") from error
        if "bank" in message:
            raise BankFault(message["bank"])
        if "ungradable" in message:
            raise Ungradable(message["ungradable"])
        return dict(message)

    def close(self) -> None:
        """End the examiner's process."""
        self._pipe.close()
        if self._pidfd >= 0:
            try:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            except ProcessLookupError:
                pass
            os.close(self._pidfd)
            self._pidfd = -1
