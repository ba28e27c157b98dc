"""Which placement was chosen, and whether a server behind a socket still is the one that was found."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from sandbox import client, pairing
from sandbox.client import Connection, Sandbox
from sandbox.model import SandboxUnavailable
from sandbox.placement import Host, Socket, configured, parse


def test_a_placement_is_this_machine_or_an_absolute_socket():
    assert parse("host") == Host()
    assert parse("unix:/run/a b.sock") == Socket(Path("/run/a b.sock"))
    assert (configured({}), configured({"WORKSHOP_SANDBOX": ""})) == (Host(), Host())
    assert configured({"WORKSHOP_SANDBOX": "unix:/s"}) == Socket(Path("/s"))


@pytest.mark.parametrize("text", ["docker", "unix:", "unix:run/sandbox.sock", "/run/sandbox.sock", "Host", "tcp://x"])
def test_nonsense_is_refused_with_a_remedy(text):
    with pytest.raises(SandboxUnavailable, match="WORKSHOP_SANDBOX is no placement") as caught:
        configured({"WORKSHOP_SANDBOX": text})
    assert "unset WORKSHOP_SANDBOX" in caught.value.remedy


def test_a_sandbox_found_at_a_socket_knows_when_that_server_ends():
    with Sandbox.start() as ours, Sandbox.start(Socket(ours.path)) as found:
        assert found.alive
        with found.connect() as connection, connection.open():
            assert found.alive, "what is said to others is not said to it"
        os.kill(int(Path(f"/proc/{ours.pid}/stat").read_text().split()[0]), signal.SIGKILL)
        until = time.monotonic() + 10
        while found.alive and time.monotonic() < until:
            time.sleep(0.01)
        assert not found.alive
        with pytest.raises(SandboxUnavailable):
            found.connect()


def test_letting_go_of_a_found_sandbox_leaves_the_server_alone(server):
    with Sandbox.start(Socket(server.path)):
        pass
    assert server.alive
    server.connect().close()


def test_nobody_there_is_said_with_a_remedy(tmp_path):
    with pytest.raises(SandboxUnavailable, match="no sandbox answers at") as caught:
        Sandbox.start(Socket(tmp_path / "nothing"))
    assert caught.value.remedy == "docker compose up --detach sandbox"


def test_a_server_with_another_torch_is_refused(server, monkeypatch):
    monkeypatch.setattr(pairing, "version", lambda name: "1.0.0")
    with pytest.raises(SandboxUnavailable, match=r"has torch 2\..*, and this grader 1\.0\.0") as caught:
        Sandbox.start(Socket(server.path))
    assert "--build" in caught.value.remedy


def test_whoever_connects_before_there_is_a_server_waits_for_it(tmp_path):
    """As behind a service that starts its fork server again: the listener outlives servers."""
    from sandbox.host import HostServer

    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        path = tmp_path / "s"
        listener.bind(str(path))
        listener.listen(8)
        early = client._dial(path)
        server = HostServer.start("sandbox.candidate:serve", listener=listener)
        try:
            with Connection.from_fd(early.detach()) as connection:
                assert connection.hello.pid == server.hello.pid
        finally:
            server.close()
