"""What a client is promised."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from sandbox.client import Connection, Sandbox
from sandbox.model import JobLimits, SandboxUnavailable
from sandbox.placement import Socket


def test_waiting_for_a_candidate_that_runs_gives_nothing(connection):
    with connection.open() as candidate:
        started = time.monotonic()
        assert candidate.wait(0) is None
        assert candidate.wait(0.1) is None
        assert 0.1 <= time.monotonic() - started < 2


def test_a_killed_candidate_is_reported_as_killed_and_not_as_limited(connection):
    with connection.open() as candidate:
        candidate.kill()
        outcome = candidate.wait(10)
    assert (outcome.limit, outcome.exit_code, outcome.signal) == (None, None, 9)
    candidate.kill()
    candidate.close()


def test_closing_our_end_ends_the_candidate(connection):
    candidate = connection.open()
    candidate.socket.close()
    assert candidate.wait(10).exit_code == 0


def test_threads_share_a_connection(connection, tell):
    answers = {}

    def work(number: int) -> None:
        with connection.open() as candidate:
            answers[number] = tell(candidate, f"r = {number}")
            candidate.socket.close()
            assert candidate.wait(30).exit_code == 0

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: str(number) for number in range(8)}


def test_another_process_uses_an_inherited_connection(server):
    program = (
        "import sys; from sandbox.client import Connection\n"
        "with Connection.from_fd(int(sys.argv[1])) as connection, connection.open() as candidate:\n"
        "    candidate.socket.sendall(b'r = 6 * 7')\n"
        "    print(candidate.socket.recv(100).decode(), connection.hello.torch)"
    )
    with server.dial() as control:
        command = [sys.executable, "-c", program, str(control.fileno())]
        done = subprocess.run(command, pass_fds=[control.fileno()], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["42", server.hello.torch], done.stderr


def test_a_server_elsewhere_is_reached_by_its_socket(server, tell):
    with Sandbox.start(Socket(server.path)) as sandbox, sandbox.connect() as connection, connection.open() as candidate:
        assert tell(candidate, "r = 1") == "1"
        assert sandbox.hello == server.hello


def test_the_server_says_how_its_torch_computes(server):
    import torch

    assert server.hello.cpu_capability == torch.backends.cpu.get_cpu_capability()
    assert server.hello.torch == torch.__version__


def test_a_candidate_computes_the_very_bits_that_we_do(connection, tell):
    import torch

    source = """
import torch
g = torch.Generator().manual_seed(0)
a, b = torch.randn(200, 300, generator=g), torch.randn(300, 100, generator=g)
r = torch.softmax(a @ b, -1).sum(0).view(torch.int32).sum().item(), (a @ b).view(torch.int32).sum().item()
"""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        ours: dict[str, object] = {}
        exec(source, ours)
    finally:
        torch.set_num_threads(threads)
    with connection.open() as candidate:
        assert tell(candidate, source) == repr(ours["r"])


def test_opening_is_quick(connection, tell):
    """Far from the 5 ms of an idle machine, far below what a second import of torch would take."""
    times = []
    for _ in range(15):
        started = time.perf_counter()
        with connection.open(JobLimits()) as candidate:
            tell(candidate, "r = 1")
            times.append(time.perf_counter() - started)
    assert sorted(times)[len(times) // 2] < 0.25


def test_a_closed_connection_says_so(server):
    connection = Connection(server.path)
    connection.close()
    connection.close()
    with pytest.raises(SandboxUnavailable):
        connection.open()
