"""What is being written is not lost: not by a reload, a sign-out, a lost connection or a second tab."""

from __future__ import annotations

import time
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def write(page: Any, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def until(page: Any, expression: str, what: str, seconds: float = 15) -> None:
    """Wait until `expression` holds in the page (whose policy forbids playwright's own way of waiting)."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"{what}: {page.inner_text('#draft-state')!r}"
        time.sleep(0.05)


def saved(page: Any) -> None:
    until(page, "/saved/i.test(document.getElementById('draft-state').textContent)", "not saved")


def text(page: Any) -> str:
    return page.inner_text(".cm-content").strip()


def test_a_draft_survives_a_reload_at_once(visitor, site, furnish_student):
    window = visitor()
    window.sign_in(*furnish_student("reloader"))
    page = window.item("self-attention")
    write(page, "# half a thought")
    page.wait_for_selector(".cm-line:has-text('half a thought')")
    page.reload()
    window.item("self-attention")
    assert text(page) == "# half a thought"


def test_a_draft_survives_signing_out_and_another_browser(visitor, site, furnish_student):
    person = furnish_student("leaver")
    window = visitor()
    window.sign_in(*person)
    page = window.item("self-attention")
    write(page, "# to be continued")
    saved(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))")
    assert kept == [], "a saved text is left behind on a shared computer"
    window.sign_in(*person)
    assert text(window.item("self-attention")) == "# to be continued"
    other = visitor(width=390)
    other.sign_in(*person)
    assert text(other.item("self-attention")) == "# to be continued"


def test_a_short_answer_is_kept_too(visitor, site, furnish_student):
    window = visitor()
    window.sign_in(*furnish_student("scribbler"))
    page = window.item("attention-types")
    page.fill("#content", "加性注意力与点积注意力")
    saved(page)
    window.item("attention-types")
    assert page.input_value("#content") == "加性注意力与点积注意力"


def test_without_a_connection_nothing_is_lost_and_the_page_says_so(visitor, site, furnish_student):
    window = visitor()
    window.expected = ("ERR_INTERNET_DISCONNECTED",)
    window.sign_in(*furnish_student("traveller"))
    page = window.item("self-attention")
    window.context.set_offline(True)
    write(page, "# in a tunnel")
    until(page, "/offline/i.test(document.getElementById('draft-state').textContent)", "offline is not said")
    page.click("button[data-send=submit]")
    page.wait_for_selector("#verdict [data-cancel]")
    page.click("#verdict [data-cancel]")
    window.context.set_offline(False)
    saved(page)
    window.item("self-attention")
    assert text(page) == "# in a tunnel"
    assert page.locator("#history li").count() == 0


def test_a_submission_made_without_a_connection_is_sent_when_it_is_back(visitor, site, furnish_student):
    window = visitor()
    window.expected = ("ERR_INTERNET_DISCONNECTED",)
    window.sign_in(*furnish_student("tunneller"))
    page = window.item("attention-weighted-sum")
    write(page, "def attention_weighted_sum(x, w):\n    return (x * w[..., None]).sum(1)\n")
    window.context.set_offline(True)
    page.click("button[data-send=submit]")
    page.wait_for_selector("#verdict [data-retry]")
    window.context.set_offline(False)
    page.wait_for_selector("#verdict .verdict[data-status=passed]", timeout=60_000)
    assert page.locator("#history li").count() == 1


def test_two_tabs_keep_both_texts(visitor, site, furnish_student):
    window = visitor()
    window.sign_in(*furnish_student("juggler"))
    first = window.item("self-attention")
    second = window.context.new_page()
    second.goto(first.url)
    until(second, "!!document.querySelector('#work-form[data-ready]')", "not ready")
    write(first, "# from the first tab")
    saved(first)
    until(
        second,
        "document.querySelector('.cm-content').innerText.includes('first tab')",
        "the idle tab does not follow",
    )
    write(second, "# from the second tab")
    saved(second)
    first.bring_to_front()
    write(first, "# again the first")
    saved(first)
    second.bring_to_front()
    write(second, "# the second has the last word")
    saved(second)
    page = window.item("self-attention")
    assert text(page) == "# the second has the last word"


def test_a_text_saved_on_another_machine_meanwhile_is_offered(visitor, site, furnish_student):
    person = furnish_student("commuter")
    home, train = visitor(), visitor(width=390)
    home.sign_in(*person)
    train.sign_in(*person)
    at_home, on_train = home.item("self-attention"), train.item("self-attention")
    write(on_train, "# written on the train")
    saved(on_train)
    write(at_home, "# written at home")
    at_home.wait_for_selector("#editor-notice:not([hidden])")
    at_home.click("[data-notice-action]")
    assert text(at_home) == "# written on the train"
    at_home.click("[data-notice-action]")
    assert text(at_home) == "# written at home"


def test_being_signed_out_elsewhere_keeps_the_text_and_says_so(visitor, site, furnish_student):
    person = furnish_student("expired")
    window = visitor()
    window.expected = ("401",)
    window.sign_in(*person)
    page = window.item("self-attention")
    page.wait_for_load_state("networkidle")  # a late answer would bring the cookie back
    window.context.clear_cookies()
    write(page, "# after the session ended")
    until(page, "/signed out/i.test(document.getElementById('draft-state').textContent)", "not said")
    window.sign_in(*person)
    assert text(window.item("self-attention")) == "# after the session ended"
