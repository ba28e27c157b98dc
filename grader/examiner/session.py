"""One item's suite, collected once by pytest and run again for every submission.

Collection, fixtures, set-up, teardown and rewritten assertions are pytest's own.  Between them stand no hooks: for a
suite of twenty calls a test, pytest's reports to plugins nobody reads would cost a third of its time.
"""

from __future__ import annotations

import ast
import os
import random
import signal
import time
import traceback
import types
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import torch
from _pytest import assertion
from _pytest.config import _prepareconfig

from grader.errors import BankFault
from grader.examiner.collection import MARKERS, SuiteModule, SuiteSource, load_module
from grader.examiner.diagnosis import Prepared
from grader.examiner.evidence import Statements, Witness
from grader.examiner.fixtures import Fixtures, Run
from grader.examiner.link import Link, derive_seed
from grader.examiner.measuring import CannotMeasure
from grader.examiner.places import place_of, told
from grader.examiner.proxies import SubmissionProxy
from grader.examiner.recalling import foreseeable, only_by_name
from grader.examiner.remote_errors import CandidateLost, RemoteError
from grader.examiner.reports import CHANGED, PASSED, Finding, finding_of
from grader.examiner.shapes import assert_close
from grader.examiner.spec import Scope, SuiteSpec, TestEntry
from grader.verdict import Comparison, Raised, TestResult, TestStatus
from questions.model import Code
from questions.python_code import syntax_tree

# Plugins that cost time at every test and give nothing here: the examiner reads the exceptions itself.
_UNUSED = (
    "logging", "terminal", "capture", "unraisableexception", "threadexception", "faulthandler", "warnings", "doctest",
    "junitxml", "pastebin", "stepwise", "debugging", "setuponly", "setupplan", "tmpdir", "subtests", "cacheprovider",
)  # fmt: skip
# Marks that pytest's own set-up hook reads.
_CONDITIONS = ("skip", "skipif", "xfail")


LOADING_SECONDS = 10.0
"""Processor seconds that loading a reference and collecting its tests may take."""


class SuiteOverrun(BaseException):
    """The suite's own code used too much processor time; not an `Exception`, so that no test swallows it."""


class SuiteExhausted(Exception):
    """The examiner has no memory left: the suite kept too much, or was given too much.  It must not go on."""


