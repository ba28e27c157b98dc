"""What a suite's tests may ask for during one submission."""

from __future__ import annotations

import json
import types
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import torch

from grader.examiner.link import derive_seed
from grader.examiner.measuring import Measure
from grader.examiner.reports import Finding

if TYPE_CHECKING:
    from grader.examiner.evidence import Witness


@dataclass(slots=True)
class Run:
    """What the fixtures give during one submission."""

    submission: Any
    seed: int
    test: str = ""
    variant: str = ""
    witness: Witness | None = None
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


class Fixtures:
    """The fixtures injected into every suite, and the reports pytest makes of its tests."""

    def __init__(self, reference: types.ModuleType) -> None:
        self._reference = reference
        self.run: Run | None = None
        self.collection_error: str | None = None

    def current(self) -> Run:
        if self.run is None:
            raise RuntimeError("fixtures are only there while a submission is judged")
        return self.run

    @pytest.fixture
    def submission(self) -> Any:
        """The submission's module, as a proxy."""
        return self.current().submission

    @pytest.fixture
    def reference(self) -> types.ModuleType:
        """The item's reference as a module, here and now."""
        return self._reference

    @pytest.fixture
    def rng(self) -> torch.Generator:
        """A generator seeded by the run's seed and the test's name."""
        run = self.current()
        return torch.Generator().manual_seed(derive_seed(run.seed, f"rng:{run.test}"))

    @pytest.fixture
    def variant(self) -> dict[str, Any]:
        """The parameters of the student's variant, this test's own copy; empty where the item has none."""
        given = self.current().variant
        return json.loads(given) if given else {}

    @pytest.fixture
    def measure(self) -> Measure:
        """Calls a function of the submission, and tells the processor time and the memory that it took."""
        return Measure()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.collection_error = str(report.longrepr)
