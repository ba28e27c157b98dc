"""The figures of a process, as Prometheus reads them.  Labels come from lists of ours, so that they stay few.

Where `workshop serve` starts several processes it names a folder, and each keeps its figures in files there under its
place (`web`, `worker-1`): one question shows all, and what a killed process had counted stays.  What is in the rows is
asked of the rows (`webapp.operations.waiting`), not counted here.
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, multiprocess, values

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder; the package's own variable, read by it as well."""
disable_created_metrics()  # type: ignore[no-untyped-call]
OWN = CollectorRegistry()
LATENCIES = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)
ANSWERS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
WAITS = (0.001, 0.005, 0.02, 0.1, 0.5, 2, 5, 15)


def _counter(name: str, what: str, *labels: str) -> Counter:
    return Counter(f"workshop_{name}", what, labels, registry=OWN)


def _histogram(name: str, what: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
    return Histogram(f"workshop_{name}", what, labels, buckets=buckets, registry=OWN)


# Each has a label: a figure without one would be made on import, before `share` says where.
requests = _counter("http_requests", "Requests answered.", "endpoint", "method", "status")
request_seconds = _histogram("http_request_seconds", "Time to answer a request.", ANSWERS, "endpoint")
submissions = _counter(
    "submissions", "Runs and submissions that came: accepted, or the code of the refusal.", "purpose", "outcome"
)
verdict_seconds = _histogram("verdict_seconds", "From accepted to stored.", LATENCIES, "purpose", "status")
grading_seconds = _histogram("grading_seconds", "Grading, without the wait for it.", LATENCIES, "purpose", "status")
sandbox_starts = _counter("sandbox_starts", "Sandboxes started or connected to by graders: first, or again.", "which")
lease_expiries = _counter("lease_expiries", "Leases that ran out, of jobs or tasks.", "of")
given_up = _counter("ungradable", "Jobs kept as ungradable: bank, failed or vanished.", "why")
write_wait_seconds = _histogram("write_wait_seconds", "Wait for the turn to write.", WAITS, "kind")
worker_seconds = _counter("worker_seconds", "What workers spend time on: job, task, or idle.", "doing")


def share(place: str) -> None:
    """Count into the folder of the family from here on, where there is one; `place` is this process's in it.

    Who takes the place of a process that ended goes on where that one stopped.
    """
    if os.environ.get(FOLDER):
        values.ValueClass = values.MultiProcessValue(process_identifier=lambda: place)


def everything_counted() -> CollectorRegistry:
    """What this process counts, or all of its family where they share a folder."""
    if not os.environ.get(FOLDER):
        return OWN
    shared = CollectorRegistry()
    multiprocess.MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


def waited_to_write(seconds: float, durable: bool) -> None:
    """Somebody's turn to write came after so long."""
    write_wait_seconds.labels("durable" if durable else "quick").observe(seconds)
