"""A suite as a pytest module: an item's tests, compiled with the lines of their `.md` file and rewritten assertions."""

from __future__ import annotations

import ast
import linecache
import types
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from _pytest.assertion.rewrite import rewrite_asserts

from grader.examiner.shapes import assert_shape
from questions.model import Code
from questions.python_code import undisturbed


@dataclass(frozen=True, slots=True)
class SuiteSource:
    """What is compiled: the bank's shared fences, then the item's tests, which stand in `path`."""

    path: Path
    shared: tuple[Code, ...]
    tests: Code


def load_module(name: str, source: str, path: str, line: int = 1) -> types.ModuleType:
    """Trusted code of a bank (a reference) as a module whose tracebacks carry the lines of its file."""
    module = types.ModuleType(name)
    module.__file__ = path
    exec(compile("\n" * (line - 1) + source, path, "exec", dont_inherit=True), module.__dict__)  # noqa: S102  - bank code
    return module


class SuiteModule(pytest.Module):
    """The module of one item's suite."""

    suite: SuiteSource

    @classmethod
    def of(cls, parent: Any, suite: SuiteSource, path: Path, **keywords: Any) -> SuiteModule:
        """The collector below `parent`; `path` gives the node id."""
        module: SuiteModule = cls.from_parent(parent, path=path, **keywords)
        module.suite = suite
        return module

    def _getobj(self) -> types.ModuleType:
        module = types.ModuleType(f"suite_{self.suite.path.stem}")
        module.__file__ = str(self.suite.path)
        module.__dict__.update(pytest=pytest, torch=torch, assert_shape=assert_shape)
        for code in (*self.suite.shared, self.suite.tests):
            self._execute(code, module)
        return module

    def _execute(self, code: Code, module: types.ModuleType) -> None:
        path = str(code.path or self.suite.path)
        padded = "\n" * (code.line - 1) + code.source
        known = linecache.cache.get(path)
        lines = list(known[2]) if known is not None and len(known) > 2 else []
        fresh = padded.splitlines(keepends=True)
        lines += ["\n"] * (len(fresh) - len(lines))
        lines[code.line - 1 : len(fresh)] = fresh[code.line - 1 :]
        linecache.cache[path] = (1, None, lines, path)
        with undisturbed():
            tree = ast.parse(padded, filename=path)
            rewrite_asserts(tree, padded.encode(), path, self.config)
            code_object = compile(tree, path, "exec", dont_inherit=True)
        exec(code_object, module.__dict__)  # noqa: S102  - the bank's own tests


MARKERS: Sequence[str] = (
    "points(number): what the test is worth",
    "in_place: the submission may change its arguments in place",
    "hidden: title and error type are all a student sees of it",
)
