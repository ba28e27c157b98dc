"""Starting a server and ending it, as root and as an ordinary user, however its starter ends."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from sandbox import host
from sandbox.client import Sandbox
from sandbox.model import SandboxUnavailable

ENTRIES = Path(__file__).with_name("entries")
ROOT = Path(__file__).parents[2]

PROGRAM = """
import os, signal, sys
from pathlib import Path
from sandbox.client import Sandbox
with Sandbox.start(entry="obedient:serve", entry_path=Path(sys.argv[1])) as sandbox:
    with sandbox.connect() as connection, connection.open() as candidate:
        source = b"import torch; r = os.getuid(), torch.ones(2).sum().item(), os.listdir(os.environ['HOME'])"
        candidate.socket.sendall(source)
        print(candidate.socket.recv(1000).decode().strip(), "euid", os.geteuid(), flush=True)
        candidate.socket.sendall(b"while True: pass")
        print(sandbox.pid, sandbox.path, flush=True)
        if sys.argv[2] == "die":
            sys.stdin.readline()
            os.kill(os.getpid(), signal.SIGKILL)
print("closed", sandbox.path.exists())
"""


def ordinary_user():
    spec = spec_from_file_location("ordinary_user", ROOT / "tests" / "ordinary_user.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gone(pid: int, seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.02)
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("user", ["root or whoever runs the tests", "ordinary"])
def test_it_starts_and_ends_without_a_trace(user):
    prefix = ordinary_user().command_prefix(ROOT) if user == "ordinary" else []
    command = [*prefix, sys.executable, "-c", PROGRAM, str(ENTRIES), "close"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=ROOT)
    first, second, third = done.stdout.splitlines() or pytest.fail(done.stderr)
    assert first.startswith("(65534, 2.0, []) euid")
    if prefix:
        assert first.endswith("12345")
    assert third == "closed False"
    assert gone(int(second.split()[0]))


def test_a_starter_killed_at_once_takes_everything_along():
    command = [sys.executable, "-c", PROGRAM, str(ENTRIES), "die"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    process.stdout.readline()
    pid, path = process.stdout.readline().split()
    group = [
        int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]),
        int(pid),
        *(int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and below(p, int(pid))),
    ]
    assert len(group) == 3, "keeper, server and candidate; any of them holds the folder's lock"
    process.stdin.write("\n")
    process.stdin.close()
    process.stdout.read()
    assert process.wait() == -signal.SIGKILL
    assert all(gone(member) for member in group)
    # Its folder stays behind; the next server's start sweeps it away once it has aged.
    folder = Path(path).parent
    os.utime(folder, (time.time() - 3600,) * 2)
    host._sweep()
    assert not folder.exists()


def below(process: Path, parent: int) -> bool:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1]) == parent
    except OSError:
        return False


def test_a_starter_killed_while_it_warms_up_takes_the_server_along():
    program = "import sys; from sandbox.client import Sandbox; Sandbox.start()"
    process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    until = time.monotonic() + 30
    keepers: list[int] = []
    while not keepers and time.monotonic() < until:
        keepers = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and below(p, process.pid)]
    time.sleep(0.3)
    process.kill()
    process.wait()
    assert keepers
    assert all(gone(pid) for pid in keepers)


def test_a_step_that_fails_is_named_with_a_remedy():
    with pytest.raises(SandboxUnavailable, match="load what runs in candidates: ModuleNotFoundError") as caught:
        Sandbox.start(entry="no_such_module:serve")
    assert caught.value.remedy


def test_it_runs_from_a_path_with_spaces(tmp_path):
    home = tmp_path / "a checkout with spaces"
    home.mkdir()
    for path in (tmp_path, *tmp_path.parents[:2]):
        if path.stat().st_uid == os.geteuid() and not path.stat().st_mode & stat.S_ISVTX:  # never /tmp itself
            path.chmod(0o755)
    (home / "sandbox").symlink_to(ROOT / "sandbox")
    entries = home / "my entries"
    entries.mkdir()
    (entries / "obedient.py").write_text((ENTRIES / "obedient.py").read_text())
    environment = {**os.environ, "PYTHONPATH": str(home)}
    command = [sys.executable, "-c", PROGRAM, str(entries), "close"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=home, env=environment)
    assert done.stdout.startswith("(65534, 2.0, [])"), done.stderr


def test_two_servers_live_side_by_side(server):
    with Sandbox.start(entry="obedient:serve", entry_path=ENTRIES) as other:
        assert other.path != server.path
        assert other.alive
        assert other.path.parent.stat().st_mode & 0o777 == 0o700
    assert not other.alive
    assert not other.path.parent.exists()
    other.close()
    assert server.alive
