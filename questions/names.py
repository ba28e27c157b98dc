"""Names a module uses and nobody defines, found without running it.

Only what Python itself would resolve by scope is looked at, and flow is ignored: a name bound anywhere in a scope
counts as bound.  Where code can bind names out of sight (star imports, `exec`, `globals()`), nothing is reported.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from dataclasses import dataclass, field

_BUILTINS = frozenset(dir(builtins)) | {
    "__file__", "__name__", "__doc__", "__spec__", "__loader__", "__package__", "__path__", "__builtins__",
    "__annotations__", "__cached__", "__debug__", "exit", "quit", "copyright", "credits", "license", "help",
    "WindowsError",
}  # fmt: skip
_CLASS_NAMES = {"__module__", "__qualname__", "__class__", "__dict__"}
_OUT_OF_SIGHT = {"exec", "globals", "locals", "vars"}
_CATCHES_NAME_ERROR = {"NameError", "UnboundLocalError", "Exception", "BaseException"}

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True)
class UndefinedName:
    """A name nobody defines and the first line that uses it."""

    name: str
    line: int


@dataclass(slots=True)
class _Scope:
    parent: _Scope | None
    is_class: bool = False
    is_comprehension: bool = False
    bound: set[str] = field(default_factory=set)
    declared_global: set[str] = field(default_factory=set)
    used: list[tuple[str, int]] = field(default_factory=list)


def undefined_names(tree: ast.Module, given: Iterable[str] = (), *, stars: Iterable[str] = ()) -> list[UndefinedName]:
    """Names `tree` uses and neither it, Python nor `given` defines, each once, in order of lines.

    `stars` are modules whose `*` is already part of `given`.  May raise RecursionError on absurdly deep trees.
    """
    finder = _Finder(frozenset(stars))
    finder.visit(tree)
    if finder.blind:
        return []
    known = _BUILTINS | set(given) | finder.module.bound
    first: dict[str, int] = {}
    for scope in finder.scopes:
        for name, line in scope.used:
            if name not in known and not _resolves(scope, name):
                first[name] = min(line, first.get(name, line))
    return [UndefinedName(name, line) for name, line in sorted(first.items(), key=lambda pair: (pair[1], pair[0]))]


def _resolves(scope: _Scope, name: str) -> bool:
    here: _Scope | None = scope
    visible = True  # a class's names are seen by its own body only
    while here is not None:
        if name in here.bound and (visible or not here.is_class) and name not in here.declared_global:
            return True
        if here.is_class and name in _CLASS_NAMES:
            return True
        # The body of a comprehension does not see the class around it, its first iterable does: count both as seen.
        visible = visible and here.is_comprehension
        here = here.parent
    return False


class _Finder(ast.NodeVisitor):
    """Walks a module once, filling scopes with what they bind and use."""

    def __init__(self, stars: frozenset[str]) -> None:
        self.module = _Scope(None)
        self.scopes = [self.module]
        self.scope = self.module
        self.stars = stars
        self.blind = False
        self.guarded = 0
        self.annotations_run = True

    def enter(self, *, is_class: bool = False, is_comprehension: bool = False) -> _Scope:
        outer = self.scope
        self.scope = _Scope(outer, is_class, is_comprehension)
        self.scopes.append(self.scope)
        return outer

    def bind(self, name: str) -> None:
        (self.module if name in self.scope.declared_global else self.scope).bound.add(name)

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.bind(node.id)
        elif not self.guarded:
            self.scope.used.append((node.id, node.lineno))
        if node.id in _OUT_OF_SIGHT:
            self.blind = True

    def visit_Global(self, node: ast.Global) -> None:
        self.scope.declared_global.update(node.names)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.bind((alias.asname or alias.name).split(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module == "__future__" and any(alias.name == "annotations" for alias in node.names):
            self.annotations_run = False
        for alias in node.names:
            if alias.name != "*":
                self.bind(alias.asname or alias.name)
            elif node.module not in self.stars:
                self.blind = True

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self.bind(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self.bind(node.rest)
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        scope = self.scope  # an assignment expression binds outside the comprehensions it stands in
        while scope.is_comprehension and scope.parent is not None:
            scope = scope.parent
        (self.module if node.target.id in scope.declared_global else scope).bound.add(node.target.id)

    def visit_Try(self, node: ast.Try) -> None:
        catches = any(_catches_name_error(handler.type) for handler in node.handlers)
        self.guarded += catches
        self.visit_all(node.body)
        self.guarded -= catches
        self.visit_all([*node.handlers, *node.orelse, *node.finalbody])

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.target)
        self.visit_annotation(node.annotation)
        self.visit_all([node.value])

    def visit_annotation(self, node: ast.expr | None) -> None:
        if node is not None and self.annotations_run:
            self.visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.bind(node.name)
        self.visit_all([*node.decorator_list])
        outer = self.enter(is_class=True)
        self.type_parameters(node)
        self.visit_all([*node.bases, *node.keywords])
        self.visit_all(node.body)
        self.scope = outer

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.bind(node.name)
        self.visit_all(node.decorator_list)
        self.function(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.function(node)

    def function(self, node: _Function) -> None:
        arguments = node.args
        self.visit_all([*arguments.defaults, *arguments.kw_defaults])
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
        guarded, self.guarded = self.guarded, 0  # a body runs later, outside the `try` it is written in
        outer = self.enter()
        self.type_parameters(node)
        self.scope.bound.update(argument.arg for argument in every)
        if isinstance(node, ast.Lambda):
            self.visit(node.body)
        else:
            annotations = _Scope(outer)
            annotations.bound = set(self.scope.bound) - {argument.arg for argument in every}
            inner, self.scope = self.scope, annotations
            self.scopes.append(annotations)
            for argument in every:
                self.visit_annotation(argument.annotation)
            self.visit_annotation(node.returns)
            self.scope = inner
            self.visit_all(node.body)
        self.scope = outer
        self.guarded = guarded

    def type_parameters(self, node: ast.AST) -> None:
        self.scope.bound.update(parameter.name for parameter in getattr(node, "type_params", ()))

    def visit_comprehension_scope(self, node: _Comprehension) -> None:
        outer = self.enter(is_comprehension=True)
        for generator in node.generators:
            self.visit(generator)
        if isinstance(node, ast.DictComp):
            self.visit_all([node.key, node.value])
        else:
            self.visit(node.elt)
        self.scope = outer

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comprehension_scope


def _catches_name_error(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(name, ast.Name) and name.id in _CATCHES_NAME_ERROR for name in names)
