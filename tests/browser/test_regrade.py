"""Grading again, overriding and asking for another look, as an instructor and a student do it in a browser."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import GALLERY, TEACHER

pytestmark = pytest.mark.browser
SCREENS = Path(__file__).parents[2] / "build" / "screens"
ITEM = "scaled-dot-product-attention"
REASON = "掩码的测试写错了。 The test of the <b>mask</b> was wrong."


@pytest.fixture(scope="module")
def revised(site: Any) -> str:
    """A second revision of an item whose suite differs."""
    from questions import item_from_source
    from webapp.models import AssignmentItem, Bank, Database, Revision
    from webapp.settings import Settings

    database = Database(Settings(data=site.data).database)
    with database.writing() as session:
        item = session.get_one(AssignmentItem, site.items[ITEM])
        source = item.pinned.source.replace("@pytest.mark.points(", "@pytest.mark.points( ", 1)
        found = item_from_source(source)
        assert found.suite != item.pinned.suite_hash
        session.add(
            Revision(
                hash=found.revision, suite_hash=found.suite, bank_id=item.bank_id, item=item.item, source=source,
                proof=None, created_at=datetime.now(UTC), author_id=None, message="the mask's test is mended",
            )
        )  # fmt: skip
        bank = session.get_one(Bank, item.bank_id)
        report = dict(bank.report)
        report["items"] = [
            each | {"revision": found.revision} if each["id"] == item.item else each for each in report["items"]
        ]
        bank.report = report
    database.close()
    return found.revision


def shot(page: Any, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SCREENS / f"regrade-{name}.png"), full_page=True)


def everywhere(visitor: Any, who: tuple[str, str], path: str, name: str) -> None:
    """One page in all its looks."""
    for lang, width, scheme in (("en", 1280, "light"), ("zh", 390, "dark"), ("zh", 1280, "dark"), ("en", 390, "light")):
        window = visitor(lang=lang, width=width, scheme=scheme)
        window.sign_in(*who)
        shot(window.go(path), f"{name}-{lang}-{width}-{scheme}")
        window.context.close()


def until(page: Any, selector: str, seconds: float = 90) -> None:
    """Wait for something that comes by itself."""
    page.locator(selector).first.wait_for(state="attached", timeout=1000 * seconds)


@pytest.mark.timeout(300)
def test_a_regrade_from_the_note_to_the_student(visitor: Any, site: Any, revised: str) -> None:
    teacher = visitor()
    teacher.sign_in(*TEACHER)
    page = teacher.go(f"/teach/courses/{site.course}/regrades")
    shot(page, "overview")
    page.click(".note a")
    assert page.locator("select option[selected]").get_attribute("value") == revised
    assert page.locator(".diff ins").count() == 1
    shot(page, "plan")
    page.check("input[name=scope][value=all]")
    page.fill("#reason", REASON)
    page.click("button.primary")
    until(page, "[data-task]")
    shot(page, "progress")
    until(page, "table.groups")
    address = page.url
    shot(page, "table")
    boxes = page.locator("tbody input[name=line]")
    page.check("[data-tick-all]")
    assert page.locator("[data-tick-count]").inner_text() == f"{boxes.count()} checked"
    page.uncheck("[data-tick-all]")
    page.keyboard.press("Tab")
    boxes.first.check()
    assert page.locator("[data-tick-count]").inner_text() == "1 checked"
    for box in page.locator("table.groups input:not([disabled])").all():
        box.check()
    page.click("text=Apply to the chosen groups")
    until(page, "td b")
    shot(page, "applied")

    student = visitor(lang="zh", width=390, scheme="dark")
    page = student.sign_in(*GALLERY)
    assert page.locator(".unread .count").is_visible()
    shot(page, "header")
    page.click(".unread")
    page.wait_for_url("**/notices")
    assert "已重新评分" in page.inner_text("main")
    assert "<b>mask</b>" in page.inner_text("main")
    shot(page, "notices")
    page.locator(".notice-head a").first.click()
    until(page, ".told")
    assert "掩码的测试写错了" in page.inner_text(".told")
    shot(page, "told")
    path = address.removeprefix(site.address)
    everywhere(visitor, TEACHER, path, "finished")


@pytest.mark.timeout(300)
def test_a_request_its_answer_and_an_override(visitor: Any, site: Any) -> None:
    submission = site.submissions["short-answer-review"]
    item = site.items["attention-concept"]
    student = visitor(width=390)
    student.sign_in(*GALLERY)
    page = student.go(f"/items/{item}?submission={submission}")
    page.click("text=Ask for another look")
    page.wait_for_url("**/request")
    shot(page, "ask")
    page.fill("#text", "The second key point is in my last sentence.")
    page.click("button.primary")
    until(page, ".second-look")
    shot(page, "asked")

    teacher = visitor()
    teacher.sign_in(*TEACHER)
    page = teacher.go(f"/teach/courses/{site.course}/requests")
    shot(page, "inbox")
    page.click("tr:has-text('in my last sentence') a")
    until(page, "#request")
    shot(page, "request")
    page.fill("#reply", "You are right, it is there.")
    page.click("button[value=granted]")
    until(page, ".override[open]")
    assert page.input_value("#reason") == "You are right, it is there."
    page.fill("#points", "1000")
    page.click("text=Give these points")
    until(page, ".note.bad")
    assert page.input_value("#points") == "1000"
    teacher.complaints = [text for text in teacher.complaints if "400" not in text]
    page.fill("#points", "1.5")
    page.click("text=Give these points")
    until(page, "text=by hand; the grader says")
    shot(page, "overridden")

    page = student.go(f"/items/{item}?submission={submission}")
    assert "1.5" in page.inner_text(".told")
    assert "You are right, it is there." in page.inner_text(".second-look")
    shot(page, "answered")
    everywhere(visitor, TEACHER, f"/teach/submissions/{submission}", "submission")
