"""What a failing public test had in view: the call that it looked at, its arguments, and what was right instead.

A test may compare sums, or nothing but a truth.  Which call it looked at is told by the tensors: those it compared
share memory with a reply, or a name on the line that failed does.  Nothing here decides a mark, and nothing of a hidden
test comes here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import torch

from grader.examiner.calls import Asked, Calls
from grader.examiner.diagnosis import comparable
from grader.examiner.link import Link
from grader.examiner.plan import Plan
from grader.examiner.remote_errors import CandidateLost, RemoteError
from grader.examiner.replay import start_replay
from grader.examiner.shapes import ComparisonFailed, compare, picture
from grader.examiner.trace import Operation, Step
from grader.verdict import Argument, Comparison, TestResult, TestStatus

if TYPE_CHECKING:
    from grader.examiner.session import SuiteSession

CELLS: Final = 48 * 1024
"""Numbers of one verdict's inputs and outcomes together; tests beyond show their call alone."""
INPUT_CELLS: Final = 256
"""Numbers of an input that is shown whole; of a larger one it is a window."""
_CALLS: Final = frozenset({Operation.CALL, Operation.METHOD})
# Methods by which a proxy does what it does to modules; a submission's own are called by tests.
_PLUMBING: Final = frozenset(
    {"load_state_dict", "zero_grad", "to", "double", "float", "half", "bfloat16", "requires_grad_"}
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One tensor of a reply that a failed assertion had in view; `whole` when it compared all of it."""

    step: int
    ordinal: int
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """How the first failing run of a test went: the steps it took, and what it had in view, most telling first."""

    first: int
    last: int
    seen: tuple[Seen, ...] = ()
    raised: bool = False
    """Whether the last step is the one that ended it."""
    comparison: Comparison | None = None


class Witness:
    """Sees public tests fail, and completes their results afterwards.  One for each submission."""

    def __init__(self, session: SuiteSession, link: Link, plan: Plan) -> None:
        self._session = session
        self._link = link
        self._plan = plan
        self._public = frozenset(entry.name for entry in session.spec.entries if not entry.hidden)
        self._failures: dict[str, Failure] = {}
        self._begun = 0

    def begin_test(self) -> None:
        """What is asked from here on belongs to the next run of a test."""
        self._begun = len(self._link.trace)

    def saw(self, test: str, error: BaseException | None) -> None:
        """A test failed: with an error, or for what happened to its arguments or its candidate."""
        if test not in self._public or test in self._failures or not self._link.capturing:
            return
        first, last = self._begun, len(self._link.trace)
        if isinstance(error, RemoteError | CandidateLost):
            self._failures[test] = Failure(first, last, raised=True)
            return
        seen = tuple(dict.fromkeys(self._in_view(error, self._replies(first, last)))) if error is not None else ()
        self._failures[test] = Failure(
            first, last, seen, comparison=error.comparison if isinstance(error, ComparisonFailed) else None
        )

    def _replies(self, first: int, last: int) -> dict[int, Seen]:
        """Where the tensors of this run's replies are in memory."""
        places = {}
        for index in range(first, last):
            step = self._link.trace[index]
            if _is_call(step):
                places.update(
                    {_place(tensor): Seen(index, ordinal) for ordinal, tensor in enumerate(step.tensors)}
                )
        return places

    def _in_view(self, error: BaseException, replies: dict[int, Seen]) -> Iterator[Seen]:
        if isinstance(error, ComparisonFailed):
            for tensor in error.compared:
                found = replies.get(_place(tensor))
                if found is not None:
                    reply = self._link.trace[found.step].tensors[found.ordinal]
                    yield replace(found, whole=tensor.numel() == reply.numel())
        for frame, line in _frames(error, str(Path(self._session.spec.path))):
            for name in self._session.statements.names(line):
                for tensor in _tensors(frame.f_locals.get(name)):
                    if (found := replies.get(_place(tensor))) is not None:
                        yield found

    # Afterwards -----------------------------------------------------------------------------------------------------

    def complete(self, results: Sequence[TestResult], names: dict[str, int]) -> list[TestResult]:
        """The results, the failing public ones with call, inputs and outcome."""
        until = max((failure.last for failure in self._failures.values()), default=0)
        judged = _Judged(self._session, self._link.trace[:until], self._plan, names)
        return [
            judged.completed(result, self._failures[result.name])
            if result.name in self._failures and not result.hidden and result.status is not TestStatus.PASSED
            else result
            for result in results
        ]


class _Judged:
    """A trace that has come to its end, beside what the reference answers to it."""

    def __init__(self, session: SuiteSession, trace: Sequence[Step], plan: Plan, names: dict[str, int]) -> None:
        self._session = session
        self._trace = trace
        self._plan = plan
        self._names = names
        self._calls = Calls(session.reference, trace, names)
        self._left = CELLS

    def completed(self, result: TestResult, failure: Failure) -> TestResult:
        index, outcome = self._most_telling(failure)
        if index is None:
            return result
        asked = self._calls.asked(index)
        shown = outcome or (failure.comparison if any(seen.whole for seen in failure.seen) else None)
        inputs = tuple(self._inputs(asked, shown))
        cost = sum(len(each.value.data) for each in inputs if each.value is not None)
        cost += sum(len(array.data) for array in (outcome.expected, outcome.actual) if array) if outcome else 0
        if cost > self._left:
            return replace(result, call=asked.text)
        self._left -= cost
        return replace(result, call=asked.text, inputs=inputs, outcome=outcome)

    def _most_telling(self, failure: Failure) -> tuple[int | None, Comparison | None]:
        """The step to show, and what the reference answers to it where the test's own comparison shows less."""
        calls = [index for index in range(failure.first, failure.last) if _is_call(self._trace[index])]
        if failure.raised or not calls:
            return (calls[-1] if calls else None), None
        in_view = list(dict.fromkeys(seen.step for seen in failure.seen))
        order = in_view or [index for index in calls[::-1] if self._trace[index].tensors] or calls[::-1]
        for index in order:
            looked_at = [seen.ordinal for seen in failure.seen if seen.step == index]
            shown = {seen.ordinal for seen in failure.seen if seen.step == index and seen.whole}
            if (outcome := self._outcome(index, looked_at, shown)) is not None:
                return index, outcome
            if shown:
                return index, None
        return order[0], None

    def _outcome(self, index: int, looked_at: Sequence[int], shown: set[int]) -> Comparison | None:
        """The telling one of a reply's tensors beside the reference's; nothing where none differs or all is shown."""
        theirs, ours = self._right(index), self._trace[index].tensors
        if theirs is None or len(theirs) != len(ours):
            return None
        differing = [at for at, (one, other) in enumerate(zip(ours, theirs, strict=True)) if _differ(one, other)]
        weights = [at for at in differing if _are_weights(theirs[at])]
        if shown:
            chosen = [at for at in weights if at not in shown] if not shown & set(weights) else []
        else:
            chosen = [*(at for at in looked_at if at in differing), *weights, *differing]
        return compare(ours[chosen[0]], theirs[chosen[0]]) if chosen else None

    def _right(self, index: int) -> Sequence[torch.Tensor] | None:
        """What the reference answers to a step; None where that cannot be told, or it raises."""
        step = self._trace[index]
        if index in self._as_planned and step.place is not None:
            planned = self._plan.requests(step.test)[step.place].step
            return planned.tensors if planned.error is None else None
        return self._replayed[index]

    @cached_property
    def _as_planned(self) -> frozenset[int]:
        return frozenset(comparable(self._trace, self._plan))

    @cached_property
    def _replayed(self) -> list[Sequence[torch.Tensor] | None]:
        """The same asked of the reference, here: for modules with parameters of the submission's own."""
        replay = start_replay({"submission": self._session.spec.reference.text}, self._names)
        answers = [replay.answer(step) if replay is not None else None for step in self._trace]
        return [None if answer is None or answer.error else answer.tensors for answer in answers]

    @staticmethod
    def _inputs(asked: Asked, shown: Comparison | None) -> Iterator[Argument]:
        """The arguments; of large ones the part that belongs to the worst cell, else from the start."""
        whole = shown.expected.shape if shown is not None and shown.expected is not None else ()
        worst = (shown.worst if shown is not None else None) or ()
        for given in asked.inputs:
            if given.value is None:
                yield Argument(given.name, text=given.text)
            else:
                shape = tuple(given.value.shape)
                alike = [at < len(worst) and shape[at] == whole[at] for at in range(len(shape))]
                around = tuple(worst[at] if alike[at] and at < len(shape) - 1 else 0 for at in range(len(shape)))
                yield Argument(given.name, picture(given.value, around, INPUT_CELLS))


def _is_call(step: Step) -> bool:
    return step.header["op"] in _CALLS and step.header.get("name") not in _PLUMBING


def _place(tensor: torch.Tensor) -> int:
    """Where its memory begins; of an empty one a place that no other has."""
    try:
        return tensor.untyped_storage().data_ptr() or -id(tensor)
    except (RuntimeError, NotImplementedError):  # no memory of its own (sparse, meta)
        return -id(tensor)


def _frames(error: BaseException, path: str) -> list[tuple[FrameType, int]]:
    """The suite's frames on the way to an error, and their lines, innermost first."""
    found = []
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == path:
            found.append((step.tb_frame, step.tb_lineno))
        step = step.tb_next
    return found[::-1]


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, list | tuple):
        yield from (entry for entry in value if isinstance(entry, torch.Tensor))
    elif isinstance(value, dict):
        yield from (entry for entry in value.values() if isinstance(entry, torch.Tensor))


