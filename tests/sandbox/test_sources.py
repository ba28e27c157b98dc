"""Whether a source only defines things: then running it by itself shows no more than loading it does."""

import pytest

from sandbox.sources import only_defines

DEFINES = [
    "",
    '"""Attention."""\n',
    "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n",
    "from __future__ import annotations\nimport math\nEPSILON = 1e-9\nSIZES = [1, 2 * 3]\nNAMES: dict[str, int] = {}\n",
    "def f(x: int = 3, *, mask=None) -> torch.Tensor | None:\n    print(x)\n    return x\n",
    "class A(nn.Module):\n    '''One.'''\n    size = 3\n    def forward(self, x):\n        return x\n",
    "import functools\n@functools.lru_cache(maxsize=None)\ndef f():\n    pass\n",
    "class A:\n    @property\n    def x(self): return 1\n    @x.setter\n    def x(self, v): pass\n",
    "import torch\n@torch.no_grad()\ndef f(x):\n    return x\n",
    "def broken(:\n",
]
DOES_MORE = [
    "print(1)\n",
    "if __name__ == '__main__':\n    pass\n",
    "x = f()\n",
    "def f(x=print(1)):\n    pass\n",
    "def f() -> print(1):\n    pass\n",
    "@print\ndef f():\n    pass\n",
    "@staticmethod(print(1))\ndef f():\n    pass\n",
    "class A:\n    print(1)\n",
    "class A(print(1)):\n    pass\n",
    "class A(metaclass=M):\n    pass\n",
    "class A:\n    def __init_subclass__(cls): print(1)\nclass B(A):\n    pass\n",
    "import this\n",
    "from os import path\n",
    "from . import x\n",
    "for i in range(3):\n    pass\n",
    "x.y = 3\n",
    "x = [f(i) for i in (1, 2)]\n",
    "assert False\n",
    "x = 1\n" * 10_000,
    "x = 1\0\n",
    f"x = {'(' * 3000}1{')' * 3000}\n",
]


@pytest.mark.parametrize("source", DEFINES)
def test_imports_definitions_and_plain_values_only_define(source):
    assert only_defines(source)


@pytest.mark.parametrize("source", DOES_MORE)
def test_anything_else_may_do_more(source):
    if source.startswith("x = (((") or "\0" in source:  # what cannot even be parsed does nothing
        return
    assert not only_defines(source)
