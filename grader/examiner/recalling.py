"""What a suite has seen before, byte for byte, it need not look at again: it would say the same.

A suite is a program whose only news are a candidate's replies: with one seed, what it asks next and what it says in the
end follow from what it has been answered.  So its side of a conversation is kept by what it hung on, as a chain of
digests over the replies; of the next submission the same is asked in the same order, from what is kept, for as long as
it answers what another has answered.  At the first reply that is new the suite itself begins, is given the replies that
there are, and goes on from there.  Nothing of a submission is taken for granted: it is confined, runs, and answers
everything that it would be asked.

Whether a suite is such a program is looked at twice: its code names no clock and nothing else that differs from one
run to the next (`foreseeable`), and what it asks is compared with what is kept whenever it runs.  One that contradicts
itself is run for every submission from then on.
"""

from __future__ import annotations

import ast
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from grader.verdict import Diagnosis, TestResult
from questions.python_code import syntax_tree
from sandbox.frames import Channel, ProtocolFault, parse_header

MAX_BYTES: Final = 48 * 2**20
"""Of requests kept for one seed.  Beyond it everything is forgotten, and learned anew."""
MAX_ENDS: Final = 400
_NEWS: Final = frozenset({"r", "changed", "reshaped"})
"""What an answer holds that a test sees.  Anything else beside it is output, or the submission's place."""
_ERROR: Final = frozenset({"e"})


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a suite, all that is told of its tests included."""

    results: tuple[TestResult, ...]
    diagnosis: tuple[Diagnosis, ...]
    capturing: bool
    """Whether no hidden test has begun."""


@dataclass(frozen=True, slots=True)
class _Test:
    """A test begins."""

    name: str


@dataclass(frozen=True, slots=True)
class _Met:
    """What ended the conversation, while sending or while receiving."""

    fault: ProtocolFault
    sending: bool


@dataclass(frozen=True, slots=True)
class _Turn:
    """What the suite does between two replies; with an outcome it is the end."""

    acts: tuple[bytes | _Test, ...]
    outcome: Told | None = None


@dataclass(slots=True)
class Memory:
    """The turns of one suite with one seed, by the digest of all that was answered before them."""

    usable: bool
    """Whether the suite does the same whenever it sees the same, as far as is known."""
    _turns: dict[bytes, _Turn] = field(default_factory=dict)
    _frames: dict[bytes, bytes] = field(default_factory=dict)
    _bytes: int = 0
    _ends: int = 0

    def turn(self, state: bytes) -> _Turn | None:
        """What follows, where that is known."""
        return self._turns.get(state)

    def keep(self, state: bytes, turn: _Turn) -> None:
        """Keep a turn; one with an outcome takes the place of one without."""
        if state in self._turns and turn.outcome is None:
            return
        if self._bytes > MAX_BYTES or self._ends == MAX_ENDS:
            self._turns.clear()
            self._frames.clear()
            self._bytes = self._ends = 0
        self._ends += turn.outcome is not None
        self._turns[state] = _Turn(tuple(map(self._once, turn.acts)), turn.outcome)

    def _once(self, act: bytes | _Test) -> bytes | _Test:
        """The same: most of what is sent is what is sent to all."""
        if not isinstance(act, bytes):
            return act
        if act not in self._frames:
            self._frames[act] = act
            self._bytes += len(act)
        return self._frames[act]


class Contradicted(ProtocolFault):
    """The suite asked something else than it did when it had been answered the same."""


class Recalling:
    """A channel that a suite speaks through, and what was said through it before.

    First it only listens (the submission is loaded); `walk` asks from memory; then the suite speaks, at first with what
    has been asked and answered already.
    """

    def __init__(self, channel: Channel, memory: Memory) -> None:
        self._channel = channel
        self._memory = memory
        self._state = b""
        self._chain = hashlib.blake2b(digest_size=16)
        self._said: list[bytes | _Test | _Met | tuple[bytearray, bytearray]] = []
        """What `walk` did and what it was answered, in order."""
        self._at = 0
        self._acts: list[bytes | _Test] = []
        self._listening = True
        self._keeping = False
        self._began: list[tuple[str, float]] = []
        """Tests and when they began, while walking."""
        self.contradicted = False

    # What the suite's side of the conversation uses -------------------------------------------------------------------

    def send(self, frame: bytes) -> None:
        """As a channel does."""
        if self._at < len(self._said):
            self._repeat(frame)
            self._meet_again(sending=True)
            return
        if not self._listening:
            self._acts.append(frame)
        self._channel.send(frame)

    def receive(self) -> tuple[Any, bytearray]:
        """As a channel does."""
        if self._at < len(self._said):
            self._meet_again(sending=False)
            said = self._said[self._at]
            if not isinstance(said, tuple):
                raise self._contradict()
            self._at += 1
            header = parse_header(said[0])
            self._keeping = self._keeping and _is_news(header)
            return header, said[1]
        raw, body = self._channel.receive_raw()
        header = parse_header(raw)
        if self._keeping and _is_news(header):
            self._keep_turn(None)
            self._hear(raw, body)
        else:
            self._keeping = False
        return header, body

    def begin_test(self, name: str) -> None:
        """The suite begins with a test."""
        if self._at < len(self._said):
            self._repeat(_Test(name))
        elif not self._listening:
            self._acts.append(_Test(name))

    def _meet_again(self, *, sending: bool) -> None:
        said = self._said[self._at] if self._at < len(self._said) else None
        if isinstance(said, _Met) and said.sending == sending:
            raise said.fault

    def _repeat(self, act: bytes | _Test) -> None:
        if self._said[self._at] != act:
            raise self._contradict()
        self._at += 1

    def _contradict(self) -> Contradicted:
        self.contradicted = True
        self._memory.usable = False
        self._keeping = False
        return Contradicted("the suite asks something else than before")

    # Asking from memory -----------------------------------------------------------------------------------------------

    def walk(self, about: str) -> Told | None:
        """Ask what the suite would, as long as that is known; what comes of it where it is known to the end.

        `about` is what the suite's doing hangs on beside the replies from here on.  What cannot be sent or received
        here meets the suite at the same place.
        """
        self._listening, self._keeping = False, self._memory.usable
        self._chain.update(about.encode())
        self._state = self._chain.digest()
        sending = False
        try:
            while self._keeping and (turn := self._memory.turn(self._state)) is not None:
                sending = True
                for act in turn.acts:
                    self._said.append(act)
                    if isinstance(act, bytes):
                        self._channel.send(act)
                    else:
                        self._began.append((act.name, time.perf_counter()))
                sending = False
                if turn.outcome is not None:
                    return self._timed(turn.outcome)
                raw, body = self._channel.receive_raw()
                self._said.append((raw, body))
                self._hear(raw, body)
        except ProtocolFault as fault:
            self._said.append(_Met(fault, sending))
        return None

    def _timed(self, outcome: Told) -> Told:
        """The outcome with what each test took this time."""
        seconds: dict[str, float] = {}
        ends = [at for _, at in self._began[1:]] + [time.perf_counter()]
        for (name, start), end in zip(self._began, ends, strict=True):
            test = name.partition("[")[0]
            seconds[test] = seconds.get(test, 0.0) + end - start
        results = tuple(
            result if result.hidden else replace(result, seconds=round(seconds.get(result.name, 0.0), 6))
            for result in outcome.results
        )
        return replace(outcome, results=results)

    def _hear(self, raw: bytearray, body: bytearray) -> None:
        # Both lengths, or the body of one reply could read like the replies that follow another.
        self._chain.update(len(raw).to_bytes(8, "big") + len(body).to_bytes(8, "big"))
        self._chain.update(raw)
        self._chain.update(body)
        self._state = self._chain.digest()

    def keep(self, outcome: Told) -> None:
        """The suite has come to its end, with this."""
        if self._keeping and self._at == len(self._said):
            self._keep_turn(outcome)

    def _keep_turn(self, outcome: Told | None) -> None:
        self._memory.keep(self._state, _Turn(tuple(self._acts), outcome))
        self._acts.clear()


def _is_news(header: Any) -> bool:
    """Whether a message is an answer and nothing beside it."""
    return type(header) is dict and (header.keys() <= _NEWS or header.keys() == _ERROR)


# Whether a suite can be foreseen -------------------------------------------------------------------------------------

_MODULES: Final = frozenset(
    """__future__ abc cmath collections contextlib copy dataclasses decimal einops enum fractions functools itertools
    math numbers operator pytest random re reference statistics string textwrap torch types typing warnings""".split()
)
"""What may be imported: nothing of it reads a clock, a file or the machine, and `random` is seeded before each test."""
_BUILTINS: Final = frozenset("compile eval exec globals id input locals open vars __import__ __builtins__".split())
_ELSEWHERE: Final = frozenset(
    """SystemRandom benchmark cache cuda initial_seed lru_cache multiprocessing profiler seed set_num_threads threading
    capsys measure monkeypatch request tmp_path tmp_path_factory""".split()
)
"""Attributes, modules and fixtures by which a test sees what differs, or leaves something behind for another."""


def foreseeable(codes: Sequence[str]) -> bool:
    """Whether a suite's code names nothing that differs from one run to the next, and keeps nothing for the next."""
    trees = [syntax_tree(code) for code in codes]
    return all(_is_foreseeable(node) for tree in trees for node in ast.walk(tree)) and not any(
        isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign)
        and any(_is_changeable(part) for part in ast.walk(statement))
        for tree in trees
        for statement in tree.body
    )


