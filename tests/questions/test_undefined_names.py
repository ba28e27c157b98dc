"""Names nobody defines are found; ordinary correct code is left in peace."""

import ast
from pathlib import Path

import pytest

from questions.names import undefined_names

CORRECT = [
    "import os.path as p, sys\nprint(p.sep, sys.path, __name__, __file__)",
    "def f(a, /, b, *args, c=1, **kw):\n    return a, b, args, c, kw, f, g\ndef g(): ...",
    "class A:\n    x = 1\n    y = [x for _ in range(3)]\n    def m(self): return __class__, A, super()",
    "from torch import nn\nclass A(nn.Module):\n    def forward(self, x): return nn.functional.relu(x)",
    "total = 0\ndef add():\n    global total, fresh\n    total += 1\n    fresh = total\nprint(fresh)",
    "def outer():\n    n = 0\n    def inner():\n        nonlocal n\n        n += 1\n    return inner",
    "try:\n    import numpy\nexcept ImportError as error:\n    numpy = error\nprint(numpy)",
    "with open('x') as (a, *b):\n    print(a, b)\nfor i, (j, k) in []: print(i, j, k)",
    "if (n := 10) > 5 and any((last := x) for x in [n]): print(last)",
    "match [1]:\n    case [a, *rest]: print(a, rest)\n    case {'k': v, **more}: print(v, more)",
    "match 1:\n    case int() as whole: print(whole)",
    "from __future__ import annotations\ndef f(x: Unknown) -> Tensor: ...\ny: Later = 1",
    "def f(x: 'Unknown'): ...",
    "try:\n    unicode\nexcept NameError:\n    unicode = str",
    "from torch import *\nprint(tensor(1))",
    "globals()['late'] = 1\nprint(late)",
    "square = lambda x, n=2: x ** n\nprint({k: v for k, v in {}.items() if k}, {x for x in ()})",
    "async def f():\n    async for x in y(): yield x\n    async with y() as z: await z\ndef y(): ...",
    "del_me = 1\ndel del_me",
    "import typing as t\n@t.final\nclass C(t.Generic[t.TypeVar('T')]):\n    a: int = 0\n    b: list['C'] = []",
    "def f():\n    return later\nlater = 1",
    "print(f'{len([1])!r:>{max(1, 2)}}')",
    "class A:\n    @property\n    def x(self): return 1\n    @x.setter\n    def x(self, v): ...",
]  # fmt: skip


@pytest.mark.parametrize("source", CORRECT)
def test_correct_code_uses_no_undefined_name(source):
    assert undefined_names(ast.parse(source)) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import torch\nx = tourch.ones(1)", [("tourch", 2)]),
        ("def f():\n    return d_model", [("d_model", 2)]),
        ("class A:\n    size = 1\n    def f(self):\n        return size", [("size", 4)]),
        ("def f():\n    hidden = 1\nprint(hidden)", [("hidden", 3)]),
        ("class A(Base):\n    x: Kind = 1", [("Base", 1), ("Kind", 2)]),
        ("@wrap\ndef f(x=default): ...", [("wrap", 1), ("default", 2)]),
        ("[x for x in y]\nprint(x)", [("y", 1), ("x", 2)]),
        ("y\ny\nz", [("y", 1), ("z", 3)]),
        ("try:\n    a\nexcept ValueError:\n    b", [("a", 2), ("b", 4)]),
        ("def f(x: Tensor): ...", [("Tensor", 1)]),
        ("print(f'{missing}')", [("missing", 1)]),
    ],
)
def test_a_name_nobody_defines_is_found_with_its_first_line(source, expected):
    assert [(name.name, name.line) for name in undefined_names(ast.parse(source))] == expected


def test_given_names_and_known_stars_count_as_defined():
    tree = ast.parse("from reference import *\nprint(Attention, missing)")
    assert undefined_names(tree) == []
    assert [name.name for name in undefined_names(tree, {"Attention"}, stars={"reference"})] == ["missing"]


def test_the_standard_library_and_this_project_hold_no_false_alarm():
    own = sorted(Path(__file__).resolve().parents[2].glob("questions/*.py"))
    standard = [Path(module.__file__) for module in (ast, __import__("argparse"), __import__("dataclasses"))]
    for path in [*own, *standard, *Path(ast.__file__).parent.glob("[a-b]*.py")]:
        found = undefined_names(ast.parse(path.read_text(encoding="utf-8")))
        assert [str(path)] * bool(found) == [], found
