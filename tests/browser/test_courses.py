"""Courses in a real browser: joining, dates that run down, one's account; by keyboard, in both languages and widths."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

pytestmark = pytest.mark.browser

SCREENS = Path(__file__).parents[2] / "build" / "screens"
SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = "three plain words"


def course_file(now: datetime) -> str:
    def at(**away: float) -> str:
        return f"{now + timedelta(**away):%Y-%m-%d %H:%M:%S}"

    return f"""\
course: dated
title: 有日期的课程 | A course with dates
zone: Asia/Shanghai
join_code: dated-course
instructors: [{{email: teacher@workshop.example}}]
students: [{{email: invited@workshop.example, name: Invited}}]
assignments:
  - key: over
    title: 已结束 | Over
    due: {at(days=-9)}
    closes: {at(days=-8)}
    items: [attention/attention-types]
  - key: late
    title: 迟交 | Late
    due: {at(days=-1)}
    closes: {at(days=5)}
    late_penalty: 20%
    counts: last
    attempts: 3
    items: [attention/attention-concept]
  - key: soon
    title: 即将截止 | Soon
    due: {at(minutes=4)}
    closes: {at(days=1)}
    items: [attention/dot-product-attention]
  - key: week
    title: 本周 | This week
    due: {at(days=2, hours=4, minutes=30)}
    items: [attention/scaled-dot-product-attention]
  - key: next
    title: 下周 | Next week
    opens: {at(days=6)}
    items: [attention/multi-head-attention]
  - key: warm-up
    title: 热身 | Warm-up
    practice: true
    items: [attention/self-attention]
"""


@pytest.fixture(scope="module")
def dated(site, tmp_path_factory) -> str:
    """A second course on the running server, from a file; the link of the one who was put on its list."""
    path = tmp_path_factory.mktemp("course") / "dated.yaml"
    path.write_text(course_file(datetime.now(SHANGHAI)), encoding="utf-8")
    workshop = [sys.executable, "-c", "from grader.cli import main; main()", "course"]
    subprocess.run([*workshop, "apply", str(path), "--data", str(site.data)], check=True)
    invite = [*workshop, "invite", "dated", "--address", site.address, "--data", str(site.data)]
    table = subprocess.run(invite, check=True, capture_output=True, text=True).stdout
    return table.splitlines()[1].split(",")[2].removeprefix(site.address)


def faults(page, part: str = "html") -> list[str]:
    """What axe says of it, of whatever level."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(Axe().axe_script)
    found = page.evaluate(
        "(part) => axe.run({include: [[part]], exclude: [['.katex-html']]}, {resultTypes: ['violations']})", part
    )
    return [f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"][:3]]


def shoot(window, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    width = window.page.viewport_size["width"]
    lang = window.page.get_attribute("html", "lang")[:2]
    window.page.screenshot(path=SCREENS / f"{name}-{lang}-{width}.png", full_page=True)


def sideways(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize(("lang", "width", "scheme"), [("en", 1280, "light"), ("zh", 390, "dark")])
def test_somebody_new_joins_by_the_link_on_the_blackboard_with_the_keyboard_alone(
    visitor, site, dated, lang, width, scheme
):
    window = visitor(lang=lang, width=width, scheme=scheme, timezone_id="Europe/Berlin")
    window.expected = ("400", "404", "409")
    page = window.go("/join")
    assert page.evaluate("document.activeElement.id") == "code"
    page.keyboard.type("no-such-course")
    page.keyboard.press("Enter")
    page.wait_for_selector('[role="alert"]')
    assert faults(page) == []
    page.fill("#code", "Dated Course")
    page.focus("#code")
    page.keyboard.press("Enter")
    page.wait_for_url("**/join/dated-course")
    assert faults(page) == []
    shoot(window, "register")
    page.focus("#name")
    page.keyboard.type("李雷")
    page.keyboard.press("Tab")
    page.keyboard.type(f"lilei-{width}@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("short")
    page.keyboard.press("Enter")
    page.wait_for_selector("#password-error")
    assert page.evaluate("document.activeElement.id") == "password"
    assert faults(page) == []
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses/*")
    assert sideways(page) == 0
    button = page.locator(".next-step .button").bounding_box()
    assert button["y"] + button["height"] < page.viewport_size["height"]
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    assert faults(page) == []
    shoot(window, "course-with-dates")
    assert "Europe/Berlin" in page.locator(".zone-note").inner_text()
    assert page.locator("details.done").count() == 1


def test_what_is_left_runs_down_without_the_page_jumping(visitor, site, dated, furnish_student):
    window = visitor()
    window.sign_in(*furnish_student("dates"))
    window.go("/join/dated-course")
    window.page.get_by_role("button", name="Join the course").click()
    page = window.page
    page.wait_for_url("**/courses/*")
    left = page.locator("time[data-left]")
    told = [left.nth(place).inner_text() for place in range(left.count())]
    assert any("2 days 4 hours" in text for text in told), told
    last = left.filter(has_text="second")
    before, box = last.inner_text(), page.locator("section.assignment").last.bounding_box()
    page.wait_for_timeout(2300)
    assert last.inner_text() != before
    assert page.locator("section.assignment").last.bounding_box() == box
    assert page.locator("time[data-left]").first.get_attribute("title")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_server_and_script_tell_what_is_left_in_the_same_words(visitor, site, dated, furnish_student, lang):
    window = visitor(lang=lang)
    window.sign_in(*furnish_student(f"words-{lang}"))
    window.page.goto(site.address + "/join/dated-course")
    window.page.locator("main button.primary").click()
    window.page.wait_for_url("**/courses/*")
    source = window.context.request.get(f"{window.page.url}?lang={lang}").text()
    served = re.findall(r"<time[^>]* data-left>([^<]+)</time>", source)
    window.page.wait_for_timeout(300)
    shown = window.page.locator("time[data-left]").all_inner_texts()
    same = [first for first, second in zip(served, shown, strict=True) if first == second]
    assert len(same) >= len(served) - 1, (served, shown)  # the one that counts seconds has gone on


def test_an_invited_student_chooses_a_password_and_an_account_is_changed(visitor, site, dated):
    window = visitor(width=390, timezone_id="Europe/Berlin")
    window.expected = ("404", "400")
    page = window.go(dated)
    assert faults(page) == []
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses")
    assert faults(page) == []
    shoot(window, "courses")
    page.locator(".top .who").click()
    page.wait_for_url("**/account")
    assert faults(page) == []
    assert sideways(page) == 0
    assert "Europe/Berlin" in page.locator("#zone-help").inner_text()
    page.fill("#zone", "Tokyo")
    page.select_option("#lang", "zh")
    page.keyboard.press("Tab")
    page.locator("main .primary").click()
    page.wait_for_selector(".note.good")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    assert page.input_value("#zone") == "Asia/Tokyo"
    shoot(window, "account")
    again = visitor()
    again.expected = ("404",)
    assert "does not work any more" in again.go(dated).locator("h1").inner_text()
    assert faults(again.page) == []


def test_practice_hides_the_answer_until_one_asks(visitor, site, dated, furnish_student):
    window = visitor(width=390)
    window.sign_in(*furnish_student("practice"))
    window.go("/join/dated-course")
    window.page.locator("main button.primary").click()
    window.page.wait_for_url("**/courses/*")
    page = window.page
    page.get_by_role("link", name="Self-attention").click()
    page.wait_for_url("**/items/*")
    assert "as many attempts as you like" in page.locator("#progress").inner_text()
    fold = page.locator("details.answer-fold")
    assert not fold.locator(".prose").first.is_visible()
    fold.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert fold.locator(".prose").first.is_visible()
