"""The folder that a student takes along: the public tests, what they lean on, the starter, and what is asked."""

from __future__ import annotations

import ast
import io
import keyword
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from grader.public_tests.notebook import notebook
from grader.public_tests.readme import heading, readme
from grader.public_tests.selection import PublicSuite, public_suite
from questions.figures import pinned_in, unpinned
from questions.model import Bilingual, Item, TestSpec
from questions.python_code import syntax_tree
from questions.templates import filled

TESTS = "test_public.py"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of everything in an archive, so that the same files give the same bytes."""
_TAKEN = frozenset(sys.stdlib_module_names) | {
    "conftest", "einops", "notebook", "numpy", "pytest", "setup", "sympy", "test_public", "torch",
}  # fmt: skip
"""Names that a student's file must not have: it would be imported instead of what they mean."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a handout."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Handout:
    """An item's folder.  Neither reference, hidden tests, misconceptions nor answers are in it."""

    name: str
    files: tuple[File, ...]
    tests: tuple[TestSpec, ...]
    left_out: tuple[TestSpec, ...]
    """Public tests that cannot be told without the reference."""

    @property
    def submission(self) -> str:
        """The file that the student fills in."""
        return module_name(self.name) + ".py"

    def zipped(self) -> bytes:
        """The folder as an archive; the same files give the same bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in self.files:
                entry = zipfile.ZipInfo(f"{self.name}/{file.name}", LONG_AGO)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3
                entry.external_attr = 0o100644 << 16
                archive.writestr(entry, file.content)
        return buffer.getvalue()


def handout(
    item: Item,
    *,
    with_notebook: bool = True,
    variant: Mapping[str, Any] | None = None,
    figures: Mapping[str, str] | None = None,
) -> Handout:
    """The public part of a coding item, with the parameters of one variant where it has any, and with those `figures`
    (by their hashes) that its question shows.

    Runs nothing of it.  Raises `NothingPublic`.
    """
    suite = public_suite(item)
    shown = pinned_in(item.question.get("zh")) | pinned_in(item.question.get("en"))
    drawn = {name: (figures or {})[digest] for name, digest in shown.items() if digest in (figures or {})}
    item = replace(item, question=_filled(item.question, variant or {}))
    submission = module_name(item.id) + ".py"
    measures = any("measure" in piece.fixtures for piece in suite.pieces)
    starter = (item.starter.source if item.starter else "").rstrip() + "\n"
    support, tests = _support(submission, variant or {}, measures=measures), _tests(item, suite)
    texts = {
        "README.md": readme(item, suite, submission, TESTS),
        submission: starter,
        TESTS: tests,
        "conftest.py": support,
    }
    if with_notebook:
        code = {"conftest.py": support, TESTS: tests}
        texts[f"{module_name(item.id)}.ipynb"] = notebook(item, submission, starter, code, TESTS)
    found = tuple(File(name, text.encode()) for name, text in (texts | drawn).items())
    return Handout(item.id, found, suite.tests, suite.left_out)


def module_name(item: str) -> str:
    """The item's id as the name of a module that hides no other."""
    name = item.replace("-", "_")
    return f"item_{name}" if name in _TAKEN or keyword.iskeyword(name) or not name.isidentifier() else name


def _filled(text: Bilingual, variant: Mapping[str, Any]) -> Bilingual:
    passages = (
        replace(passage, markdown=filled(unpinned(passage.markdown), variant)) if passage else None
        for passage in (text.zh, text.en)
    )
    return Bilingual(*passages)


def _support(submission: str, variant: Mapping[str, Any], *, measures: bool) -> str:
    text = _handed_out("fixtures.py")
    for blank, known in (
        ('FILE = "submission.py"', f'FILE = "{submission}"'),
        ("VARIANT: dict[str, Any] = {}", f"VARIANT: dict[str, Any] = {dict(variant)!r}"),
    ):
        assert text.count(blank) == 1
        text = text.replace(blank, known)
    return text + _measuring() if measures else text


def _measuring() -> str:
    """The fixture `measure`, to stand below the others in their file."""
    text = _handed_out("measuring.py")
    _, future, code = text.partition("from __future__ import annotations\n")
    assert future
    return "\n\n# What a call uses, measured in this very process.  一次调用用了多少，就在本进程里测量。\n" + code


def _handed_out(name: str) -> str:
    return (files("grader.handed_out") / name).read_text(encoding="utf-8")


def _assertion() -> str:
    """`assert_shape` by itself, after the one name it imports."""
    text = _handed_out("shapes.py")
    function = next(node for node in syntax_tree(text).body if isinstance(node, ast.FunctionDef))
    return ast.get_source_segment(text, function) or ""


def _tests(item: Item, suite: PublicSuite) -> str:
    """The module of tests: all it imports first, then what was chosen, in the bank's own order and words."""
    future = [piece.text for piece in suite.pieces if piece.first]
    rest = [piece for piece in suite.pieces if not piece.first]
    imports = ["import pytest", "import torch"]
    while rest and rest[0].imports:
        piece = rest.pop(0)
        imports += [piece.text] if piece.text not in imports else []
    parts = []
    if "assert_shape" in suite.injected and not any("assert_shape" in piece.defines for piece in rest):
        imports.insert(0, "from typing import Any\n")
        parts = [_assertion()]
    blocks = ["\n".join([f'"""{_quoted(heading(item)[2:])}"""', *_spaced(future), "", *imports]), *parts]
    text = "\n\n\n".join(blocks)
    for place, piece in enumerate(rest):
        text += "\n" * (piece.gap + 1 if place and not piece.stands_alone else 3) + piece.text
    return text + "\n"


def _spaced(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
