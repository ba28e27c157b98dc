"""The gradebook in a browser: moved about in by keys, filtered as one types, up to date with the class."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import CODE, GALLERY, TEACHER
from webapp.models import Database, ItemStanding, Membership, Role, User
from webapp.settings import Settings

pytestmark = pytest.mark.browser
SCREENS = Path(__file__).parents[2] / "build" / "screens"
MANY = 120


@pytest.fixture(scope="module")
def book(site: Any) -> Any:
    """The demo course with a class in it, and standings by which it can be put in order."""
    database = Database(Settings(data=site.data).database)
    items = list(site.items.values())
    with database.writing() as session:
        now = datetime.now(UTC) - timedelta(hours=1)  # not news to a page that is opened now
        people = [User(email=f"g{n:03}@book.example", name=f"同学 {n:03}", created_at=now) for n in range(MANY)]
        session.add_all(people)
        session.flush()
        for number, user in enumerate(people):
            number_of = f"2026{number:04}" if number % 5 else None
            session.add(Membership(course_id=site.course, user_id=user.id, role=Role.STUDENT, external_id=number_of))
            for place, item in enumerate(items):
                if (number + place) % 4:
                    status = ("passed", "partial", "failed")[(number * 7 + place) % 3]
                    score = {"passed": 10.0, "partial": 2.5 + number % 5, "failed": 0.0}[status]
                    session.add(
                        ItemStanding(
                            assignment_item_id=item, user_id=user.id, submission_id=site.submissions["partial"],
                            score=score, status=status, used=1, pending=0, late=number % 11 == place,
                            review=number % 13 == place, changed_at=now,
                        )
                    )  # fmt: skip
        ids = [user.id for user in people]
    yield ids
    with database.writing() as session:
        for user in ids:
            for row in session.query(ItemStanding).filter_by(user_id=user):
                session.delete(row)
            session.delete(session.get_one(Membership, (site.course, user)))
    database.close()


def until(holds: Callable[[], Any], seconds: float = 15) -> Any:
    """Wait until something holds; playwright's own waiting would need eval, which the policy forbids."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)
    return found


def opened(window: Any, site: Any, query: str = "") -> Any:
    page = window.go(f"/teach/courses/{site.course}{query}")
    until(lambda: page.evaluate("document.getElementById('book-scroll').dataset.ready === ''"))
    return page


def active(page: Any) -> str:
    """What has the focus, as a reader hears it: the row's name and the cell."""
    return page.evaluate("""() => {
      const cell = document.activeElement.closest("th, td");
      const row = cell?.closest("[aria-rowindex]");
      return cell && [row.getAttribute("aria-rowindex"), cell.getAttribute("aria-colindex")].join();
    }""")


SHOWN = """() => [...document.querySelectorAll("#gradebook tbody tr:not([hidden])")]
  .sort((a, b) => a.getAttribute("aria-rowindex") - b.getAttribute("aria-rowindex")).slice(0, 12)
  .map((row) => row.querySelector("th a").textContent)"""


PLAIN = """(text) => {
  const read = new DOMParser().parseFromString(text, "text/html");
  const told = (row) => [...row.children].map((cell) => cell.textContent.trim()).filter(Boolean).join(" ");
  return [
    [...read.querySelectorAll("#gradebook tbody th a")].slice(0, 12).map((link) => link.textContent),
    [...read.querySelectorAll("#gradebook tfoot tr")].map(told),
  ];
}"""
"""The names and the last two rows of a page without scripts."""


@pytest.fixture
def teacher(visitor: Any) -> Any:
    window = visitor()
    window.sign_in(*TEACHER)
    return window


