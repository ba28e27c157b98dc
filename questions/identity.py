"""What an item is, as text and as two hashes.

`source` is a whole small bank with one item in it.  `revision` is its hash: any change to the item, its section's
heading, a figure it shows, the shared code it uses or the bank's id and languages makes a new one.  `suite` is the hash
of what marks depend on, so that a mended typo asks for no regrade:

- counted: kind, points, the reference, the tests and shared code (without comments, blank lines, docstrings), limits,
  rubric rules, options with their marks, values, units and the variant function;
- not counted: texts for students, figures, hints, readings, feedback, titles, the starter, misconceptions and
  alternatives (they diagnose, they never mark), skills, the descriptions of key points.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import re
import tokenize
from functools import lru_cache

from questions.figures import unpinned
from questions.model import Code, Item, Kind
from questions.python_code import syntax_tree

DIGITS = 32


def compose_source(bank: str, languages: tuple[str, ...], section: str, shared: tuple[Code, ...], item: str) -> str:
    """A Markdown document that holds this one item; `languages` is empty when the bank declares none."""
    declared = f"languages: [{', '.join(languages)}]\n" if languages else ""
    parts = [f"```yaml bank\nid: {bank}\n{declared}```"]
    if section:
        parts.append(f"## {section}")
    parts += [_fenced(code.source) for code in shared]
    return "\n\n".join([*parts, item]) + "\n"


def revision_of(source: str) -> str:
    """The hash of everything an item says."""
    return "r:" + _digest(source)


def suite_of(item: Item) -> str:
    """The hash of what marks depend on (see the module's own text)."""
    counted = {
        "kind": item.kind.value,
        "points": item.points,
        "limits": [item.limits.seconds, item.limits.memory_mb, item.limits.file_mb, item.limits.output_bytes],
        "reference": bare(item.reference),
        "tests": bare(item.tests),
        "shared": [bare(code) for code in item.shared],
        "variant": bare(item.variant),
        "rubric": [
            [
                point.id,
                point.points,
                [[rule.judgement.value, [[p.text, p.is_pattern] for p in rule.phrases]] for rule in point.rules],
            ]
            for point in item.key_points
        ],
        "options": [
            [unpinned(option.text.get("zh")), unpinned(option.text.get("en")), option.right] for option in item.options
        ],
        "values": [[value.amount, value.unit, value.tolerance, value.right] for value in item.values],
        "units": [list(unit) for unit in item.units] if item.kind is Kind.NUMERIC else [],
    }
    return "s:" + _digest(json.dumps(counted, sort_keys=True, ensure_ascii=True))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def _fenced(source: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", source)), default=0)
    marker = "`" * max(3, longest + 1)
    return f"{marker}python shared\n{source}\n{marker}"


def bare(code: Code | None) -> str | None:
    """Source without comments, docstrings, blank lines and trailing spaces; as it is when it is not Python.

    Works on the text, not on dumped trees, so that the hash is the same under every version of Python.
    """
    return None if code is None else _bare(code.source)


@lru_cache(maxsize=256)
def _bare(source: str) -> str:
    lines = source.split("\n")
    try:
        tree = syntax_tree(source)
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
        nodes = list(ast.walk(tree))
    except (SyntaxError, ValueError, MemoryError, RecursionError, tokenize.TokenError):
        return "\n".join(line.rstrip() for line in lines)
    for token in tokens:
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in nodes:
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            _blank_docstring(node, lines)
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _blank_docstring(
    node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, lines: list[str]
) -> None:
    first = node.body[0] if node.body else None
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
        return
    if not isinstance(first.value.value, str):
        return
    start, end = first.lineno - 1, (first.end_lineno or first.lineno) - 1
    before = lines[start].encode()[: first.col_offset].decode(errors="replace")
    after = lines[end].encode()[first.end_col_offset :].decode(errors="replace")
    lines[start : end + 1] = [before + '""' + after] + [""] * (end - start)
