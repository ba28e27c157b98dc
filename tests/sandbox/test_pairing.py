"""Several sandboxes in one folder: everybody takes one of their own while there are enough, and shares when not."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from sandbox import pairing, service
from sandbox.client import Sandbox
from sandbox.model import SandboxUnavailable
from sandbox.placement import Socket


def listening(folder: Path) -> socket.socket:
    _, listener = service._listen_in(folder)
    return listener


def test_every_service_listens_at_a_name_of_its_own_and_the_first_keeps_the_old_one(tmp_path):
    with listening(tmp_path), listening(tmp_path), listening(tmp_path):
        assert {path.name for path in tmp_path.glob("*.sock")} == {"sandbox.sock", "sandbox-2.sock", "sandbox-3.sock"}
    with listening(tmp_path):
        assert pairing.answers(tmp_path / "sandbox.sock"), "the name of a dead service is free again"


def test_two_that_look_at_once_share_nothing_while_there_are_two(tmp_path):
    with listening(tmp_path), listening(tmp_path):
        with closing(pairing.choose(tmp_path)) as first, closing(pairing.choose(tmp_path)) as second:
            assert first.path != second.path
            assert first.alone
            assert second.alone


def test_a_third_shares_and_takes_what_was_let_go_of_when_it_looks_again(tmp_path):
    with listening(tmp_path), listening(tmp_path):
        first, second = pairing.choose(tmp_path), pairing.choose(tmp_path)
        third = pairing.choose(tmp_path)
        assert not third.alone
        assert third.path in (first.path, second.path)
        second.close()
        with closing(pairing.choose(tmp_path)) as again:
            assert (again.path, again.alone) == (second.path, True)
        first.close()


def test_what_a_killed_worker_had_is_free_at_once(tmp_path):
    code = "import sys, time; from pathlib import Path; from sandbox.pairing import choose\n"
    code += "taken = choose(Path(sys.argv[1])); print(taken.alone, flush=True); time.sleep(600)"
    with listening(tmp_path):
        holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        assert not pairing.choose(tmp_path).alone
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
        with closing(pairing.choose(tmp_path)) as mine:
            assert mine.alone


def test_a_folder_that_can_only_be_read_is_enough_to_choose_in(tmp_path):
    with listening(tmp_path):
        assert (tmp_path / "sandbox.lock").stat().st_mode & 0o777 & ~0o444 == 0
        with closing(pairing.choose(tmp_path)) as mine:
            assert mine.alone


def test_a_sandbox_that_was_just_killed_is_waited_for_but_not_for_ever(tmp_path):
    listening(tmp_path).close()  # its socket lies there, and nobody listens
    began = time.monotonic()
    with pytest.raises(SandboxUnavailable, match="no sandbox answers in") as caught:
        pairing.choose(tmp_path, patience=0.3)
    assert 0.2 < time.monotonic() - began < 10
    assert caught.value.remedy == "docker compose up --detach sandbox"


def test_a_worker_whose_own_sandbox_is_away_shares_rather_than_stop(tmp_path):
    first = listening(tmp_path)
    with listening(tmp_path), closing(pairing.choose(tmp_path)), closing(pairing.choose(tmp_path)) as second:
        first.close()
        second.close()
        with closing(pairing.choose(tmp_path, patience=0.2)) as chosen:
            assert chosen.path.name == "sandbox-2.sock"


def test_a_link_in_place_of_a_lock_is_not_followed(tmp_path):
    with listening(tmp_path):
        (tmp_path / "sandbox.lock").unlink()
        (tmp_path / "sandbox.lock").symlink_to("/etc/passwd")
        assert not pairing.choose(tmp_path).alone


def test_graders_in_one_folder_each_have_a_server_and_let_go_of_it_at_the_end(tmp_path, server):
    os.link(server.path, tmp_path / "sandbox.sock")
    (tmp_path / "sandbox.lock").touch()
    with ExitStack() as stack:
        first = stack.enter_context(Sandbox.start(Socket(tmp_path)))
        shared = stack.enter_context(Sandbox.start(Socket(tmp_path)))
        assert first.path == shared.path == tmp_path / "sandbox.sock"
        with shared.connect() as connection, connection.open():
            pass
        assert not pairing.choose(tmp_path).alone
        first.close()
        with closing(pairing.choose(tmp_path)) as mine:
            assert mine.alone
