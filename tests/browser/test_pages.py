"""Every page, in both languages, both widths and both colour schemes: accessible, complete, nothing sticking out."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from webapp.models import Course, Database, Membership, Notice, Role, User
from webapp.models.times import utc_now
from webapp.settings import Settings

pytestmark = pytest.mark.browser

GALLERY = ("gallery@workshop.example", "gallery-password")
TEACHER = ("teacher@workshop.example", "teacher-password")
CONTRAST = {"runOnly": ["color-contrast"]}
NO_CONTRAST = {"rules": {"color-contrast": {"enabled": False}}}
VIEWS: list[tuple[int, str, dict[str, Any]]] = [
    (1280, "light", {}),
    (1280, "dark", CONTRAST),
    (390, "dark", CONTRAST),
    (390, "light", NO_CONTRAST),  # colours are the same as in the wide view
]
PICTURES = ("sigmoid", "mask-leak", "values", "shapes", "run", "hidden", "nan", "timeout-line")
"""Verdicts that test_verdicts.py looks at."""
ITEM_OF = {
    "passed": "multi-head-attention",
    "waiting": "self-attention",
    "short-answer-passed": "attention-types",
    "short-answer-review": "attention-concept",
}


def grave(page: Any, part: str, options: dict[str, Any]) -> list[str]:
    """What axe calls serious or critical in this part of the page."""
    where = {
        "include": [[part]],
        "exclude": [[".katex-html"]],
    }  # hundreds of letters in the colour of the text around them
    found = page.evaluate(
        "([where, options]) => axe.run(where, options)", [where, {"resultTypes": ["violations"], **options}]
    )
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"][:3]
    ]


def overflow(page: Any) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def look(page: Any, path: str, lang: str, part: str = "html") -> list[str]:
    """What is wrong with the open page, in both widths and both colour schemes, everything unfolded."""
    from axe_playwright_python.sync_playwright import Axe

    wrong = []
    if page.get_attribute("html", "lang") != {"zh": "zh-Hans", "en": "en"}[lang]:
        wrong.append(f"{path}: the language of the page is not said")
    if page.locator("a.language").count() != 1:
        wrong.append(f"{path}: no switch of the language")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    page.evaluate(Axe().axe_script)
    for width, scheme, options in VIEWS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(150)  # the page fits its formulas to the new width
        wrong += [f"{path} {width} {scheme}: {text}" for text in grave(page, part, options)]
        if overflow(page) > 0:
            wrong.append(f"{path}: {overflow(page)} px wider than {width} px")
    return wrong


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_students_pages_have_no_serious_violation(visitor, site, lang):
    window = visitor(lang=lang)
    window.expected = ("404",)
    wrong = look(window.go("/sign-in"), "/sign-in", lang)
    window.sign_in(*GALLERY)
    paths = ["/courses", f"/courses/{site.course}", "/nothing-here", f"/submissions/{site.submissions['partial']}"]
    item = f"/items/{site.items['scaled-dot-product-attention']}"
    paths += [f"{item}/history?runs=1", f"{item}/diff?from=starter&to={site.submissions['partial']}"]
    for path in paths:
        wrong += look(window.go(path), path, lang)
    seen: set[int] = set()
    for name, job in site.jobs.items():
        if name in PICTURES:
            continue
        item = site.items[ITEM_OF.get(name, "scaled-dot-product-attention")]
        path = f"/items/{item}?job={job}"
        wrong += look(window.go(path), path, lang, "#work" if item in seen else "html")
        seen.add(item)
    assert wrong == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_instructors_pages_have_no_serious_violation(visitor, site, lang):
    window = visitor(lang=lang)
    window.sign_in(*TEACHER)
    wrong = []
    for path in (
        "/teach",
        f"/teach/courses/{site.course}",
        f"/teach/submissions/{site.submissions['partial']}",
        f"/teach/submissions/{site.submissions['ungradable']}",
        "/teach/jobs",
        "/teach/banks",
    ):
        wrong += look(window.go(path), path, lang)
    page = window.go(f"/teach/courses/{site.course}?q=%E9%99%88%E6%99%93")
    page.get_by_role("link", name="陈晓 Chen").click()
    page.wait_for_url("**/students/*")
    wrong += look(page, page.url, lang)
    assert wrong == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("teaches", [False, True])
def test_a_phones_header_has_room_for_a_notice(visitor, site, furnish_student, lang, teaches):
    person = furnish_student(f"noticed-{lang}-{teaches}".lower())
    database = Database(Settings(data=site.data).database)
    with database.writing() as session:
        user_id = session.scalars(select(User.id).where(User.email == person[0])).one()
        session.add(Notice(user_id=user_id, kind="of the future", subject="x", data={}, created_at=utc_now()))
        if teaches:
            course = Course(title="二 | Two", zone="UTC")
            session.add(course)
            session.flush()
            session.add(Membership(course_id=course.id, user_id=user_id, role=Role.ASSISTANT))
    database.close()
    window = visitor(lang=lang, width=390)
    window.sign_in(*person)
    page = window.go("/courses")
    assert page.locator("header .unread").is_visible()
    assert page.locator("header nav a").count() == (3 if teaches else 2)
    assert overflow(page) == 0
    assert page.evaluate("document.querySelector('header').scrollWidth") <= 390


def test_a_hostile_verdict_is_shown_and_does_nothing(visitor, site):
    window = visitor()
    window.sign_in(*GALLERY)
    page = window.item("scaled-dot-product-attention", f"?job={site.jobs['hostile']}")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    verdict = page.locator("#verdict")
    assert "owned" not in page.title()
    assert verdict.locator("script, img, iframe, a[href^='javascript']").count() == 0
    text = verdict.inner_text()
    assert "<script>" in text
    assert not set(text) & set("\u202e\u2066\u200b\x1b\x07\x08\x00\x9b")
    assert "U+202E" in text
    assert overflow(page) == 0


def test_the_language_is_switched_in_place_and_remembered(visitor, site):
    window = visitor(lang="zh")
    window.sign_in(*GALLERY)
    page = window.go(f"/courses/{site.course}")
    page.get_by_role("link", name="English").click()
    page.wait_for_load_state("networkidle")
    assert page.get_attribute("html", "lang") == "en"
    assert f"/courses/{site.course}" in page.url
    assert window.go("/courses").get_attribute("html", "lang") == "en"


def test_the_colour_scheme_is_switched_and_kept_without_a_flash(visitor):
    window = visitor(scheme="light")
    window.sign_in(*GALLERY)
    page = window.page
    page.click("[data-scheme-switch]")
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.reload()
    assert page.get_attribute("html", "data-scheme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == dark


def test_mathematics_is_drawn_and_code_is_coloured(visitor, site):
    window = visitor()
    window.sign_in(*GALLERY)
    page = window.item("scaled-dot-product-attention")
    assert page.locator(".item-text .katex").count() > 3
    assert page.locator(".item-text .math:not([data-rendered])").count() == 0
    assert page.locator(".cm-content span").count() > 3
    assert page.locator(".item-text .highlight .k, .item-text .highlight .mi").count() > 0
