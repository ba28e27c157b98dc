"""A chromium window in which somebody is signed in."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench_web.visiting import Visitor

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
SETTLED = """document.readyState === "complete"
  && !document.querySelector(".math:not([data-rendered])")
  && !document.querySelector("#work-form:not([data-ready])")"""


class NoBrowser(Exception):
    """There is no chromium here."""


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's chromium under playwright."""
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        raise NoBrowser(f"{CHROMIUM} is absent: apt-get install chromium fonts-noto-cjk")
    arguments = ["--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield browser
        browser.close()


class Window:
    """One window with a cache of its own, which holds nothing yet: the session is that of `visitor`."""

    def __init__(self, browser: Any, visitor: Visitor, *, width: int = 1280) -> None:
        self.base = f"http://{visitor.address}"
        self.context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.base} for name, value in visitor.cookies.items()]
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)

    def open(self, path: str) -> None:
        """Open a page and wait until its scripts have settled.

        Playwright's own waiting would need eval, which the page's policy forbids.
        """
        self.page.goto(self.base + path)
        end = time.monotonic() + 30
        while not self.page.evaluate(SETTLED):
            if time.monotonic() > end:
                raise RuntimeError(f"{path} does not settle")
            self.pause(0.03)

    def pause(self, seconds: float) -> None:
        """Let the page go on by itself."""
        self.page.wait_for_timeout(seconds * 1000)

    def write(self, text: str) -> None:
        """Replace what is in the editor or the field, as a paste does."""
        self.page.locator(".cm-content, #content:visible").first.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def close(self) -> None:
        """Close it with everything it has kept."""
        self.context.close()
