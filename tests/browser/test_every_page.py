"""Every page the application has, found by its own map of addresses, so that a new one is looked at from its first day.

Nothing that axe knows is violated, whatever has the focus shows it, nothing sticks out on a phone, and the console is
silent: for strangers, guests, students and instructors, in both languages, wide and light as well as narrow and dark.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.bench_web.addresses import Page, pages

pytestmark = pytest.mark.browser

OPEN = "scaled-dot-product-attention"
NO_PAGES = {
    "static": "files",
    "figures.figure": "a drawing",
    "api.job": "JSON",
    "api.draft": "JSON",
    "operations.healthz": "JSON",
    "operations.readyz": "JSON",
    "operations.metrics": "figures",
    "tasks.task": "JSON",
    "learn.download": "an attachment",
    "learn.public_tests": "an attachment",
    "history.archive": "an attachment",
}
"""Endpoints that answer GET with something else than a page of their own, and with what.

The `swept_….py` files beside this one add theirs for their blueprints: `NO_PAGES`, `VISITORS`, `QUERIES` by endpoint,
and `prepare(site, session)`, which makes what their pages show and returns their addresses' variables by name.
"""
VISITORS = {
    "account": ("stranger", "student"),
    "guests": ("stranger", "guest"),
    "joining": ("stranger", "student"),
    "own": ("student",),
    "learn": ("student",),
    "history": ("student",),
    "teach": ("instructor",),
    "tasks": ("instructor",),
}
"""Who looks at the pages of a blueprint."""
SWEPT = [
    importlib.import_module(f"tests.browser.{path.stem}") for path in sorted(Path(__file__).parent.glob("swept_*.py"))
]
for part in SWEPT:
    NO_PAGES |= getattr(part, "NO_PAGES", {})
    VISITORS |= getattr(part, "VISITORS", {})
ALSO = {"learn.item": ("guest",)}
"""And who else at a page."""
PEOPLE = {"stranger": None, "guest": None, "student": "gallery", "instructor": "teacher", "administrator": "keeper"}
VIEWS = ((1280, "light"), (390, "dark"))

FOCUS = """() => {
  const look = (part) => {
    const found = [];
    for (let at = part, up = 0; at && up < 4; at = at.parentElement, up++) {
      const style = getComputedStyle(at);
      found.push([style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor, style.boxShadow,
        style.borderColor, style.backgroundColor, style.textDecorationLine, style.opacity].join());
    }
    return found.join("|");
  };
  const seen = {}, unmarked = [];
  const focusable = "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable='true']";
  for (const part of document.querySelectorAll(focusable)) {
    if (part.disabled || part.type === "hidden" || part.tabIndex < 0 || part.closest("dialog:not([open])")) continue;
    if (!part.checkVisibility({ visibilityProperty: true })) continue;
    const kind = `${part.tagName} ${part.className} ${part.parentElement.className}`;
    seen[kind] = (seen[kind] ?? 0) + 1;
    if (seen[kind] > 2) continue;
    document.activeElement?.blur();
    const before = look(part);
    part.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement === part && look(part) === before) unmarked.push(part.outerHTML.slice(0, 140));
  }
  document.activeElement?.blur();
  return unmarked;
}"""
"""What looks the same with the focus as without it; of parts that are alike two are asked."""
STICKING_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const scrolls = (part) => part && (getComputedStyle(part).overflowX !== "visible" || scrolls(part.parentElement));
  const found = [...document.body.querySelectorAll("*")]
    .filter((part) => part.getBoundingClientRect().right > wide + 1 && !scrolls(part.parentElement))
    .slice(0, 3).map((part) => part.outerHTML.slice(0, 140));
  return found.length ? found : ["something that is no element"];
}"""
HTML = "text/html"


