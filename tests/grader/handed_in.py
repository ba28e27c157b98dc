"""Folders and archives as people hand them in, and what reading them gives."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from grader.bulk.model import Asked, Submission
from grader.bulk.reading import Reading, read_submissions
from grader.commands.asked import read_arguments

SUM, SELF, HEADS, SCALED = (
    "attention-weighted-sum", "self-attention", "multi-head-attention", "scaled-dot-product-attention",
)  # fmt: skip
WORDS = "attention-concept"
CODE = "def attention_weighted_sum(inputs, attention_weights):\n    return inputs\n"
METADATA = """submission_1:
  :submitters:
  - :name: Xiao Chen
    :sid: '20240001'
    :email: xiao@example.org
submission_2:
  :submitters:
  - :name: Zhang Wei
    :email: wei@example.org
  - :name: Robin
"""


def module(name: str) -> str:
    return f"from torch import nn\n\n\nclass {name}(nn.Module):\n    pass\n"


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})


def packed(files: dict[str, str | bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def lay(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read(*arguments: object, rules: tuple[str, ...] = (), bank: Path | None = None) -> Reading:
    asking, paths = read_arguments(tuple(map(str, arguments)), rules, bank)
    return read_submissions(paths, asking)


def students(reading: Reading) -> dict[str, str]:
    """Whose what is graded is, by the last part of its path."""
    return {each.path.rpartition("/")[2]: each.student for each in reading.submissions if not each.problem}


def items(reading: Reading) -> dict[str, tuple[str, Asked]]:
    """What is graded for which item, and why."""
    return {
        each.path.rpartition("/")[2]: (each.item.id, each.asked)
        for each in reading.submissions
        if each.item is not None and not each.problem
    }


def problems(reading: Reading) -> dict[str, str]:
    """Why what is not graded is not, in English."""
    return {each.path.rpartition("/")[2]: each.problem.en for each in reading.submissions if each.problem}


def notes(submission: Submission) -> tuple[str, ...]:
    """What is said of a submission, in English."""
    return tuple(each.en for each in submission.notes)


def the(reading: Reading, ending: str) -> Submission:
    [found] = [each for each in reading.submissions if each.path.endswith(ending)]
    return found