def _differ(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether shapes or values differ, whatever the types of the numbers."""
    if one.shape != other.shape:
        return True
    if one.numel() == 0:
        return False
    wide = torch.complex128 if one.is_complex() or other.is_complex() else torch.float64
    return not torch.allclose(one.detach().to(wide), other.detach().to(wide), rtol=1e-4, atol=1e-5, equal_nan=True)


def _are_weights(tensor: torch.Tensor) -> bool:
    """Whether it looks like attention weights: none negative, and every row sums to one."""
    if tensor.dim() < 2 or tensor.size(-1) < 2 or not tensor.is_floating_point() or tensor.numel() == 0:
        return False
    rows = tensor.detach().double()
    return bool((rows >= 0).all()) and torch.allclose(rows.sum(-1), torch.ones(()).double(), atol=1e-3)


class Statements:
    """Which names stand in the statements of a suite, by line."""

    def __init__(self, trees: Sequence[ast.Module]) -> None:
        self._all = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.stmt)]
        self._known: dict[int, list[str]] = {}

    def names(self, line: int) -> list[str]:
        """Names in the innermost statement on a line, in order; of a compound one, those of its head."""
        if line not in self._known:
            around = [node for node in self._all if node.lineno <= line <= (node.end_lineno or node.lineno)]
            self._known[line] = _names(max(around, key=lambda node: node.lineno)) if around else []
        return self._known[line]


def _names(statement: ast.stmt) -> list[str]:
    body = {id(part) for child in getattr(statement, "body", ()) for part in ast.walk(child)}
    found = [part for part in ast.walk(statement) if isinstance(part, ast.Name) and id(part) not in body]
    return list(dict.fromkeys(part.id for part in sorted(found, key=lambda part: (part.lineno, part.col_offset))))
