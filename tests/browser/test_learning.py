"""What a student does, from signing in to reading a verdict; with the real grader behind the real server."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

STUDENT = ("browser@workshop.example", "browser-password")
GALLERY = ("gallery@workshop.example", "gallery-password")
DOCUMENT = Path(os.environ.get("WORKSHOP_DOCUMENT", Path(__file__).parents[3] / "shared" / "000_f863d3fb71e40de3.txt"))
VERDICT = "#verdict .verdict[data-state='done']"

# What the workshop's own document gives as its answer (its multi-head layer leans on a name it does not define).
PUBLISHED = """import torch
import torch.nn as nn

class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.1):
        super(MultiHeadAttention, self).__init__()
        self.d_model = d_model
        self.num_heads = num_heads
        self.head_dim = d_model // num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(num_heads * self.head_dim, d_model)
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        batch_size = query.size(0)
        query = self.query_linear(query).view(batch_size, -1, self.num_heads, self.head_dim).transpose(1, 2)
        key = self.key_linear(key).view(batch_size, -1, self.num_heads, self.head_dim).transpose(1, 2)
        value = self.value_linear(value).view(batch_size, -1, self.num_heads, self.head_dim).transpose(1, 2)
        attention_output, _ = ScaledDotProductAttention(self.head_dim, self.dropout)(query, key, value, mask)
        attention_output = attention_output.transpose(1, 2).contiguous().view(batch_size, -1, self.d_model)
        return self.out_linear(attention_output)
"""
RIGHT = (Path(__file__).parents[1] / "golden" / "multi-head-attention" / "einsum.py").read_text(encoding="utf-8")
SHORT = (
    "注意力机制让模型聚焦于输入中与当前任务相关的重要部分，而不是对所有部分一视同仁。"
    "它给输入的每个部分分配不同的权重，权重表示重要程度，再按权重加权求和。"
    "这些权重由模型在训练中学到，并根据当前的查询计算得出。"
    "这样可以提高准确率，减少冗余信息的干扰。应用包括机器翻译、语音识别和图像描述。"
)


def published() -> str:
    """The document's own answer to multi-head attention, where the document is at hand."""
    if not DOCUMENT.is_file():
        return PUBLISHED
    from questions import load_bank

    for item in load_bank(DOCUMENT).items:
        if "多头" in item.title.get("zh") and item.answer_code:
            return item.answer_code.source
    raise AssertionError("the document has no answer to multi-head attention")


