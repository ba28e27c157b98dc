"""Somebody who signs in and fetches pages, over one connection that stays open, as browsers keep theirs."""

from __future__ import annotations

import http.client
import re
import time
import urllib.parse
from dataclasses import dataclass
from http.cookies import SimpleCookie

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, and how long it took from the first byte asked to the last one answered."""

    status: int
    body: bytes
    location: str
    seconds: float


class Visitor:
    """One session."""

    def __init__(self, address: str) -> None:
        self.address = address.removeprefix("http://")
        self.cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection(self.address, timeout=60)

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """One request, with this session's cookies."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Accept": "text/html", "Accept-Encoding": "gzip", "Accept-Language": "zh-CN,en;q=0.5"}
        started = time.perf_counter()
        try:
            self._connection.request(method, path, body or None, {**sent, "Cookie": cookie, **headers})
            answer = self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):  # it was idle for too long
            self._connection.close()
            self._connection.request(method, path, body or None, {**sent, "Cookie": cookie, **headers})
            answer = self._connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - started
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.update({key: morsel.value for key, morsel in SimpleCookie(value).items()})
        return Answer(answer.status, content, answer.getheader("Location", ""), seconds)

    def sign_in(self, email: str, password: str) -> None:
        """By the form."""
        page = self.ask("/sign-in", **{"Accept-Encoding": "identity"})
        found = TOKEN.search(page.body.decode())
        assert found is not None
        form = urllib.parse.urlencode({"email": email, "password": password, "csrf_token": found[1]}).encode()
        answer = self.ask("/sign-in", "POST", form, **{"Content-Type": "application/x-www-form-urlencoded"})
        if answer.status not in (302, 303):
            raise RuntimeError(f"{email} cannot sign in: {answer.status}")
