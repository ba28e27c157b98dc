"""Where the jail that was chosen cannot be had, nothing is served: the log says what is missing and what mends it."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.client import Connection
from tests.compose.containers import ROOT, build_image, docker, running_container

BASIC = ("--network", "none", "--hostname", "workshop", "--read-only", "--cap-drop", "ALL")
PRIVATE = ("--security-opt", "no-new-privileges", "--tmpfs", "/run/service:uid=10001,mode=0700")
SLOTS = ("--tmpfs", "/slots/00:size=32m,nr_inodes=1024,mode=1777")


def ended(*options: str, volume: tuple[str, str] = ("--tmpfs", "/run/workshop:uid=10001")) -> tuple[int, str]:
    """Exit status and log of a container of our image that does not stay."""
    command = ["docker", "run", "--rm", *BASIC, *PRIVATE, *volume, *options, build_image()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stderr


@contextmanager
def served(*options: str) -> Iterator[Path]:
    """The socket of a container of our image with just these options."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        name = docker("run", "--detach", *BASIC, *PRIVATE, *options, "-v", f"{folder}:/run/workshop", build_image())
        try:
            until = time.monotonic() + 90
            while not Path(folder, "sandbox.sock").exists() and time.monotonic() < until:
                time.sleep(0.1)
            yield Path(folder, "sandbox.sock")
        finally:
            docker("rm", "--force", name.strip())


def test_namespaces_under_the_engine_s_default_profile_are_refused_with_the_way_out():
    status, log = ended()
    assert status == 1
    assert "the sandbox could not create a user namespace: PermissionError: [Errno 1] unshare" in log
    assert "mend it with: WORKSHOP_JAIL=landlock" in log
    assert "Traceback" not in log


def test_landlock_without_slots_is_refused():
    status, log = ended("--env", "WORKSHOP_JAIL=landlock")
    assert status == 1
    assert "no file system is mounted in /slots" in log


def test_landlock_as_root_is_refused():
    volume = ("--tmpfs", "/run/workshop:uid=0")
    status, log = ended("--env", "WORKSHOP_JAIL=landlock", "--user", "0", *SLOTS, volume=volume)
    assert status == 1
    assert "holds an ordinary user only, and this is root" in log
    assert "Traceback" not in log


def test_landlock_where_a_profile_takes_it_away_is_refused(tmp_path):
    profile = json.loads((ROOT / "sandbox/seccomp-landlock.json").read_text())
    for group in profile["syscalls"]:
        group["names"] = [name for name in group["names"] if not name.startswith("landlock")]
    profile["syscalls"] = [group for group in profile["syscalls"] if group["names"]]
    (tmp_path / "profile.json").write_text(json.dumps(profile))
    status, log = ended("--env", "WORKSHOP_JAIL=landlock", "--security-opt", f"seccomp={tmp_path}/profile.json", *SLOTS)
    assert status == 1
    assert "landlock_create_ruleset" in log


def test_no_volume_to_listen_on_is_refused():
    status, log = ended(volume=("--label", "no=volume"))
    assert status == 1
    assert "cannot listen at /run/workshop/sandbox.sock: Read-only file system" in log


def test_an_unknown_jail_is_refused():
    status, log = ended("--env", "WORKSHOP_JAIL=chroot")
    assert (status, "set WORKSHOP_JAIL to namespaces or landlock" in log) == (1, True)


def test_the_landlock_jail_works_under_the_engine_s_unmodified_default():
    with served("--env", "WORKSHOP_JAIL=landlock", *SLOTS) as path, Connection(path) as connection:
        with connection.open() as candidate:
            assert candidate.outcome is None


def test_a_second_sandbox_on_the_same_volume_listens_at_a_name_of_its_own():
    with running_container() as container:
        folder = container.path.parent
        profile = f"seccomp={ROOT}/sandbox/seccomp-namespaces.json"
        command = ("run", "--detach", *BASIC, *PRIVATE, "--security-opt", profile, "-v", f"{folder}:/run/workshop")
        second = docker(*command, build_image()).strip()
        try:
            until = time.monotonic() + 90
            while not (folder / "sandbox-2.sock").exists() and time.monotonic() < until:
                time.sleep(0.1)
            for path in (folder / "sandbox-2.sock", container.path):
                Connection(path).close()
            assert "torch" in docker("exec", second, "python3", "-m", "sandbox.service", "--check")
        finally:
            docker("rm", "--force", second)


def test_a_name_that_was_asked_for_is_not_taken_from_who_has_it():
    with running_container() as container:
        profile = f"seccomp={ROOT}/sandbox/seccomp-namespaces.json"
        command = ("docker", "run", "--rm", *BASIC, *PRIVATE, "--security-opt", profile)
        command += ("-v", f"{container.path.parent}:/run/workshop", build_image())
        command += ("--socket", "/run/workshop/sandbox.sock")
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 1
        assert "another sandbox listens at /run/workshop/sandbox.sock" in done.stderr
        Connection(container.path).close()
