"""An instructor at work on assignments, by mouse and by keys, and looking through a student's eyes."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser import test_every_page as sweep
from tests.browser.conftest import TEACHER

pytestmark = pytest.mark.browser
SCREENS = Path("build/screens")


def looks_right(window: Any, name: str, lang: str) -> None:
    """Nothing axe knows is violated, the focus shows, nothing sticks out; a picture is kept to be looked at."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    window.page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
    assert list(sweep.faults(window.page, lang)) == []
    window.page.set_viewport_size({"width": 1280, "height": 900})


def press(page: Any, button: Any) -> None:
    """Press a button that leads to another page."""
    with page.expect_navigation():
        button.click()


@pytest.fixture
def own_assignment(visitor: Any, site: Any) -> Any:
    """A window on a new assignment with three items, which no other test looks at."""
    window = visitor()
    window.sign_in(*TEACHER)
    page = window.go(f"/teach/courses/{site.course}/assignments")
    page.fill("#title_zh", "第二周")
    page.fill("#title_en", "Week two")
    press(page, page.get_by_role("button", name="Make it"))
    press(page, page.get_by_role("link", name="Add items from the banks"))
    for box in page.locator(".shelf input[type=checkbox]").all()[:3]:
        box.check()
    press(page, page.get_by_role("button", name="Add the chosen items"))
    return window


def test_an_assignment_from_its_title_to_its_undo(own_assignment: Any) -> None:
    window = own_assignment
    page = window.page
    titles = page.locator(".item-cell b").all_text_contents()
    assert len(titles) == 3
    # Order by keys: nothing is saved, the focus stays, a live region says where it went.
    page.get_by_role("button", name=f"Move down: {titles[0]}", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.locator(".item-cell b").all_text_contents() == [titles[1], titles[0], titles[2]]
    assert f"{titles[0]} is at place 2 of 3" in page.locator("[data-reorder-status]").text_content()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == f"Move down: {titles[0]}"
    page.locator(".items-table .short").first.fill("7.5")
    press(page, page.get_by_role("button", name="Save items"))
    assert page.locator(".item-cell b").all_text_contents() == [titles[1], titles[0], titles[2]]
    assert page.locator(".items-table .short").first.input_value() == "7.5"
    due = (datetime.now() + timedelta(days=9)).strftime("%Y-%m-%dT23:59")
    page.fill("#due", due)
    page.fill("#late_penalty", "20")
    press(page, page.get_by_role("button", name="Save dates and rules"))
    assert "Late penalty: 0% → 20%" in page.locator(".note.good").text_content()
    assert page.input_value("#due") == due
    looks_right(window, "assignments-editor", "en")
    press(page, page.get_by_role("button", name="Undo").first)
    assert page.input_value("#due") == ""


def test_a_row_is_dragged_to_another_place(own_assignment: Any) -> None:
    page = own_assignment.page
    titles = page.locator(".item-cell b").all_text_contents()
    rows = page.locator(".items-table [data-row]")
    rows.nth(2).locator(".order-buttons").drag_to(rows.nth(0), target_position={"x": 60, "y": 4})
    assert page.locator(".item-cell b").all_text_contents() == [titles[2], titles[0], titles[1]]


def test_a_list_is_narrowed_by_typing(own_assignment: Any, site: Any) -> None:
    window = own_assignment
    page = window.go(window.page.url.partition(site.address)[2].partition("#")[0] + "/items")
    page.fill("#q", "multi-head")
    assert "attention/multi-head-attention" in page.locator(".shelf tbody tr:visible code").all_text_contents()
    page.fill("#q", "no such thing anywhere")
    assert page.locator(".shelf tbody tr:visible").count() == 0
    page.fill("#q", "")
    looks_right(window, "assignments-items", "en")


@pytest.mark.timeout(120)
def test_looking_through_a_students_eyes(visitor: Any, site: Any) -> None:
    window = visitor(lang="zh")
    window.sign_in(*TEACHER)
    user_id = _number_of(site, "gallery@workshop.example")
    page = window.go(f"/teach/courses/{site.course}/students/{user_id}")
    press(page, page.get_by_role("link", name="以该学生身份查看"))
    press(page, page.get_by_role("button", name="开始", exact=True))
    assert "陈晓 Chen" in page.locator(".eyes").text_content()
    looks_right(window, "viewing-course", "zh")
    item_id = site.items["scaled-dot-product-attention"]
    press(page, page.locator(f".rows a.row[href$='/items/{item_id}']"))
    window.go(page.url.partition(site.address)[2])
    assert page.locator("[data-send=submit]").is_disabled()
    assert page.locator("#content").get_attribute("readonly") is not None
    assert page.locator("#verdict .verdict").count() == 1
    looks_right(window, "viewing-item", "zh")
    item = page.url.partition("?")[0].partition(site.address)[2]
    seen = item.partition("/items")[0]
    for path in (f"{item}/history", f"{seen}/today", f"{seen}/map"):
        window.go(path)
        looks_right(window, f"viewing-{path.rpartition('/')[2]}", "zh")
    press(page, page.get_by_role("button", name="停止查看"))
    assert page.locator(".eyes").count() == 0


def _number_of(site: Any, email: str) -> int:
    from sqlalchemy import select

    from webapp.models import Database, User
    from webapp.settings import Settings

    database = Database(Settings(data=site.data).database)
    with database.reading() as session:
        number = session.scalar(select(User.id).where(User.email == email))
    database.close()
    return int(number)
