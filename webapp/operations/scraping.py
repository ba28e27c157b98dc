"""Where the figures can be had: a port of their own, for whoever may reach it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from http.server import HTTPServer
from pathlib import Path
from threading import Thread
from typing import Protocol

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from grader.errors import WorkshopError
from webapp.operations import measures
from webapp.settings import Settings


class CannotShow(WorkshopError):
    """The port for the figures cannot be had."""


def registry(*more: Collector) -> CollectorRegistry:
    """What is counted here, or by all that share a folder, and what `more` find out when they are asked."""
    whole = CollectorRegistry()
    whole.register(measures.everything_counted())  # type: ignore[arg-type]  # a registry collects, too
    for each in more:
        whole.register(each)
    return whole


@contextmanager
def shown(settings: Settings, *more: Collector) -> Iterator[int]:
    """Serve them on `WORKSHOP_METRICS_PORT` meanwhile; the port, 0 where none is wanted."""
    if not settings.metrics_port:
        yield 0
        return
    server, thread = _listen(settings, registry(*more))
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _listen(settings: Settings, figures: CollectorRegistry) -> tuple[HTTPServer, Thread]:
    try:
        return start_http_server(settings.metrics_port, settings.metrics_host, figures)
    except OSError as problem:
        raise CannotShow(
            f"cannot listen on {settings.metrics_host}:{settings.metrics_port} for the figures: {problem.strerror}",
            remedy="choose another WORKSHOP_METRICS_PORT, or 0 for none",
        ) from problem


@contextmanager
def shared_folder(settings: Settings) -> Iterator[dict[str, str]]:
    """What tells children to put their figures together, as variables; nothing where nobody may ask for figures."""
    if not settings.metrics_port and not settings.metrics_token:
        yield {}
        return
    folder = tempfile.mkdtemp(prefix="workshop-figures-")  # counting begins anew with the server, as readers expect
    before = os.environ.get(measures.FOLDER)
    os.environ[measures.FOLDER] = folder
    try:
        yield {measures.FOLDER: folder}
    finally:
        os.environ.pop(measures.FOLDER)
        if before is not None:
            os.environ[measures.FOLDER] = before
        shutil.rmtree(folder, ignore_errors=True)


class Process(Protocol):
    """A process that somebody keeps alive."""

    name: str
    restarts: int

    @property
    def pid(self) -> int | None: ...


class ProcessesCollector(Collector):
    """The processes that `workshop serve` keeps alive: how large each is, and how often it had to be started again."""

    def __init__(self, processes: Sequence[Process]) -> None:
        """They are looked at whenever somebody asks."""
        self._processes = processes

    def collect(self) -> Iterable[Metric]:
        """A line for each process."""
        size = GaugeMetricFamily("workshop_process_resident_bytes", "Memory of a process.", labels=("process",))
        started = CounterMetricFamily("workshop_process_restarts", "Times it had ended by itself.", labels=("process",))
        for each in list(self._processes):
            if each.pid is not None and (resident := resident_bytes(each.pid)) is not None:
                size.add_metric((each.name,), resident)
            started.add_metric((each.name,), each.restarts)
        yield size
        yield started


def resident_bytes(pid: int) -> int | None:
    """What a process holds in memory; None where it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
