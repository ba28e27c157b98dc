"""Process 1 of the container, run here: what it is told, what it refuses, and a fork server that comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox import service
from sandbox.client import Sandbox
from sandbox.model import Kind, SandboxUnavailable
from sandbox.placement import Socket
from sandbox.readiness import container_remedy, decide_landlock
from tests.sandbox.test_readiness import HERE, replace

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sandbox.service", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True)


def found(path: Path, seconds: float = 90.0) -> Sandbox:
    until = time.monotonic() + seconds
    while True:
        try:
            return Sandbox.start(Socket(path))
        except SandboxUnavailable:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def test_a_fork_server_that_is_killed_comes_back_and_the_service_ends_when_asked_to(tmp_path):
    path = tmp_path / "s"
    process = run("--socket", str(path))
    try:
        with found(path) as first:
            os.kill(first_process(process.pid), signal.SIGKILL)
            until = time.monotonic() + 10
            while first.alive and time.monotonic() < until:
                time.sleep(0.01)
            assert not first.alive
        with found(path) as second, second.connect() as connection, connection.open():
            assert second.alive
        check = subprocess.run([sys.executable, "-m", "sandbox.service", "--check", "--socket", str(path)], cwd=ROOT)
        assert check.returncode == 0
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    assert said.count("ready after") == 2
    assert "the fork server ended: without a word, so it was killed" in said
    assert not path.exists()


def first_process(parent: int) -> int:
    """The fork server: the child of the keeper, which is the child of the service."""
    for _ in range(2):
        (parent,) = (
            int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and parent_of(entry) == parent
        )
    return parent


def parent_of(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return -1


@pytest.mark.parametrize(
    ("jail", "says"),
    [
        ("none", "WORKSHOP_JAIL is 'none'"),
        ("landlock", "no file system is mounted in"),
    ],
)
def test_a_jail_that_cannot_be_had_is_refused_not_replaced(tmp_path, jail, says):
    (tmp_path / "slots" / "00").mkdir(parents=True)
    process = run("--socket", str(tmp_path / "s"), "--slots", str(tmp_path / "slots"), WORKSHOP_JAIL=jail)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert says in said
    assert "mend it with:" in said
    assert "Traceback" not in said
    assert not (tmp_path / "s").exists()


def test_settings_name_a_jail_and_default_to_namespaces(tmp_path):
    assert service.settings({}, tmp_path, tmp_path).kind is Kind.NAMESPACES
    assert service.settings({"WORKSHOP_JAIL": ""}, tmp_path, tmp_path).slots == ()


def test_a_socket_of_the_living_is_not_taken_over_but_that_of_the_dead_is(tmp_path):
    path = tmp_path / "s"
    with service._listen(path), pytest.raises(SandboxUnavailable, match="another sandbox listens"):
        service._listen(path)
    assert path.exists()
    service._listen(path).close()
    path.unlink()
    path.write_text("a file")
    with pytest.raises(SandboxUnavailable, match="is no socket"):
        service._listen(path)
    with pytest.raises(SandboxUnavailable, match="cannot listen"):
        service._listen(tmp_path / "nowhere" / "s")


def test_nobody_there_is_not_well(tmp_path):
    process = run("--check", "--socket", str(tmp_path / "s"))
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "no sandbox answers" in said


def test_orphans_are_buried_and_the_keeper_is_left_to_its_own(tmp_path):
    script = """
import os, subprocess, sys, time
from sandbox import service
kept = subprocess.Popen(["true"])
os.waitid(os.P_PID, kept.pid, os.WEXITED | os.WNOWAIT)
orphan = subprocess.Popen(["true"])
os.waitid(os.P_PID, orphan.pid, os.WEXITED | os.WNOWAIT)
print(service._bury_orphans(but=kept.pid), kept.wait())
service._await_orphans()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=30)
    assert done.stdout == "True 0\n", done.stderr


def test_a_refused_container_is_told_the_one_command():
    refused = replace(HERE, user_namespaces="[Errno 1] unshare: Operation not permitted")
    ubuntu = replace(HERE, apparmor_restricts=1, mounts="[Errno 13] mount: Permission denied")
    assert container_remedy(Kind.NAMESPACES, ubuntu) == "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
    assert "WORKSHOP_JAIL=landlock" in container_remedy(Kind.NAMESPACES, refused)
    assert container_remedy(Kind.LANDLOCK, refused) == container_remedy(Kind.NAMESPACES, HERE) == ""


def test_the_landlock_jail_is_judged_by_what_was_tried():
    tried = replace(HERE, restricted_files="", denied_call="")
    assert decide_landlock(tried).ok
    assert not decide_landlock(HERE).ok, "nothing was tried"
    assert not decide_landlock(replace(tried, landlock=0)).ok
    assert not decide_landlock(replace(tried, restricted_files="[Errno 1] refused")).ok
