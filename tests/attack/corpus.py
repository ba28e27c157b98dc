"""The hostile submissions as frozen values, read from the comments at the top of each file.

The file itself is what is graded, header included; `# repeat:` and `# encode:` say how it is made into something that
no editor should have to open.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SUBMISSIONS = HERE / "submissions"
HARMLESS = HERE / "harmless"

STATUSES = frozenset({"passed", "partial", "failed", "error", "timeout", "memory", "crashed"})
_HEADER = re.compile(r"^# (item|expect|attack|says|limit-seconds|at-most|repeat|encode|jail|run): *(.*)$")
_REQUIRED = ("item", "expect", "attack")


class BadHeader(ValueError):
    """A file whose header does not say what it must; the text names file and remedy."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One file: what it tries, and the verdicts that count as having held."""

    path: Path
    item: str
    attack: str
    expect: frozenset[str]
    says: str | None
    """A regular expression that the verdict's text must contain: the attack ran to its end and says so."""
    limit_seconds: float
    at_most: float
    """The share of the item's points that may be earned; full marks never, whatever this is."""
    repeat: int
    encode: str
    jail: str | None
    """The only jail that holds it, when the other does not promise to (docs/security.md says why)."""
    run: bool
    """Whether it is handed in by Run: as a program first, and to the public tests alone."""

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def family(self) -> str:
        """What comes before the first hyphen."""
        return self.name.partition("-")[0]

    @property
    def content(self) -> bytes:
        """The bytes that are handed in."""
        raw = self.path.read_bytes()
        if self.repeat > 1:
            *head, last = raw.rstrip(b"\n").split(b"\n")
            raw = b"\n".join([*head, *itertools.repeat(last, self.repeat)]) + b"\n"
        match self.encode:
            case "utf-8":
                return raw
            case "utf-16":
                return raw.decode().encode("utf-16")
            case "nul":
                return raw + b"y = 2\0\0\n\0"
            case "bytes":
                return raw + b'y = "\xff\xfe\xc3\x28"\n'
        raise BadHeader(f"{self.path}: `# encode: {self.encode}` is none of utf-8, utf-16, nul, bytes")


def read_attack(path: Path) -> Attack:
    """The file's header.  Raises `BadHeader`."""
    fields: dict[str, str] = {}
    for line in path.read_bytes().decode("utf-8", "replace").split("\n"):
        if not line.startswith("#"):
            break
        if match := _HEADER.match(line):
            fields[match[1]] = match[2].strip()
    if missing := [key for key in _REQUIRED if not fields.get(key)]:
        raise BadHeader(f"{path}: the header lacks {', '.join(f'`# {key}:`' for key in missing)}")
    expect = frozenset(status.strip() for status in fields["expect"].split(","))
    if unknown := expect - STATUSES:
        raise BadHeader(
            f"{path}: `# expect:` names {', '.join(sorted(unknown))}; known are {', '.join(sorted(STATUSES))}"
        )
    return Attack(
        path=path,
        item=fields["item"],
        attack=fields["attack"],
        expect=expect,
        says=fields.get("says"),
        limit_seconds=float(fields.get("limit-seconds", "2")),
        at_most=float(fields.get("at-most", "1")),
        repeat=int(fields.get("repeat", "1")),
        encode=fields.get("encode", "utf-8"),
        jail=fields.get("jail"),
        run=fields.get("run") == "yes",
    )


def attacks_in(folder: Path) -> tuple[Attack, ...]:
    """Every file of a folder, in name order."""
    return tuple(read_attack(path) for path in sorted(folder.glob("*.py")))


def sequences(attacks: tuple[Attack, ...]) -> tuple[tuple[Attack, ...], ...]:
    """Files named `…-1`, `…-2` belong together and are graded in that order; every other file stands alone."""
    return tuple(
        tuple(sorted(group, key=lambda attack: attack.name))
        for _, group in itertools.groupby(attacks, key=lambda attack: re.sub(r"-\d+$", "", attack.name))
    )
