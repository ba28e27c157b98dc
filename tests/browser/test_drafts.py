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


def test_a_reload_that_crosses_a_save_on_its_way_shows_what_was_saved(visitor, site, furnish_student):
    window = visitor()
    window.sign_in(*furnish_student("crosser"))
    page = window.item("self-attention")
    early = window.context.request.get(page.url)
    write(page, "# saved meanwhile")
    saved(page)
    page.route(page.url, lambda route: route.fulfill(response=early))
    window.item("self-attention")
    assert text(page) == "# saved meanwhile"
    write(page, "# and on")
    saved(page)
    assert on_server(window, "self-attention") == "# and on"


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


def on_server(window: Any, item: str) -> str:
    """The draft as the server has it."""
    return window.page.request.get(f"{window.site.address}/items/{window.site.items[item]}/draft").json()["content"]


def another_tab(window: Any, page: Any) -> Any:
    tab = window.context.new_page()
    tab.goto(page.url)
    until(tab, "!!document.querySelector('#work-form[data-ready]')", "not ready")
    return tab


def asked(page: Any) -> None:
    page.wait_for_selector("#draft-conflict:not([hidden]) ins")


def test_an_idle_tab_follows_the_one_that_is_written_in(visitor, site, furnish_student):
    window = visitor()
    window.sign_in(*furnish_student("juggler"))
    first = window.item("self-attention")
    second = another_tab(window, first)
    write(first, "# from the first tab")
    saved(first)
    until(second, "document.querySelector('.cm-content').innerText.includes('first tab')", "does not follow")
    write(second, "# from the second tab")
    saved(second)
    assert on_server(window, "self-attention") == "# from the second tab"


def test_two_tabs_written_in_without_a_connection_overwrite_nothing(visitor, site, furnish_student):
    window = visitor()
    window.expected = ("ERR_INTERNET_DISCONNECTED", "409")
    window.sign_in(*furnish_student("doubler"))
    first = window.item("self-attention")
    second = another_tab(window, first)
    window.context.set_offline(True)
    write(first, "# the first tab\nkept = 1\n")
    write(second, "# the second tab\nkept = 2\n")
    until(second, "/offline/i.test(document.getElementById('draft-state').textContent)", "offline is not said")
    kept = second.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length")
    assert kept == 2, "each tab keeps its own text"
    window.context.set_offline(False)
    until(
        first,
        "!document.getElementById('draft-conflict').hidden"
        " || /saved/i.test(document.getElementById('draft-state').textContent)",
        "neither saved nor asked",
    )
    texts = {text(first), text(second)}
    assert {"# the first tab\nkept = 1", "# the second tab\nkept = 2"} == texts
    asking = first if first.is_visible("#draft-conflict") else second
    asked(asking)
    asking.click("[data-conflict=both]")
    saved(asking)
    assert "kept = 1" in on_server(window, "self-attention")
    assert "kept = 2" in on_server(window, "self-attention")


@pytest.mark.parametrize("choice", ["mine", "other", "both"])
def test_a_text_saved_on_another_machine_is_shown_and_one_chooses(visitor, site, furnish_student, choice):
    person = furnish_student(f"commuter-{choice}")
    home, train = visitor(), visitor(width=390)
    home.expected = ("409",)
    home.sign_in(*person)
    train.sign_in(*person)
    at_home, on_train = home.item("self-attention"), train.item("self-attention")
    write(on_train, "# written on the train\n")
    saved(on_train)
    write(at_home, "# written at home\n")
    asked(at_home)
    assert "written on the train" in at_home.inner_text("#draft-conflict del")
    assert "written at home" in at_home.inner_text("#draft-conflict ins")
    assert on_server(home, "self-attention") == "# written on the train\n", "nothing is overwritten unasked"
    at_home.keyboard.type("# more")  # goes on, and stays in this browser
    at_home.reload()
    at_home = home.item("self-attention")
    asked(at_home)
    assert "written at home" in text(at_home)
    assert on_server(home, "self-attention") == "# written on the train\n"
    at_home.click(f"[data-conflict={choice}]")
    saved(at_home)
    assert at_home.is_hidden("#draft-conflict")
    kept = on_server(home, "self-attention")
    assert ("written at home" in kept) == (choice != "other")
    assert ("written on the train" in kept) == (choice != "mine")
    if choice == "other":
        at_home.click("[data-notice-action]")  # undo
        assert "written at home" in text(at_home)
        saved(at_home)


