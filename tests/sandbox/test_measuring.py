"""What a candidate uses is counted by the kernel and read from outside, in either jail."""

from __future__ import annotations

import mmap
import os
import time
from pathlib import Path

import pytest

from sandbox.client import Candidate, Connection, Sandbox
from sandbox.measuring import Gauge
from tests.sandbox.conftest import ENTRIES
from tests.sandbox.test_landlock_jail import slotted_server

MB = 2**20
HOLD = """import builtins, mmap
builtins.held = mmap.mmap(-1, {0} << 20)
for at in range(0, {0} << 20, 4096): held[at] = 1"""
LET_GO = "held.close()"
SPIN = "import time; began = time.process_time()\nwhile time.process_time() < began + {0}: pass"


@pytest.fixture(params=["namespaces", "landlock"])
def placed(request, server: Sandbox):
    if request.param == "namespaces":
        yield server
    else:
        with slotted_server() as (sandbox, _):
            yield sandbox


def test_the_peak_is_that_since_the_last_look_and_time_is_the_candidates_own(placed, tell) -> None:
    with placed.connect() as connection, connection.open() as candidate:
        first = candidate.measure()
        assert first is not None
        assert (first.unmeasured, first.resident) == ("", pytest.approx(first.resident_at_rest, abs=MB))
        tell(candidate, HOLD.format(64))
        tell(candidate, LET_GO)
        after = candidate.measure()
        assert after is not None
        assert after.peak - first.resident == pytest.approx(64 * MB, abs=2 * MB)
        assert after.resident - first.resident < 2 * MB
        assert after.resident_at_rest == first.resident_at_rest
        later = candidate.measure()
        assert later is not None
        assert later.peak - after.resident < MB  # counted anew
        time.sleep(0.2)  # nobody's processor time
        tell(candidate, SPIN.format(0.2))
        last = candidate.measure()
        assert last is not None
        assert 0.2 <= last.cpu_seconds - later.cpu_seconds < 0.3


def test_what_is_held_all_the_while_is_seen_against_the_state_at_rest(connection: Connection, tell) -> None:
    with connection.open() as candidate:
        tell(candidate, HOLD.format(48))
        before = candidate.measure()
        tell(candidate, "r = sum(held[::4096])")
        after = candidate.measure()
        assert before is not None
        assert after is not None
        assert after.peak - before.resident < 2 * MB
        assert after.peak - after.resident_at_rest > 47 * MB


def test_a_candidate_has_no_way_to_the_counts(placed, tell) -> None:
    """Neither by a name nor by a descriptor that was left open."""
    with placed.connect() as connection, connection.open() as candidate:
        opening = "r = []\nfor name in ('/proc/self/clear_refs', '/proc/1/clear_refs', '/proc/self/status'):\n"
        opening += " try: os.open(name, os.O_WRONLY if 'clear' in name else os.O_RDONLY); r.append(name)\n"
        opening += " except OSError: pass"
        assert tell(candidate, opening) == "[]"
        found = "r = []\nfor number in range(1024):\n try: os.fstat(number); r.append(number)\n except OSError: pass"
        assert tell(candidate, found) == "[0, 1, 2, 3]"
        dumpable = "import ctypes; r = ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)"
        assert tell(candidate, dumpable) == "-1"


def test_of_one_that_has_ended_nothing_is_told(connection: Connection, tell) -> None:
    with connection.open() as candidate:
        tell(candidate, "os._exit(3)")
        assert candidate.measure() is None
        assert candidate.outcome is not None
        assert candidate.outcome.exit_code == 3
        assert candidate.measure() is None


def test_nobody_measures_anothers_candidate(server: Sandbox) -> None:
    """A number of another's is no more than a number: there is no answer."""
    with server.connect() as one, server.connect() as other, one.open() as theirs:
        stranger = Candidate(other, theirs._job, theirs.socket)
        other._candidates[theirs._job] = stranger
        from sandbox.messages import Measure

        with other._changed:
            other._send(Measure(theirs._job))
        assert not other._pump_until(lambda: stranger.measured is not None, time.monotonic() + 0.3)
        assert theirs.measure() is not None


def test_a_kernel_that_refuses_is_told_and_confines_as_ever(tell) -> None:
    with (
        Sandbox.start(entry="unmeasured:serve", entry_path=ENTRIES) as sandbox,
        sandbox.connect() as connection,
        connection.open() as candidate,
    ):
        measured = candidate.measure()
        assert measured is not None
        assert measured.unmeasured == "[Errno 1] Operation not permitted: 'clear_refs'"
        assert (measured.resident, measured.peak) == (0, 0)
        assert tell(candidate, SPIN.format(0.1)) == "None"
        later = candidate.measure()
        assert later is not None
        assert later.cpu_seconds - measured.cpu_seconds >= 0.1


def test_many_candidates_leave_no_descriptor_behind(server: Sandbox) -> None:
    with server.connect() as connection:
        counted = []
        for _ in range(2):
            for _ in range(5):
                with connection.open() as candidate:
                    assert candidate.measure() is not None
                candidate.wait(10)
            counted.append(_open_files_of(server))
        assert counted[0] == counted[1]


def _open_files_of(server: Sandbox) -> int:
    """Descriptors of the fork server; -1 for whoever may not look."""
    for process in Path("/proc").iterdir():
        try:
            told = (process / "status").read_text()
            if f"NSpid:\t{process.name}\t1\n" in told and f"PPid:\t{server._host.keeper}\n" in told:  # type: ignore[union-attr]
                return len(os.listdir(process / "fd"))
        except (OSError, UnicodeDecodeError):
            continue
    return -1


def test_a_process_can_measure_itself() -> None:
    gauge = Gauge.of_this_process()
    before = gauge.look()
    with mmap.mmap(-1, 32 * MB) as held:  # the C library may have kept as much from earlier tests
        held[::4096] = bytes(32 * MB // 4096)
    after = gauge.look()
    gauge.close()
    assert before is not None
    assert after is not None
    assert after.peak - before.resident == pytest.approx(32 * MB, abs=2 * MB)
