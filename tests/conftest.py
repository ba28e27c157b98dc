"""Real services for whichever test wants them; without them it is skipped, which fails continuous integration."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from _pytest._code import code as shown

from questions.python_code import undisturbed
from tests.services import postgresql as databases
from tests.services import rabbitmq as brokers
from tests.services.sharing import shared

DATABASES = ("sqlite", "postgresql")
# pytest shows a failure by its syntax tree, and a thread of a test may be making another.
shown.getstatementrange_ast = undisturbed()(shown.getstatementrange_ast)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which databases the tests of the web application run on."""
    parser.addoption(
        "--databases", default=",".join(DATABASES), help="sqlite,postgresql: what tests that use a database run on"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test that asks for `backend`, by itself or through another fixture, runs once on each database."""
    if "backend" not in metafunc.fixturenames:
        return
    wanted = metafunc.config.getoption("databases").split(",")
    only = metafunc.definition.get_closest_marker("only_on")
    names = [name for name in DATABASES if name in wanted and (only is None or name == only.args[0])]
    metafunc.parametrize("backend", names, indirect=True, scope="session")


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database: "sqlite" or "postgresql"."""
    return request.param


def there_or_skipped(reason: str) -> None:
    """Skip for a reason, if there is one."""
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"this has to be tested here: {reason}")
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[databases.PostgreSQL]:
    """A PostgreSQL for ordinary tests of this process; who stops or kills one starts `running_postgresql`."""
    there_or_skipped(databases.available())
    with databases.running_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[brokers.RabbitMQ]:
    """A RabbitMQ for ordinary tests of all processes; who stops or kills one starts `running_rabbitmq`."""
    there_or_skipped(brokers.available())
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    start, end = brokers.new_rabbitmq, brokers.RabbitMQ.remove
    with shared(
        folder, "rabbitmq", lambda: brokers.to_json(start()), lambda text: end(brokers.from_json(text))
    ) as text:
        yield brokers.from_json(text)


@pytest.fixture
def broker_url(rabbitmq: brokers.RabbitMQ) -> str:
    """The address of this process's own virtual host; its queues outlive a test, so name your own."""
    return rabbitmq.url(os.environ.get("PYTEST_XDIST_WORKER", "main"))
