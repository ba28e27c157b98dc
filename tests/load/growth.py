"""``make load ARGS="--growth 10000"``: thousands of submissions through the web application, and what grows with them.

Four students at a time run and submit right and wrong answers, look at their item and poll for the verdict, as the page
does.  After each twentieth of all: memory of the web server, of the workers, of examiners and sandbox (shared pages by
their share), and the size of the database.  Before and after: the statements that one submission takes.  At the
end: bytes of each table for each submission, of verdicts by item, and the processor time of each kind of process.
Writes build/growth-sqlite.json or build/growth-postgresql.json; the exit status is 1 where a process or the number of
statements grew.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select, text

from tests.bench.growth import family, processor_seconds, weight
from tests.bench.report import machine, write
from tests.bench_web import furnishing, known
from tests.bench_web.known import Known
from tests.bench_web.serving import Running, serving
from webapp.models import Base, Database, Job, Revision, Verdict
from webapp.settings import Settings

STUDENTS = 40
AT_ONCE = 4
PARTS = 20
WARM_PARTS = 4
"""Parts in which caches still fill: every worker has to have judged every item, and kept as much as it ever keeps."""
PATIENCE = 120.0
FREE = {name: "1000000" for name in ("WORKSHOP_SUBMISSIONS_PER_MINUTE", "WORKSHOP_WAITING_JOBS")}
GROWN_MB_PER_THOUSAND = 2.0
"""More than this, from when it is warm to the end, is a leak."""


@dataclass(frozen=True, slots=True)
class Part:
    """After so many submissions: megabytes of the processes, and of the database."""

    submissions: int
    seconds: float
    web: float
    workers: float
    grading: float
    """Examiners, fork servers and what they started."""
    database: float


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor time since they started, of the living and of those they have waited for."""

    web: float
    workers: float
    grading: float
    postgresql: float
    """0 with SQLite, which works within the others."""

    def since(self, earlier: Spent, count: int) -> dict[str, float]:
        """Milliseconds for each of `count` submissions."""
        names = ("web", "workers", "grading", "postgresql")
        return {name: round(1000 * (getattr(self, name) - getattr(earlier, name)) / count, 2) for name in names}


@dataclass(frozen=True, slots=True)
class Statements:
    """What one submission takes of the database: to be stored, to be asked for, to be claimed and judged."""

    send: int
    poll: int
    judge: int


def run(count: int, *, workers: int, build: Path, on_postgresql: bool = False) -> int:
    """Print a line for each part, then what a submission weighs."""
    with tempfile.TemporaryDirectory(prefix="growth-") as folder, _database(on_postgresql) as (url, postgresql):
        data = Path(folder) / "data"
        school = furnishing.furnish(data, STUDENTS, url)
        furnishing.unlimited(data, url)
        settings = Settings(data=data, database_url=url)
        sent = [*known.code(4), *known.words(4)]
        before = statements(settings, school, sent[0])
        empty = sizes(settings)
        parts: list[Part] = []
        address = {"WORKSHOP_DATABASE_URL": url} if url else {}
        with serving(data, workers=workers, settings={**FREE, **address}) as running:
            idle = _spent(running.pid, postgresql)
            print(f"{'submissions':>12}{'seconds':>9}{'web MB':>9}{'workers':>9}{'grading':>9}{'database':>10}")
            for _ in _sending(running, school, sent, count, parts, settings):
                print("{:12}{:9.0f}{:9.1f}{:9.1f}{:9.1f}{:10.1f}".format(*asdict(parts[-1]).values()), flush=True)
            complaints = running.complaints()
            spent = _spent(running.pid, postgresql).since(idle, count)
        after = statements(settings, school, sent[0])
        full = sizes(settings)
        weighed = {name: round((full[name] - empty.get(name, 0)) / count, 1) for name in full}
        document: dict[str, Any] = {
            "count": count, "workers": workers, "database": "postgresql" if on_postgresql else "sqlite",
            "parts": [asdict(part) for part in parts], "statements": [asdict(before), asdict(after)],
            "bytes_per_submission": dict(sorted(weighed.items(), key=lambda each: -each[1])),
            "verdicts": verdict_bytes(settings), "grown_mb_per_thousand": grown(parts),
            "processor_ms_per_submission": spent, "machine": machine(),
        }  # fmt: skip
    wrong = _wrong(document, before, after, complaints)
    name = f"growth-{document['database']}.json"
    print(_told(document))
    print(f"written: {write(build, name, document)}")
    for each in wrong:
        print(f"WRONG {each}")
    return 1 if wrong else 0


@contextlib.contextmanager
def _database(on_postgresql: bool) -> Iterator[tuple[str, int]]:
    """The address of the database, and its server's process."""
    if not on_postgresql:
        yield "", 0
        return
    from tests.services.postgresql import running_postgresql

    with running_postgresql() as server:
        yield server.create("growth"), server.pid


