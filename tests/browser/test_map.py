"""The map of a course in a browser: its lines meet its items, it is a list on a phone, and it does without scripts."""

from __future__ import annotations

import pytest

from tests.browser.test_pages import look

pytestmark = pytest.mark.browser

GALLERY = ("gallery@workshop.example", "gallery-password")
ASTRAY = """() => {
  const svg = document.querySelector(".map-lines");
  const map = svg.getBoundingClientRect(), box = svg.viewBox.baseVal;
  const astray = [];
  const near = (part, x, y) => {
    const edge = part.getBoundingClientRect();
    const inside = x > edge.left - 3 && x < edge.right + 3 && y > edge.top - 3 && y < edge.bottom + 3;
    const gap = Math.min(...[x - edge.left, x - edge.right, y - edge.top, y - edge.bottom].map(Math.abs));
    return inside && gap < 3;
  };
  for (const line of svg.querySelectorAll("path")) {
    const ends = [[0, line.dataset.before], [line.getTotalLength(), line.dataset.after]];
    for (const [at, number] of ends) {
      const point = line.getPointAtLength(at);
      const x = map.left + point.x / box.width * map.width, y = map.top + point.y / box.height * map.height;
      if (!near(document.querySelector(`[data-node="${number}"]`), x, y)) astray.push([number, x, y]);
    }
  }
  return astray;
}"""
"""Lines whose ends do not lie on the edges of their items."""


@pytest.fixture
def path(site):
    return f"/courses/{site.course}/map"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_map_has_no_violation_wide_or_narrow_light_or_dark(visitor, path, lang):
    window = visitor(lang=lang)
    window.sign_in(*GALLERY)
    wrong = look(window.go(path), path, lang)
    found = window.page.evaluate("axe.run('html', {resultTypes: ['violations']})")["violations"]
    wrong += [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]
    assert wrong == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_cut_off_and_a_phone_has_a_list_without_lines(visitor, path, lang, width):
    window = visitor(lang=lang, width=width)
    window.sign_in(*GALLERY)
    page = window.go(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".map-lines").is_visible() == (width == 1280)
    columns = page.locator(".node").evaluate_all("(all) => new Set(all.map((each) => each.offsetLeft)).size")
    assert columns == (4 if width == 1280 else 1)
    cut = page.locator(".node").evaluate_all(
        "(all) => all.filter((each) => each.scrollHeight > each.clientHeight + 1).map((each) => each.innerText)"
    )
    assert cut == []


@pytest.mark.parametrize(("width", "letters"), [(1280, 16), (1000, 16), (1600, 20)])
def test_lines_end_at_their_items_however_wide_the_page_and_large_the_letters(visitor, path, width, letters):
    window = visitor(width=width)
    window.sign_in(*GALLERY)
    page = window.go(path)
    page.evaluate(
        """(size) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(`html { font-size: ${size}px }`);
          document.adoptedStyleSheets = [sheet];
        }""",
        letters,
    )
    assert page.locator(".map-lines path").count() > 10
    assert page.evaluate(ASTRAY) == []


def test_who_comes_to_an_item_by_keyboard_sees_its_lines_and_opens_it(visitor, path):
    window = visitor()
    window.sign_in(*GALLERY)
    page = window.go(path)
    number = str(window.site.items["scaled-dot-product-attention"])
    link = page.locator(f'[data-node="{number}"] a')
    page.wait_for_function("document.querySelector('.course-map')")
    link.focus()
    page.wait_for_selector(".map-lines .lit", state="attached")
    lit = page.locator(".map-lines .lit").evaluate_all("(all) => all.map((each) => Object.values(each.dataset))")
    assert lit
    assert all(number in pair for pair in lit)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/items/{number}")
    page.get_by_role("link", name="Map", exact=True).click()
    page.wait_for_url(f"**{path}")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_map_does_without_scripts(visitor, path, width):
    window = visitor(width=width, java_script_enabled=False)
    page = window.page
    page.goto(f"{window.site.address}/sign-in")
    page.fill("#email", GALLERY[0])
    page.fill("#password", GALLERY[1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses")
    page.goto(f"{window.site.address}/courses/{window.site.course}")
    page.get_by_role("link", name="Map of the course").click()
    page.wait_for_url(f"**{path}")
    assert page.locator(".station").count() >= 4
    assert page.locator(".map-lines").is_visible() == (width == 1280)
    page.locator(".node a").nth(3).click()
    page.wait_for_url("**/items/*")
