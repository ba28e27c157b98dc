"""A bank's code as its top-level statements: what each defines, and what it asks of the others.  Read, never run."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from questions.model import Code
from questions.python_code import syntax_tree

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_CALLED_BY_PYTEST = frozenset({"pytestmark", "setup_module", "teardown_module", "setup_function", "teardown_function"})
_TAKES_NAMES = frozenset({"getfixturevalue", "usefixtures"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One top-level statement with the comment above it."""

    text: str
    gap: int
    """Blank lines before it, where the piece above is given out too."""
    defines: frozenset[str]
    asks: frozenset[str]
    """Global names it uses."""
    fixtures: frozenset[str]
    """Fixtures it takes as arguments or by name."""
    gives: str | None = None
    """The fixture it defines."""
    test: str | None = None
    """The test it is."""
    always: bool = False
    """Whether it concerns every test: an automatic fixture, something pytest calls, an import of who knows what."""
    acts: bool = False
    """Whether it is there for its effect on others: it defines nothing that lasts."""
    first: bool = False
    """Whether it has to stand before everything else."""

    @property
    def imports(self) -> bool:
        """Whether it is an import."""
        return self.text.startswith(("import ", "from "))

    @property
    def stands_alone(self) -> bool:
        """Whether two blank lines go before it."""
        return self.text.startswith(("def ", "class ", "@", "async ", "#"))


def pieces_of(code: Code) -> list[Piece]:
    """The statements of one fence.  Raises `SyntaxError` where the bank's reader has found a fault."""
    tree = syntax_tree(code.source)
    lines = code.source.splitlines()
    spans = [(_first_line(node), node.end_lineno or node.lineno) for node in tree.body]
    crowded = {
        place
        for place, ((_, end), (start, _)) in enumerate(pairwise(spans))
        for place in (place, place + 1)
        if start <= end
    }
    found: list[Piece] = []
    above = 0
    for place, (node, (start, end)) in enumerate(zip(tree.body, spans, strict=True)):
        while start - 1 > above and lines[start - 2].startswith("#"):
            start -= 1
        # Statements that share a line are written anew, so that none brings its neighbour along.
        text = ast.unparse(node) if place in crowded else "\n".join(lines[start - 1 : end])
        gap = min(2, start - 1 - above) if found else 2
        above = end
        if not _is_docstring(node):
            found.append(_piece(node, text, max(0, gap)))
    return found


def _first_line(node: ast.stmt) -> int:
    decorators = node.decorator_list if isinstance(node, _Function | ast.ClassDef) else []
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _piece(node: ast.stmt, text: str, gap: int) -> Piece:
    defines, asks = _names(ast.unparse(node))
    gives = test = None
    always = any(name in _CALLED_BY_PYTEST or name.startswith("pytest_") for name in defines)
    taken = _fixtures_by_name(node)
    if isinstance(node, _Function):
        fixture = _fixture(node)
        if fixture is not None:
            gives = str(fixture.get("name") or node.name)
            always = always or bool(fixture.get("autouse"))
        if node.name.startswith("test"):
            test = node.name
        if fixture is not None or test is not None:
            taken |= {argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    stars = isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    loops = _loop_variables(node)
    acts, asks = defines <= loops, asks - loops
    first = isinstance(node, ast.ImportFrom) and node.module == "__future__"
    return Piece(
        text, gap, frozenset(defines), frozenset(asks), frozenset(taken),
        gives, test, always or stars or first, acts, first,
    )  # fmt: skip


def _loop_variables(node: ast.stmt) -> set[str]:
    targets = [each.target for each in ast.walk(node) if isinstance(each, ast.For)]
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


def _fixtures_by_name(node: ast.stmt) -> set[str]:
    return {
        argument.value
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _TAKES_NAMES
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def _fixture(node: _Function) -> dict[str, object] | None:
    """The constant keywords of a function's `pytest.fixture`; None when it is none."""
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        called = call.func if call else decorator
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        if name == "fixture":
            words = call.keywords if call else []
            return {str(word.arg): word.value.value for word in words if isinstance(word.value, ast.Constant)}
    return None


def _names(text: str) -> tuple[set[str], set[str]]:
    """What a statement binds at the top level of its module, and the global names it and all within it read."""
    top = symtable.symtable(text, "<bank>", "exec")
    symbols = list(top.get_symbols())
    defines = {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
    asks = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}
    for table in _within(top):
        for symbol in table.get_symbols():
            if symbol.is_global():
                asks.add(symbol.get_name())
                if symbol.is_assigned():
                    defines.add(symbol.get_name())
    return defines, asks


def _within(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _within(child)