class Student:
    """Somebody signed in, who sends as a script on the page does."""

    def __init__(self, address: str, email: str) -> None:
        self._address = address
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._token = ""
        self._get("/sign-in")
        form = {"email": email, "password": furnishing.PASSWORD, "csrf_token": self._token}
        self._opener.open(f"{address}/sign-in", urllib.parse.urlencode(form).encode(), timeout=PATIENCE).read()
        self._get("/courses")

    def _get(self, path: str, **headers: str) -> str:
        asked = urllib.request.Request(self._address + path, headers=headers)
        page: str = self._opener.open(asked, timeout=PATIENCE).read().decode()
        if found := re.search(r'name="csrf-token" content="([^"]+)"', page):
            self._token = found[1]
        return page

    def send(self, item: int, purpose: str, content: str) -> None:
        """Send it, wait for its verdict, and look at the page that shows it."""
        asked = urllib.request.Request(
            f"{self._address}/items/{item}/{purpose}",
            json.dumps({"content": content}).encode(),
            {"Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": self._token},
        )
        job = json.loads(self._opener.open(asked, timeout=PATIENCE).read())["job"]
        end = time.monotonic() + PATIENCE
        while not job["done"]:
            if time.monotonic() > end:
                raise TimeoutError(f"job {job['id']} has no verdict after {PATIENCE:.0f} s")
            time.sleep(job["poll_after_ms"] / 1000)
            job = json.loads(self._get(f"/jobs/{job['id']}", Accept="application/json"))
        self._get(f"/items/{item}?job={job['id']}")


