"""Verdicts of every kind in a browser: what they say first, heat maps by pointer, finger and keys, waiting states."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

GALLERY = ("gallery@workshop.example", "gallery-password")
SCREENS = Path(__file__).parents[2] / "build" / "screens"
ITEM = "scaled-dot-product-attention"
MAPS = "#verdict .test-body:not(details *) > .maps"


def verdict(window: Any, name: str) -> Any:
    """The page with that verdict of the gallery."""
    window.sign_in(*GALLERY)
    return window.item(ITEM, f"?job={window.site.jobs[name]}")


def picture(page: Any, name: str) -> None:
    """Keep what is seen for somebody to look at."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.locator("#verdict").screenshot(path=str(SCREENS / f"{name}.png"))


def reading(page: Any) -> str:
    return page.locator(f"{MAPS} [data-reading]").first.inner_text()


def ready(page: Any) -> Any:
    """The first drawn comparison, once it answers to keys."""
    page.wait_for_selector(f"{MAPS}[data-ready]")
    return page.locator(MAPS).first


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_first_line_is_followed_by_what_is_right_then_the_mistake_then_failures(visitor, lang, width, scheme):
    window = visitor(lang=lang, width=width, scheme=scheme)
    page = verdict(window, "sigmoid")
    text = page.inner_text("#verdict")
    order = {
        "en": [
            "2 of 18",
            "1 of 9 public tests",
            "2 tests pass",
            "Read the passage",
            "8 tests fail because of this",
            "4 hidden tests",
        ],
        "zh": ["2/18", "公开测试通过 1/9", "2 个测试通过", "看看讲解", "8 个测试因此没有通过", "4 个隐藏测试"],
    }[lang]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert page.locator("#verdict .diagnosis a").get_attribute("href") == "#reading-softmax-rows"
    body = page.locator("#verdict .test-body").first.inner_text()
    call, drawn = body.index("ScaledDotProductAttention(8"), body.index({"en": "Expected", "zh": "期望"}[lang])
    compared = body.index({"en": "sums of the rows", "zh": "每行之和"}[lang])
    assert call < compared < drawn
    picture(page, f"sigmoid-{lang}-{width}")


def test_arrow_keys_read_the_same_cell_in_all_three_maps(visitor):
    page = verdict(visitor(), "sigmoid")
    maps = ready(page)
    assert (
        reading(page)
        == "The largest difference is in row 1, column 3: expected 0.0950, yours 0.6643, difference +0.5693."
    )
    row = maps.locator(".map-row:visible")
    assert row.get_attribute("role") == "application"
    assert maps.locator(".map-row[tabindex='0']").count() == 2  # of which the other slice's is hidden
    row.focus()
    page.keyboard.press("ArrowLeft")
    assert reading(page).startswith("Row 1, column 2: expected ")
    assert "; the row adds up to 2.37" in reading(page)
    cursors = row.locator(".cursor:not(.is-ring)")
    assert [(each.get_attribute("x"), each.get_attribute("y")) for each in cursors.all()] == [("2", "1")] * 3
    page.keyboard.press("End")
    assert reading(page).startswith("Row 1, column 4:")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert reading(page).startswith("Row 0, column 0:")
    assert maps.locator("[data-reading]").get_attribute("role") == "status"
    before = page.evaluate("document.querySelectorAll('[tabindex=\"0\"]').length")
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('.map-row')")
    assert page.locator("#verdict .cursor").count() == 0
    assert before == page.evaluate("document.querySelectorAll('[tabindex=\"0\"]').length")


def test_the_numbers_read_are_those_of_the_table(visitor):
    page = verdict(visitor(), "sigmoid")
    maps = ready(page)
    drawing = maps.locator(".slice:visible svg[data-of=actual]")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    view = [float(part) for part in drawing.get_attribute("viewBox").split()]
    at = [box["x"] + (0.5 - view[0]) / view[2] * box["width"], box["y"] + (2.5 - view[1]) / view[3] * box["height"]]
    page.mouse.move(*at)
    told = reading(page)
    maps.locator("details.as-table summary").evaluate("(summary) => summary.click()")
    table = maps.locator(".pair:visible table[data-of=actual]")
    number = table.locator("tbody tr").nth(2).locator("td").nth(0).inner_text()
    assert f"Row 2, column 0: expected 0.0365, yours {number}" in told
    assert page.locator("#verdict .cursor").count() == 6
    assert table.locator("thead th[scope=col]").count() == 6  # five columns and their sum
    assert table.locator("tbody th[scope=row]").count() == 4
    page.mouse.move(0, 0)
    assert page.locator("#verdict .cursor").count() == 0


def test_a_tap_reads_a_cell_on_a_phone(visitor):
    page = verdict(visitor(width=390, lang="zh"), "mask-leak")
    maps = ready(page)
    maps.locator(".slice:visible svg[data-of=expected]").tap()
    assert re.search("^第 [12] 行第 [23] 列：应为", reading(page))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_slices_are_turned_by_buttons(visitor):
    page = verdict(visitor(), "mask-leak")
    maps = ready(page)
    assert "[0, :, :]" in maps.locator("[data-slice-name]").inner_text()
    maps.get_by_role("button", name="Next slice").click()
    assert "[1, :, :]" in maps.locator("[data-slice-name]").inner_text()
    assert maps.get_by_role("button", name="Next slice").get_attribute("aria-disabled") == "true"
    assert maps.locator(".slice:visible").count() == 1
    assert reading(page).startswith("Row 0, column 0:")
    maps.get_by_role("button", name="Next slice").press("Enter")  # the focus stays; there is nothing further
    assert "[1, :, :]" in maps.locator("[data-slice-name]").inner_text()
    maps.get_by_role("button", name="Previous slice").click()
    assert "[0, :, :]" in maps.locator("[data-slice-name]").inner_text()