class SuiteSession:
    """A collected suite.  Raises `BankFault` when the bank's code cannot be loaded or collected."""

    def __init__(self, spec: SuiteSpec) -> None:
        self.spec = spec
        torch.testing.assert_close = assert_close
        try:
            with processor_limit(LOADING_SECONDS):
                self.reference = self._load_reference()
                self._fixtures = Fixtures(self.reference)
                self._config = self._configure()
                self._session = pytest.Session.from_config(self._config)
                self._config.hook.pytest_sessionstart(session=self._session)
                self._functions = self._collect()
                self._explain_assertions()
        except SuiteOverrun as error:
            place = place_of(error, spec, spec.tests.line)
            told_in = f"{LOADING_SECONDS:g} s to load: do less there"
            raise BankFault(f"{place}: reference and tests take more than {told_in}") from None
        self.prepared: OrderedDict[tuple[int, str], Prepared] = OrderedDict()
        """By seed and variant, those lately used."""
        self.required = required_names(spec.tests.text, self.reference)

    def _load_reference(self) -> types.ModuleType:
        source = self.spec.reference
        try:
            return load_module("reference", source.text, self.spec.path, source.line)
        except (Exception, SystemExit) as error:
            place = place_of(error, self.spec, source.line)
            raise BankFault(f"{place}: the reference cannot be loaded: {told(error)}") from error

    def _configure(self) -> pytest.Config:
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        arguments = ["--rootdir=/", "-c", os.devnull, "--strict-markers"]
        for name in _UNUSED:
            arguments += ["-p", f"no:{name}"]
        config = _prepareconfig(arguments, [self._fixtures])
        config._do_configure()
        for marker in MARKERS:
            config.addinivalue_line("markers", marker)
        return config

    def _collect(self) -> list[tuple[TestEntry, list[pytest.Function]]]:
        spec = self.spec
        shared = tuple(Code(s.text, s.line, Path(s.path) if s.path else None) for s in spec.shared)
        source = SuiteSource(Path(spec.path), shared, Code(spec.tests.text, spec.tests.line))
        try:
            module = SuiteModule.of(self._session, source, Path("/") / Path(spec.path).name)
            assert module.obj is not None  # loaded here, where what it raises can be seen as it is
            found = [item for item in self._session.genitems(module) if isinstance(item, pytest.Function)]
        except (Exception, SystemExit, pytest.exit.Exception) as error:
            place = place_of(error, spec, spec.tests.line)
            raise BankFault(f"{place}: the tests cannot be collected: {told(error)}") from error
        if self._fixtures.collection_error:
            last = self._fixtures.collection_error.strip().splitlines()[-1]
            if last.endswith(SuiteOverrun.__name__):  # pytest has made a report of it
                raise SuiteOverrun
            raise BankFault(f"{spec.path}:{spec.tests.line}: the tests cannot be collected: {last}")
        by_name: dict[str, list[pytest.Function]] = {}
        for function in found:
            by_name.setdefault(function.originalname, []).append(function)
        absent = [entry.name for entry in spec.entries if entry.name not in by_name]
        if absent:
            raise BankFault(f"{spec.path}:{spec.tests.line}: pytest did not collect {', '.join(absent)}")
        ordered = sorted(spec.entries, key=lambda entry: entry.hidden)  # stable: hidden ones last
        return [(entry, by_name[entry.name]) for entry in ordered]

    def _explain_assertions(self) -> None:
        """Let a failing ``assert a == b`` say what a and b were, as pytest's assertion plugin does around each test."""
        if self._functions:
            # Kept, never finished: its first step turns explanations on, its second off.
            self._explaining = assertion.pytest_runtest_protocol(self._functions[0][1][0])
            next(self._explaining)

    @cached_property
    def foreseeable(self) -> bool:
        """Whether it does the same whenever it sees the same, as far as its code tells."""
        spec = self.spec
        return foreseeable([*(code.text for code in spec.shared), spec.tests.text, spec.reference.text])

    @cached_property
    def only_by_name(self) -> bool:
        """Whether it sees nothing of a submission but the names in its code."""
        return all(only_by_name(code.text) for code in (*self.spec.shared, self.spec.tests))

    @cached_property
    def statements(self) -> Statements:
        """The suite's statements, under the lines of its file."""
        sources = (*(code for code in self.spec.shared if not code.path), self.spec.tests)
        return Statements([syntax_tree("\n" * (code.line - 1) + code.text) for code in sources])

    def run(
        self,
        link: Link,
        submission: SubmissionProxy | Any,
        seed: int,
        scope: Scope,
        witness: Witness | None = None,
        variant: str = "",
    ) -> list[TestResult]:
        """Run the tests of `scope` against one submission; results stand in the order of the bank's source."""
        run = Run(submission, seed, variant=variant, witness=witness)
        self._fixtures.run = run
        chosen = [pair for pair in self._functions if scope is Scope.ALL or not pair[0].hidden]
        results: dict[str, TestResult] = {}
        flat = [function for _, functions in chosen for function in functions]
        following = dict(zip(flat, [*flat[1:], None], strict=True))
        hidden = {function for entry, functions in chosen if entry.hidden for function in functions}
        try:
            with processor_limit(self.spec.suite_seconds):
                for entry, functions in chosen:
                    if entry.hidden and link.lost is None:
                        link.close_capture()
                    if link.lost is None:
                        for function in functions:
                            after = following[function]
                            # Hidden inputs must not be on their way while what is printed is still kept.
                            ahead = after.name if after and (after in hidden) == (function in hidden) else None
                            link.begin_test(function.name, ahead)
                            self._run_function(function, after, link, run)
                    results[entry.name] = self._result(
                        entry, run, lost_before=entry.name not in run.findings, link=link
                    )
        except CannotMeasure:
            raise  # nobody's fault who is judged or who judges
        except BaseException as error:
            place = place_of(error, self.spec, self._line_of(run.test))
            if _out_of_memory(error):
                raise SuiteExhausted(f"{place}: {run.test} ran out of memory of its own") from error
            if isinstance(error, SuiteOverrun):
                seconds = f"{self.spec.suite_seconds:g} s of its own"
                raise BankFault(f"{place}: {run.test} ran for more than {seconds}: end its loop, or do less") from None
            raise BankFault(f"{place}: {run.test} raised {told(error)}") from error
        finally:
            self._fixtures.run = None
            self._session._setupstate.teardown_exact(None)
        return [results[entry.name] for entry in self.spec.entries if entry.name in results]

    def _run_function(self, function: pytest.Function, following: pytest.Function | None, link: Link, run: Run) -> None:
        name = function.originalname
        run.test = name
        seed = derive_seed(run.seed, f"local:{function.name}")
        torch.default_generator.manual_seed(seed)
        random.seed(seed)
        if run.witness is not None:
            run.witness.begin_test()
        try:
            self._run_phases(function, following, run)
        finally:
            link.end_test()
            torch.set_default_dtype(torch.float32)
            torch.set_grad_enabled(True)
            overwritten = link.arguments_changed
            link.restore_arguments()
        if overwritten and function.get_closest_marker("in_place") is None:
            run.findings[name] = [CHANGED if f is PASSED else f for f in run.findings.get(name, [])]
            self._show(run, None)
        if link.lost is not None:  # whatever the test made of it, it did not see a whole submission
            run.findings[name] = [f for f in run.findings.get(name, []) if f is not PASSED] or [
                Finding(TestStatus.ERROR, link.lost, error_type="CandidateLost")
            ]
            self._show(run, CandidateLost(link.lost))

    def _run_phases(self, function: pytest.Function, following: pytest.Function | None, run: Run) -> None:
        """Set-up, call and teardown; the call only after a good set-up, the teardown always."""
        state = self._session._setupstate
        function._initrequest()
        started = time.perf_counter()
        try:
            if self._note(run, lambda: self._set_up(function)) and self._note(run, lambda: _call(function)):
                run.findings.setdefault(run.test, []).append(PASSED)
            self._note(run, lambda: state.teardown_exact(following))
        finally:
            function._request = False  # type: ignore[assignment]  # as pytest's own runner lets go of it
            function.funcargs = {}
            run.seconds[run.test] = run.seconds.get(run.test, 0.0) + time.perf_counter() - started

    def _set_up(self, function: pytest.Function) -> None:
        if any(function.get_closest_marker(name) for name in _CONDITIONS):
            self._config.hook.pytest_runtest_setup(item=function)
        else:
            self._session._setupstate.setup(function)

    @staticmethod
    def _note(run: Run, act: Callable[[], object]) -> bool:
        """Whether `act` came to its end; what it raised becomes a finding, but for what ends a whole run."""
        try:
            act()
        except BaseException as error:
            if _is_not_the_submissions(error):
                raise
            run.findings.setdefault(run.test, []).append(finding_of(error))
            SuiteSession._show(run, error)
            _let_go(error)
            return False
        return True

    @staticmethod
    def _show(run: Run, error: BaseException | None) -> None:
        if run.witness is not None:
            run.witness.saw(run.test, error)

    def _line_of(self, test: str) -> int:
        return next((entry.line for entry in self.spec.entries if entry.name == test), self.spec.tests.line)

    @staticmethod
    def _result(entry: TestEntry, run: Run, *, lost_before: bool, link: Link) -> TestResult:
        if lost_before:
            status = TestStatus.NOT_RUN if link.lost is not None else TestStatus.ERROR
            return TestResult(entry.name, entry.title, status, entry.hidden, 0.0, entry.points)
        findings = run.findings[entry.name]
        worst = next((finding for finding in findings if finding is not PASSED), PASSED)
        passed = worst is PASSED
        message, exception, comparison = _shown(worst, hidden=entry.hidden)
        return TestResult(
            entry.name, entry.title, worst.status, entry.hidden, entry.points if passed else 0.0, entry.points,
            message=message, exception=exception, comparison=comparison,
            seconds=0.0 if entry.hidden else round(time_of(run, entry.name), 6),
        )  # fmt: skip


