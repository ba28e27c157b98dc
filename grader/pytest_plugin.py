"""``pytest --submission FILE BANK.md[::item-id]``: an item's suite on a plain file, jailed unless ``--in-process``.

For authors: pytest's own reports, with the lines of the Markdown file.  Loaded by every pytest run of this
environment, so nothing heavy is imported before a submission is named.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.verdict import Raised
    from questions.model import Bank, Item

KEY = "workshop_subject"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Our options."""
    group = parser.getgroup("workshop", "Attention Workshop")
    group.addoption("--submission", metavar="FILE", help="Run the suites of the given banks on this file.")
    group.addoption(
        "--in-process", action="store_true", help="Import the file here, unconfined; only for your own code."
    )
    group.addoption("--run-seed", type=int, default=0, help="Seed of the tests' inputs (default 0).")


def pytest_configure(config: pytest.Config) -> None:
    """Markers of suites, and the recording assertion."""
    if not config.getoption("submission", None):
        return
    defined_names(Path(config.getoption("submission")))  # what cannot be read is said at once
    if config.args_source is not config.ArgsSource.ARGS:
        raise pytest.UsageError("--submission needs a bank as well: pytest --submission FILE BANK.md[::item-id]")
    from grader.examiner.collection import MARKERS

    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    config.pluginmanager.register(_Fixtures(), "workshop-fixtures")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A Markdown file is a bank when a submission is given."""
    if parent.config.getoption("submission", None) and file_path.suffix in (".md", ".txt"):
        return BankFile.from_parent(parent, path=file_path)
    return None


class BankFile(pytest.File):
    """A bank; collects the suites of the items that the submission is for."""

    def collect(self) -> Iterator[pytest.Module]:
        import questions
        from grader.examiner.collection import SuiteModule, SuiteSource

        path = Path(self.config.getoption("submission"))
        defined = defined_names(path)
        bank = questions.load_bank(self.path)
        named, asked = self._asked_for(bank)
        wanted: list[str] = []
        for item in [item for item in bank.items if item.id in asked] if asked else bank.items:
            if item.tests is None or item.reference is None:
                continue
            reference, required = self._read(item)
            wanted += [name for name in required if name not in defined]
            if not set(required) <= defined:
                continue
            module = SuiteModule.of(
                self,
                SuiteSource(item.path, item.shared, item.tests),
                self.path,
                name=item.id,
                nodeid=f"{self.nodeid}::{item.id}",
            )
            setattr(module, KEY, Subject(path, item, reference, in_process=self.config.getoption("in_process")))
            named = False
            yield module
        if named and wanted:
            missing = ", ".join(dict.fromkeys(wanted))
            raise self.CollectError(f"{path} is for no suite of {self.path}: it does not define {missing}")
        if named:
            raise self.CollectError(f"{self.path} holds no suite to run: workshop check says what is missing")

    def _asked_for(self, bank: Bank) -> tuple[bool, set[str]]:
        """Whether the command line names this file itself, and the items of it that it names, all of them there."""
        named = [argument.split("::") for argument in self.config.args]
        parts = [rest for first, *rest in named if Path(self.config.invocation_params.dir, first) == self.path]
        asked = {rest[0] for rest in parts if rest}
        known = {item.id: item for item in bank.items}
        for name in asked:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1) or list(known)
                raise self.CollectError(f"{self.path} has no item {name!r}; it has {', '.join(near) or 'none'}")
            if known[name].tests is None or known[name].reference is None:
                raise self.CollectError(f"{name} has no tests and reference to run: it is a {known[name].kind} item")
        return bool(parts), asked

    def _read(self, item: Item) -> tuple[Any, tuple[str, ...]]:
        """The item's reference as a module, and the names its suite needs."""
        from grader.examiner.collection import load_module
        from grader.examiner.session import required_names

        assert item.tests is not None
        assert item.reference is not None
        try:
            reference = load_module("reference", item.reference.source, str(item.path), item.reference.line)
            return reference, required_names(item.tests.source, reference)
        except SyntaxError as error:
            raise self.CollectError("\n".join(map(str, item.faults))) from error


def defined_names(path: Path) -> set[str]:
    """Names that a Python file defines at its top level, read without running it."""
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except SyntaxError as error:
        raise pytest.UsageError(f"--submission {path}:{error.lineno or 1}: {error.msg}") from None
    except OSError as error:
        raise pytest.UsageError(f"--submission {path}: {error.strerror}") from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise pytest.UsageError(f"--submission {path}: {error or 'nested too deeply'}") from None
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.ImportFrom | ast.Import):
            names |= {alias.asname or alias.name for alias in node.names}
    return names


