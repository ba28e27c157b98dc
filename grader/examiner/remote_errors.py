"""What a submission raised, as local errors over an allow-list of types; and the end of a conversation."""

from __future__ import annotations

from typing import Any

from grader.verdict import Raised
from sandbox.frames import ProtocolFault, clean_text

MAX_LINES = 64
"""Of one error, or of one place in a program; an honest candidate tells twenty."""


class CandidateLost(Exception):
    """The candidate died, was ended at a limit, or broke the protocol; nothing more can be asked of it."""


class RemoteError(Exception):
    """Something the submission raised.  Subclassed per builtin type, so that `pytest.raises(ValueError)` works."""

    raised: Raised

    def __init__(self, raised: Raised) -> None:
        super().__init__(raised.message)
        self.raised = raised

    def __str__(self) -> str:
        return self.raised.message

    def describe(self) -> str:
        """Type and text, as Python prints them."""
        return f"{self.raised.type}: {self.raised.message}" if self.raised.message else self.raised.type

    @property
    def out_of_memory(self) -> bool:
        """Whether it says that memory ran out."""
        return self.raised.type == "MemoryError" or "can't allocate memory" in self.raised.message


ERROR_TYPES: dict[str, type[Exception]] = {
    base.__name__: base
    for base in (
        ArithmeticError, AssertionError, AttributeError, FloatingPointError, ImportError, IndexError, KeyError,
        LookupError, MemoryError, ModuleNotFoundError, NameError, NotImplementedError, OSError, OverflowError,
        RecursionError, RuntimeError, SyntaxError, TypeError, UnboundLocalError, UnicodeError, ValueError,
        ZeroDivisionError,
    )
}  # fmt: skip
_REMOTE: dict[str, type[RemoteError]] = {
    name: type(f"Remote{name}", (RemoteError, base), {"__str__": RemoteError.__str__})
    for name, base in ERROR_TYPES.items()
}


def remote_error(note: Any) -> RemoteError:
    """The local error for a reply's note.  Raises `ProtocolFault` when it is no note."""
    if type(note) is not dict:
        raise ProtocolFault("an error of no known form")
    kind, base, message, lines = (note.get(key) for key in ("type", "base", "message", "lines"))
    if type(kind) is not str or type(base) is not str or type(message) is not str:
        raise ProtocolFault("an error of no known form")
    name = "".join(letter for letter in kind if letter.isidentifier() or letter.isdigit())[:120] or "Exception"
    return _REMOTE.get(base, _REMOTE["RuntimeError"])(Raised(name, clean_text(message), read_lines(lines)))


def read_lines(lines: Any) -> tuple[int, ...]:
    """Numbers of lines as a candidate tells them.  Raises `ProtocolFault` for anything else."""
    if type(lines) is not list or len(lines) > MAX_LINES:
        raise ProtocolFault("lines of no known form")
    if not all(type(line) is int and 0 < line < 1_000_000 for line in lines):
        raise ProtocolFault("impossible lines")
    return tuple(lines)
