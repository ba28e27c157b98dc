"""Handing in for a class in a real browser: upload, look, correct, grade, take the results away."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_every_page import faults

pytestmark = pytest.mark.browser

SCREENS = Path("build/screens")
CODE = "import torch\nfrom torch import nn\n\n\nclass ScaledDotProductAttention(nn.Module):\n    pass\n"
FILES = {
    "lin_{}_11_attention.py": CODE,
    "park_LATE_{}_12_attention.py": CODE,
    "park_{}_13_attention-1.py": CODE + "# better\n",
    "robim_{}_14_attention.ipynb": '{"cells": [{"cell_type": "code", "source": "%matplotlib inline\\nx = 1"}]}',
    "nobody_{}_15_homework.py": CODE,
    "__MACOSX/._x": "",
    "plot_{}_16_plot.png": "x",
}


def a_zip() -> bytes:
    """What Canvas exports."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as files:
        for name, content in FILES.items():
            number = {"park": "702"}.get(name.partition("_")[0], str(700 + len(name)))
            files.writestr(name.format(number), content)
    return body.getvalue()


def shoot(window: Any, name: str) -> None:
    """A picture of the whole page, to be looked at."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    window.page.screenshot(path=SCREENS / f"uploads-{name}.png", full_page=True)


@pytest.fixture
def teacher(visitor: Any) -> Any:
    window = visitor(lang="en")
    window.sign_in("teacher@workshop.example", "teacher-password")
    return window


@pytest.mark.timeout(240)
def test_a_class_is_handed_in_looked_at_graded_and_taken_away(
    teacher: Any, site: Any, furnish_student: Callable[[str], Any], visitor: Any
) -> None:
    for name in ("lin", "park", "longer" * 7):
        furnish_student(name)
    page = teacher.go(f"/teach/courses/{site.course}/uploads")
    shoot(teacher, "overview")
    page.select_option("#item", str(site.items["scaled-dot-product-attention"]))
    page.set_input_files("#files", {"name": "submissions.zip", "mimeType": "application/zip", "buffer": a_zip()})
    assert "1 file" in page.text_content("[data-told]")
    page.click("text=Upload and look")
    page.wait_for_url("**/teach/uploads/*")
    preview = page.url.removeprefix(site.address)
    assert "Grade 2 files" in page.text_content(".upload-bar")
    for lang, width, scheme in (("en", 1280, "light"), ("zh", 390, "dark"), ("zh", 1280, "dark"), ("en", 390, "light")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        teacher.go(f"{preview}?lang={lang}")
        shoot(teacher, f"preview-{lang}-{width}-{scheme}")
    assert list(faults(page, "en")) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    teacher.go(f"{preview}?lang=en")

    page.click(".suggestions button:has-text('Robin')")
    assert page.evaluate("document.activeElement.value").startswith("Robin <")
    page.keyboard.press("Enter")
    page.wait_for_selector(".note.good")
    assert "Grade 3 files" in page.text_content(".upload-bar")
    page.click(".upload-bar .primary")
    page.wait_for_selector("#results-table")
    shoot(teacher, "running")
    page.wait_for_selector("text=All 3 submissions are graded.", timeout=120_000)
    assert page.locator("#results-table tbody tr").count() == 3
    page.fill("[data-filter]", "park")
    assert page.locator("#results-table tbody tr:visible").count() == 1
    for lang, width in (("en", 1280), ("zh", 390)):
        page.set_viewport_size({"width": width, "height": 844})
        teacher.go(f"{preview}?lang={lang}")
        shoot(teacher, f"results-{lang}-{width}")
    assert list(faults(page, "zh")) == []
    with page.expect_download() as saved:
        page.click("a[download] >> nth=1")
    with zipfile.ZipFile(saved.value.path()) as files:
        assert len(files.namelist()) == 3
        assert all(name.endswith(".feedback.md") for name in files.namelist())

    student = visitor(lang="en", width=390)
    student.sign_in("park@workshop.example", "new-password")
    student.item("scaled-dot-product-attention")
    assert "handed in for you" in student.page.text_content(".history")
    shoot(student, "student-history")


def test_files_are_dropped_and_too_much_is_said_before_it_is_sent(teacher: Any, site: Any) -> None:
    page = teacher.go(f"/teach/courses/{site.course}/uploads")
    page.evaluate("""() => {
      const form = document.querySelector("[data-upload]");
      const data = new DataTransfer();
      data.items.add(new File(["x = 1"], "lin.py"));
      data.items.add(new File(["x = 2"], "park.py"));
      form.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }""")
    assert "2 files" in page.text_content("[data-told]")
    page.evaluate("""() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(65 << 20)], "all.zip"));
      const form = document.querySelector("[data-upload]");
      form.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
    }""")
    assert "more than the 64 MiB" in page.text_content("[data-told]")
    assert page.evaluate("document.querySelector('[data-upload]').checkValidity()") is False


def test_the_forms_work_without_scripts(visitor: Any, site: Any) -> None:
    window = visitor(lang="en", java_script_enabled=False)
    page = window.page
    page.goto(site.address + "/sign-in")
    page.fill("#email", "teacher@workshop.example")
    page.fill("#password", "teacher-password")
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses")
    page.goto(f"{site.address}/teach/courses/{site.course}/uploads")
    page.select_option("#item", str(site.items["scaled-dot-product-attention"]))
    page.set_input_files("#files", {"name": "Robim.py", "mimeType": "text/x-python", "buffer": CODE.encode()})
    page.click("text=Upload and look")
    page.click(".suggestions button")
    assert "Grade 1 file" in page.text_content(".upload-bar")
    page.click("summary:has-text('Discard')")
    page.click("text=Discard all of it")
    assert "1 file is discarded" in page.text_content(".note.good")
