"""The parts of the jail that are values: the compiled filter, Landlock's rights, views, messages, outcomes."""

from __future__ import annotations

import os
import resource
import signal
import struct
from types import SimpleNamespace

import pytest

from sandbox import landlock, memory, messages, mounts, seccomp
from sandbox.messages import Ended, Hello, Kill, Malformed, Open, Opened, Refused, Rejected
from sandbox.model import JobLimits, Limit, Outcome
from sandbox.supervisor import Killed, judge

pyseccomp = pytest.importorskip("pyseccomp")

ALLOW, KILL_PROCESS, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[os.uname().machine]
I386 = 0x40000003


@pytest.fixture(scope="module")
def program() -> list[tuple[int, int, int, int]]:
    code = seccomp.build()
    return [struct.unpack_from("HBBI", code, at) for at in range(0, len(code), 8)]


def decision(program: list[tuple[int, int, int, int]], call: int, *arguments: int, arch: int = AUDIT_ARCH) -> int:
    """What a classic BPF program says to a system call, as the kernel would run it (seccomp(2))."""
    data = struct.pack("IIQ6Q", call & 0xFFFFFFFF, arch, 0, *(*arguments, 0, 0, 0, 0, 0, 0)[:6])
    accumulator, at = 0, 0
    while True:
        code, true, false, k = program[at]
        at += 1
        match code:
            case 0x20:  # load a word
                (accumulator,) = struct.unpack_from("I", data, k)
            case 0x15:
                at += true if accumulator == k else false
            case 0x25:
                at += true if accumulator > k else false
            case 0x35:
                at += true if accumulator >= k else false
            case 0x45:
                at += true if accumulator & k else false
            case 0x05:
                at += k
            case 0x54:
                accumulator &= k
            case 0x06:
                return k
            case _:
                raise AssertionError(f"instruction {code:#x}")


def number(name: str) -> int:
    return pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)


def existing(names: list[str]) -> list[str]:
    return [name for name in names if number(name) >= 0]


def test_nothing_is_both_allowed_and_forbidden():
    assert not set(seccomp.ALLOWED) & set(seccomp.FORBIDDEN)
    assert not {name for name, _ in seccomp.ALLOWED_WITH} & {*seccomp.ALLOWED, *seccomp.FORBIDDEN}


def test_the_filter_decides_as_the_lists_say(program):
    for name in existing(seccomp.ALLOWED):
        assert decision(program, number(name)) == ALLOW, name
    for name in existing(seccomp.FORBIDDEN):
        assert decision(program, number(name)) == (ENOSYS if name == "clone3" else EPERM), name
    assert {decision(program, call) for call in range(470, 1000)} == {EPERM}


def test_some_calls_pass_only_with_the_right_argument(program):
    for name, conditions in seccomp.ALLOWED_WITH:
        if number(name) < 0:
            continue
        right = [0] * 6
        for position, values in conditions:
            right[position] = values[0]
        for position, values in conditions:
            for value in range(2000):
                arguments = [*right[:position], value, *right[position + 1 :]]
                assert decision(program, number(name), *arguments) == (ALLOW if value in values else EPERM), (
                    name,
                    value,
                )
            arguments = [*right[:position], values[0] | 1 << 40, *right[position + 1 :]]
            assert decision(program, number(name), *arguments) == EPERM, "the upper half counts"


def test_other_architectures_are_killed(program):
    assert decision(program, 1, arch=I386) == KILL_PROCESS
    if AUDIT_ARCH == 0xC000003E:
        assert decision(program, 0x40000000 + 1) == KILL_PROCESS  # x32


@pytest.mark.parametrize(("abi", "size"), [(1, 8), (2, 8), (3, 8), (4, 16), (5, 16), (6, 24), (7, 24), (99, 24)])
def test_landlock_asks_no_more_of_a_kernel_than_it_knows(abi, size):
    files, net, scopes, attribute = landlock.handled(abi)
    assert attribute == size
    assert bool(net) == (abi >= 4)
    assert bool(scopes) == (abi >= 6)
    assert files.bit_length() == {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)


def test_a_view_holds_what_exists_and_covers_what_is_installed_inside(tmp_path):
    stdlib, site = tmp_path / "lib" / "python3.11", tmp_path / "site"
    for folder in (stdlib / "site-packages", site / "torch", site / "flask", site / "numpy.libs"):
        folder.mkdir(parents=True)
    (site / "typing_extensions.py").touch()
    (site / "evil.pth").touch()
    view = mounts.candidate_view((str(stdlib),), (str(site),))
    assert view.covered == (str(stdlib / "site-packages"),)
    names = ("torch", "typing_extensions.py", "numpy.libs")
    assert set(view.paths) == {str(stdlib), *(str(site / name) for name in names)}