@pytest.fixture(scope="module")
def every_page(site: Any) -> dict[str, list[Page]]:
    """The pages for each kind of visitor.  A route this module knows nothing about fails with what to add."""
    from sqlalchemy import select

    from webapp import create_app
    from webapp.courses.inviting import token_for
    from webapp.models import Submission, User

    app = create_app({"data": site.data})
    with app.extensions["workshop_database"].reading() as session:
        submission = session.get_one(Submission, site.submissions["partial"])
        user_id = session.scalar(select(Submission.user_id).where(Submission.id == submission.id))
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        invitation = token_for(session.get_one(User, user_id), app.config["SECRET_KEY"], tomorrow)
    values = {
        "item_id": site.items[OPEN],
        "course_id": site.course,
        "submission_id": site.submissions["partial"],
        "job_id": site.jobs["partial"],
        "user_id": user_id,
        "code": "attention-workshop",
        "token": invitation,
    }
    found: dict[str, list[Page]] = {visitor: [] for visitor in PEOPLE}
    unknown = []
    with app.extensions["workshop_database"].writing() as session:
        for part in SWEPT:
            values |= part.prepare(site, session) if hasattr(part, "prepare") else {}
    queries = {"history.difference": f"?from={site.submissions['failed']}&to={site.submissions['partial']}"}
    for part in SWEPT:
        queries |= getattr(part, "QUERIES", {})
    for page in pages(app, values, NO_PAGES, queries):
        if isinstance(page, str):
            unknown.append(f"{page}: give what its address wants a value in `every_page`, or name it in NO_PAGES")
            continue
        blueprint = page.endpoint.split(".")[0]
        if blueprint not in VISITORS:
            unknown.append(f"{page.endpoint}: say in VISITORS who looks at the pages of {blueprint!r}")
        for visitor in (*VISITORS.get(blueprint, ()), *ALSO.get(page.endpoint, ())):
            found[visitor].append(page)
    assert unknown == []
    return found


def enter(window: Any, visitor: str, site: Any) -> None:
    """Become that visitor."""
    if PEOPLE[visitor]:
        window.sign_in(f"{PEOPLE[visitor]}@workshop.example", f"{PEOPLE[visitor]}-password")
    elif visitor == "guest":
        page = window.go(f"/try/{site.items[OPEN]}")
        page.click("main form button")
        page.wait_for_url("**/items/*")


def faults(page: Any, lang: str) -> Iterator[str]:
    """What is wrong with the open page, everything unfolded."""
    if page.get_attribute("html", "lang") != {"zh": "zh-Hans", "en": "en"}[lang]:
        yield "the page does not say its language"
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    page.evaluate(Axe().axe_script)
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(150)  # it fits its formulas and pictures to the new width
        where = {
            "include": [["html"]],
            "exclude": [[".katex-html"]],
        }  # hundreds of letters in their surroundings' colour
        found = page.evaluate("(where) => axe.run(where, { resultTypes: ['violations'] })", where)
        for rule in found["violations"]:
            for node in rule["nodes"][:2]:
                yield f"{width} {scheme}: {rule['impact']} {rule['id']}: {node['html'][:160]}"
        page.keyboard.press("Tab")  # from now on the focus is moved by keys
        for part in page.evaluate(FOCUS):
            yield f"{width} {scheme}: the focus does not show on {part}"
        for part in page.evaluate(STICKING_OUT):
            yield f"{width} {scheme}: wider than the window: {part}"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_every_page_is_accessible_fits_and_says_nothing_to_the_console(
    visitor: Any, site: Any, every_page: dict[str, list[Page]], who: str, lang: str
) -> None:
    window = visitor(lang=lang)
    enter(window, who, site)
    wrong, seen = [], set()
    for page in every_page[who]:
        answer = window.page.goto(site.address + page.path)
        if answer.status >= 400 or HTML not in answer.headers.get("content-type", ""):
            wrong.append(
                f"{page.endpoint} answers {who} with {answer.status}: give it other values, or another visitor"
            )
        elif window.page.url not in seen:
            seen.add(window.page.url)
            window.go(page.path)
            wrong += [f"{page.endpoint} ({page.path}) {fault}" for fault in faults(window.page, lang)]
    assert wrong == []


def test_the_sweep_notices_what_it_looks_for(visitor: Any) -> None:
    window = visitor()
    page = window.go("/sign-in")
    assert list(faults(page, "en")) == []
    page.evaluate("""() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("#email, #email:focus { outline: none !important; box-shadow: none !important; "
        + "border-color: red } main::after { content: ''; display: block; width: 600px; height: 1px }");
      document.adoptedStyleSheets = [sheet];
      document.querySelector("label[for=password]").remove();
    }""")
    found = "\n".join(faults(page, "zh"))
    for part in ("does not say its language", "critical label", "focus does not show on <input", "390 dark: wider"):
        assert part in found
