"""Banks in a browser: their states, proving, who catches what."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

SCREENS = Path(__file__).parents[2] / "build" / "screens"
PROVED = re.compile(r"^\s*Proved")
BANK = Path(__file__).parents[2] / "questions" / "banks" / "attention"
TEACHER = ("teacher@workshop.example", "teacher-password")


def test_an_item_is_proved_and_its_matrix_read(visitor):
    window = visitor(lang="en")
    window.sign_in(*TEACHER)
    page = window.go("/teach/banks/attention")
    row = page.locator("#item-attention-concept")
    row.get_by_role("button", name="Prove it").click()
    page.locator("#item-attention-concept .item-state", has_text=PROVED).wait_for(timeout=60_000)
    page.locator("#item-scaled-dot-product-attention").get_by_role("button", name="Prove it").click()
    page.locator("#item-scaled-dot-product-attention .item-state", has_text=PROVED).wait_for(timeout=180_000)
    page.screenshot(path=str(SCREENS / "bank-en-1280.png"), full_page=True)
    for lang, width, scheme in (("en", 1280, "light"), ("zh", 390, "dark")):
        other = visitor(lang=lang, width=width, scheme=scheme)
        other.sign_in(*TEACHER)
        page = other.go("/teach/banks/attention/items/scaled-dot-product-attention/proof")
        assert page.locator(".matrix tbody th").count() > 5
        page.screenshot(path=str(SCREENS / f"matrix-{lang}-{width}.png"), full_page=True)
        page = other.go("/teach/banks/attention")
        page.screenshot(path=str(SCREENS / f"bank-{lang}-{width}.png"), full_page=True)
        page = other.go("/teach/banks")
        page.screenshot(path=str(SCREENS / f"banks-{lang}-{width}.png"))


def test_a_bank_is_edited_seen_in_both_languages_proved_and_saved(visitor):
    window = visitor(lang="en", width=1500)
    window.sign_in(*TEACHER)
    checks = (BANK / "15-checks.md").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(checks, 1) if "{#masked-positions}" in text)
    page = window.go(f"/teach/banks/attention/edit?file=15-checks.md&line={line}")
    page.wait_for_selector("#bank-form[data-ready]")
    page.locator("#preview h3", has_text="What a mask does").wait_for()
    assert page.locator("#preview h3", has_text="被屏蔽的位置").is_visible()
    page.locator("#preview .katex").first.wait_for()
    page.locator("[data-show=zh]").click()
    assert not page.locator("#preview h3", has_text="What a mask does").is_visible()
    page.locator("[data-show=both]").click()
    page.locator("#outline a", has_text="What to divide by").click()
    page.locator("#preview h3", has_text="What to divide by").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    page.keyboard.type("kindd: choice\n")
    page.locator("#faults a", has_text="line 10").wait_for()
    page.locator(".cm-lint-marker").first.wait_for()
    page.screenshot(path=str(SCREENS / "editor-faults-en-1500.png"))
    page.reload()
    page.wait_for_selector("#bank-form[data-ready]")
    assert "back from this browser" in page.inner_text("#draft-state")
    page.locator("#faults a", has_text="line 10").click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Delete")
    page.locator("#check-state", has_text="Nothing wrong").wait_for(state="attached")
    page.locator("#outline a", has_text="One row of weights").click()
    page.keyboard.press("Alt+Enter")
    page.locator("#trial-part .item-state", has_text=PROVED).wait_for(timeout=60_000)
    page.locator("#outline a", has_text="What a mask does").click()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    for _ in range(len(" {#masked-positions}") - 1):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type(" to scores")
    page.locator("#preview h3", has_text="What a mask does to scores").wait_for()
    page.fill("#message", "a clearer title")
    other = visitor(lang="zh", width=390, scheme="dark")
    other.sign_in(*TEACHER)
    rival = other.go("/teach/banks/attention/edit?file=15-checks.md")
    rival.wait_for_selector("#bank-form[data-ready]")
    rival.screenshot(path=str(SCREENS / "editor-zh-390.png"), full_page=True)
    page.screenshot(path=str(SCREENS / "editor-en-1500.png"), full_page=True)
    page.keyboard.press("Control+s")
    page.get_by_text("Saved as version 2").wait_for()
    rival.locator(".cm-content").click()
    rival.keyboard.press("Control+End")
    rival.keyboard.type("\n")
    rival.keyboard.press("Control+s")
    rival.locator(".note.bad").wait_for()
    assert rival.locator(".diff mark, .diff ins").count()
    rival.screenshot(path=str(SCREENS / "editor-conflict-zh-390.png"))
    rival.wait_for_selector("#bank-form[data-ready]")
    rival.keyboard.press("Control+s")
    rival.locator(".note.good").wait_for()
    other.complaints[:] = [each for each in other.complaints if "409" not in each]
    page = window.go("/teach/banks/attention/versions")
    page.screenshot(path=str(SCREENS / "versions-en-1500.png"))
    page.get_by_role("link", name="version 2").click()
    page.screenshot(path=str(SCREENS / "version-en-1500.png"))
    assert "to scores" in page.inner_text(".diff")


LOOPING = """# Loops