def write(page: Any, text: str) -> None:
    """Replace what is in the editor, as a paste does."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def judged(page: Any, *, seconds: float = 60) -> Any:
    """Wait for the verdict and give its element."""
    page.wait_for_selector(VERDICT, timeout=seconds * 1000)
    return page.locator(VERDICT)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_wrong_answer_is_explained_and_a_right_one_gets_full_marks(visitor, site, lang, furnish_student):
    window = visitor(lang=lang)
    window.sign_in(*furnish_student(f"learner-{lang}"))
    page = window.item("multi-head-attention")
    url = page.url
    write(page, published())
    page.click("button[data-send=submit]")
    verdict = judged(page)
    assert verdict.get_attribute("data-status") in ("failed", "partial", "error")
    assert "ScaledDotProductAttention" in verdict.inner_text()
    assert page.url.startswith(url)
    assert page.locator("#answer section").count() == 0

    write(page, RIGHT)
    page.click("button[data-send=submit]")
    page.wait_for_selector("#verdict .verdict[data-status=passed]", timeout=60_000)
    points = page.inner_text("#progress .item-facts b")
    most = re.findall(r"\d+", points)
    assert most[0] == most[1]
    assert page.locator("#history li").count() == 2
    assert page.locator("#answer section").count() == 1
    assert page.evaluate("document.activeElement.classList.contains('verdict')")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_short_answer_is_read_key_point_by_key_point(visitor, site, lang, furnish_student):
    window = visitor(lang=lang, width=390)
    window.sign_in(*furnish_student(f"writer-{lang}"))
    page = window.item("attention-concept")
    page.fill("#content", SHORT)
    assert re.search(r"\d+", page.inner_text("#word-count"))
    page.focus("#content")
    page.keyboard.press("Control+Enter")
    verdict = judged(page)
    assert verdict.locator(".key-points li").count() == 5
    assert verdict.locator("mark a").count() > 0
    box = verdict.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 844


def test_run_makes_the_public_tests_only_and_costs_no_attempt(visitor, site, furnish_student):
    window = visitor()
    window.sign_in(*furnish_student("runner"))
    page = window.item("multi-head-attention")
    before = page.inner_text("#progress")
    write(page, RIGHT)
    page.keyboard.press("Alt+Enter")
    verdict = judged(page)
    assert "public tests" in verdict.locator("h2").inner_text()
    assert verdict.get_attribute("data-status") == "passed"
    assert page.inner_text("#progress") == before
    assert page.locator("#history li").count() == 0


SLOW = "def attention_weighted_sum(inputs, attention_weights):\n    import time; time.sleep(0.5)\n    return inputs\n"


def test_a_lost_connection_says_that_what_was_sent_is_stored(visitor, site, furnish_student):
    window = visitor()
    window.expected = ("ERR_INTERNET_DISCONNECTED",)
    window.sign_in(*furnish_student("tunnel"))
    page = window.item("attention-weighted-sum")
    write(page, SLOW)
    page.click("button[data-send=submit]")
    page.wait_for_selector("#verdict [data-state]")
    window.context.set_offline(True)
    page.get_by_text("What you sent is stored").first.wait_for()
    page.wait_for_timeout(2500)
    assert "What you sent is stored" in page.inner_text("#verdict"), "it stays while the connection is away"
    window.context.set_offline(False)
    judged(page)


def test_who_goes_on_writing_is_not_called_away_by_the_verdict(visitor, site, furnish_student):
    window = visitor()
    window.sign_in(*furnish_student("impatient"))
    page = window.item("attention-weighted-sum")
    write(page, SLOW)
    page.keyboard.press("Alt+Enter")
    page.keyboard.press("Control+End")
    page.keyboard.type("# first")
    verdict = judged(page)
    page.keyboard.type(" and second")
    assert "# first and second" in page.inner_text(".cm-content")
    assert page.inner_text("#announce") == verdict.locator("h2").inner_text()
    assert verdict.locator("[data-stale]").is_visible()


def test_everything_can_be_done_from_the_keyboard(visitor, site, furnish_student):
    email, password = furnish_student("keyboard")
    window = visitor()
    page = window.go("/sign-in")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses")
    reach(page, "a.row")
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses/*")
    reach(page, ".next-step a")
    reach(page, f"a.row[href='/items/{site.items['attention-weighted-sum']}']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#work-form[data-ready]")
    reach(page, ".cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("def attention_weighted_sum(inputs, attention_weights):\n")
    page.keyboard.press("Tab")
    page.keyboard.type("return (inputs * attention_weights[..., None]).sum(1)")
    assert page.evaluate("document.activeElement.matches('.cm-content')"), "Tab indents inside the editor"
    page.keyboard.press("Escape")
    reach(page, "button[data-send=run]", most=3)
    reach(page, "button[data-send=submit]", most=1)
    page.keyboard.press("Enter")
    verdict = judged(page)
    assert verdict.get_attribute("data-status") == "passed", verdict.inner_text()
    assert page.evaluate("document.activeElement.classList.contains('verdict')")
    reach(page, "#verdict summary", most=2)
    page.keyboard.press("Enter")
    assert page.locator("#verdict .tests.is-quiet .test").first.is_visible()


def reach(page: Any, selector: str, most: int = 60) -> None:
    """Press Tab until the focus is on `selector`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} was not reached with {most} tabs")


def test_a_line_of_the_traceback_leads_into_the_editor(visitor, site, furnish_student):
    window = visitor()
    window.sign_in(*furnish_student("liner"))
    page = window.item("attention-weighted-sum")
    write(
        page,
        "import torch\n\n\ndef attention_weighted_sum(inputs, weights):\n    return inputs @ torch.ones(999, 7)\n",
    )
    page.click("button[data-send=submit]")
    verdict = judged(page)
    link = verdict.locator("a[data-line='5']").first
    link.click()
    assert page.evaluate("document.activeElement.matches('.cm-content')")
    assert page.locator(".cm-activeLineGutter").inner_text() == "5"


def test_an_earlier_submission_is_loaded_back_and_that_can_be_undone(visitor, site):
    window = visitor()
    window.sign_in(*GALLERY)
    page = window.item("self-attention")
    write(page, "# mine\n")
    page.locator("#history a.load").first.click()
    page.wait_for_selector("#editor-notice:not([hidden])")
    assert "ScaledDotProductAttention" in page.inner_text(".cm-content")
    page.click("[data-notice-action]")
    assert page.inner_text(".cm-content").strip() == "# mine"


def test_starting_over_asks_and_can_be_undone(visitor, site, furnish_student):
    window = visitor()
    window.sign_in(*furnish_student("resetter"))
    page = window.item("dot-product-attention")
    write(page, "# my long evening\n")
    page.click("#reset")
    page.click("#reset-dialog button[value=keep]")
    assert "my long evening" in page.inner_text(".cm-content")
    page.click("#reset")
    page.click("#reset-dialog button[value=reset]")
    page.wait_for_selector("#editor-notice:not([hidden])")
    assert "DotProductAttention" in page.inner_text(".cm-content")
    page.click("[data-notice-action]")
    assert "my long evening" in page.inner_text(".cm-content")


def test_pages_work_without_scripts(visitor, site, furnish_student):
    window = visitor(java_script_enabled=False)
    email, password = furnish_student("plain")
    page = window.page
    page.goto(site.address + "/sign-in")
    page.fill("#email", email)
    page.fill("#password", password)
    page.click("button.primary")
    page.goto(f"{site.address}/items/{site.items['attention-concept']}")
    page.fill("#content", SHORT)
    page.click("button[data-send=submit]")
    for _ in range(60):
        if page.locator(VERDICT).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    assert page.locator(".key-points li").count() == 5