def test_weights_behind_a_mask_are_counted_and_dotted(visitor):
    page = verdict(visitor(), "mask-leak")
    assert "9 positions that the mask forbids get weight." in page.inner_text(MAPS)
    dots = page.locator(f"{MAPS} .slice:visible svg[data-of=actual] .leak:not(.is-ring)").first.get_attribute("d")
    assert dots.count("M") == 8
    assert "9 of 18:" in page.inner_text("#verdict h2")


TOLD = {
    "shapes": ["dimension 1 (query) and dimension 2 (d_v) have changed places", "5 tests fail for the same reason"],
    "timeout-line": ["This is the line it was still in:", "line 17", "scores[..., row, :] += 0.0"],
    "run": ["output (2, 4, 8)", "It ended with an error:", "return weights @ value, weights", "The public tests"],
    "hidden": ["all public tests pass, hidden ones fail on large scores and masks", "9 of 9 public", "3 of 5 hidden"],
    "nan": ["6 of your numbers are not finite", "adds up to nan"],
    "values": ["Only the part around the largest difference is shown."],
}


def test_every_kind_of_mistake_is_told_in_its_own_words(visitor, site):
    window = visitor()
    window.sign_in(*GALLERY)
    missing = []
    for name, sentences in TOLD.items():
        text = window.item(ITEM, f"?job={site.jobs[name]}").inner_text("#verdict")
        missing += [f"{name}: {sentence}" for sentence in sentences if sentence not in text]
        picture(window.page, f"{name}-en-1280")
    assert missing == []


def test_a_short_answer_is_shown_once_with_its_key_points_numbered(visitor, site):
    window = visitor(lang="zh")
    window.sign_in(*GALLERY)
    page = window.item("attention-concept", f"?job={site.jobs['short-answer-review']}")
    assert page.locator("#verdict .answer-read").count() == 1
    assert page.locator("#verdict mark").count() >= 2
    page.locator("#verdict mark a[href='#key-point-2']").first.click()
    assert page.locator("#key-point-2:target").count() == 1


def test_a_quoted_line_leads_into_the_editor(visitor):
    page = verdict(visitor(), "timeout-line")
    page.locator("#verdict .own-line a").first.click()
    assert page.evaluate("document.activeElement.classList.contains('cm-content')")


@pytest.mark.parametrize(
    ("name", "lang", "width", "scheme"),
    [
        ("mask-leak", "en", 1280, "light"),
        ("nan", "zh", 390, "dark"),
        ("run", "en", 390, "light"),
        ("shapes", "zh", 1280, "dark"),
    ],
)
def test_pictures_have_no_violation_of_any_level(visitor, name, lang, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = verdict(visitor(lang=lang, width=width, scheme=scheme), name)
    page.evaluate("document.querySelectorAll('#verdict details').forEach((part) => { part.open = true })")
    page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run('#verdict', {resultTypes: ['violations']})")["violations"]
    assert [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_verdicts_with_heat_maps_are_light(visitor, site):
    window = visitor()
    window.sign_in(*GALLERY)
    page = window.page
    heavy = {}
    for name, most in (("partial", 8_000), ("sigmoid", 20_000), ("values", 25_000)):
        address = f"/items/{site.items[ITEM]}?job={site.jobs[name]}"
        sent = page.evaluate("(address) => fetch(address).then((answer) => answer.text())", address)
        region = sent[sent.index('<div id="verdict">') : sent.index('<div id="history">')]
        size = len(gzip.compress(region.encode(), 6))
        if size >= most:
            heavy[name] = size
    assert heavy == {}


def test_maps_are_complete_without_scripts(visitor):
    window = visitor(java_script_enabled=False)
    window.page.goto(f"{window.site.address}/sign-in")
    window.page.fill("#email", GALLERY[0])
    window.page.fill("#password", GALLERY[1])
    window.page.click("button:has-text('Sign in')")
    window.page.goto(f"{window.site.address}/items/{window.site.items[ITEM]}?job={window.site.jobs['sigmoid']}")
    maps = window.page.locator(MAPS).first
    assert maps.locator("svg.map:visible").count() == 3
    assert "row 1, column 3: expected 0.0950" in maps.inner_text()
    assert maps.locator("[data-step]:visible").count() == 0
    assert maps.locator("[data-hint]:visible").count() == 0


def test_while_nobody_grades_waiting_says_so(visitor, site):
    window = visitor()
    window.sign_in(*GALLERY)
    page = window.item("self-attention", f"?job={site.jobs['waiting']}")
    assert "Waiting: next in the queue." in page.inner_text("#verdict")
    pipes = list(site.data.rglob("*.fifo"))
    assert pipes
    aside = [pipe.rename(pipe.with_suffix(".aside")) for pipe in pipes]
    try:
        page = window.item("self-attention", f"?job={site.jobs['waiting']}")
        assert "the grader is away at the moment" in page.inner_text("#verdict")
        picture(page, "unattended-en-1280")
    finally:
        for pipe in aside:
            pipe.rename(pipe.with_suffix(".fifo"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_long_line_that_is_quoted_leaves_a_phones_page_as_wide_as_the_phone(visitor, lang):
    page = verdict(visitor(lang=lang, width=390), "error-long-line")
    assert "weights = torch.softmax(" in page.inner_text("#verdict")
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room == 390
    picture(page, f"error-long-line-{lang}-390")
