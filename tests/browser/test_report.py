"""The report from the disk, as its readers open it: both languages, any window, with and without scripts."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

import pytest

from grader.bulk.outputs.classbook import class_book
from grader.bulk.outputs.report import write_report
from tests.grader.graded import recorded_class, unread

pytestmark = pytest.mark.browser
PAGES = {
    "index": "index.html", "item": "items/scaled-dot-product-attention.html",
    "pair": "pairs/scaled-dot-product-attention-1.html", "maps": "feedback/sigmoid.html",
    "shapes": "feedback/shapes.html", "error": "feedback/error-long-line.html",
    "words": "feedback/short-answer-review.html", "hostile": "feedback/hostile.html",
    "timeout": "feedback/timeout-line.html", "unread": "feedback/zoe.html",
}  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A class with every status, below a folder whose name needs quoting."""
    folder = tmp_path_factory.mktemp("报告 1#") / "report"
    broken = unread("/class/broken.ipynb", "no code can be read from this notebook", student="zoe")
    write_report(folder, class_book([*recorded_class(), broken]), datetime(2026, 11, 26, 8, 30))
    return folder


@pytest.fixture
def look(chromium, report):
    """`look("index", lang="zh")` opens a page; what its console complains of fails the test."""
    opened, complaints = [], []

    def open_page(name, *, lang="en", width=1280, scheme="light", scripts=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts,
            locale="zh-CN" if lang == "zh" else "en-GB",
        )  # fmt: skip
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("request", lambda asked: asked.url.startswith("file:") or complaints.append(asked.url))
        page.goto(f"file://{quote(str(report / PAGES[name]))}")
        return page

    yield open_page
    for context in opened:
        context.close()
    assert complaints == []


@pytest.mark.parametrize(
    ("lang", "width", "scheme"), [("zh", 390, "dark"), ("en", 1280, "light"), ("en", 390, "light")]
)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_and_fits_its_window(look, name, lang, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = look(name, lang=lang, width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_both_languages_are_a_click_away(look):
    page = look("maps", scripts=False)
    assert page.get_by_text("Tests that fail").first.is_visible()
    page.get_by_text("中文", exact=True).click()
    assert page.get_by_text("没有通过的测试").first.is_visible() or page.get_by_text("因此没有通过").first.is_visible()
    assert not page.get_by_text("Tests that fail").first.is_visible()


def test_the_browser_s_language_is_taken_and_a_choice_remembered(look):
    page = look("index", lang="zh")
    assert page.get_by_text("成绩分布").first.is_visible()
    page.get_by_text("English", exact=True).click()
    page.reload()
    assert page.get_by_text("How scores are spread").first.is_visible()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_students_are_put_in_order_and_filtered(look):
    page = look("index")
    names = lambda: page.locator("#book tbody tr:visible th").all_inner_texts()  # noqa: E731
    before = names()
    page.locator("#book thead th").nth(1).get_by_role("button").click()
    totals = page.locator("#book tbody tr td:nth-child(2)").all_inner_texts()
    known = [float(text) for text in totals if text != "?"]
    assert known == sorted(known, reverse=True)
    assert len(known) == len(totals) - 1
    assert totals[-1] == "?", "what nobody could read comes last"
    page.locator("#book thead th").nth(0).get_by_role("button").click()
    assert names() == before
    page.get_by_label("Filter by typing").fill("timeout")
    assert names() == ["timeout", "timeout-line"]
    assert page.get_by_role("status").inner_text() == f"2 / {len(before)}"


def test_a_link_to_an_item_s_page_and_from_there_to_a_student_works(look):
    page = look("index")
    page.get_by_role("link", name="Scaled dot-product attention").first.click()
    page.get_by_role("link", name="sigmoid").first.click()
    assert page.locator("h1").inner_text() == "sigmoid"
