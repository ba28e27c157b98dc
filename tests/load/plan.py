"""What a class is to do, and what became of it: written by one process, read by the other."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """Something a student may send."""

    item: int
    item_name: str
    kind: str
    label: str
    content: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Who takes part, for how long, and what they have to send."""

    students: tuple[str, ...]
    password: str
    course: int
    seconds: float
    arriving_seconds: float
    """The sign-ins are spread over this long."""
    haste: float
    """What thinking and typing is divided by; 1 is a person."""
    answers: tuple[Answer, ...]

    def write(self, path: Path) -> None:
        """For the process in which the class sits."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Plan:
        """There."""
        values = json.loads(path.read_text(encoding="utf-8"))
        answers = tuple(Answer(**each) for each in values.pop("answers"))
        return cls(answers=answers, **{**values, "students": tuple(values["students"])})


@dataclass(frozen=True, slots=True)
class Accepted:
    """A run or a submission the server has accepted, and the verdict its student saw (None: not in time)."""

    student: str
    answer: int
    """Its place among the plan's answers."""
    purpose: str
    job: int
    submission: int
    status: str | None
    score: float | None


@dataclass(slots=True)
class Outcome:
    """What the class saw."""

    accepted: list[Accepted] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    """By action."""
    faults: list[str] = field(default_factory=list)
    """Answers that no student should get: 5xx, none at all, a refusal nobody expects."""

    def note(self, action: str, seconds: float) -> None:
        """One action took that long."""
        self.seconds.setdefault(action, []).append(seconds)

    def write(self, path: Path) -> None:
        """When everybody has left."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Outcome:
        """For who checks it."""
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls([Accepted(**each) for each in values["accepted"]], values["seconds"], values["faults"])
