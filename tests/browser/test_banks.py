"""Banks in a browser: their states, proving, who catches what."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

SCREENS = Path(__file__).parents[2] / "build" / "screens"
PROVED = re.compile(r"^\s*Proved")
TEACHER = ("teacher@workshop.example", "teacher-password")


def test_an_item_is_proved_and_its_matrix_read(visitor):
    window = visitor(lang="en")
    window.sign_in(*TEACHER)
    page = window.go("/teach/banks/attention")
    row = page.locator("#item-attention-concept")
    row.get_by_role("button", name="Prove it").click()
    page.locator("#item-attention-concept .state", has_text=PROVED).wait_for(timeout=60_000)
    page.locator("#item-scaled-dot-product-attention").get_by_role("button", name="Prove it").click()
    page.locator("#item-scaled-dot-product-attention .state", has_text=PROVED).wait_for(timeout=180_000)
    page.screenshot(path=str(SCREENS / "bank-en-1280.png"), full_page=True)
    for lang, width, scheme in (("en", 1280, "light"), ("zh", 390, "dark")):
        other = visitor(lang=lang, width=width, scheme=scheme)
        other.sign_in(*TEACHER)
        page = other.go("/teach/banks/attention/items/scaled-dot-product-attention/proof")
        assert page.locator(".matrix tbody th").count() > 5
        page.screenshot(path=str(SCREENS / f"matrix-{lang}-{width}.png"), full_page=True)
        page = other.go("/teach/banks/attention")
        page.screenshot(path=str(SCREENS / f"bank-{lang}-{width}.png"), full_page=True)
        page = other.go("/teach/banks")
        page.screenshot(path=str(SCREENS / f"banks-{lang}-{width}.png"))
