"""Skipping where no container can be run, which continuous integration must never do; one container a jail for all."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.compose.containers import JAILS, Container, available, running_container


@pytest.fixture(scope="session", autouse=True)
def engine_is_there() -> None:
    """Skip everything in this folder where no container can be run."""
    if reason := available():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the container has to be tested here: {reason}")
        pytest.skip(reason)


@pytest.fixture(scope="session", params=JAILS)
def container(request: pytest.FixtureRequest) -> Iterator[Container]:
    """A running sandbox, once for each jail."""
    with running_container(request.param) as container:
        yield container
