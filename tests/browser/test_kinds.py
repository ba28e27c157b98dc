"""Choices and numbers in a browser: by keys alone, on a phone, without scripts, with units."""

from __future__ import annotations

import pytest

from tests.browser.test_every_page import faults
from tests.browser.test_item_page import until

DONE = "!!document.querySelector('#verdict .verdict[data-state=done]')"


@pytest.mark.parametrize(("lang", "width", "scheme"), [("zh", 390, "light"), ("en", 1280, "dark")])
def test_a_choice_is_made_by_keys_judged_and_told(visitor, site, furnish_student, lang, width, scheme):
    window = visitor(lang=lang, width=width, scheme=scheme)
    window.sign_in(*furnish_student(f"chooser-{lang}"))
    page = window.item("masked-positions")
    page.focus("input[value='1']")
    page.keyboard.press("Space")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert [page.is_checked(f"input[value='{number}']") for number in range(1, 7)] == [True, False, True] + [False] * 3
    page.keyboard.press("Control+Enter")
    until(page, DONE, "no verdict", 60)
    assert page.locator("#verdict .picked > li").count() == 2
    assert page.locator("#verdict .said").count() == 0
    assert page.locator("#answer .answered").count() == 0
    assert list(faults(page, lang)) == []
    page.screenshot(path=f"build/screens/choice-{lang}-{width}.png")


def test_a_number_and_its_unit_are_kept_together_and_judged(visitor, site, furnish_student):
    window = visitor(lang="en")
    window.sign_in(*furnish_student("reckoner"))
    page = window.item("row-of-weights")
    page.fill("#content", "5/(1+5)")
    page.click("button[data-send=submit]")
    until(page, "document.querySelector('#verdict .verdict')?.dataset.status === 'error'", "no verdict", 60)
    assert "No number was found" in page.inner_text("#verdict")
    page.fill("#content", "０．６２５")
    page.keyboard.press("Control+Enter")
    until(page, "document.querySelector('#verdict .verdict')?.dataset.status === 'passed'", "no verdict", 60)
    assert "read as 0.625" in page.inner_text("#verdict").replace("\n", " ")
    assert "0.625 ± 0.005" in page.inner_text("#answer")
