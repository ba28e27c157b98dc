"""Similarity in a browser: asked for, waited for, read side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

SCREENS = Path(__file__).parents[2] / "build" / "screens"
ITEM = "scaled-dot-product-attention"
CODE = """import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def forward(self, query, key, value, mask=None):
        measured_closeness = torch.einsum("bqd,bkd->bqk", query, key)  # how near each pair is
        shrunken = measured_closeness / query.shape[-1] ** 0.5
        if mask is not None:
            shrunken = shrunken.masked_fill(mask == 0, float("-inf"))
        portions = torch.softmax(shrunken, dim=-1)
        return torch.einsum("bqk,bkd->bqd", portions, value), portions
"""


def submitted(visitor, furnish_student, name, code):
    """A new student of the course who has submitted this."""
    window = visitor()
    window.sign_in(*furnish_student(name))
    page = window.item(ITEM)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(code)
    page.click("button[data-send=submit]")
    page.wait_for_selector("#verdict .verdict[data-status]")


def test_a_class_is_compared_and_two_are_read_side_by_side(visitor, furnish_student):
    submitted(visitor, furnish_student, "Mira", CODE)
    submitted(visitor, furnish_student, "Noor", "# by myself\n" + CODE.replace("portions", "parts"))
    for lang, width, scheme in (("en", 1280, "light"), ("zh", 390, "dark")):
        window = visitor(lang=lang, width=width, scheme=scheme)
        window.sign_in("teacher@workshop.example", "teacher-password")
        page = window.go(f"/teach/courses/{window.site.course}/similarity")
        page.screenshot(path=str(SCREENS / f"similarity-items-{lang}-{width}.png"), full_page=True)
        window.go(f"/teach/items/{window.site.items[ITEM]}/similarity")
        page.locator("form[action$=similarity] button").click()
        page.get_by_role("link", name="Mira · Noor").wait_for()
        assert "measured_closeness" in page.inner_text("#pairs")
        page.screenshot(path=str(SCREENS / f"similarity-item-{lang}-{width}.png"), full_page=True)
        page.get_by_role("link", name="Mira · Noor").click()
        page.wait_for_selector(".beside")
        page.locator("a.stretch").first.focus()
        page.keyboard.press("Enter")
        assert page.locator("#s1-1:target").count() == 1
        page.screenshot(path=str(SCREENS / f"similarity-pair-{lang}-{width}.png"), full_page=True)
