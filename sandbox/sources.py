"""A submission's sources inside the jail: unpacked from a request, made into modules, executed."""

from __future__ import annotations

import ast
import builtins
import linecache
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any, Final

from sandbox.frames import ALIGNMENT

FILENAME: Final = "submission.py"
MODULE: Final = "submission"
ALLOWED_ROOTS: Final = frozenset(sys.stdlib_module_names | {"torch", "numpy", "einops"})


def unpack_sources(index: list[list[Any]], body: bytearray) -> dict[str, str]:
    """The sources that a request carries in its body, by module name."""
    sources, position = {}, 0
    for name, size in index:
        sources[name] = body[position : position + size].decode("utf-8")
        position += size + (-size % ALIGNMENT)
    return sources


def import_sources(sources: dict[str, str]) -> types.ModuleType:
    """Execute what the submission may import (e.g. `reference`), and give its own module, not yet executed."""
    source = sources.pop(MODULE)
    for name, text in sources.items():
        sys.modules[name] = _module(name, f"{name}.py", text)
        _execute(sys.modules[name], f"{name}.py", text)
    module = _module(MODULE, FILENAME, source)
    sys.modules[MODULE] = module
    module.__dict__["__builtins__"] = {**vars(builtins), "__import__": _guarded_import(set(sources))}
    return module


def execute(module: types.ModuleType, source: str) -> None:
    """Execute the submission in its module."""
    _execute(module, FILENAME, source)


def run_as_main(source: str) -> None:
    """What `python submission.py` does.  Returns where that ends with status 0, else raises."""
    module = _module("__main__", FILENAME, source)
    module.__dict__["__builtins__"] = {**vars(builtins), "__import__": _guarded_import(set())}
    sys.modules["__main__"] = module
    sys.argv[:] = [FILENAME]
    try:
        _execute(module, FILENAME, source)
    except SystemExit as ending:
        if ending.code is not None and ending.code != 0:
            raise


def _module(name: str, filename: str, source: str) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__file__ = filename
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    return module


def _execute(module: types.ModuleType, filename: str, source: str) -> None:
    exec(compile(source, filename, "exec", dont_inherit=True), module.__dict__)  # noqa: S102  - this is the job, jailed


def _guarded_import(modules: set[str]) -> Callable[..., Any]:
    """An `__import__` that answers plainly for what a submission cannot have.  A courtesy; the jail decides."""
    allowed = ALLOWED_ROOTS | modules
    original = builtins.__import__

    def guarded(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        root = name.partition(".")[0]
        if level == 0 and root not in allowed:
            raise ModuleNotFoundError(f"No module named {root!r}", name=root)
        return original(name, globals, locals, fromlist, level)

    return guarded


# Whether a source only defines things --------------------------------------------------------------------------------

_MOST_PARSED: Final = 32 * 1024
"""Characters; parsing more costs more than a second process does."""
_QUIET: Final = frozenset(
    "__future__ abc collections copy dataclasses einops enum functools itertools math numpy random torch typing".split()
)
"""Packages whose import prints nothing."""
_DECORATORS: Final = frozenset(
    {
        "abstractmethod", "cache", "classmethod", "dataclass", "dataclasses.dataclass", "functools.cache",
        "functools.lru_cache", "functools.wraps", "lru_cache", "override", "property", "staticmethod", "torch.no_grad",
    }
)  # fmt: skip
# What a definition calls by itself.
_CALLED_BY_DEFINING: Final = frozenset({"__init_subclass__", "__set_name__", "__class_getitem__", "__prepare__"})
_NAMES: Final = (
    ast.Name, ast.Attribute, ast.Constant, ast.Subscript, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.UnaryOp,
    ast.BinOp, ast.expr_context, ast.operator, ast.unaryop,
)  # fmt: skip


def only_defines(source: str) -> bool:
    """Whether running `source` by itself surely does nothing that loading it for the tests does not show as well.

    Imports of quiet packages, definitions and plain values alone; in doubt not.
    """
    if len(source) > _MOST_PARSED:
        return False
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return True
    except (ValueError, RecursionError, MemoryError):
        return False
    return all(map(_defines, tree.body))


def _defines(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import(names=names):
            return all(alias.name.partition(".")[0] in _QUIET for alias in names)
        case ast.ImportFrom(module=str(module), level=0):
            return module.partition(".")[0] in _QUIET
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return statement.name not in _CALLED_BY_DEFINING and all(map(_is_plain, _evaluated(statement)))
        case ast.ClassDef(bases=bases, keywords=[], body=body, decorator_list=decorators):
            return all(map(_is_plain, [*bases, *map(_decorator, decorators)])) and all(map(_defines, body))
        case ast.Assign(targets=targets, value=value):
            return all(isinstance(target, ast.Name) for target in targets) and _is_plain(value)
        case ast.AnnAssign(target=ast.Name(), annotation=annotation, value=value):
            return _is_plain(annotation) and (value is None or _is_plain(value))
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            return True
    return False


def _evaluated(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterable[ast.expr]:
    """What is evaluated when the function is defined."""
    yield from map(_decorator, function.decorator_list)
    arguments = function.args
    yield from arguments.defaults
    yield from (default for default in arguments.kw_defaults if default is not None)
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    yield from (each.annotation for each in every if each is not None and each.annotation is not None)
    if function.returns is not None:
        yield function.returns


def _decorator(node: ast.expr) -> ast.expr:
    """A known decorator as a plain constant; another one as it is, called, so that it is not plain."""
    name = node
    if isinstance(node, ast.Call) and all(map(_is_plain, [*node.args, *(each.value for each in node.keywords)])):
        name = node.func
    if ast.unparse(name) in _DECORATORS or ast.unparse(name).endswith(".setter"):
        return ast.Constant(None)
    return ast.Call(node, [], [])


def _is_plain(node: ast.expr) -> bool:
    return all(isinstance(part, _NAMES) for part in ast.walk(node))
