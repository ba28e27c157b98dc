"""Which named mistake explains a submission: its answers beside those of the bank's own codes.

What a suite asks the reference it asks every submission, so what reference and misconceptions answer is worked out once
for a plan and only compared from then on.  A trace in which nothing was asked as planned is replayed instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.examiner.outcomes import Answer, compared_with, right_answer, shows
from grader.examiner.plan import Plan
from grader.examiner.recalling import Memory
from grader.examiner.replay import NOT_COMPARED, ROOT, LocalOutcome, Replay, equal_values, start_replay
from grader.examiner.spec import MisconceptionEntry, SuiteSpec
from grader.examiner.trace import Step


@dataclass(frozen=True, slots=True)
class Match:
    """A misconception that explains a submission, and where it shows."""

    misconception: MisconceptionEntry
    steps: frozenset[int]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is made ready for one seed before anything is judged with it."""

    plan: Plan
    diagnoser: Diagnoser
    memory: Memory
    wasteful: dict[str, frozenset[str]] = field(default_factory=dict)
    """Which tests the misconceptions fail that answer as the reference does, where that has been asked."""


Answers = tuple[Answer | None, ...]
"""One for each request of a test; None where the answer cannot be compared (parameters nobody has seen)."""


class Diagnoser:
    """Finds the misconceptions that explain traces of one suite with one plan."""

    def __init__(self, spec: SuiteSpec, plan: Plan) -> None:
        self._spec = spec
        self._plan = plan
        self._replays: dict[str, Replay | None] = {}
        self._answers: dict[tuple[str, str], Answers] = {}

    def matches(self, trace: Sequence[Step], names: dict[str, int]) -> tuple[Match, ...]:
        """The misconceptions whose outcomes the submission shows wherever they differ from the reference's.

        `names` are the submission's handles by public name.  Of two matches, one whose differences are a part of the
        other's is left out.
        """
        if any(step.error == "NotImplementedError" for step in trace):
            return ()  # unfinished, not mistaken
        compared = comparable(trace, self._plan)
        wrong = {index for index in compared if self._differs(trace[index])}
        if wrong:
            found = self._by_plan(trace, compared, wrong)
        else:
            found = by_replay(self._spec, trace, names)
        return tuple(match for match in found if not any(match.steps < other.steps for other in found))

    def answers_as_reference(self, trace: Sequence[Step]) -> bool:
        """Whether nothing that can be compared in a trace differs from what the reference answers."""
        compared = comparable(trace, self._plan)
        return bool(compared) and not any(self._differs(trace[index]) for index in compared)

    def alike(self) -> list[MisconceptionEntry]:
        """The misconceptions that answer all that the suite asks as the reference does."""
        return [
            entry
            for entry in self._spec.misconceptions
            if all(self._is_alike(entry.id, test) for test in self._plan.tests)
        ]

    def _is_alike(self, code: str, test: str) -> bool:
        answers = self._of(code, test)
        return self._replays[code] is not None and all(answer is None or answer.as_reference for answer in answers)

    def _differs(self, step: Step) -> bool:
        right = self._answer(_REFERENCE, step)
        return right is not None and not shows(step, right)

    def _by_plan(self, trace: Sequence[Step], compared: Sequence[int], wrong: set[int]) -> list[Match]:
        # Tests in which something is wrong first: most misconceptions are out after them.
        suspect = {trace[index].test for index in wrong}
        order = sorted(compared, key=lambda index: trace[index].test not in suspect)
        # Where parameters are the submission's own, values say nothing, but an error does.
        loose = [
            index
            for index, step in enumerate(trace)
            if step.place is not None and step.error is not None and index not in compared
        ]
        found = []
        for entry in self._spec.misconceptions:
            steps = self._steps_shown(entry, trace, order, loose)
            if steps & wrong:
                found.append(_match(entry, trace, steps))
        return found

    def _steps_shown(
        self, entry: MisconceptionEntry, trace: Sequence[Step], order: Sequence[int], loose: Sequence[int]
    ) -> set[int]:
        """The steps at which a misconception differs from the reference, all shown by the submission; else nothing.

        Of errors only types are compared.  Where nothing but errors would match, a submission that raises at other
        steps too has another reason to raise.
        """
        steps = set()
        raises_elsewhere = False
        for index in loose:
            answer = self._answer(entry.id, trace[index])
            raises_elsewhere |= trace[index].error != (answer.outcome.error if answer is not None else None)
        for index in order:
            step = trace[index]
            answer = self._answer(entry.id, step)
            if answer is None:
                continue
            if answer.as_reference:
                raises_elsewhere |= step.error is not None and step.error != answer.outcome.error
            elif not shows(step, answer):
                return set()
            else:
                steps.add(index)
        return set() if raises_elsewhere and all(trace[index].error is not None for index in steps) else steps

    def work_ahead(self) -> bool:
        """Work out one test of one code that nobody has asked for yet; whether there was any."""
        for code in (_REFERENCE, *(entry.id for entry in self._spec.misconceptions)):  # others come with the first
            for test in self._plan.tests:
                if (code, test) not in self._answers:
                    self._of(code, test)
                    return True
        return False

    def _answer(self, code: str, step: Step) -> Answer | None:
        assert step.place is not None, "only what was asked as planned has answers"
        return self._of(code, step.test)[step.place]

    def _of(self, code: str, test: str) -> Answers:
        """A code's answers in a test.  Tests may share what they made, so those before it come first."""
        if (code, test) not in self._answers:
            for earlier in self._plan.tests:
                if (code, earlier) not in self._answers:
                    self._answers[(code, earlier)] = self._work_out(code, earlier)
                if earlier == test:
                    break
        return self._answers[(code, test)]

    def _work_out(self, code: str, test: str) -> Answers:
        requests = self._plan.requests(test)
        if code not in self._replays:
            self._replays[code] = start_replay(self._sources(code), self._plan.names)
        replay = self._replays[code]
        if replay is None:
            return (None,) * len(requests)
        outcomes = [_without_graph(replay.answer(planned.step)) for planned in requests]
        replay.end_test()
        if code == _REFERENCE:
            others = [self._of(_OTHER + entry.id, test) for entry in self._spec.alternatives]
            return tuple(
                None if mine is None else right_answer(mine, [each[place] for each in others])
                for place, mine in enumerate(outcomes)
            )
        if code.startswith(_OTHER):
            return tuple(None if outcome is None else Answer(outcome, as_reference=False) for outcome in outcomes)
        return tuple(
            None if mine is None or right is None else compared_with(right, mine)
            for mine, right in zip(outcomes, self._of(_REFERENCE, test), strict=True)
        )

    def _sources(self, code: str) -> dict[str, str]:
        reference = self._spec.reference.text
        if code == _REFERENCE:
            return {"submission": reference}
        if code.startswith(_OTHER):
            source = next(each.source.text for each in self._spec.alternatives if each.id == code.removeprefix(_OTHER))
        else:
            source = next(entry.source.text for entry in self._spec.misconceptions if entry.id == code)
        return {"reference": reference, "submission": source}