def _sending(
    running: Running,
    school: furnishing.School,
    sent: list[Known],
    count: int,
    parts: list[Part],
    settings: Settings,
) -> Iterator[None]:
    """Send all of it, and weigh after each part."""
    local = threading.local()
    emails = itertools.cycle(school.students)
    begun = time.monotonic()

    def one(number: int) -> None:
        if number % (AT_ONCE * 25) < AT_ONCE or not hasattr(local, "student"):  # others come
            local.student = Student(running.address, next(emails))
        answer = sent[number % len(sent)]
        purpose = "run" if answer.kind == "coding" and number % 3 == 0 else "submit"
        local.student.send(school.items[answer.item], purpose, f"{answer.content}\n# {number}\n")

    size = max(1, count // PARTS)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for start in range(0, count, size):
            try:
                list(pool.map(one, range(start, min(count, start + size))))
            except Exception as problem:
                raise RuntimeError(f"{problem}; the server's log ends: {running.complaints()[-4000:]}") from problem
            web, workers, grading = _memory(running.pid)
            total = sum(sizes(settings).values()) / 1e6
            done = min(count, start + size)
            parts.append(Part(done, round(time.monotonic() - begun, 1), web, workers, grading, round(total, 2)))
            yield


def _memory(server: int) -> tuple[float, float, float]:
    kinds = _processes(server)
    return tuple(round(weight(kinds[kind])[0], 1) for kind in ("web", "workers", "grading"))  # type: ignore[return-value]


def _processes(server: int) -> dict[str, list[int]]:
    """What runs below `workshop serve`, by what it does."""
    kinds: dict[str, list[int]] = {"web": [], "workers": [], "grading": []}
    for pid in family(server):
        with contextlib.suppress(OSError):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            kind = "web" if "webapp.web" in command else "workers" if "webapp.queue.process" in command else "grading"
            if pid != server:
                kinds[kind].append(pid)
    return kinds


def _spent(server: int, postgresql: int) -> Spent:
    kinds = _processes(server)
    web, workers = (sum(processor_seconds(pid)[0] for pid in kinds[kind]) for kind in ("web", "workers"))
    everything = sum(sum(processor_seconds(pid)) for pid in family(server))
    own = sum(processor_seconds(server))
    database = sum(sum(processor_seconds(pid)) for pid in family(postgresql)) if postgresql else 0.0
    return Spent(web, workers, everything - web - workers - own, database)


def sizes(settings: Settings) -> dict[str, int]:
    """Bytes of each table with its indexes."""
    database = Database(settings.database)
    try:
        with database.reading() as session:
            if database.engine.dialect.name != "sqlite":
                return {
                    name: int(session.scalar(text("SELECT pg_total_relation_size(:name)"), {"name": name}) or 0)
                    for name in Base.metadata.tables
                }
            owners = dict(session.execute(text("SELECT name, tbl_name FROM sqlite_master")).tuples().all())
            found: dict[str, int] = dict.fromkeys(Base.metadata.tables, 0)
            pages = session.execute(text("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name"))
            for name, size in pages:
                owner = owners.get(name, name)
                found[owner] = found.get(owner, 0) + int(size)
            return found
    finally:
        database.close()


def verdict_bytes(settings: Settings) -> dict[str, dict[str, float]]:
    """Of the documents of verdicts by item and status: how many, how long on average, and the longest."""
    database = Database(settings.database)
    try:
        with database.reading() as session:
            length = func.length(text("CAST(verdicts.document AS TEXT)"))
            rows = session.execute(
                select(Revision.item, Verdict.status, func.count(), func.avg(length), func.max(length))
                .select_from(Verdict)
                .join(Job, Job.id == Verdict.job_id)
                .join(Revision, Revision.hash == Job.revision)
                .group_by(Revision.item, Verdict.status)
                .order_by(Revision.item, Verdict.status)
            )
            return {
                f"{item} {status}": {"count": count, "mean": round(float(mean), 0), "most": most}
                for item, status, count, mean, most in rows
            }
    finally:
        database.close()


def statements(settings: Settings, school: furnishing.School, answer: Known) -> Statements:
    """What one submission takes, sent by the class's first student as the database is now."""
    from datetime import timedelta

    from grader.documents import verdict_to_json
    from tests.webapp.conftest import pretend
    from webapp import create_app
    from webapp.items import item_from
    from webapp.models import User
    from webapp.models.times import utc_now
    from webapp.queue import rows

    app = create_app(
        {"data": settings.data, "database_url": settings.database_url, "WTF_CSRF_ENABLED": False, "TESTING": True}
    )
    database: Database = app.extensions["workshop_database"]
    asked: list[str] = []
    event.listen(database.engine, "after_cursor_execute", lambda _c, _u, said, *_more: asked.append(said))
    with database.reading() as session:
        identity = session.scalars(select(User).where(User.email == school.students[0])).one().get_id()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = identity, True

    def counted() -> int:
        found = len(asked)
        asked.clear()
        return found

    item = school.items[answer.item]
    script = {"Accept": "application/json"}
    client.get(f"/items/{item}")
    client.get("/jobs/1", headers=script)  # what is looked up once in a process's life is
    counted()
    sent = client.post(f"/items/{item}/submit", json={"content": answer.content}, headers=script).get_json()
    send = counted()
    client.get(f"/jobs/{sent['job']['id']}", headers=script)
    poll = counted()
    with database.writing() as session:
        claimed = rows.claim(session, "growth", utc_now(), timedelta(seconds=60))
        assert claimed is not None
        verdict = pretend(item_from(claimed.revision, claimed.source), claimed.seed)
        rows.store(session, claimed, verdict_to_json(verdict), utc_now())
    judge = counted()
    database.close()
    return Statements(send, poll, judge)


def grown(parts: list[Part]) -> dict[str, float]:
    """Megabytes for each thousand submissions, from when it was warm to the end."""
    if len(parts) <= WARM_PARTS + 1:
        return {}
    first, last = parts[WARM_PARTS], parts[-1]
    thousands = (last.submissions - first.submissions) / 1000
    return {
        name: round((getattr(last, name) - getattr(first, name)) / thousands, 2)
        for name in ("web", "workers", "grading", "database")
    }


def _wrong(document: dict[str, Any], before: Statements, after: Statements, complaints: str) -> list[str]:
    found = []
    if complaints:
        found.append(f"the server's log says: {complaints[-600:]}")
    if after.send > before.send or after.poll > before.poll or after.judge > before.judge:
        found.append(f"a submission took {before}, and takes {after} now")
    if document["count"] >= 5000:  # fewer say nothing: the allocator's own steps are as large
        for name in ("web", "workers", "grading"):
            if (more := document["grown_mb_per_thousand"].get(name, 0.0)) > GROWN_MB_PER_THOUSAND:
                found.append(f"{name} grew by {more} MB for each thousand submissions")
    return found


def _told(document: dict[str, Any]) -> str:
    weighed = document["bytes_per_submission"]
    lines = [f"{document['database']}: {sum(weighed.values()):,.0f} bytes for each submission"]
    lines += [f"  {name:20}{size:10,.0f}" for name, size in weighed.items() if size >= 1]
    lines += [
        f"  verdict {name:48}{of['count']:6} × {of['mean']:8,.0f}, at most {of['most']:,}"
        for name, of in document["verdicts"].items()
    ]
    spent = ", ".join(f"{name} {each:.1f}" for name, each in document["processor_ms_per_submission"].items())
    lines.append(f"milliseconds of processor time for each submission: {spent}")
    first, last = document["statements"]
    lines.append(f"statements of a submission: {first} at first, {last} at the end")
    lines.append(f"MB for each thousand submissions, warm: {document['grown_mb_per_thousand']}")
    return "\n".join(lines)
