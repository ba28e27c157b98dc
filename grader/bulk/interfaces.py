"""What items ask a submission to define, and what a source defines.

Sources are hostile, and parsing hostile Python may cost any time, any depth of stack and, in some releases, the process
(see `sandbox.sources.only_defines`, which runs in the jail).  Here nothing is parsed: one regular expression goes over
the text once.  Each of its alternatives, once it has begun, ends with what it has read, so that no text is read twice.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from questions.model import Item
from questions.python_code import syntax_tree, top_level_names

MOST_NAMES = 2_000
_SKIPPED_OR_DEFINED = re.compile(
    r"#[^\n]*+"
    r'|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:""")?'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:''')?"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"?'
    r"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'?"
    r"|^(?:async[ \t]++)?(?:def|class)[ \t]++(\w++)"
    r"|^(\w++)[ \t]*+(?::[^=\n#]*+)?=(?!=)",
    re.MULTILINE | re.DOTALL,
)


def defined_names(source: str) -> frozenset[str]:
    """The names that a Python source defines at its top level, in time linear in its length.

    Unlike a parser it sees a file with a syntax error through, and overlooks what stands below an `if` or a `try`.
    """
    names: set[str] = set()
    for found in _SKIPPED_OR_DEFINED.finditer(source):
        if name := found[1] or found[2]:
            names.add(name)
            if len(names) >= MOST_NAMES:
                break
    return frozenset(names)


@dataclass(frozen=True, slots=True)
class Interface:
    """An item that asks for code, and the names a submission for it has to define."""

    item: Item
    names: frozenset[str]


def interfaces(items: Iterable[Item]) -> tuple[Interface, ...]:
    """What each of these items that asks for code wants defined: what its tests take of a submission."""
    return tuple(Interface(item, _asked(item)) for item in items if item.tests is not None)


def _asked(item: Item) -> frozenset[str]:
    taken = frozenset[str]().union(*(_taken(code.source) for code in (item.tests, *item.shared) if code is not None))
    own = [top_level_names(syntax_tree(code.source)) for code in (item.reference, item.starter) if code is not None]
    offered = frozenset[str]().union(*own[:1])
    return frozenset(taken & offered) or frozenset(offered.intersection(*own[1:]) - _imported(item))


@lru_cache(maxsize=128)  # the items of a bank share code
def _taken(source: str) -> frozenset[str]:
    """What tests, or fixtures for them, name of a submission."""
    return frozenset(
        node.attr
        for node in ast.walk(syntax_tree(source))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "submission"
    )


def _imported(item: Item) -> frozenset[str]:
    """Names that the reference only imports."""
    tree = syntax_tree(item.reference.source) if item.reference is not None else ast.Module([], [])
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return frozenset((alias.asname or alias.name).split(".")[0] for node in imports for alias in node.names)
