"""A real server with real workers on a free port, and a real chromium that looks at it.

One course is the demo course.  A second student, "gallery", finds verdicts of every status there, stored the way a
worker stores them, so that each state of a page can be looked at without bringing it about.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
VERDICTS = Path(__file__).parent / "verdicts"
GALLERY = ("gallery@workshop.example", "gallery-password")
TEACHER = ("teacher@workshop.example", "teacher-password")
STUDENT = ("browser@workshop.example", "browser-password")
CODE = "import torch\nfrom torch import nn\n\n\nclass ScaledDotProductAttention(nn.Module):\n    pass\n"
WORDS = (
    "注意力机制让模型聚焦于输入中重要的部分，给每个部分分配不同的权重，权重由训练学到。"
    "Attention weighs the parts of the input by how relevant they are to the query."
)

SETTLED = """document.readyState === "complete"
  && !document.querySelector(".math:not([data-rendered])")
  && !document.querySelector("#work-form:not([data-ready])")"""


def _absent(reason: str) -> None:
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass(frozen=True)
class Site:
    """The running server and what was stored in it beforehand."""

    address: str
    data: Path
    course: int
    items: dict[str, int]
    jobs: dict[str, int]
    submissions: dict[str, int]


@pytest.fixture(scope="session")
def site(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application as `workshop serve` runs it, on a folder of its own."""
    with serving(tmp_path_factory.mktemp("data")) as running:
        yield running


@contextmanager
def serving(data: Path) -> Iterator[Site]:
    """Build the assets, fill the folder, start the server; end it afterwards."""
    from webapp import assets_build

    assets_build.build()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stored = _furnish(data)
    environment = {
        **os.environ,
        "WORKSHOP_DATA": str(data),
        "WORKSHOP_PORT": str(port),
        "WORKSHOP_WORKERS": "1",
        "WORKSHOP_PROVE": "no",
        "WORKSHOP_SUBMISSIONS_PER_MINUTE": "600",
        "WORKSHOP_SIGN_IN_FAILURES_PER_ADDRESS": "600",
    }
    log = (data / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-c", "from grader.cli import main; main()", "serve"],
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server, data / "server.log")
        yield Site(address, data, **stored)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
        log.close()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()[-3000:]}")


def _furnish(data: Path) -> dict[str, Any]:
    """Tables, the demo course, three people, and a verdict of every status for one of them."""
    from sqlalchemy import select

    from webapp import banks, demo, migrating
    from webapp.account import service as accounts
    from webapp.models import AssignmentItem, Course, Database, Membership, Role
    from webapp.settings import Settings, shipped_banks

    settings = Settings(data=data)
    database = Database(settings.database)
    migrating.upgrade(database)
    with database.writing() as session:
        loaded = [banks.load(session, path, datetime.now(UTC))[0] for path in shipped_banks()]
        demo.ensure(session, data, loaded)
        course = session.scalars(select(Course)).one()
        people = {}
        for (email, password), name, role in (
            (GALLERY, "陈晓 Chen", Role.STUDENT),
            (TEACHER, "Ada Teacher", Role.INSTRUCTOR),
            (STUDENT, "Robin", Role.STUDENT),
        ):
            user = accounts.create(session, email, name, password)
            session.add(Membership(course_id=course.id, user_id=user.id, role=role))
            people[email] = user.id
        items = {row.item: row.id for row in session.scalars(select(AssignmentItem))}
    jobs, submissions = {}, {}
    for path in sorted(VERDICTS.glob("*.json")):
        short = path.stem.startswith("short-answer")
        item = items["attention-types" if path.stem == "short-answer-passed" else "attention-concept"]
        sent = path.with_suffix(".py")
        content = WORDS if short else sent.read_text(encoding="utf-8") if sent.exists() else CODE
        if not short:
            item = items["multi-head-attention" if path.stem == "passed" else "scaled-dot-product-attention"]
        document = json.loads(path.read_text(encoding="utf-8"))
        jobs[path.stem], submissions[path.stem] = _judged(database, people[GALLERY[0]], item, content, document)
    jobs["waiting"], submissions["waiting"] = _waiting(database, people[GALLERY[0]], items["self-attention"])
    database.close()
    return {"course": course.id, "items": items, "jobs": jobs, "submissions": submissions}


