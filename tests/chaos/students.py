"""Students who send over HTTP, whatever happens to the server, and send the same again until it is accepted."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import requests

from tests.bench_web.known import Known

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
JSON = {"Accept": "application/json"}
ANSWERED = 20.0
"""Seconds for an answer; after that a student sends the same once more."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A submission that the server has said it has."""

    student: str
    answer: Known
    job: int
    submission: int
    clicked: float
    """When the student sent it for the first time, in seconds since 1970."""
    tries: int


class Student(threading.Thread):
    """Signs in and sends what it was given, one after the other, at a pace of its own."""

    def __init__(
        self, address: str, email: str, password: str, sends: Sequence[tuple[int, Known]], pause: float, until: float
    ) -> None:
        super().__init__(name=email, daemon=True)
        self._address, self._email, self._password, self._sends = address, email, password, sends
        self._pause, self._until = pause, until
        self._draw = random.Random(email)
        self._session = requests.Session()
        self._token = ""
        self.accepted: list[Accepted] = []
        self.faults: list[str] = []

    def run(self) -> None:
        """Send everything."""
        for number, (item, answer) in enumerate(self._sends):
            time.sleep(self._pause * self._draw.uniform(0.5, 1.5))
            if not self._send(item, answer, f"{self._email} {number}"):
                return

    def _send(self, item: int, answer: Known, key: str) -> bool:
        clicked, tries = time.time(), 0
        while time.monotonic() < self._until:
            tries += 1
            try:
                if not self._token:
                    self._sign_in()
                sent = self._session.post(
                    f"{self._address}/items/{item}/submit", json={"content": answer.content, "client_key": key},
                    headers={**JSON, "X-CSRFToken": self._token}, timeout=ANSWERED, allow_redirects=False,
                )  # fmt: skip
            except requests.RequestException:  # nobody listens, or the answer was cut off: was it stored?
                time.sleep(self._draw.uniform(0.1, 0.5))
                continue
            if sent.status_code == 202:
                job = sent.json()["job"]
                self.accepted.append(Accepted(self._email, answer, job["id"], job["submission"], clicked, tries))
                return True
            if sent.status_code not in (429, 502, 503):
                self.faults.append(f"{sent.status_code}: {sent.text[:200]}")
                self._token = ""
            time.sleep(self._draw.uniform(0.2, 0.6))
        self.faults.append(f"{key} was not accepted in time, in {tries} tries")
        return False

    def _sign_in(self) -> None:
        page = self._session.get(f"{self._address}/sign-in", timeout=ANSWERED)
        if found := TOKEN.search(page.text):
            form = {"email": self._email, "password": self._password, "csrf_token": found[1]}
            answer = self._session.post(
                f"{self._address}/sign-in", data=form, timeout=ANSWERED, allow_redirects=False
            )
            if answer.status_code not in (302, 303):
                return
            page = self._session.get(f"{self._address}/courses", timeout=ANSWERED)
            if page.ok and (found := TOKEN.search(page.text)):
                self._token = found[1]