def test_the_script_shows_whom_the_server_shows_in_the_same_order(teacher: Any, site: Any, book: Any) -> None:
    item, other = list(site.items.values())[:2]
    queries = [
        "", "?sort=email&order=down", "?sort=number&order=down", "?sort=total&order=down", f"?sort=i{item}&q=01",
        f"?sort=i{other}&order=down&q=late", "?q=to+be+read+late", "?state=not-started&q=%E5%90%8C%E5%AD%A6+1",
    ]  # fmt: skip
    page = teacher.page
    for query in queries:
        answer = page.request.get(f"{site.address}/teach/courses/{site.course}{query}")
        names, feet = page.evaluate(PLAIN, answer.text())
        opened(teacher, site, query)
        assert page.evaluate(SHOWN) == names, query
        shown = page.locator("#gradebook tfoot tr").all_inner_texts()
        assert [" ".join(foot.split()) for foot in shown] == feet, query


def test_it_is_filtered_by_typing_and_the_address_says_so(teacher: Any, site: Any, book: Any) -> None:
    page = opened(teacher, site)
    page.fill("#book-q", "robin")
    assert page.evaluate(SHOWN) == ["Robin"]
    assert page.inner_text("#book-status").startswith("1 of ")
    assert page.url.endswith("?q=robin")
    page.fill("#book-q", "nobody at all")
    assert "Nobody fits" in page.inner_text("#book-status")
    page.fill("#book-q", "")
    page.select_option("#book-state", "late")
    assert 0 < len(page.evaluate(SHOWN))
    page.select_option("#book-sort", "total")
    page.select_option("#book-order", "down")
    before = page.evaluate(SHOWN)
    page.reload()
    until(lambda: page.evaluate("document.getElementById('book-scroll').dataset.ready === ''"))
    assert page.evaluate(SHOWN) == before
    page.click("text=Export >> nth=0")
    with page.expect_download() as saved:
        page.click("text=Save as CSV")
    rows = list(csv.reader(Path(saved.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert [row[0] for row in rows[1:13]] == before


def test_only_the_rows_in_view_are_in_the_page(teacher: Any, site: Any, book: Any) -> None:
    page = opened(teacher, site)
    assert page.locator("#gradebook tbody tr").count() < 50
    assert int(page.get_attribute("#gradebook", "aria-rowcount")) >= MANY + 3
    page.evaluate("document.getElementById('book-scroll').scrollTo(0, 100000)")
    until(lambda: page.locator("#gradebook tbody tr:not([hidden]) th", has_text="119").count())
    assert page.locator("#gradebook tbody tr").count() < 50


def test_the_arrow_keys_move_from_cell_to_cell_and_enter_opens_one(teacher: Any, site: Any, book: Any) -> None:
    page = opened(teacher, site, "?q=同学")
    page.focus("#book-order")
    page.keyboard.press("Tab")
    while active(page) is None:
        page.keyboard.press("Tab")
    assert active(page) == "2,1"
    moves = [("ArrowDown", "3,1"), ("ArrowRight", "3,2"), ("End", None), ("Home", "3,1"), ("Control+End", None)]
    for key, expected in moves:
        page.keyboard.press(key)
        if expected:
            assert active(page) == expected
    assert active(page).startswith(f"{MANY + 1},")
    page.keyboard.press("ArrowDown")
    assert active(page).startswith(f"{MANY + 2},")  # the averages
    page.keyboard.press("Control+Home")
    assert active(page) == "2,1"
    page.keyboard.press("PageDown")
    assert int(active(page).split(",")[0]) > 5
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowUp")
    assert active(page) == "1,1"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")  # on a column's head it sorts
    assert page.get_attribute("#gradebook thead th:nth-child(2)", "aria-sort") == "descending"
    assert active(page) == "1,2"
    page.keyboard.press("ArrowDown")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    hidden = page.evaluate("""() => {
      const cell = document.activeElement.getBoundingClientRect();
      const at = document.elementFromPoint(cell.left + cell.width / 2, cell.top + cell.height / 2);
      return !document.activeElement.contains(at);
    }""")
    assert not hidden
    page.focus("#gradebook tbody td.is-partial >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_url("**/teach/submissions/*")


def test_a_row_that_scrolls_away_keeps_the_focus(teacher: Any, site: Any, book: Any) -> None:
    page = opened(teacher, site)
    page.focus("#gradebook tbody tr:not([hidden]) >> nth=2 >> td >> nth=1")
    at = active(page)
    page.evaluate("document.getElementById('book-scroll').scrollTo(0, 100000)")
    page.wait_for_timeout(200)
    assert active(page) == at
    page.keyboard.press("ArrowDown")
    assert int(active(page).split(",")[0]) == int(at.split(",")[0]) + 1


def test_what_changes_is_marked_and_told_and_nothing_moves(teacher: Any, site: Any, book: Any) -> None:
    page = opened(teacher, site, "?sort=total&order=down&q=同学")
    before = page.evaluate(SHOWN)
    page.evaluate("document.getElementById('book-scroll').scrollTo(120, 60)")
    page.focus("#gradebook tbody tr:not([hidden]) >> nth=3 >> td >> nth=2")
    at = active(page)
    last = book[int(before[5].split()[1])]
    database = Database(Settings(data=site.data).database)
    with database.writing() as session:
        for item in site.items.values():
            row = session.get(ItemStanding, (item, last))
            if row is not None and row.status != "passed":
                row.status, row.score, row.changed_at = "passed", 99.0, datetime.now(UTC)
                break
    database.close()
    until(lambda: page.locator("#gradebook td.is-fresh").count())
    assert page.inner_text("#gradebook td.is-fresh") == "99"
    assert before[5] in page.inner_text("#book-news")
    assert "passed, 99 of" in page.inner_text("#book-news")
    assert page.evaluate(SHOWN) == before
    assert active(page) == at
    scrolled = "(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop])(document.getElementById('book-scroll'))"
    assert page.evaluate(scrolled) == [120, 60]
    page.screenshot(path=SCREENS / "gradebook-changed.png")
    page.click("#book-again")
    assert page.evaluate(SHOWN)[0] == before[5]
    assert not page.is_visible("#book-again")


def test_somebody_who_joins_is_there_a_moment_later(teacher: Any, site: Any, book: Any, furnish_student: Any) -> None:
    page = opened(teacher, site, "?q=newcomer")
    furnish_student("newcomer")
    until(lambda: page.evaluate(SHOWN) == ["newcomer"])
    assert page.input_value("#book-q") == "newcomer"


def test_a_student_who_submits_is_seen(visitor: Any, teacher: Any, site: Any) -> None:
    """The whole way: a real submission, a real worker, the cell."""
    page = opened(teacher, site, "?q=chen")
    cells = "#gradebook tbody tr:not([hidden]) td.is-item"
    item = list(site.items).index("dot-product-attention")
    before = page.locator(cells).nth(item).get_attribute("aria-label")
    student = visitor()
    student.sign_in(*GALLERY)
    other = student.item("dot-product-attention")
    other.locator(".cm-content").click()
    other.keyboard.press("Control+a")
    other.keyboard.insert_text(CODE)
    other.click("button[data-send=submit]")
    until(lambda: page.locator("#gradebook td.is-fresh").count(), 30)
    assert page.locator(cells).nth(item).get_attribute("aria-label") != before


@pytest.mark.parametrize(("lang", "width", "scheme"), [("en", 1280, "light"), ("zh", 390, "dark")])
def test_the_grid_is_accessible_and_fits(
    visitor: Any, site: Any, book: Any, lang: str, width: int, scheme: str
) -> None:
    window = visitor(lang=lang, width=width, scheme=scheme)
    window.sign_in(*TEACHER)
    page = opened(window, site)
    page.evaluate("document.getElementById('book-export').open = true")
    page.evaluate(Axe().axe_script)
    found = page.evaluate("() => axe.run({ include: [['html']], exclude: [['.katex-html']] })")
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    if width < 600:  # the name and the total come first
        total = page.locator("#gradebook tbody tr:not([hidden]) td >> nth=0").bounding_box()
        assert total["x"] + total["width"] <= width
    page.screenshot(path=SCREENS / f"gradebook-{lang}-{width}-{scheme}.png", full_page=True)