_REFERENCE = ""
"""The reference's id among the codes; no misconception has an empty one."""
_OTHER = "/"
"""What the id of another right answer begins with; no misconception's does."""


def comparable(trace: Sequence[Step], plan: Plan) -> list[int]:
    """The steps that were asked as planned, of modules whose parameters are those the plan has seen."""
    found = []
    own_tests: set[str] = set()
    own_targets: set[int] = set()
    for index, step in enumerate(trace):
        if step.place is None:
            continue
        planned = plan.requests(step.test)[step.place]
        if step.header["op"] in NOT_COMPARED:
            if not equal_values(step.node, step.tensors, planned.step.node, planned.step.tensors):
                # Parameters of its own: what they compute cannot be told beforehand.
                own_tests.add(step.test)
                own_targets.add(step.header.get("target", ROOT))
        elif step.test not in own_tests and step.header.get("target", ROOT) not in own_targets:
            found.append(index)
    return found


def by_replay(spec: SuiteSpec, trace: Sequence[Step], names: dict[str, int]) -> list[Match]:
    """The matches of any trace, by putting all of it to the bank's codes: slow."""
    right = spec.reference.text
    outcomes = _replayed({"submission": right}, trace, names)
    others = [
        [None if outcome is None else Answer(outcome, as_reference=False) for outcome in answers]
        for entry in spec.alternatives
        for answers in [_replayed({"reference": right, "submission": entry.source.text}, trace, names)]
    ]
    reference = [
        None if mine is None else right_answer(mine, [each[index] for each in others])
        for index, mine in enumerate(outcomes)
    ]
    wrong = {
        index for index, answer in enumerate(reference) if answer is not None and not shows(trace[index], answer)
    }
    found = []
    for entry in spec.misconceptions if wrong else ():
        steps = _steps_replayed(entry, spec, trace, names, reference)
        if steps & wrong:
            found.append(_match(entry, trace, steps))
    return found


def _replayed(sources: dict[str, str], trace: Sequence[Step], names: dict[str, int]) -> list[LocalOutcome | None]:
    replay = start_replay(sources, names)
    return [replay.answer(step) for step in trace] if replay is not None else [None] * len(trace)


def _steps_replayed(
    entry: MisconceptionEntry,
    spec: SuiteSpec,
    trace: Sequence[Step],
    names: dict[str, int],
    reference: Sequence[Answer | None],
) -> set[int]:
    replay = start_replay({"reference": spec.reference.text, "submission": entry.source.text}, names)
    if replay is None:
        return set()
    steps = set()
    raises_elsewhere = False
    for index, step in enumerate(trace):
        outcome = replay.answer(step)
        right = reference[index]
        if outcome is None or right is None:
            continue
        answer = compared_with(right, outcome)
        if answer.as_reference:
            raises_elsewhere |= step.error is not None and step.error != outcome.error
            continue
        if not shows(step, answer):
            return set()
        steps.add(index)
    return set() if raises_elsewhere and all(trace[index].error is not None for index in steps) else steps


def _without_graph(outcome: LocalOutcome | None) -> LocalOutcome | None:
    """The same, without what autograd would keep alive behind its tensors."""
    if outcome is not None:
        outcome.tensors = [tensor.detach() for tensor in outcome.tensors]
    return outcome


def _match(entry: MisconceptionEntry, trace: Sequence[Step], steps: set[int]) -> Match:
    tests = tuple(dict.fromkeys(trace[index].test.partition("[")[0] for index in sorted(steps)))
    return Match(entry, frozenset(steps), tests)
