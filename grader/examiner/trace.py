"""What was asked of a submission and what came back, kept for diagnosis."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import torch


class Operation(StrEnum):
    """What a request asks for, by the candidate's names."""

    LOAD = "load"
    RUN = "run"
    CALL = "call"
    GET = "get"
    SET = "set"
    METHOD = "method"
    INDEX = "index"
    LENGTH = "length"
    STATE = "state"
    PARAMETERS = "parameters"
    MODULES = "modules"
    REFRESH = "refresh"
    BACKWARD = "backward"


CALLS: Final = frozenset({Operation.CALL, Operation.METHOD})


@dataclass(slots=True)
class Step:
    """One entry of the trace: a request as it was sent, and the reply's value or error type.

    The request is kept as it crossed, so that a replay sees the very bytes, strides and aliasing of the arguments.
    """

    test: str
    header: dict[str, Any]
    body: bytes
    waits: bool = False
    """Whether it leans on earlier replies."""
    place: int | None = None
    """Its place in its test, where the reference was asked the very same; else None."""
    node: Any = None
    """The reply's value as a node (None when it raised)."""
    tensors: list[torch.Tensor] = field(default_factory=list)
    handles: list[int] = field(default_factory=list)
    error: str | None = None

    @property
    def measured(self) -> bool:
        """Whether it was looked at what this call used."""
        return stands_alone(self.header)


def stands_alone(header: dict[str, Any]) -> bool:
    """Whether a candidate is to do nothing else meanwhile: what it uses is measured."""
    return "measured" in header