def _call(function: pytest.Function) -> None:
    """The test itself, with the fixtures it names."""
    arguments = function.funcargs
    function.obj(**{name: arguments[name] for name in function._fixtureinfo.argnames})


def _let_go(error: BaseException | None) -> None:
    """Empty the frames that a failure has kept, and those of what it came of.

    Proxies and parameters in them would live on, and be sent along, until somebody looks for cycles: whenever that is.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _is_not_the_submissions(error: BaseException) -> bool:
    """Whether a test ended in a way that no submission can bring about: by exiting, or by what the confinement refuses.

    An error of the submission's own is a `RemoteError`, whatever else it is.
    """
    if isinstance(error, RemoteError | pytest.fail.Exception | pytest.skip.Exception):
        return False
    refused_or_left = isinstance(error, OSError | pytest.exit.Exception)
    return refused_or_left or not isinstance(error, Exception) or _out_of_memory(error)


def _out_of_memory(error: BaseException) -> bool:
    """Whether it is this process that has no memory left."""
    told = isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
    return not isinstance(error, RemoteError) and (told or isinstance(error, MemoryError))


def _shown(finding: Finding, *, hidden: bool) -> tuple[str, Raised | None, Comparison | None]:
    """What of a finding may be told: of a hidden test only an allow-listed error type."""
    return (finding.error_type, None, None) if hidden else (finding.message, finding.exception, finding.comparison)


def time_of(run: Run, test: str) -> float:
    """Seconds a test took, set-up and teardown included."""
    return run.seconds.get(test, 0.0)


def required_names(tests: str, reference: types.ModuleType) -> tuple[str, ...]:
    """The public names a suite takes from `submission` that its reference defines."""
    names = {
        node.attr: None
        for node in ast.walk(syntax_tree(tests))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "submission"
    }
    return tuple(name for name in names if hasattr(reference, name))


def nearest_names(missing: Sequence[str], present: Sequence[str]) -> tuple[str, ...]:
    """Names that a reader may have meant: equal but for case and underscores."""

    def plain(name: str) -> str:
        return name.replace("_", "").lower()

    wanted = {plain(name) for name in missing}
    return tuple(name for name in present if plain(name) in wanted)


@contextmanager
def processor_limit(seconds: float) -> Iterator[None]:
    """Raise `SuiteOverrun` once this process has used `seconds` of processor time."""

    def stop(signum: int, frame: Any) -> None:
        raise SuiteOverrun

    previous = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)