def _judged(database: Any, user: int, item: int, content: str, document: dict[str, Any]) -> tuple[int, int]:
    from webapp.models import Purpose
    from webapp.queue import rows

    sent = _sent(database, user, item, content, Purpose.RUN if document.get("program") else Purpose.SUBMIT)
    with database.writing() as session:
        claim = rows.claim(session, "gallery", datetime.now(UTC), timedelta(minutes=1))
        assert claim is not None
        assert claim.job_id == sent.job_id
        note = "The worker lost its sandbox (a test says so)." if document["status"] == "ungradable" else ""
        assert rows.store(session, claim, document, datetime.now(UTC), note)
    return sent.job_id, sent.submission_id


def _waiting(database: Any, user: int, item: int) -> tuple[int, int]:
    from webapp.models import Job, Purpose

    sent = _sent(database, user, item, CODE, Purpose.SUBMIT)
    with database.writing() as session:
        session.get_one(Job, sent.job_id).not_before = datetime(2100, 1, 1, tzinfo=UTC)
    return sent.job_id, sent.submission_id


def _sent(database: Any, user: int, item: int, content: str, purpose: Any) -> Any:
    from webapp.learn import sending
    from webapp.learn.attempts import Pace

    with database.writing() as session:
        return sending.send(
            session,
            user_id=user,
            item_id=item,
            content=content.encode(),
            purpose=purpose,
            client_key="",
            pace=Pace(1000, 1000),
            now=datetime.now(UTC),
        )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's chromium under playwright."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _absent("playwright is not installed: pip install -e '.[dev]'")
    if not CHROMIUM.exists():
        _absent(f"{CHROMIUM} is absent: apt-get install chromium fonts-noto-cjk")
    arguments = ["--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield browser
        browser.close()


class Visitor:
    """One person's browser window, which notes everything the console complains about."""

    def __init__(self, site: Site, context: Any) -> None:
        self.site, self.context = site, context
        self.page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = ()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning") and not any(part in message.text for part in self.expected):
            self.complaints.append(f"{message.type}: {message.text}")

    def go(self, path: str) -> Any:
        """Open a path and wait until its scripts have settled."""
        self.page.goto(self.site.address + path)
        end = time.monotonic() + 30
        while not self.page.evaluate(
            SETTLED
        ):  # playwright's own waiting would need eval, which the page's policy forbids
            assert time.monotonic() < end, f"{path} did not settle"
            time.sleep(0.03)
        return self.page

    def sign_in(self, email: str, password: str) -> Any:
        """Sign in by the form."""
        page = self.go("/sign-in")
        page.fill("#email", email)
        page.fill("#password", password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/courses")
        return page

    def item(self, name: str, query: str = "") -> Any:
        """Open an item's page and wait for its editor."""
        return self.go(f"/items/{self.site.items[name]}{query}")


NewVisitor = Callable[..., Any]


@pytest.fixture
def visitor(chromium: Any, site: Site) -> Iterator[NewVisitor]:
    """`visitor(lang="zh", width=390, scheme="dark")` opens a window; complaints in its console fail the test."""
    opened: list[Visitor] = []

    def new(lang: str = "en", width: int = 1280, scheme: str = "light", **options: Any) -> Visitor:
        height = 844 if width < 600 else 900
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale={"zh": "zh-CN", "en": "en-GB"}[lang],
            color_scheme=scheme,
            reduced_motion="reduce",
            **({"has_touch": True, "is_mobile": True, "device_scale_factor": 2} if width < 600 else {}),
            **options,
        )
        opened.append(Visitor(site, context))
        return opened[-1]

    yield new
    complaints = [text for each in opened for text in each.complaints]
    for each in opened:
        each.context.close()
    assert complaints == []


@pytest.fixture
def furnish_student(site: Site) -> Callable[[str], tuple[str, str]]:
    """`furnish_student("name")` gives the sign-in of a new student of the course."""
    from webapp.account import service as accounts
    from webapp.models import Database, Membership, Role
    from webapp.settings import Settings

    def furnish(name: str) -> tuple[str, str]:
        database = Database(Settings(data=site.data).database)
        with database.writing() as session:
            user = accounts.create(session, f"{name}@workshop.example", name, "new-password")
            session.add(Membership(course_id=site.course, user_id=user.id, role=Role.STUDENT))
        database.close()
        return f"{name}@workshop.example", "new-password"

    return furnish