MAPS = """\
7f00-7f10 rw-p 00000000 00:00 0 
7f10-7f20 rw-p 00000000 00:00 0                  [heap]
7f20-7f30 rw-p 00000000 08:01 42                 /lib/libc.so.6
7f30-7f40 r--p 00000000 00:00 0 
7f40-7f50 rw-s 00000000 00:05 9                  /dev/zero (deleted)
7f50-7f60 rw-p 00000000 00:00 0                  [stack]""".splitlines()  # noqa: W291


def test_mappings_are_told_apart():
    assert memory.anonymous_mappings(MAPS) == [(0x7F00, 0x7F10), (0x7F10, 0x7F20)]
    assert memory.shared_writable(MAPS) == [MAPS[4]]


@pytest.mark.parametrize(
    "message",
    [
        Open(3, JobLimits(cpu_seconds=0.5, wall_seconds=9.0)),
        Open(3, JobLimits()),
        Kill(7),
        messages.Measure(7),
        messages.Measured(7, 1.5, 10**9, 2 * 10**9, 10**8, True, "[Errno 1] 不许"),
        Hello(1, "2.13.0", "AVX2"),
        Opened(1, 2),
        Refused(1, "no 中文"),
        Ended(4, Outcome(Limit.CPU, None, 9, 1.5, 2.5, 10**9, 10**8)),
        Ended(4, Outcome(None, 0, None, 1.5, 2.5, 10**9)),
        Rejected("x"),
    ],
)
def test_messages_survive_the_wire(message):
    packet = messages.encode(message)
    assert len(packet) < messages.MAX_BYTES
    assert messages.decode(packet) == message
    for changed in (packet[:-1], packet.replace(b'"v": 1', b'"v": 1, "w": 1'), packet.replace(b'"type"', b'"kind"')):
        with pytest.raises(Malformed):
            messages.decode(changed)


def usage(cpu: float = 0.1, peak: int = 300 * 2**20) -> resource.struct_rusage:
    return SimpleNamespace(ru_utime=cpu, ru_stime=0.0, ru_maxrss=peak // 1024)  # type: ignore[return-value]


LIMITS = JobLimits(cpu_seconds=1.0, memory_bytes=2**30)
BASE = 250 * 2**20


@pytest.mark.parametrize(
    ("status", "used", "killed", "limit"),
    [
        (0, usage(), None, None),
        (3 << 8, usage(), None, None),
        (0, usage(), Killed.CPU, None),  # it ended by itself a moment before
        (signal.SIGKILL, usage(1.0), Killed.CPU, Limit.CPU),
        (signal.SIGKILL, usage(3.0), None, Limit.CPU),  # the kernel's own limit, when the server was late
        (signal.SIGKILL, usage(), Killed.WALL, Limit.WALL),
        (signal.SIGKILL, usage(), Killed.ASKED, None),
        (signal.SIGKILL, usage(), None, Limit.MEMORY),  # nobody but the kernel sends it
        (signal.SIGSEGV, usage(), None, None),
        (signal.SIGSEGV, usage(peak=BASE + 2**30), None, Limit.MEMORY),
        (signal.SIGSYS, usage(), None, None),
    ],
)
def test_an_end_is_judged_from_outside(status, used, killed, limit):
    outcome = judge(status, used, LIMITS, killed, 1.0, BASE)
    assert outcome.limit is limit
    assert (outcome.exit_code is None) == (outcome.signal is not None)


def test_the_kernel_s_tick_counting_limit_is_no_nearer_than_the_wall(monkeypatch):
    """It ran ahead by a fifth on a crowded machine, killed, and what nobody of ours killed counts as memory."""
    from sandbox import jail

    limits: dict[int, int] = {}
    monkeypatch.setattr(jail.resource, "setrlimit", lambda which, both: limits.update({which: both[0]}))
    for asked in (JobLimits(), JobLimits(cpu_seconds=1.0), JobLimits(cpu_seconds=9.0, wall_seconds=0.5)):
        jail._set_limits(asked, 2**30)
        assert limits[resource.RLIMIT_CPU] >= max(asked.wall, asked.cpu_seconds) + 1
