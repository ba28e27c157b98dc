"""Python in a bank, parsed and never run."""

from __future__ import annotations

import ast
import gc
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from questions.faults import FaultList, shown
from questions.model import Code

MAX_CHARACTERS = 200_000
_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Syntax trees are made by this thread alone, whole: Python 3.11 counts the depth of all threads' trees together.

    Two at once end in "SystemError: AST constructor recursion depth mismatch" (CPython issue 106905).  The lock keeps
    out who takes it; trees that a library makes come in between only where collecting garbage runs Python code, so
    none is collected meanwhile.
    """
    with _ONE_AT_A_TIME:
        collects = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if collects:
                gc.enable()


def syntax_tree(source: str) -> ast.Module:
    """`ast.parse`, undisturbed by other threads and without warnings."""
    with undisturbed(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in a string is the author's style, not our news
        return ast.parse(source)


def parse(code: Code, what: str, faults: FaultList, *, remark: bool = False) -> ast.Module | None:
    """The syntax tree of `code`, or None after noting at the file's line why there is none."""
    note = faults.remark if remark else faults.fault
    if len(code.source) > MAX_CHARACTERS:
        note(code.line, f"{what} has more than {MAX_CHARACTERS:,} characters: shorten it")
        return None
    try:
        return syntax_tree(code.source)
    except SyntaxError as error:
        line = code.line + max((error.lineno or 1) - 1, 0)
        line = min(line, code.line + code.source.count("\n"))
        source = code.source.split("\n")[line - code.line].strip()
        where = f": {shown(source, 60)[1:-1]}" if source else ""
        note(line, f"{what} has a syntax error ({_of_the_file(error.msg, code)}){where}")
    except (ValueError, MemoryError, RecursionError):
        note(code.line, f"{what} cannot be parsed: it is nested too deeply or holds characters Python refuses")
    return None


def _of_the_file(message: str, code: Code) -> str:
    """Python's message with its line numbers as those of the file."""
    message = re.sub(r" \(detected at line \d+\)", "", message)
    return re.sub(r"\bline (\d+)", lambda found: f"line {code.line + int(found[1]) - 1}", message)


def docstring(tree: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, int] | None:
    """The docstring's first paragraph on one line, and the line of the source it stands on."""
    found = whole_docstring(tree)
    return None if found is None else (first_paragraph(found[0]), found[1])


def first_paragraph(text: str) -> str:
    """The first paragraph of `text` on one line."""
    return " ".join(text.strip().split("\n\n")[0].split())


def whole_docstring(tree: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, int] | None:
    """The docstring as it stands, and the line of the source it starts on."""
    if not tree.body or not isinstance(tree.body[0], ast.Expr):
        return None
    value = tree.body[0].value
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
        return None
    return value.value, value.lineno


def top_level_names(tree: ast.Module) -> set[str]:
    """Every name a module binds for those who import it (`*` included), as far as can be seen without running it."""
    found: set[str] = set()
    for node in _own_statements(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.Import() | ast.ImportFrom():
                found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names if alias.name != "*"}
            case ast.Name(ctx=ast.Store()):
                found.add(node.id)
    return found


def star_imports(tree: ast.Module) -> set[str]:
    """The modules from which `tree` imports everything."""
    return {  # a function's body may hold none
        node.module or "."
        for node in _own_statements(tree)
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    }


def _own_statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Nodes of the module's own scope."""
    pending: list[ast.AST] = list(tree.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


def merged(codes: list[Code]) -> Code | None:
    """Several fences as one source, with blank lines between so that every line keeps its distance to the first."""
    if not codes:
        return None
    lines: list[str] = []
    for code in codes:
        lines += [""] * (code.line - codes[0].line - len(lines))
        lines += code.source.split("\n")
    return Code("\n".join(lines), codes[0].line)
