"""The same as one notebook that needs no other file (nbformat 4.5, https://nbformat.readthedocs.io)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grader.public_tests import readme
from questions.model import Item

RUN = """import subprocess
import sys

done = subprocess.run([sys.executable, "-m", "pytest", "-q", "{tests}"], capture_output=True, text=True)
print(done.stdout + done.stderr)
"""


def notebook(item: Item, submission: str, starter: str, support: Mapping[str, str], tests: str) -> str:
    """What is asked, a cell to write in, a cell that runs the tests, and below it what these are made of."""
    asked = [readme.heading(item), *(readme.question(item.question, language) for language in ("zh", "en"))]
    first = (
        "先运行下面折叠的单元格，它们写出测试文件。然后在 “你的代码” 里写，运行它，再运行最后一个单元格。\n\n"
        "Run the folded cells below first: they write the tests. Then fill in “Your code”, run it, and run the last "
        "cell."
    )
    cells = [
        _text("asked", "\n\n".join(part for part in asked if part)),
        _text("how", first),
        *(
            _code(f"file-{place}", f"%%writefile {name}\n{text}", hidden=True)
            for place, (name, text) in enumerate(support.items())
        ),
        _text("yours", "## 你的代码 | Your code"),
        _code("code", f"%%writefile {submission}\n{starter}"),
        _text("tests", "## 公开测试 | Public tests"),
        _code("run", RUN.format(tests=tests)),
    ]
    document = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _text(name: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": _lines(text)}


def _code(name: str, text: str, *, hidden: bool = False) -> dict[str, Any]:
    metadata = {"jupyter": {"source_hidden": True}} if hidden else {}
    return {
        "cell_type": "code", "execution_count": None, "id": name, "metadata": metadata, "outputs": [],
        "source": _lines(text.rstrip("\n")),
    }  # fmt: skip


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
