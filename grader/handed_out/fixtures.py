"""What the public tests lean on: your code, random inputs that are the same each time, marks.

公开测试所依赖的东西：你的代码、每次都相同的随机输入、标记。
"""

from __future__ import annotations

import hashlib
import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

FILE = "submission.py"
"""Your code, beside this file.  你的代码，与本文件放在一起。"""
SEED = 0
"""Another number draws other inputs.  换一个数，就换一组输入。"""
VARIANT: dict[str, Any] = {}
"""The numbers of your own question, where it has any.  你这道题里的数（如果有）。"""
MARKS = (
    "points(number): what the test is worth",
    "in_place: the code may change its arguments in place",
    "hidden: not given out",
)


def pytest_configure(config: pytest.Config) -> None:
    """Name the marks, so that pytest does not wonder about them."""
    for mark in MARKS:
        config.addinivalue_line("markers", mark)


def derive_seed(purpose: str) -> int:
    """A seed for one purpose, as the workshop derives it."""
    digest = hashlib.blake2b(f"{SEED}:{purpose}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


@pytest.fixture(scope="session")
def submission() -> ModuleType:
    """Your file as a module."""
    path = Path(__file__).with_name(FILE)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> torch.Generator:
    """A generator of the test's own."""
    return torch.Generator().manual_seed(derive_seed(f"rng:{request.function.__name__}"))


@pytest.fixture
def variant() -> dict[str, Any]:
    """The numbers of your own question."""
    return dict(VARIANT)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Each test begins with numbers of its own, whichever ran before."""
    seed = derive_seed(f"local:{item.name}")
    torch.manual_seed(seed)
    random.seed(seed)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """What a test switched is switched back."""
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)
