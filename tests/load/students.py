"""Three hundred students in the last minutes of an assignment, as locust plays them.

Run by `tests.load.__main__` as `locust -f tests/load/students.py`, since gevent changes the process it works in.
"""

from __future__ import annotations

import os
import random
import re
import time
from itertools import count
from pathlib import Path
from typing import Any

import gevent
from locust import FastHttpUser, events, task
from locust.exception import StopUser

from tests.load.plan import Accepted, Answer, Outcome, Plan

PLAN = Plan.read(Path(os.environ["LOAD_PLAN"]))
BEGUN = time.monotonic()
PATIENCE = 300.0
"""Seconds for a verdict; who sees none by then is counted.  Endless loops, ten seconds each, wait behind each other."""
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
JSON = {"Accept": "application/json"}

outcome = Outcome()
numbers = count()
gone = count(1)
by_item: dict[int, list[int]] = {}
for place, each in enumerate(PLAN.answers):
    by_item.setdefault(each.item, []).append(place)


@events.quitting.add_listener
def keep(**_given: Any) -> None:
    """Hand over what was seen."""
    outcome.write(Path(os.environ["LOAD_OUTCOME"]))


class Student(FastHttpUser):
    """Signs in, reads, types, runs, reads the verdict, submits; and once more just before the end."""

    network_timeout = connection_timeout = 60.0

    def on_start(self) -> None:
        """Arrive."""
        self.number = next(numbers)
        self.draw = random.Random(self.number)
        self.token = ""
        if self.number >= len(PLAN.students):
            raise StopUser
        gevent.sleep(PLAN.arriving_seconds * self.number / len(PLAN.students))
        self.last_click = PLAN.seconds * (1 - self.draw.random() ** 2 / 6)  # most of them in the very last moments
        self.page("/sign-in", "sign-in page")
        form = {"email": PLAN.students[self.number], "password": PLAN.password, "csrf_token": self.token}
        self.ask("POST", "/sign-in", "sign in", data=form, allow_redirects=False)
        self.page("/courses", "courses")
        self.page(f"/courses/{PLAN.course}", "course")

    @task
    def work(self) -> None:
        """One item, from reading it to the verdict."""
        places = by_item[self.draw.choice(list(by_item))]
        item = PLAN.answers[places[0]].item
        self.page(f"/items/{item}", "item")
        self.think(10, 30)
        first, second = self.draw.choice(places), self.draw.choice(places)
        version = 0
        for share in (0.3, 0.6, 1.0):
            if self.late():
                break
            version = self.type(PLAN.answers[first], share, version)
            self.think(4, 12)
        if PLAN.answers[first].kind == "coding" and not self.late():
            self.send(first, "run")
            self.think(5, 20)
        if self.late():
            self.leave(second)
        if seen := self.send(first, "submit"):
            self.think(5, 20)
            self.page(f"/submissions/{seen.submission}", "submission")
        self.page(f"/courses/{PLAN.course}", "course")

    def leave(self, place: int) -> None:
        """The last click, and good bye."""
        self.page(f"/items/{PLAN.answers[place].item}", "item")
        gevent.sleep(max(0.0, self.last_click - (time.monotonic() - BEGUN)))
        self.send(place, "submit")
        if next(gone) == len(PLAN.students):
            gevent.spawn_later(0.1, self.environment.runner.quit)
        raise StopUser

    def late(self) -> bool:
        """Whether it is time for the last click."""
        return time.monotonic() - BEGUN > self.last_click - 10 / PLAN.haste

    def think(self, least: float, most: float) -> None:
        """Read or type, but no longer than until the end."""
        left = self.last_click - (time.monotonic() - BEGUN)
        gevent.sleep(max(0.0, min(left, self.draw.uniform(least, most) / PLAN.haste)))

    # ---- requests ----------------------------------------------------------------------------------------------------

    def ask(self, method: str, path: str, action: str, **given: Any) -> Any:
        """One request; what nobody should be answered is a fault."""
        started = time.monotonic()
        answer = self.client.request(method, path, name=action, **given)
        outcome.note(action, time.monotonic() - started)
        if answer.status_code == 0 or answer.status_code >= 400:
            outcome.faults.append(f"{action}: {answer.status_code} {(answer.text or str(answer.error))[:300]}")
        return answer

    def page(self, path: str, action: str) -> None:
        """A page, and the token on it."""
        answer = self.ask("GET", path, action, headers={"Accept": "text/html", "Accept-Language": "zh-CN"})
        if found := TOKEN.search(answer.text or ""):
            self.token = found[1]

    def type(self, answer: Answer, share: float, version: int) -> int:
        """Save what is written so far; the draft's version."""
        content = answer.content[: int(len(answer.content) * share)]
        saved = self.ask(
            "PUT", f"/items/{answer.item}/draft", "draft",
            json={"content": content, "version": version}, headers={**JSON, "X-CSRFToken": self.token},
        )  # fmt: skip
        return int(saved.json()["version"]) if saved.status_code == 200 else version

    def send(self, place: int, purpose: str) -> Accepted | None:
        """Run or submit, and follow the job as the page's script does."""
        answer = PLAN.answers[place]
        started = time.monotonic()
        sent = self.ask(
            "POST", f"/items/{answer.item}/{purpose}", purpose,
            json={"content": answer.content}, headers={**JSON, "X-CSRFToken": self.token},
        )  # fmt: skip
        if sent.status_code != 202:
            return None
        job = sent.json()["job"]
        number = job["id"]
        while not job["done"] and time.monotonic() - started < PATIENCE:
            gevent.sleep(job["poll_after_ms"] / 1000)
            asked = self.ask("GET", f"/jobs/{number}", "ask for the verdict", headers=JSON)
            job = asked.json() if asked.status_code == 200 else job
        if job["done"]:
            what = answer.label if answer.label == "endless loop" else purpose
            outcome.note(f"verdict after {what}", time.monotonic() - started)
        accepted = Accepted(
            PLAN.students[self.number], place, purpose, number, job["submission"], job["status"], job["score"]
        )
        outcome.accepted.append(accepted)
        return accepted
