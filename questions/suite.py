"""An item's test suite as its source declares it: titles, points, hidden or not, fixtures."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable

from questions.bilingual import bilingual
from questions.faults import FaultList, nearest, shown
from questions.model import Code, TestSpec
from questions.python_code import docstring

INJECTED_NAMES = frozenset({"pytest", "torch", "assert_shape"})
"""Names tests and shared code have without importing them."""
FIXTURES = frozenset({"submission", "reference", "rng", "variant", "measure"})
"""Fixtures every suite has."""
_PYTEST_FIXTURES = frozenset({"request", "monkeypatch", "recwarn", "pytestconfig"})
_ABSENT_FIXTURES = frozenset(
    {
        "tmp_path", "tmp_path_factory", "tmpdir", "tmpdir_factory", "capsys", "capfd", "capsysbinary", "capfdbinary",
        "caplog", "cache", "record_property", "record_testsuite_property", "record_xml_attribute", "subtests",
        "doctest_namespace", "testdir", "pytester",
    }
)  # fmt: skip
"""Fixtures of pytest's that an examiner does without."""
MARKS = ("points", "hidden", "in_place", "parametrize", "usefixtures", "filterwarnings")
_MAY_NOT_RUN = frozenset({"skip", "skipif", "xfail"})
_COMPARISONS = frozenset({"equal", "allclose", "isclose", "array_equal", "isinstance", "all", "any"})

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def read_suite(code: Code, tree: ast.Module, fixtures: Iterable[str] | None, faults: FaultList) -> list[TestSpec]:
    """The tests of a suite in order.

    `fixtures` are those that shared code defines, or None when they cannot be seen (a star import); a parametrised
    function is one test.
    """
    specs: dict[str, TestSpec] = {}
    known = None if fixtures is None else FIXTURES | _PYTEST_FIXTURES | set(fixtures) | defined_fixtures(tree)
    _check_imports(tree, code, faults)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            faults.fault(code.line + node.lineno - 1, f"the tests of class {node.name} are not run: write functions")
        if not isinstance(node, _Function) or not node.name.startswith("test"):
            continue
        line = code.line + node.lineno - 1
        if isinstance(node, ast.AsyncFunctionDef):
            faults.fault(line, f"the test {node.name} is asynchronous and would not run: write a plain function")
        if node.name in specs:
            faults.fault(line, f"two tests are named {node.name}, and the first would not run: rename one")
        if known is not None:
            _check_arguments(node, known, code, faults)
        _check_statements(node, code, faults)
        specs[node.name] = _spec(node, line, code, faults)
    if not specs:
        faults.fault(code.line, "the tests fence holds no test: write functions named test_…")
    return list(specs.values())


def defined_fixtures(tree: ast.Module) -> set[str]:
    """The fixtures a module defines, by the names tests ask for."""
    found = set()
    for node in tree.body:
        if isinstance(node, _Function):
            for decorator in node.decorator_list:
                call = decorator if isinstance(decorator, ast.Call) else None
                if _dotted(call.func if call else decorator).split(".")[-1] == "fixture":
                    given = [word.value for word in call.keywords if word.arg == "name"] if call else []
                    name = given[0].value if given and isinstance(given[0], ast.Constant) else node.name
                    found.add(str(name))
    return found


def _spec(node: _Function, line: int, code: Code, faults: FaultList) -> TestSpec:
    points, hidden = 1.0, False
    for decorator in node.decorator_list:
        mark = _mark(decorator)
        at = code.line + decorator.lineno - 1
        if mark == "hidden":
            hidden = True
        elif mark == "points":
            value = _points(decorator if isinstance(decorator, ast.Call) else None)
            if value is None:
                faults.fault(at, f"the points of {node.name} must be one number, 0 or more: @pytest.mark.points(2)")
            else:
                points = value
        elif mark in _MAY_NOT_RUN:
            faults.fault(at, f"{node.name} is marked {mark}, and a test that does not run gives no points: remove it")
        elif mark is not None and mark not in MARKS:
            faults.fault(at, f"{node.name} has an unknown mark {shown(mark)}; {nearest(mark, MARKS)}")
    text, at = docstring(node) or ("", 1)
    return TestSpec(node.name, bilingual(text, code.line + at - 1), points, hidden, line)


def _mark(decorator: ast.expr) -> str | None:
    """The name of a mark, as in ``pytest.mark.NAME`` or ``mark.NAME(…)``; None for any other decorator."""
    dotted = _dotted(decorator.func if isinstance(decorator, ast.Call) else decorator).split(".")
    return dotted[-1] if len(dotted) > 1 and dotted[-2] == "mark" else None


def _points(call: ast.Call | None) -> float | None:
    if call is None or len(call.args) != 1 or call.keywords or not isinstance(call.args[0], ast.Constant):
        return None
    value = call.args[0].value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 1000 and math.isfinite(value) else None


def _check_arguments(node: _Function, known: frozenset[str], code: Code, faults: FaultList) -> None:
    given = _parametrised(node)
    if given is None:
        return
    arguments = node.args
    required = [*arguments.posonlyargs, *arguments.args]
    required = required[: len(required) - len(arguments.defaults)] + [
        argument
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    ]
    for argument in required:
        name, line = argument.arg, code.line + argument.lineno - 1
        if name in _ABSENT_FIXTURES - known:
            faults.fault(line, f"the test {node.name} asks for pytest's '{name}', which is not there: do without it")
        elif name not in known | given:
            hint = nearest(name, sorted((known - _PYTEST_FIXTURES) | given))
            faults.fault(line, f"the test {node.name} asks for a fixture '{name}' nobody defines; {hint}")


def _check_imports(tree: ast.Module, code: Code, faults: FaultList) -> None:
    """Fixtures are no modules."""
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in {"submission", "reference"} & set(names):
                text = f"'{name}' is a fixture and cannot be imported: make it an argument of the test"
                faults.fault(code.line + node.lineno - 1, text)


def _check_statements(node: _Function, code: Code, faults: FaultList) -> None:
    """A comparison that nothing asserts is the slip that makes a test pass whatever it is given."""
    for expression in (found for found in ast.walk(node) if isinstance(found, ast.Expr)):
        value = expression.value
        if isinstance(value, ast.Compare) or (
            isinstance(value, ast.Call) and _dotted(value.func).split(".")[-1] in _COMPARISONS
        ):
            faults.remark(code.line + expression.lineno - 1, "nothing comes of this comparison: write assert before it")
    for statement in node.body:
        if isinstance(statement, ast.Return) and statement.value is not None:
            faults.remark(code.line + statement.lineno - 1, "what a test returns is not looked at: write assert")


def _parametrised(node: _Function) -> set[str] | None:
    """The arguments that parametrisation fills in, or None when they cannot be read off."""
    names: set[str] = set()
    for decorator in node.decorator_list:
        mark = _mark(decorator)
        if mark is None:
            return None  # a decorator of the bank's own may fill arguments in
        if mark != "parametrize" or not isinstance(decorator, ast.Call):
            continue
        words = [word.value for word in decorator.keywords if word.arg == "argnames"]
        first = decorator.args[0] if decorator.args else words[0] if words else None
        match first:
            case ast.Constant(value=str() as text):
                names |= {name.strip() for name in text.split(",")}
            case ast.Tuple(elts=entries) | ast.List(elts=entries):
                for entry in entries:
                    if not isinstance(entry, ast.Constant):
                        return None
                    names.add(str(entry.value))
            case _:
                return None
    return names


def _dotted(node: ast.expr) -> str:
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([*([node.id] if isinstance(node, ast.Name) else ["?"]), *reversed(parts)])
