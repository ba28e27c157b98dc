"""Figures in texts: seen in both schemes, also in one that was chosen by hand, said in both languages, no wider than a
phone."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from tests.browser.test_every_page import faults

pytestmark = pytest.mark.browser

SCREENS = Path(__file__).parents[2] / "build" / "screens"
SHOWN = "grouped-query-attention"
FIGURE = ".prose img[src^='/figures/']"
BRIGHTNESS = """async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const data = pen.getImageData(0, 0, image.width, image.height).data;
  const found = { all: 0, darkest: 255, brightest: 0 };
  for (let at = 0; at < data.length; at += 4) {
    const one = 0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2];
    found.all += one / (data.length / 4);
    found.darkest = Math.min(found.darkest, one);
    found.brightest = Math.max(found.brightest, one);
  }
  return found;
}"""


def brightness(page, place):
    """Of what is seen at a place, from 0 to 255: its mean, its darkest and its brightest spot."""
    seen = b64encode(place.screenshot()).decode()
    blank = page.context.new_page()
    try:
        return blank.evaluate(BRIGHTNESS, f"data:image/png;base64,{seen}")
    finally:
        blank.close()


VIEWS = [("zh", 390, "dark"), ("en", 1280, "light"), ("en", 390, "light")]


@pytest.mark.parametrize(("lang", "width", "scheme"), VIEWS)
def test_a_figure_is_seen_in_the_page_s_scheme_and_says_what_it_shows(
    visitor, site, furnish_student, lang, width, scheme
):
    window = visitor(lang=lang, width=width, scheme=scheme)
    window.sign_in(*furnish_student(f"looker-{lang}-{width}"))
    page = window.item(SHOWN)
    figure = page.locator(FIGURE).first
    figure.scroll_into_view_if_needed()
    assert figure.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0
    assert figure.get_attribute("alt").startswith({"zh": "六个查询头", "en": "Six query heads"}[lang])
    box = figure.bounding_box()
    assert 150 < box["width"] <= width - 16
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for chosen in (scheme, {"dark": "light", "light": "dark"}[scheme]):
        found = brightness(page, figure)
        assert (found["all"] < 90) if chosen == "dark" else (found["all"] > 180), (chosen, found)
        assert found["brightest"] - found["darkest"] > 120, "nothing can be read"
        figure.screenshot(path=str(SCREENS / f"figure-{lang}-{width}-{chosen}.png"))
        page.screenshot(path=str(SCREENS / f"figure-page-{lang}-{width}-{chosen}.png"))
        page.locator("[data-scheme-switch]").click()
    assert list(faults(page, lang)) == []


def test_the_editor_shows_figures_in_texts_and_as_they_are_drawn(visitor):
    window = visitor(lang="en", width=1500)
    window.sign_in("teacher@workshop.example", "teacher-password")
    page = window.go("/teach/banks/attention/edit?file=15-checks.md&line=60")
    page.wait_for_selector("#bank-form[data-ready]")
    page.locator("#preview summary", has_text="Answer and explanation").first.click()
    page.locator(f"#preview {FIGURE}").first.wait_for()
    page = window.go("/teach/banks/attention/edit?file=figures/causal-weights.svg")
    page.wait_for_selector("#bank-form[data-ready]")
    drawn = page.locator("#preview img")
    assert drawn.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 244
    page.screenshot(path=str(SCREENS / "editor-figure-en-1500.png"))
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("<script>")
    page.locator("#faults", has_text="fault").wait_for()
    page.locator("#preview", has_text="With faults it is not shown.").wait_for()
    page.locator("#discard").click()
    assert list(faults(page, "en")) == []
