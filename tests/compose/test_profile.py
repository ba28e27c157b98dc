"""Our system call profiles, as the kernel runs them, beside the engine's own default."""

from __future__ import annotations

import ctypes
import json
import os
import platform
import struct
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.compose.containers import JAILS, ROOT, build_image, docker

ALLOW, ERRNO = 0x7FFF0000, 0x00050000
NAMESPACES = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}.get(platform.machine(), 0)
# Numbers of calls whose arguments somebody's filter looks at, and of those that only one of us allows.
_LOOKED_AT = "clone socket personality unshare setns mount umount2 pivot_root".split()
_IO_URING = {"io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427}  # everywhere
_BY_MACHINE = {
    "x86_64": (56, 41, 135, 272, 308, 165, 166, 155),
    "aarch64": (220, 198, 92, 97, 268, 40, 39, 41),
}
NUMBERS = dict(zip(_LOOKED_AT, _BY_MACHINE.get(platform.machine(), ()), strict=False)) | _IO_URING
NAMED = {"mount", "umount2", "pivot_root", "unshare", "setns"}
VALUES = [0, 1, 2, 8, 16, 40, 0x80, 0x100, 0x20000, 0x20008, 0xFFFFFFFF, *NAMESPACES, sum(NAMESPACES), 2**32, 2**63]
VALUES += (
    [flag | 0x100 for flag in NAMESPACES] + [flag | 0x80 for flag in NAMESPACES] + [flag | 2**40 for flag in NAMESPACES]
)

PTRACE_DETACH, PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_SECCOMP_GET_FILTER = 17, 0x4206, 0x4207, 0x420C

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may read a process's filter"),
    pytest.mark.skipif("clone" not in NUMBERS, reason="the numbers of this machine's calls are not listed here"),
]

Program = list[tuple[int, int, int, int]]


def installed_filter(pid: int) -> Program:
    """The one seccomp program of a process, read back from the kernel (ptrace(2))."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
    libc.ptrace.restype = ctypes.c_long

    def ptrace(request: int, address: int = 0, data: object = None) -> int:
        result = libc.ptrace(request, pid, address, data)
        if result < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return result

    ptrace(PTRACE_SEIZE)
    try:
        ptrace(PTRACE_INTERRUPT)
        os.waitpid(pid, 0x40000000)  # __WALL
        length = ptrace(PTRACE_SECCOMP_GET_FILTER)
        buffer = ctypes.create_string_buffer(length * 8)
        ptrace(PTRACE_SECCOMP_GET_FILTER, 0, buffer)
        with pytest.raises(OSError, match="No such file"):
            ptrace(PTRACE_SECCOMP_GET_FILTER, 1)
    finally:
        ptrace(PTRACE_DETACH)
    return list(struct.iter_unpack("<HBBI", buffer.raw))


def decision(program: Program, call: int, *arguments: int, architecture: int = ARCHITECTURE) -> int:
    """What the kernel would answer to a call."""
    data = struct.pack("<IIQ6Q", call, architecture, 0, *(*arguments, 0, 0, 0, 0, 0, 0)[:6])
    accumulator, at, memory = 0, 0, [0] * 16
    while True:
        code, true, false, k = program[at]
        at += 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, k)
            case 0x15 | 0x25 | 0x35 | 0x45:
                holds = {0x15: accumulator == k, 0x25: accumulator > k, 0x35: accumulator >= k, 0x45: accumulator & k}
                at += true if holds[code] else false
            case 0x05:
                at += k
            case 0x54:
                accumulator &= k
            case 0x02:
                memory[k] = accumulator
            case 0x60:
                accumulator = memory[k]
            case 0x06:
                return k
            case _:
                raise AssertionError(f"instruction {code:#x}")


@contextmanager
def process_under(*options: str) -> Iterator[int]:
    """A process in a container with these security options and otherwise as ours."""
    command = ("run", "--detach", "--rm", "--network", "none", "--user", "10001", "--cap-drop", "ALL")
    command += ("--security-opt", "no-new-privileges", *options, "--entrypoint", "sleep")
    name = docker(*command, build_image(), "600").strip()
    try:
        yield int(docker("inspect", "--format", "{{.State.Pid}}", name))
    finally:
        docker("rm", "--force", name)


@pytest.fixture(scope="module")
def default() -> Program:
    """Docker's own profile, for a container without capabilities."""
    with process_under() as pid:
        return installed_filter(pid)


