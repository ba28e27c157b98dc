"""Skipping where no container can be run, which continuous integration must never do; one container a jail for all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.compose.containers import JAILS, Container, available, running_container

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Building an image the first time takes minutes; whoever waits for it is not at fault."""
    mine = [item for item in items if item.path.is_relative_to(HERE)]
    if not mine or not (reason := available()):
        return
    if os.environ.get("CI") == "true":
        pytest.exit(f"the container has to be tested here: {reason}", 1)
    for item in mine:
        item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session", params=JAILS)
def container(request: pytest.FixtureRequest) -> Iterator[Container]:
    """A running sandbox, once for each jail."""
    with running_container(request.param) as container:
        yield container