class Subject:
    """The submission as one item's tests see it: a candidate in the sandbox, or a module here."""

    def __init__(self, path: Path, item: Any, reference: Any, *, in_process: bool) -> None:
        self.reference = reference
        self._path = path
        self.item = item
        self._in_process = in_process
        self._module: Any = None
        self._link: Any = None
        self._candidate: Any = None

    def module(self, test: str, seed: int, sandbox: Any) -> Any:
        """The submission's module for one test."""
        if self._module is None:
            self.close()
            source = self._path.read_text(encoding="utf-8-sig")
            if self._in_process:
                from grader.examiner.collection import load_module

                self._module = load_module("submission", source, str(self._path))
            else:
                self._module = self._confined(source, seed, sandbox())
        if self._link is not None:
            self._link.begin_test(test)
        return self._module

    def _confined(self, source: str, seed: int, sandbox: Any) -> Any:
        import time

        from grader.examiner.candidates import MEASURED_TMP
        from grader.examiner.link import Link
        from grader.examiner.meter import Meter
        from grader.examiner.proxies import SubmissionProxy, stand_in
        from grader.examiner.remote_errors import RemoteError
        from grader.examiner.spec import names_measure
        from sandbox.client import Connection
        from sandbox.frames import Channel
        from sandbox.model import JobLimits

        item_limits = self.item.limits
        limits = JobLimits(cpu_seconds=item_limits.seconds, memory_bytes=item_limits.memory_mb * 2**20)
        measures = names_measure([code.source for code in (*self.item.shared, self.item.tests)])
        if measures:
            limits = replace(limits, tmp_bytes=MEASURED_TMP)
        self._connection = Connection(sandbox.path)
        self._candidate = self._connection.open(limits)
        channel = Channel(self._candidate.socket, time.monotonic() + limits.wall)
        meter = Meter(self._candidate.measure) if measures else None
        self._link = Link(channel, seed, stand_in=stand_in, meter=meter)
        try:
            return SubmissionProxy(self._link, self._link.load(source, {}))
        except RemoteError as error:
            problem = f"{self.place_of(error.raised)}: {error.describe()}"
        pytest.fail(problem, pytrace=False)

    def place_of(self, raised: Raised) -> str:
        """Where in the submission something was raised."""
        return f"{self._path}:{raised.lines[-1]}" if raised.lines else str(self._path)

    def restore_arguments(self) -> bool:
        """Undo what a confined submission changed in the suite's tensors; whether there was anything."""
        if self._link is None or not self._link.arguments_changed:
            return False
        self._link.restore_arguments()
        return True

    def close(self) -> None:
        """End the candidate."""
        if self._candidate is not None:
            self._candidate.close()


class _Fixtures:
    """The fixtures of every suite."""

    def __init__(self) -> None:
        self._sandbox: Any = None

    def _start_sandbox(self) -> Any:
        if self._sandbox is None:
            from sandbox.client import Sandbox
            from sandbox.placement import configured

            self._sandbox = Sandbox.start(configured())
        return self._sandbox

    def _subject(self, request: pytest.FixtureRequest) -> Subject:
        subject = getattr(request.node.getparent(pytest.Module), KEY, None)
        if not isinstance(subject, Subject):
            pytest.fail("this fixture belongs to the suites of a bank")
        return subject

    @pytest.fixture
    def submission(self, request: pytest.FixtureRequest) -> Any:
        """The submission's module."""
        seed = request.config.getoption("run_seed")
        subject = self._subject(request)
        yield subject.module(request.node.name, seed, self._start_sandbox)
        if subject.restore_arguments() and request.node.get_closest_marker("in_place") is None:
            pytest.fail("the submission modified an argument in place, so what passed shows nothing")

    @pytest.fixture
    def reference(self, request: pytest.FixtureRequest) -> Any:
        """The item's reference, here."""
        return self._subject(request).reference

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> Any:
        """A generator seeded by the run's seed and the test's name."""
        import torch

        from grader.examiner.link import derive_seed

        seed = derive_seed(request.config.getoption("run_seed"), f"rng:{request.node.originalname}")
        return torch.Generator().manual_seed(seed)

    @pytest.fixture
    def variant(self, request: pytest.FixtureRequest) -> Any:
        """Parameters of the variant whose number is the run's seed; the bank's own code draws them here."""
        import random

        from grader.examiner.collection import load_module

        item = self._subject(request).item
        if item.variant is None:
            return {}
        module = load_module("variant", item.variant.source, str(item.path), item.variant.line)
        return module.variant(random.Random(request.config.getoption("run_seed")))  # noqa: S311 (no secret)

    @pytest.fixture
    def measure(self) -> Any:
        """Calls a function, and tells the processor time and the memory that it took; in this process with it here."""
        from grader.examiner.measuring import Measure

        return Measure(pytest.skip)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Say where the submission raised, and show the suite's frames, not those that carried the call."""
        from grader.examiner.remote_errors import CandidateLost, RemoteError

        error = call.excinfo.value if call.excinfo is not None else None
        subject = getattr(item.getparent(pytest.Module), KEY, None)
        if call.excinfo is None or not isinstance(error, RemoteError | CandidateLost):
            return
        if isinstance(error, RemoteError) and isinstance(subject, Subject):
            error.add_note(f"{subject.place_of(error.raised)}: {error.describe()}")
        own: TracebackType | None = None
        for entry in reversed(call.excinfo.traceback):
            if Path(entry.path).suffix in (".md", ".txt"):
                frame = entry._rawentry
                own = TracebackType(own, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
        if own is not None:
            call.excinfo = pytest.ExceptionInfo.from_exception(error.with_traceback(own))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        subjects = {getattr(item.getparent(pytest.Module), KEY, None) for item in session.items}
        for subject in subjects:
            if isinstance(subject, Subject):
                subject.close()
        if self._sandbox is not None:
            self._sandbox.close()