@pytest.fixture(scope="module", params=JAILS)
def ours(request: pytest.FixtureRequest) -> tuple[str, Program]:
    with process_under("--security-opt", f"seccomp={ROOT}/sandbox/seccomp-{request.param}.json") as pid:
        return request.param, installed_filter(pid)


def allowed(program: Program) -> set[tuple[int, int, int]]:
    """Every call that passes: its number, and its first two arguments where any filter looks at them."""
    looked_at = set(NUMBERS.values())
    passing = set()
    for call in range(600):
        for first, second in ((a, b) for a in VALUES for b in VALUES) if call in looked_at else ((0, 0),):
            if decision(program, call, first, second) == ALLOW:
                passing.add((call, first, second))
    return passing


def test_it_is_docker_s_default_and_the_named_calls_and_nothing_else(default, ours):
    jail, program = ours
    theirs, passing = allowed(default), allowed(program)
    more = {name for call, _, _ in passing - theirs for name, number in NUMBERS.items() if number == call}
    assert more == (NAMED if jail == "namespaces" else set())
    assert {call for call, _, _ in passing - theirs} == {NUMBERS[name] for name in more}


def test_what_is_left_out_of_the_default_is_what_newer_engines_left_out_too(default, ours):
    """io_uring from 25.0 on, and sockets to the host of a virtual machine from 23.0 on."""
    less = {(call, first) for call, first, _ in allowed(default) - allowed(ours[1])}
    left_out = {(NUMBERS[name], first) for name in NUMBERS if name.startswith("io_uring") for first in VALUES}
    known = left_out | {(NUMBERS["socket"], 40)}
    if docker("version", "--format", "{{.Server.Version}}").startswith("20.10."):
        assert less == known
    else:  # a newer default allows calls that are younger than this profile; nothing here needs them
        assert {call for call, _ in less} & {NUMBERS[name] for name in ("clone", "personality", "socket")} <= {
            NUMBERS["socket"]
        }


def test_the_named_calls_pass_with_the_named_arguments_only(ours):
    jail, program = ours
    with_them = jail == "namespaces"
    for flags in VALUES:
        only_namespaces = not flags & ~sum(NAMESPACES)
        assert (decision(program, NUMBERS["unshare"], flags) == ALLOW) == (with_them and only_namespaces), hex(flags)
        back = decision(program, NUMBERS["setns"], 5, flags) == ALLOW
        assert back == (with_them and flags == 0x20000000), hex(flags)
        assert (decision(program, NUMBERS["clone"], flags) == ALLOW) == (not flags & sum(NAMESPACES)), hex(flags)


def test_other_architectures_have_no_calls_at_all(ours):
    others = {0x40000003, 0xC000003E, 0xC00000B7, 0x40000028} - {ARCHITECTURE}
    for architecture in others:
        for call in range(400):
            assert decision(ours[1], call, architecture=architecture) != ALLOW
    if platform.machine() == "x86_64":
        assert {decision(ours[1], 0x40000000 | call) != ALLOW for call in range(600)} == {True}  # x32


def test_the_two_files_differ_by_the_named_calls():
    files = {jail: json.loads((ROOT / f"sandbox/seccomp-{jail}.json").read_text()) for jail in JAILS}
    extra = [group for group in files["namespaces"]["syscalls"] if group not in files["landlock"]["syscalls"]]
    assert {name for group in extra for name in group["names"]} == NAMED
    assert all("NOT IN DOCKER'S DEFAULT" in group["comment"] for group in extra)
    files["namespaces"]["syscalls"] = [group for group in files["namespaces"]["syscalls"] if group not in extra]
    assert files["namespaces"] == files["landlock"]
