"""Every system call there is, tried from inside a candidate: what is allowed works, everything else is refused."""

from __future__ import annotations

import errno
import os
import signal

import pytest

from sandbox import seccomp
from sandbox.model import Limit

pyseccomp = pytest.importorskip("pyseccomp")

LAST = 600
"""The kernel of today ends below 480; a newer one's calls are refused by not being listed."""
# Allowed, and they end the caller, wait, or return to where nobody called from; tried one by one below.
SPECIAL = {"exit", "exit_group", "pause", "rt_sigsuspend", "rt_sigreturn", "close", "close_range", "brk", "munmap"}

# Linux 6.14 and later let these pass every filter on x86_64; away from a probe's own trampoline they end the caller.
UNFILTERED = {335, 336} if os.uname().machine == "x86_64" else set()

EACH = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
found = {{}}
for number in {numbers}:
    ctypes.set_errno(0)
    minus_one = [ctypes.c_long(-1)] * 6
    result = libc.syscall(ctypes.c_long(number), *minus_one)
    found[number] = ctypes.get_errno() if result == -1 else 0
r = found
"""
CALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
ctypes.set_errno(0)
result = libc.syscall({arguments})
r = ctypes.get_errno() if result == -1 else 0
"""


def number_of(name: str) -> int:
    try:
        return int(pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name))
    except OSError:
        return -1


def numbers(names: object) -> set[int]:
    return {number for name in names if (number := number_of(name)) >= 0}  # type: ignore[attr-defined]


ALLOWED = numbers(seccomp.ALLOWED)
CONDITIONAL = numbers(name for name, _ in seccomp.ALLOWED_WITH)


def call(run, name: str, *arguments: int) -> int:
    values = ", ".join(f"ctypes.c_long({value})" for value in (number_of(name), *arguments))
    return int(run(CALL.format(arguments=values))[0])


def test_every_call_that_is_not_allowed_is_refused(run):
    tried = sorted(set(range(LAST)) - ALLOWED - UNFILTERED)
    answer, outcome = run(EACH.format(numbers=tried))
    found = eval(answer)
    assert list(found) == tried
    refused = {number: error for number, error in found.items() if error not in (errno.EPERM, errno.ENOSYS)}
    assert not refused, {pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, number): e for number, e in refused.items()}
    assert {number for number, error in found.items() if error == errno.ENOSYS} == numbers(["clone3"])
    assert outcome.exit_code == 0


def test_every_call_that_is_allowed_reaches_the_kernel(run):
    tried = sorted(ALLOWED - numbers(SPECIAL))
    found = eval(run(EACH.format(numbers=tried))[0])
    assert set(found) == set(tried)
    assert not [number for number, error in found.items() if error == errno.EPERM]


@pytest.mark.parametrize("number", sorted(UNFILTERED))
def test_what_the_kernel_does_not_filter_ends_only_the_caller(run, number):
    answer, outcome = run(EACH.format(numbers=[number]))
    refused = [f"{{{number}: {error}}}" for error in (errno.EPERM, errno.ENOSYS, errno.ENXIO)]
    assert answer in refused or outcome.signal == signal.SIGILL, (answer, outcome)


@pytest.mark.parametrize(
    ("name", "arguments", "ended"),
    [
        ("exit", (7,), lambda outcome: outcome.exit_code == 7),
        ("exit_group", (8,), lambda outcome: outcome.exit_code == 8),
        ("rt_sigreturn", (), lambda outcome: outcome.signal == signal.SIGSEGV),
        ("pause", (), lambda outcome: outcome.limit is Limit.WALL),
        ("rt_sigsuspend", ("ctypes.addressof(ctypes.create_string_buffer(8))", 8), lambda o: o.limit is Limit.WALL),
    ],
)
def test_the_allowed_calls_that_do_not_return_do_what_they_say(run, name, arguments, ended):
    if number_of(name) < 0:
        pytest.skip(f"this architecture has no {name}")
    values = ", ".join(f"ctypes.c_long({value})" for value in (number_of(name), *arguments))
    answer, outcome = run(CALL.format(arguments=values), wall_seconds=0.5)
    assert answer == ""
    assert ended(outcome), outcome


@pytest.mark.parametrize(("name", "conditions"), seccomp.ALLOWED_WITH, ids=[name for name, _ in seccomp.ALLOWED_WITH])
def test_arguments_are_looked_at_from_both_sides(run, name, conditions):
    if number_of(name) < 0:
        pytest.skip(f"this architecture has no {name}")
    right = [0] * 6
    for position, values in conditions:
        right[position] = values[0]
    for position, values in conditions:
        for value in values:
            if name != "tgkill":  # to process 1, itself; the signal is 0 in both
                arguments = [*right[:position], value, *right[position + 1 :]]
                assert call(run, name, *arguments) != errno.EPERM, (name, value)
        for value in {max(values) + 1, values[0] | 1 << 33, -1, 2**31} - set(values):
            arguments = [*right[:position], value, *right[position + 1 :]]
            assert call(run, name, *arguments) == errno.EPERM, (name, value)


def test_a_candidate_may_signal_itself_and_nobody_else(run):
    assert call(run, "tgkill", 1, 1, 0) == 0
    for group in (0, 2, os.getpid(), -1):
        assert call(run, "tgkill", group, 1, 0) == errno.EPERM


def test_the_clock_of_another_process_is_not_read(run):
    for pid in (1, 2, os.getpid()):
        assert call(run, "clock_gettime", (~pid << 3) | 2, 0) == errno.EPERM