```yaml bank
id: loops
languages: [en]
```

## Loops

### Loops {#loops}

```yaml item
points: 1
limits: {seconds: 1}
```

**Question:** Write `one()`.

```python starter
def one(): ...
```

```python reference
def one():
    while True:
        pass
```

```python tests
def test_one(submission):
    \"\"\"It is one.\"\"\"
    assert submission.one() == 1
```

**Answer:** `return 1`
"""


def test_a_bank_is_uploaded_begun_and_code_that_never_ends_is_its_own_fault(visitor, tmp_path):
    file = tmp_path / "loops.md"
    file.write_text(LOOPING, encoding="utf-8")
    window = visitor(lang="zh", width=390, scheme="dark")
    window.sign_in(*TEACHER)
    page = window.go("/teach/banks/-/new")
    page.screenshot(path=str(SCREENS / "bank-new-zh-390.png"), full_page=True)
    page.set_input_files("#files", str(file))
    page.locator("form[action$=upload] button").click()
    page.locator("input[name='file-loops.md']").wait_for(state="attached")
    page.screenshot(path=str(SCREENS / "bank-offer-zh-390.png"), full_page=True)
    page.locator("form[action$=adopt] button").click()
    page.wait_for_url("**/teach/banks/loops")
    window = visitor(lang="en")
    window.sign_in(*TEACHER)
    page = window.go("/teach/banks/loops/edit?file=loops.md&line=12")
    page.wait_for_selector("#bank-form[data-ready]")
    page.locator(".cm-content").focus()
    page.keyboard.press("Alt+Enter")
    page.locator("#trial-part", has_text="the reference does not come to an end").wait_for(timeout=90_000)
    line = LOOPING.split("\n").index("    while True:") + 1
    assert f"line {line}" in page.inner_text("#trial-part") or f"line {line + 1}" in page.inner_text("#trial-part")
    page.locator(".cm-lint-marker-error").wait_for()
    page.screenshot(path=str(SCREENS / "editor-trial-en-1280.png"))
    page = window.go("/teach/banks/-/new")
    page.screenshot(path=str(SCREENS / "bank-new-en-1280.png"))
    page.fill("#id", "begun-here")
    page.locator("form[action$=new] button").click()
    page.get_by_text("as version 1").wait_for()


def test_a_text_that_was_not_read_is_not_called_faultless(visitor):
    window = visitor(lang="en")
    window.sign_in(*TEACHER)
    page = window.go("/teach/banks/attention/edit?file=15-checks.md")
    page.wait_for_selector("#bank-form[data-ready]")
    assert "found nothing wrong" in page.inner_text("#faults")
    window.expected = ("ERR_FAILED",)
    page.route("**/check", lambda route: route.abort())
    page.locator(".cm-content").click()
    page.keyboard.press("End")
    page.keyboard.type(" ")
    page.locator("#faults .error", has_text="Not checked: the server cannot be reached.").wait_for()
    assert page.inner_text("#check-state") == page.inner_text("#faults")
    page.unroute("**/check")
    page.keyboard.press("Backspace")
    page.locator("#faults", has_text="found nothing wrong").wait_for()
