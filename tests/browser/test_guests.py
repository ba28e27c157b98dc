"""Trying an item without an account, in a real browser: land, try, be told the mistake, come back, sign in, keep it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

SCREENS = Path(__file__).parents[2] / "build" / "screens"
ITEM = "scaled-dot-product-attention"
VERDICT = "#verdict .verdict[data-state='done']"
SIGMOID = """import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = query @ key.transpose(-2, -1) / query.size(-1) ** 0.5
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = self.dropout(torch.sigmoid(scores))
        return weights @ value, weights
"""


@pytest.fixture(autouse=True)
def opened(site: Any) -> Iterator[None]:
    """The item is open to guests."""
    from webapp.models import AssignmentItem, Database
    from webapp.settings import Settings

    database = Database(Settings(data=site.data).database)
    with database.writing() as session:
        session.get_one(AssignmentItem, site.items[ITEM]).is_open = True
    yield
    database.close()


def keep(page: Any, name: str) -> None:
    """A picture to look at."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"guests-{name}.png")


def grave(page: Any) -> list[str]:
    """What axe finds, of whatever impact."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run({exclude: [['.katex-html']]}, {resultTypes: ['violations']})")
    return [f"{each['id']}: {node['html'][:120]}" for each in found["violations"] for node in each["nodes"][:3]]


def tab_to(page: Any, selector: str) -> None:
    """Go there with the Tab key alone; the focus has to be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none" or "cm-" in selector, f"the focus on {selector} is not seen"
            return
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


def settled(window: Any, page: Any) -> None:
    end = time.monotonic() + 30
    while not page.evaluate("document.querySelector('#work-form[data-ready]') !== null"):
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize(("lang", "width", "scheme"), [("zh", 390, "dark"), ("en", 1280, "light")])
def test_a_stranger_is_told_the_mistake_and_keeps_the_text(
    visitor: Any, site: Any, furnish_student: Any, lang: str, width: int, scheme: str
) -> None:
    window = visitor(lang=lang, width=width, scheme=scheme)
    page = window.go("/")
    assert grave(page) == []
    keep(page, f"landing-{lang}-{width}")
    tab_to(page, ".open-items button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/*")
    settled(window, page)
    assert page.locator(".guest-note").is_visible()
    keep(page, f"item-{lang}-{width}")
    assert grave(page) == []
    tab_to(page, ".cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(SIGMOID)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(VERDICT, timeout=60_000)
    said = page.locator("#verdict").inner_text()
    assert {"zh": "一行加起来不是一", "en": "Each weight looks plausible"}[lang] in said
    keep(page, f"verdict-{lang}-{width}")
    page.reload()
    settled(window, page)
    assert "torch.sigmoid(scores)" in page.locator(".cm-content").inner_text()
    assert page.locator(VERDICT).count() == 1
    email, password = furnish_student(f"former-guest-{lang}")
    page.keyboard.press("Home")
    page.evaluate("scrollTo(0, 0)")
    tab_to(page, ".top .enter")
    page.keyboard.press("Enter")
    page.wait_for_selector("#email")
    keep(page, f"sign-in-{lang}-{width}")
    page.fill("#email", email)
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_selector(".note a[href$='/keep']")
    settled(window, page)
    keep(page, f"offer-{lang}-{width}")
    tab_to(page, ".note a[href$='/keep']")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[value=take]")
    assert grave(page) == []
    keep(page, f"keep-{lang}-{width}")
    tab_to(page, "button[value=take]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#work-form")
    settled(window, page)
    assert "torch.sigmoid(scores)" in page.locator(".cm-content").inner_text()
    assert page.locator(VERDICT).count() == 0  # the text came along, the submissions did not
    assert page.locator(".top .who").count() == 1


def test_a_trial_by_its_own_address_shows_a_button_first(visitor: Any, site: Any) -> None:
    window = visitor(lang="zh", width=390, scheme="light")
    page = window.go(f"/try/{site.items[ITEM]}")
    assert grave(page) == []
    keep(page, "trial-zh-390")
    page.get_by_role("button", name="试一试").click()
    page.wait_for_url("**/items/*")


def test_a_trial_works_without_scripts(visitor: Any, site: Any) -> None:
    window = visitor(java_script_enabled=False)
    page = window.page
    page.goto(site.address + "/")
    page.click(".open-items button")
    page.fill("textarea", SIGMOID)
    page.click("button[data-send=submit]")
    page.wait_for_url("**job=*")
    assert "torch.sigmoid(scores)" in page.input_value("textarea")
