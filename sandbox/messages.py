"""What a client and the server say to each other on the control socket: one JSON object a packet, version 1.

Both sides decode strictly: an unknown type, a missing, surplus or wrongly typed field, or an oversized packet is
`Malformed`.  What is said on a job's own socket is none of the server's business.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, get_args

from sandbox.model import JobLimits, Limit, Outcome

VERSION: Final = 1
MAX_BYTES: Final = 4096


class Malformed(Exception):
    """A packet that is no message."""


@dataclass(frozen=True, slots=True)
class Open:
    """Client: confine a candidate; its end of the job's socket travels with the packet.

    A `spare` one waits for `Begin`, and must go when somebody else needs its place.
    """

    ref: int
    limits: JobLimits
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Begin:
    """Client: this spare candidate is used from now on; its wall clock starts."""

    job: int


@dataclass(frozen=True, slots=True)
class Begun:
    """Server: it was still there, and will not have to go."""

    job: int


@dataclass(frozen=True, slots=True)
class Kill:
    """Client: end this candidate now."""

    job: int


@dataclass(frozen=True, slots=True)
class Measure:
    """Client: what has this candidate used so far?  Its peak of memory is counted anew from here on."""

    job: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Server: what the kernel counts of a candidate.  One that has ended is answered with `Ended` alone."""

    job: int
    cpu_seconds: float
    """Since it was forked."""
    resident: int
    """Bytes now."""
    peak: int
    """Bytes at most, since the last `Measure` or the fork."""
    resident_at_rest: int
    """Bytes once it was confined, before anything was said to it."""
    running: bool
    """Whether it is at work: then its processor time is known up to a tick of the kernel's clock."""
    unmeasured: str
    """Why there are no bytes; empty where there are."""


@dataclass(frozen=True, slots=True)
class Hello:
    """Server, first on every connection: who it is and how its torch computes."""

    pid: int
    torch: str
    cpu_capability: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Server: the candidate asked for as `ref` is confined and listens."""

    ref: int
    job: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Server: no candidate for `ref`, and why.  Nothing of a submission has run."""

    ref: int
    reason: str


@dataclass(frozen=True, slots=True)
class Ended:
    """Server: a candidate ended, as seen from outside."""

    job: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Rejected:
    """Server: the last packet was no message; the connection is closed."""

    reason: str


Message = Open | Begin | Begun | Kill | Measure | Measured | Hello | Opened | Refused | Ended | Rejected
_TYPES: Final[dict[str, type[Message]]] = {kind.__name__.lower(): kind for kind in get_args(Message)}

_RANGES: Final = {
    "cpu_seconds": (0.01, 3600.0),
    "memory_bytes": (1, 2**40),
    "file_bytes": (0, 2**40),
    # For tmpfs 0 means "without limit".
    "tmp_bytes": (4096, 2**36),
    "tmp_inodes": (2, 2**24),
    "wall_seconds": (0.01, 86400.0),
}


def encode(message: Message) -> bytes:
    """One packet."""
    return json.dumps({"v": VERSION, "type": type(message).__name__.lower(), **asdict(message)}).encode()


def decode(packet: bytes) -> Message:
    """The message in one packet; raises `Malformed`."""
    if len(packet) > MAX_BYTES:
        raise Malformed("oversized packet")
    try:
        value = json.loads(packet)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(value, dict) or value.pop("v", None) != VERSION:
        raise Malformed(f"not a message of version {VERSION}")
    name = value.pop("type", None)
    kind = _TYPES.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Malformed("unknown type")
    expected = {field.name: str(field.type) for field in fields(kind)}
    if set(value) != set(expected):
        raise Malformed(f"{name}: wrong fields")
    return kind(**{field: _field(field, type_, value[field]) for field, type_ in expected.items()})


def check_limits(limits: JobLimits) -> str:
    """Why these limits cannot be set, or nothing."""
    for name, (low, high) in _RANGES.items():
        value = getattr(limits, name)
        if value is not None and not low <= value <= high:
            return f"{name} is {value!r}, not within {low} and {high}"
    return ""


def _field(name: str, type_: str, value: Any) -> Any:
    match type_:
        case "int" if type(value) is int and 0 <= value < 2**53:
            return value
        case "float" if type(value) is float and math.isfinite(value):
            return value
        case "str" if isinstance(value, str):
            return value
        case "bool" if isinstance(value, bool):
            return value
        case "JobLimits":
            return JobLimits(**_numbers(name, value, optional={"wall_seconds"}, whole=_WHOLE_LIMITS, of=JobLimits))
        case "Outcome":
            limit = value.pop("limit", None) if isinstance(value, dict) else None
            if limit is not None and limit not in tuple(Limit):
                raise Malformed(f"{name}: unknown limit")
            rest = _numbers(
                name, value, optional={"exit_code", "signal"}, whole=_WHOLE_OUTCOME, of=Outcome, minus={"limit"}
            )
            return Outcome(limit=None if limit is None else Limit(limit), **rest)
        case _:
            raise Malformed(f"{name}: not a {type_}")


_WHOLE_LIMITS: Final = {"memory_bytes", "file_bytes", "tmp_bytes", "tmp_inodes"}
_WHOLE_OUTCOME: Final = {"exit_code", "signal", "peak_memory", "resident_at_fork"}


def _numbers(
    name: str,
    value: Any,
    *,
    optional: set[str],
    whole: set[str],
    of: type[JobLimits] | type[Outcome],
    minus: set[str] = frozenset(),  # type: ignore[assignment]
) -> dict[str, Any]:
    """The fields of a record that holds nothing but finite numbers."""
    if not isinstance(value, dict) or set(value) != {field.name for field in fields(of)} - minus:
        raise Malformed(f"{name}: wrong fields")
    for key, number in value.items():
        if number is None and key in optional:
            continue
        if type(number) is not int and (key in whole or type(number) is not float or not math.isfinite(number)):
            raise Malformed(f"{name}.{key}: not a number")
    return value
