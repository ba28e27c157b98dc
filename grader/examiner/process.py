"""The examiner's processes: a warm one that imported torch and pytest once, and a fork of it for each suite.

Started by `grader.examiners.Examiners` as ``python -m grader.examiner FD``.  Over the descriptor come requests to
fork; each fork gets a socket of its own, over which it receives one `SuiteSpec` and then `Assignment`s, and answers
each with a verdict's document or a fault.  Nothing but JSON is ever sent.
"""

from __future__ import annotations

import array
import gc
import json
import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from multiprocessing.connection import Connection as Pipe
from typing import Any

import torch

from grader.documents import from_json, verdict_to_json
from grader.errors import BankFault
from grader.examiner.candidates import SandboxLost
from grader.examiner.confinement import Confinement, confine, prepare
from grader.examiner.judge import judge, prepare_next, work_ahead
from grader.examiner.measuring import CannotMeasure, own_gauge
from grader.examiner.session import SuiteExhausted, SuiteSession
from grader.examiner.spec import Assignment, SuiteSpec
from grader.examiner.starter import listen
from sandbox.client import Connection
from sandbox.model import JobRefused, SandboxUnavailable

log = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1


def main(fd: int) -> None:
    """Fork an examiner for every request until the starter hangs up."""
    torch.set_num_threads(1)
    _warm()
    confinement = prepare()
    gc.collect()
    gc.freeze()
    listen(fd)
    control = socket.socket(fileno=fd)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the starter's to handle; it hangs up
    with suppress(OSError):  # the starter may have hung up meanwhile
        control.send(b"ready")
    while True:
        try:
            message, ancillary, _, _ = control.recvmsg(16, socket.CMSG_SPACE(4))
        except ConnectionError:
            return  # the starter was killed
        if not message:
            return
        descriptors = array.array("i")
        for _, _, data in ancillary:
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
        pid = os.fork()
        if pid == 0:
            control.close()
            _die_with_parent()
            _examine(descriptors[0], confinement)
        os.close(descriptors[0])
        control.send(str(pid).encode())


def _warm() -> None:
    """What the first submission would otherwise wait for."""
    with torch.enable_grad():
        tensor = torch.ones(2, 2, requires_grad=True)
        torch.testing.assert_close((tensor @ tensor).softmax(-1).sum(), torch.tensor(2.0))
        torch.nn.functional.scaled_dot_product_attention(tensor[None], tensor[None], tensor[None]).sum().backward()  # type: ignore[no-untyped-call]
        torch.autograd.gradcheck(torch.tanh, torch.ones(2, dtype=torch.float64, requires_grad=True), fast_mode=True)


def _die_with_parent() -> None:
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _examine(fd: int, confinement: Confinement) -> None:
    """The life of one examiner; never returns."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _serve_suite(Pipe(fd), confinement)
        code = 0
    except BaseException:
        log.exception("examiner failed")
    finally:
        os._exit(code)


def _serve_suite(pipe: Pipe, confinement: Confinement) -> None:
    opening = json.loads(pipe.recv_bytes())
    spec = from_json(SuiteSpec, opening["spec"])
    try:
        connection = Connection(opening["sandbox"])
    except SandboxUnavailable as error:
        _answer(pipe, {"sandbox": str(error), "ran": False})
        return
    if spec.measures:
        own_gauge()
    confine(confinement)  # from here on the bank's code runs
    try:
        session = SuiteSession(spec)
    except BankFault as fault:
        _answer(pipe, {"bank": str(fault)})
        return
    _answer(pipe, {"ready": list(session.required)})
    gc.collect()
    gc.freeze()
    gc.disable()  # looking for cycles in the middle of a suite takes a tenth of its time; here it is nobody's wait
    while True:
        kept = len(session.prepared)
        try:
            message = pipe.recv_bytes()
        except (EOFError, ConnectionError):
            return  # whoever wanted verdicts has hung up
        _answer(pipe, _judge(session, connection, from_json(Assignment, json.loads(message))))
        prepare_next(session, connection)
        worked = False
        while not pipe.poll() and work_ahead(session):
            worked = True
        gc.collect()
        if worked or len(session.prepared) > kept:  # what is kept for a seed need not be looked through each time
            gc.freeze()


def _judge(session: SuiteSession, connection: Connection, assignment: Assignment) -> dict[str, Any]:
    try:
        return {"verdict": verdict_to_json(judge(session, connection, assignment))}
    except BankFault as fault:
        return {"bank": str(fault)}
    except SuiteExhausted as error:
        return {"ended": str(error)}
    except SandboxLost as error:
        return {"sandbox": str(error), "ran": True}
    except SandboxUnavailable as error:
        return {"sandbox": str(error), "ran": False}
    except CannotMeasure as error:
        return {"ungradable": str(error)}
    except JobRefused as error:
        return {"ungradable": str(error)}
    except Exception as error:
        log.exception("judging failed")
        return {"ungradable": f"{type(error).__name__}: {error}"}


def _answer(pipe: Pipe, message: dict[str, Any]) -> None:
    pipe.send_bytes(json.dumps(message, separators=(",", ":")).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]))
