"""The page of today in a browser: accessible in every state, with the keyboard, in both languages, wide and narrow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.browser.test_pages import look

pytestmark = pytest.mark.browser

GALLERY = ("gallery@workshop.example", "gallery-password")


@pytest.fixture
def half_way(site, furnish_student):
    """A student with something missed, something solved and something begun."""
    from sqlalchemy import select

    from grader.documents import verdict_to_json
    from tests.webapp.conftest import pretend
    from webapp.items import item_from
    from webapp.learn import sending
    from webapp.learn.attempts import Pace
    from webapp.models import Database, Draft, Purpose, User
    from webapp.queue import rows
    from webapp.settings import Settings

    account = furnish_student(f"half-{uuid4().hex}")
    database = Database(Settings(data=site.data).database)
    now = datetime.now(UTC)
    with database.writing() as session:
        user = session.scalars(select(User).where(User.email == account[0])).one().id
        item = site.items["self-attention"]
        session.add(Draft(user_id=user, assignment_item_id=item, content="import torch\nbegun = True\n", saved_at=now))
    for name, days, share in (
        ("attention-weighted-sum", 4, 1.0),
        ("dot-product-attention", 3, 1.0),
        ("scaled-dot-product-attention", 2, 0.5),
        ("multi-head-attention", 1, 0.2),
    ):
        at = now - timedelta(days=days)
        with database.writing() as session:
            sent = sending.send(
                session,
                user_id=user,
                item_id=site.items[name],
                content=b"x = 1",
                purpose=Purpose.SUBMIT,
                client_key="",
                pace=Pace(1000, 1000),
                now=at,
            )
            claim = rows.claim(session, "half-way", now, timedelta(minutes=1))
            assert claim is not None
            assert claim.job_id == sent.job_id
            verdict = pretend(item_from(claim.revision, claim.source), claim.seed, share)
            assert rows.store(session, claim, verdict_to_json(verdict), at)
    database.close()
    return account


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_of_today_has_no_violation_in_any_state(visitor, furnish_student, half_way, lang):
    wrong = []
    new = furnish_student(f"new-{lang}")
    for account in (new, GALLERY, half_way):
        window = visitor(lang=lang)
        window.sign_in(*account)
        wrong += look(window.go("/today"), "/today", lang)
        found = window.page.evaluate("axe.run('html', {resultTypes: ['violations']})")["violations"]
        wrong += [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]
    assert wrong == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_next_step_is_in_sight_and_reached_with_the_keyboard_alone(visitor, half_way, width):
    window = visitor(width=width)
    window.sign_in(*half_way)
    window.page.get_by_role("link", name="Today", exact=True).focus()
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/today")
    page = window.go("/today")
    button = page.get_by_role("link", name="Continue", exact=True)
    box = button.bounding_box()
    assert box["y"] + box["height"] < 844
    for _press in range(30):
        page.keyboard.press("Tab")
        if button.evaluate("(each) => each === document.activeElement"):
            break
    assert button.evaluate("(each) => getComputedStyle(each).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/items/{window.site.items['self-attention']}")


def test_the_table_of_skills_is_sorted_without_scripts(visitor, half_way):
    window = visitor(java_script_enabled=False)
    page = window.page
    page.goto(f"{window.site.address}/sign-in")
    page.fill("#email", half_way[0])
    page.fill("#password", half_way[1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses")
    page.goto(f"{window.site.address}/today")
    page.get_by_text("All numbers").first.click()
    page.get_by_role("link", name="Points", exact=True).click()
    page.wait_for_url("**sort=points**")
    assert page.locator("#skills-table[open]").count() == 1
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Points")
    assert "Dropout" in page.locator("#skills-table tbody tr").first.inner_text()


def test_the_calendar_says_in_words_what_it_draws(visitor, half_way):
    window = visitor(lang="zh")
    window.sign_in(*half_way)
    page = window.go("/today")
    said = page.get_attribute("svg.calendar", "aria-label")
    assert said.count("那一周") == 8
    assert "4 天提交或运行过" in page.inner_text("section[aria-labelledby=activity]")
    drawn = page.locator("svg.calendar rect:not(.level-0)").count()
    assert drawn == 4
