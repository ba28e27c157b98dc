"""People, rosters, the join code, courses and the log, as an instructor uses them, with keys and on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser.conftest import TEACHER
from tests.browser.test_courses import faults, shoot, sideways

pytestmark = pytest.mark.browser
ROSTER = """邮箱,姓名,学号,角色
{who}-1@example.org,王芳,2026101,学生
{who}-2@example.org,李娜,2026102,助教
nobody,坏行,3,学生
"""


@pytest.mark.parametrize(("lang", "width", "scheme"), [("en", 1280, "light"), ("zh", 390, "dark")])
def test_a_roster_is_pasted_looked_at_and_imported(visitor, site, lang, width, scheme):
    window = visitor(lang=lang, width=width, scheme=scheme)
    window.expected = ("400",)
    window.sign_in(*TEACHER)
    page = window.go(f"/teach/courses/{site.course}/people/import")
    assert faults(page) == []
    shoot(window, "people-import")
    page.fill("#text", ROSTER.format(who=f"paste{width}"))
    page.locator("main .primary").click()
    page.wait_for_selector(".sums")
    assert page.locator(".sums dd").all_inner_texts() == ["2", "0", "0", "1"]
    assert re.search(r"4\s+邮箱", page.locator("table").first.inner_text().replace("行", ""))
    assert faults(page) == []
    assert sideways(page) == 0
    shoot(window, "people-preview")
    page.locator(".apply button").click()
    page.wait_for_url("**/people")
    assert "2" in page.locator(".note.good").inner_text()
    assert page.locator("#people tbody tr", has_text=f"paste{width}-1").count() == 1


def test_a_file_from_a_spreadsheet_is_chosen(visitor, site, tmp_path: Path):
    path = tmp_path / "名单.csv"
    path.write_bytes("姓名;邮箱\n韩梅梅;han-file@example.org\n".encode("gb18030"))
    window = visitor()
    window.sign_in(*TEACHER)
    page = window.go(f"/teach/courses/{site.course}/people/import")
    page.set_input_files("#table", str(path))
    page.locator("main .primary").click()
    page.wait_for_selector(".sums")
    assert "GB 18030" in page.locator("main").inner_text()
    assert "韩梅梅" in page.locator("main").inner_text()


def test_people_are_filtered_sorted_ticked_and_changed_by_keys(visitor, site, furnish_student):
    for name in ("zz-first", "zz-second", "zz-third"):
        furnish_student(name)
    window = visitor()
    window.sign_in(*TEACHER)
    page = window.go(f"/teach/courses/{site.course}/people")
    assert faults(page) == []
    page.fill("#filter", "zz-")
    shown = page.locator("#people tbody tr:visible")
    assert shown.count() == 3
    page.locator("[data-tick-all]").focus()
    page.keyboard.press("Space")
    assert page.locator("[data-tick-count]").inner_text() == "3 ticked"
    assert page.locator("#people tbody input:checked").count() == 3
    page.select_option("#action", "remove")
    page.focus("#filter")
    page.keyboard.press("Enter")  # filters; whoever is ticked is left alone
    assert page.locator("[data-tick-count]").inner_text() == "3 ticked"
    page.select_option("#action", "")
    head = page.locator("th a", has_text="Name")
    for order in ("ascending", "descending"):
        head.focus()
        page.keyboard.press("Enter")
        assert page.locator("th", has_text="Name").get_attribute("aria-sort") == order
    assert shown.first.inner_text().strip().startswith("zz-third")
    assert "sort=-name" in page.url
    assert page.locator("#people tbody input:checked").count() == 3
    page.select_option("#action", "assistant")
    page.get_by_role("button", name="Do it").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".note.good")
    assert "Role of 3 people: Assistant." in page.locator(".note.good").inner_text()
    page.fill("#filter", "zz-")
    page.locator("[data-tick-all]").check()
    page.select_option("#action", "remove")
    page.get_by_role("button", name="Do it").click()
    page.wait_for_selector(".leaving")
    assert faults(page) == []
    shoot(window, "people-remove")
    page.get_by_role("button", name="Take them out").click()
    page.wait_for_selector(".note.good")
    page.goto(site.address + f"/teach/courses/{site.course}/log?who=zz-first")
    assert page.locator(".log-line").count() == 2
    assert faults(page) == []
    shoot(window, "people-log")


@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("zh", 390)])
def test_somebody_is_added_and_their_link_copied(visitor, site, lang, width):
    window = visitor(lang=lang, width=width, permissions=["clipboard-read", "clipboard-write"])
    window.sign_in(*TEACHER)
    page = window.go(f"/teach/courses/{site.course}/people")
    page.fill("#email", f"added-{width}@example.org")
    page.keyboard.press("Enter")
    page.wait_for_selector(".note.good")
    page.locator("form.note button").click()
    page.wait_for_selector(".links")
    assert faults(page) == []
    assert sideways(page) == 0
    shoot(window, "people-links")
    row = page.locator(".links tr", has_text=f"added-{width}")
    row.locator("button").click()
    assert page.evaluate("navigator.clipboard.readText()") == row.locator("input").input_value()


def test_a_course_is_made_shown_large_and_archived(visitor, site):
    window = visitor()
    window.sign_in(*TEACHER)
    page = window.go("/teach")
    page.get_by_role("link", name="New course").click()
    page.wait_for_url("**/new-course")
    page.fill("#zh", "注意力二班")
    page.fill("#en", "Attention, class two")
    page.fill("#zone", "Shanghai")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people")
    page.get_by_role("link", name="Show it large").click()
    page.wait_for_url("**/board")
    assert faults(page) == []
    code, picture = page.locator(".board-code").bounding_box(), page.locator(".qr").bounding_box()
    assert code["height"] > 60
    assert picture["y"] + picture["height"] < 900
    shoot(window, "people-board")
    page.goto(page.url.replace("people/board", "settings"))
    page.get_by_role("button", name="Archive the course").click()
    page.wait_for_selector(".note.good")
    assert page.get_by_role("button", name="Bring the course back").is_visible()
    assert faults(page) == []