def test_an_answer_that_gets_lost_on_its_way_makes_no_conflict(visitor, site, furnish_student):
    window = visitor()
    window.expected = ("ERR_FAILED", "409")
    window.sign_in(*furnish_student("echo"))
    page = window.item("self-attention")

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/draft", lose, times=1)
    write(page, "# arrived, and nobody said so")
    until(page, "/offline/i.test(document.getElementById('draft-state').textContent)", "not said")
    assert on_server(window, "self-attention") == "# arrived, and nobody said so"
    page.keyboard.type(", and more")
    saved(page)
    assert page.is_hidden("#draft-conflict")
    assert on_server(window, "self-attention") == "# arrived, and nobody said so, and more"


def test_a_submission_whose_answer_gets_lost_is_sent_once(visitor, site, furnish_student):
    window = visitor()
    window.expected = ("ERR_FAILED",)
    window.sign_in(*furnish_student("repeater"))
    page = window.item("attention-weighted-sum")
    write(page, "def attention_weighted_sum(x, w):\n    return (x * w[..., None]).sum(1)\n")

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/submit", lose, times=1)
    page.dblclick("button[data-send=submit]")
    page.wait_for_selector("#verdict .verdict[data-status=passed]", timeout=60_000)
    assert page.locator("#history li").count() == 1


def test_a_poll_that_is_cut_goes_on_by_itself(visitor, site, furnish_student):
    window = visitor()
    window.expected = ("ERR_FAILED",)
    window.sign_in(*furnish_student("poller"))
    page = window.item("attention-weighted-sum")
    write(page, "def attention_weighted_sum(x, w):\n    return (x * w[..., None]).sum(1)\n")
    page.route("**/jobs/*", lambda route: route.abort(), times=2)
    page.click("button[data-send=submit]")
    page.get_by_text("What you sent is stored").first.wait_for()
    page.wait_for_selector("#verdict .verdict[data-status=passed]", timeout=60_000)


def test_closing_warns_only_where_the_text_would_be_lost(visitor, site, furnish_student):
    window = visitor()
    window.expected = ("ERR_INTERNET_DISCONNECTED",)
    window.sign_in(*furnish_student("closer"))
    warned = []

    def note(dialog: Any) -> None:
        warned.append(dialog.type)
        dialog.accept()

    for full in (False, True):
        page = window.item("self-attention")
        if not full:
            page.on("dialog", note)
        if full:
            page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
        window.context.set_offline(True)
        write(page, f"# unsent {full}")
        state = "document.getElementById('draft-state').textContent"
        until(page, f"/{'not saved' if full else 'offline'}/i.test({state})", "not said")
        page.goto("about:blank")
        window.context.set_offline(False)
    assert warned == ["beforeunload"]


def test_a_session_that_ran_out_is_renewed_in_another_tab_and_saving_goes_on(visitor, site, furnish_student):
    person = furnish_student("renewer")
    window = visitor()
    window.expected = ("401", "400")
    window.sign_in(*person)
    page = window.item("self-attention")
    page.wait_for_load_state("networkidle")
    window.context.clear_cookies()
    write(page, "# over the end of the session")
    until(page, "/signed out/i.test(document.getElementById('draft-state').textContent)", "not said")
    link = page.get_attribute("#draft-state a", "href")
    assert f"/items/{site.items['self-attention']}" in link.replace("%2F", "/")
    tab = window.context.new_page()
    sign_in_there(tab, site, *person)
    tab.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    saved(page)
    assert on_server(window, "self-attention") == "# over the end of the session"


def test_what_one_person_wrote_is_never_saved_for_another(visitor, site, furnish_student):
    window = visitor()
    window.expected = ("401", "400")
    window.sign_in(*furnish_student("early"))
    page = window.item("self-attention")
    page.wait_for_load_state("networkidle")
    window.context.clear_cookies()
    tab = window.context.new_page()
    sign_in_there(tab, site, *furnish_student("late"))
    write(page, "# not for whoever comes after me")
    until(page, "/somebody else/i.test(document.getElementById('draft-state').textContent)", "not said")
    page.click("button[data-send=submit]")
    page.get_by_text("Somebody else has signed in").first.wait_for()
    assert on_server(window, "self-attention") == ""


def sign_in_there(tab: Any, site: Any, email: str, password: str) -> None:
    tab.goto(site.address + "/sign-in")
    tab.fill("#email", email)
    tab.fill("#password", password)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/courses")


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
