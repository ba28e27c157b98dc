"""Starting and speaking to examiners from the process that wants verdicts.

`Examiners` owns the warm process; an `Examiner` is one suite's fork of it, with time limits kept from here: a suite
that never answers, or answers nonsense, is ended and reported as the bank's fault.
"""

from __future__ import annotations

import array
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.agreement import disagreement
from grader.documents import NotThatDocument, to_json, verdict_from_json
from grader.errors import BankFault, Ungradable
from grader.examiner.spec import Assignment, SuiteSpec
from grader.verdict import Verdict
from sandbox.frames import clean_text

COLLECT_SECONDS = 60.0
GRACE_SECONDS = 10.0
MAX_ANSWER = 16 * 2**20
HEAVY_BYTES = 3 * 2**29
"""A suite that has grown to this keeps what it should let go of; it is started anew before its memory runs out."""
KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "PYTHONDONTWRITEBYTECODE")


class ExaminerEnded(BankFault):
    """An examiner's process ended: its suite's doing, or that of somebody outside (a kernel short of memory)."""


class SandboxEnded(Ungradable):
    """An examiner lost its connection to the fork server; `ran` tells whether the submission was running then."""

    def __init__(self, message: str, *, ran: bool) -> None:
        super().__init__(message)
        self.ran = ran


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
        return Examiner(spec, Pipe(ours), pid, str(sandbox))

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


class Pipe:
    """Messages to and from an examiner, framed as `multiprocessing.connection` does it, but never waited for in vain.

    A message that is begun and not finished, or larger than `MAX_ANSWER`, must not hold or fill the process that asks.
    """

    _LENGTH = struct.Struct("!i")

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def send(self, message: bytes, seconds: float) -> None:
        """Raises `TimeoutError` when it is not taken within `seconds`, `OSError` when nobody is there."""
        deadline = time.monotonic() + seconds
        view = memoryview(self._LENGTH.pack(len(message)) + message)
        while view:
            self._wait(deadline)
            view = view[self._socket.send(view, socket.MSG_NOSIGNAL) :]

    def receive(self, seconds: float) -> bytes:
        """Raises `TimeoutError`, `EOFError`, or `ValueError` for a message of no sane size."""
        deadline = time.monotonic() + seconds
        (length,) = self._LENGTH.unpack(self._take(self._LENGTH.size, deadline))
        if not 0 <= length <= MAX_ANSWER:
            raise ValueError(f"a message of {length} bytes")
        return self._take(length, deadline)

    def _take(self, size: int, deadline: float) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            self._wait(deadline)
            part = self._socket.recv(min(size - len(parts), 1 << 20))
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)

    def _wait(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)

    def close(self) -> None:
        self._socket.close()


class Examiner:
    """One suite, collected and warm.  Used by one thread at a time."""

    def __init__(self, spec: SuiteSpec, pipe: Pipe, pid: int, sandbox: str) -> None:
        self.spec = spec
        self.judged = 0
        self._pid = pid
        self._pipe = pipe
        try:
            self._pidfd = os.pidfd_open(pid)
        except ProcessLookupError as error:
            self._pidfd = -1
            pipe.close()
            raise ExaminerEnded(f"the examiner of {spec.item} is gone") from error
        try:
            self._send({"spec": to_json(spec), "sandbox": sandbox}, COLLECT_SECONDS)
            self._receive(COLLECT_SECONDS, "could not be collected")
        except BaseException:
            self.close()  # nobody else knows of it yet
            raise

    @property
    def heavy(self) -> bool:
        """Whether it holds so much memory that the next submission should get a fresh one."""
        try:
            resident = int(Path(f"/proc/{self._pid}/statm").read_text().split()[1])
        except (OSError, ValueError, IndexError):
            return False
        return resident * resource.getpagesize() > HEAVY_BYTES

    def judge(self, assignment: Assignment) -> Verdict:
        """The verdict of one submission.  Raises `BankFault` or `Ungradable`."""
        # Processor time ends a suite from inside; this clock only ends one that sleeps, if the machine is overloaded.
        seconds = 3 * self.spec.cpu_seconds + 5 * self.spec.suite_seconds + GRACE_SECONDS
        if assignment.program:
            seconds += 3 * self.spec.program_seconds + GRACE_SECONDS
        self._send(to_json(assignment), seconds)
        answer = self._receive(seconds, "did not come to an end")
        self.judged += 1
        try:
            verdict = verdict_from_json(answer["verdict"])
        except (NotThatDocument, KeyError, RecursionError) as error:
            raise self._fault(f"gave a verdict that is none ({clean_text(str(error), 300)})") from error
        if reason := disagreement(verdict, self.spec, assignment):
            raise self._fault(f"gave a verdict that is not the bank's: {clean_text(reason, 300)}")
        return verdict

    def _fault(self, what: str) -> BankFault:
        return BankFault(f"{self._place}: the suite of {self.spec.item} {what}")

    @property
    def _place(self) -> str:
        return f"{self.spec.path}:{self.spec.tests.line}"

    def _send(self, message: Any, seconds: float) -> None:
        try:
            self._pipe.send(json.dumps(message, separators=(",", ":")).encode(), seconds)
        except TimeoutError as error:
            self.close()
            raise self._fault(f"did not listen within {seconds:g} s") from error
        except OSError as error:
            self.close()
            raise ExaminerEnded(f"the examiner of {self.spec.item} is gone") from error

    def _receive(self, seconds: float, what: str) -> dict[str, Any]:
        try:
            message = json.loads(self._pipe.receive(seconds))
        except TimeoutError as error:
            self.close()
            raise self._fault(f"{what} within {seconds:g} s") from error
        except (OSError, EOFError) as error:
            self.close()
            raise ExaminerEnded(f"{self._place}: the suite of {self.spec.item} ended its own process") from error
        except (ValueError, RecursionError) as error:
            self.close()
            raise self._fault("spoke nonsense") from error
        if type(message) is not dict:
            raise self._fault("spoke nonsense")
        if "bank" in message:
            raise BankFault(clean_text(str(message["bank"])))
        if "ended" in message:
            raise ExaminerEnded(clean_text(str(message["ended"])))
        if "sandbox" in message:
            raise SandboxEnded(clean_text(str(message["sandbox"])), ran=bool(message.get("ran")))
        if "ungradable" in message:
            raise Ungradable(clean_text(str(message["ungradable"])))
        return message

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
