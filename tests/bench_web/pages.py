"""How long the server takes for each page, with ten thousand submissions in the database."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from tests.bench.measuring import quantile
from tests.bench_web.addresses import pages
from tests.bench_web.furnishing import PASSWORD, School
from tests.bench_web.serving import Running
from tests.bench_web.visiting import Visitor
from webapp import create_app
from webapp.models import Database, Job, Mark, Submission, User
from webapp.settings import Settings

GOAL_MS = 50.0
VISITORS = 6
NO_PAGES = {
    "static": "files",
    "account.home": "only leads on",
    "account.sign_in": "has no session yet",
    "learn.download": "a file",
    "learn.public_tests": "a file",
    "history.archive": "a file, and braked",
    "gradebook.export": "a file, and braked",
    "gradebook.cell": "leads on",
    "guests.trial": "leads members on",
    "guests.keep": "leads members on",
}


@dataclass(frozen=True, slots=True)
class PageTimes:
    """One page: milliseconds from the request to the last byte, over one open connection."""

    endpoint: str
    p50_ms: float
    p95_ms: float
    kilobytes: float
    """Of the answer as it travels."""
    count: int


def measure(running: Running, school: School, each: int) -> tuple[list[PageTimes], list[str]]:
    """Every page `each` times, by turns, by several people; and what could not be asked for, with the reason."""
    app = create_app({"data": running.data})
    samples: dict[str, list[tuple[float, int]]] = {}
    missing: dict[str, str] = {}
    routes = []
    for visitor, values in _visitors(running, school):
        queries = {"history.difference": f"?from=starter&to={values['submission_id']}"}
        routes.append((visitor, list(pages(app, values, NO_PAGES, queries))))
    for round_number in range(each + 2):  # two to warm up
        for visitor, route in routes:
            for page in route:
                if isinstance(page, str):
                    missing[page] = "no value for its address"
                    continue
                missing.setdefault(page.endpoint, "never answered with a page")
                accept = "application/json" if page.endpoint.startswith("api.") else "text/html"
                answer = visitor.ask(page.path, Accept=accept)
                if answer.status >= 500:
                    raise RuntimeError(f"{page.path} answers {answer.status}")
                if answer.status == 200 and round_number >= 2:
                    samples.setdefault(page.endpoint, []).append((answer.seconds, len(answer.body)))
    times = [
        PageTimes(
            endpoint,
            round(quantile([seconds for seconds, _ in found], 0.5) * 1e3, 2),
            round(quantile([seconds for seconds, _ in found], 0.95) * 1e3, 2),
            round(max(size for _, size in found) / 1024, 1),
            len(found),
        )
        for endpoint, found in sorted(samples.items())
    ]
    return times, sorted(f"{name}: {why}" for name, why in missing.items() if name not in samples)


def _visitors(running: Running, school: School) -> Iterator[tuple[Visitor, dict[str, int | str]]]:
    """Students with their own newest work, and the instructor with everybody's."""
    draw = random.Random(4)
    database = Database(Settings(data=running.data).database)
    try:
        for email in [*draw.sample(school.students, VISITORS), school.instructor]:
            visitor = Visitor(running.address)
            visitor.sign_in(email, PASSWORD)
            with database.reading() as session:
                query = select(Submission, Job).join(Job, Job.submission_id == Submission.id).join(Mark)
                if email != school.instructor:
                    query = query.join(User, User.id == Submission.user_id).where(User.email == email)
                submission, job = session.execute(query.order_by(Submission.id.desc()).limit(1)).one()
                yield (
                    visitor,
                    {
                        "item_id": submission.assignment_item_id,
                        "course_id": school.course,
                        "assignment_id": school.assignment,
                        "submission_id": submission.id,
                        "job_id": job.id,
                        "user_id": submission.user_id,
                    },
                )
    finally:
        database.close()