def _is_changeable(part: ast.AST) -> bool:
    """Whether what a name of the module is made of could be changed by a test; `float("-inf")` cannot."""
    if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in _NUMBERS:
        return False
    return isinstance(part, _CHANGEABLE)


_NUMBERS: Final = ("float", "int")
_CHANGEABLE: Final = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Call)
"""What a name of the module must not be made of: one test could change it, and another submission's would see it."""


def only_by_name(code: str) -> bool:
    """Whether a suite takes from `submission` only what its code names: of the rest it sees nothing."""
    tree = syntax_tree(code)
    taken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return all(
        id(node) in taken for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "submission"
    )


def _is_foreseeable(node: ast.AST) -> bool:
    match node:
        case ast.Import(names=names):
            return all(name.name.partition(".")[0] in _MODULES and _is_plain(name.name) for name in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            first = (module or "").partition(".")[0]
            plain = all(map(_is_plain, (first, *(name.name for name in names))))
            return not level and first in _MODULES and plain and not any(name.asname in _NUMBERS for name in names)
        case ast.Name(id=name, ctx=context):
            return name not in _BUILTINS and not (name in _NUMBERS and isinstance(context, ast.Store))
        case ast.Attribute(attr=name) | ast.arg(arg=name):
            return name not in _ELSEWHERE
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name not in _NUMBERS
        case ast.Global():
            return False
    return True


def _is_plain(dotted: str) -> bool:
    return not _ELSEWHERE.intersection(dotted.split("."))
