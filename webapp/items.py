"""Items and their prose, read once per revision."""

from __future__ import annotations

import ast
import json
import threading
from functools import lru_cache

from markupsafe import Markup

from questions.model import Item
from questions.python_code import syntax_tree
from webapp.figures import BASE
from webapp.models import Revision

_one_reader = threading.Lock()


def item_from(revision: str, source: str) -> Item:
    """The item whose source has this hash; read once, however many ask for it at the same moment."""
    with _one_reader:
        return _read(revision, source)


@lru_cache(maxsize=1024)
def _read(revision: str, source: str) -> Item:
    from questions import item_from_source

    return item_from_source(source)


def item_of(revision: Revision) -> Item:
    """The item of a stored revision."""
    return item_from(revision.hash, revision.source)


@lru_cache(maxsize=256)
def public_tests(
    revision: str, source: str, parameters: str = "{}", figures: tuple[tuple[str, str], ...] = ()
) -> bytes | None:
    """The public tests of an item as an archive, with a variant's parameters (as JSON) where it has any and the figures
    that it shows, by their hashes.

    None when none can be given out.  Runs no code of a bank.
    """
    from grader.public_tests import NothingPublic, handout

    try:
        return handout(
            item_from(revision, source), variant=json.loads(parameters), figures=dict(figures)
        ).zipped()
    except NothingPublic:
        return None


@lru_cache(maxsize=4096)
def prose(markdown: str) -> Markup:
    """Markdown as HTML; sanitised by the renderer, so safe to put on a page."""
    from questions import render

    return Markup(render(markdown, image_base=BASE)) if markdown.strip() else Markup("")  # noqa: S704 (nh3 has sanitised it)


@lru_cache(maxsize=1024)
def signature(source: str) -> tuple[str, ...]:
    """The heads of classes and functions of a starter: the interface to be met."""
    try:
        tree = syntax_tree(source)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(_heads(tree.body, ""))


def _heads(body: list[ast.stmt], indent: str) -> list[str]:
    lines: list[str] = []
    for node in body:
        if isinstance(node, ast.ClassDef):
            bases = f"({', '.join(ast.unparse(base) for base in node.bases)})" if node.bases else ""
            lines += [f"{indent}class {node.name}{bases}:", *_heads(node.body, indent + "    ")]
        elif isinstance(node, ast.FunctionDef):
            result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
            lines.append(f"{indent}def {node.name}({ast.unparse(node.args)}){result}")
    return lines
