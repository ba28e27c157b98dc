"""What every item of the shipped bank hands out: it works by itself, notices what the site notices, keeps secrets."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from grader.grading import Scope
from grader.public_tests import handout
from questions.model import Item
from questions.python_code import syntax_tree
from tests.grader.handed_out import ENVIRONMENT, ITEMS, by_id, plain_pytest, unpacked

RUNNER = Path(__file__).with_name("running_handouts.py")


def asked_by(item: Item, test: str) -> set[str]:
    """The fixtures that a test names."""
    assert item.tests is not None
    nodes = ast.walk(syntax_tree(item.tests.source))
    functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
    return {argument.arg for argument in functions[test].args.args}


@by_id
def test_the_reference_passes_the_exported_tests_and_the_starter_does_not(item: Item, tmp_path: Path) -> None:
    ready = handout(item)
    # A public test that compares a call's cost with the reference's stays here with it, and the folder says so.
    assert all(asked_by(item, spec.name) >= {"reference", "measure"} for spec in ready.left_out)
    readme = next(file.content.decode() for file in ready.files if file.name == "README.md")
    assert all(spec.title.get("zh") in readme and spec.title.get("en") in readme for spec in ready.left_out)
    assert item.reference is not None
    folder = unpacked(ready, tmp_path / item.id)
    assert plain_pytest(folder).returncode == 1
    (folder / ready.submission).write_text(item.reference.source, encoding="utf-8")
    done = plain_pytest(folder)
    assert done.returncode == 0, done.stdout
    assert f"{len(ready.tests)} passed" in done.stdout
    assert "Warning" not in done.stdout


@by_id
def test_every_mistake_that_public_tests_notice_fails_the_exported_ones(
    item: Item, tmp_path: Path, grader: Any
) -> None:
    ready = handout(item)
    folder = unpacked(ready, tmp_path / item.id)
    modules = tmp_path / "files" / "modules"
    modules.mkdir(parents=True)
    assert item.reference is not None
    (modules / "reference.py").write_text(item.reference.source, encoding="utf-8")
    files = []
    for wrong in item.misconceptions:
        files.append(tmp_path / "files" / f"{wrong.id}.py")
        files[-1].write_text(wrong.code.source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(RUNNER), str(folder), *map(str, files)], env=ENVIRONMENT, capture_output=True, text=True
    )
    ended = dict(line.split() for line in done.stdout.splitlines())
    assert set(ended) == {wrong.id for wrong in item.misconceptions}, done.stderr
    assert set(ended.values()) <= {"0", "1"}
    for wrong in item.misconceptions:
        if ended[wrong.id] == "0":  # then the site's own public tests see nothing either
            verdict = grader.grade(
                item,
                wrong.code.source.encode(),
                seed=0,
                scope=Scope.PUBLIC,
                modules=(("reference", item.reference.source),),
            )
            missed = {test.name for test in verdict.tests if test.status != "passed"}
            assert missed <= {spec.name for spec in ready.left_out}, wrong.id


def lines_of(text: str) -> set[str]:
    """Lines that say something."""
    return {line.strip() for line in text.splitlines() if len(line.strip()) > 8}


@by_id
def test_nothing_that_is_not_public_leaves(item: Item) -> None:
    ready = handout(item)
    text = "\n".join(file.content.decode() for file in ready.files)
    out = lines_of(text) | lines_of(text.replace("\\n", "\n").replace('\\"', '"'))
    assert item.tests is not None
    assert item.reference is not None
    hidden = {spec.name for spec in item.test_specs if spec.hidden}
    tree, source = ast.parse(item.tests.source), item.tests.source.splitlines()
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    code = {node.name: "\n".join(source[node.lineno - 1 : node.end_lineno]) for node in functions}
    public = lines_of("\n".join(code[name] for name in code if name not in hidden))
    public |= {"import torch", "import math"}  # everybody's
    public |= set().union(*(lines_of(shared.source) for shared in item.shared))
    public |= lines_of(item.starter.source if item.starter else "") | lines_of(item.question.get("zh"))
    secret = lines_of(item.reference.source) | lines_of("\n".join(code[name] for name in hidden))
    for wrong in item.misconceptions:
        secret |= lines_of(wrong.code.source) | lines_of(wrong.sentence.get("zh")) | lines_of(wrong.sentence.get("en"))
        assert f"class {wrong.id}" not in text
    for prose in (item.answer, item.explanation, *item.hints):
        secret |= lines_of(prose.get("zh")) | lines_of(prose.get("en"))
    assert secret - public
    assert out & (secret - public) == set()
    for name in hidden:
        assert name not in {spec.name for spec in ready.tests}
        assert not re.search(rf"\bdef {name}\b", re.sub(r"\s+", " ", "\n".join(code[s.name] for s in ready.tests)))


def test_a_shared_function_that_only_hidden_tests_use_stays_here() -> None:
    for item in ITEMS:
        ready = handout(item)
        assert item.tests is not None
        hidden = {spec.name for spec in item.test_specs if spec.hidden}
        asking = {
            node.name
            for node in syntax_tree(item.tests.source).body
            if isinstance(node, ast.FunctionDef) and "assert_gradcheck" in ast.unparse(node)
        }
        if asking <= hidden:
            assert "assert_gradcheck" not in "".join(file.content.decode() for file in ready.files), item.id
