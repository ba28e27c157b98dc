"""What the bank's tests ask of a runner, for a plain pytest: no jail, no proxy, no hidden tests."""

import importlib.util
import os
import sys
import types
import zlib
from pathlib import Path

import pytest
import torch

torch.set_num_threads(1)


def pytest_configure(config):
    for marker in ("points(number)", "in_place", "hidden"):
        config.addinivalue_line("markers", f"{marker}: as in the bank")


def load(name: str, file: str) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def submission() -> types.ModuleType:
    given = sys.modules.get("submission")  # where the runner has loaded it itself
    return given if given is not None else load("submission", os.environ["SUBMISSION"])


@pytest.fixture(scope="session")
def reference() -> types.ModuleType:
    return load("reference", str(Path(__file__).with_name("reference.py")))


@pytest.fixture
def rng(request) -> torch.Generator:
    return torch.Generator().manual_seed(zlib.crc32(request.node.originalname.encode()))


@pytest.fixture
def variant() -> None:
    return None


@pytest.fixture(autouse=True)
def seeded(request) -> None:
    torch.manual_seed(zlib.crc32(request.node.name.encode()))


def assert_shape(tensor, dimensions: str, **sizes: int) -> dict[str, int]:
    labels = dimensions.split()
    assert isinstance(tensor, torch.Tensor)
    assert tensor.dim() == len(labels)
    for label, size in zip(labels, tensor.shape, strict=True):
        assert size == (int(label) if label.isdigit() else sizes.setdefault(label, size))
    return sizes
