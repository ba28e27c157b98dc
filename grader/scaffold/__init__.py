"""Small complete items to start from, one of each kind, in both languages: each proves itself as it stands."""

from __future__ import annotations

from pathlib import Path

from questions.model import Kind

_FOLDER = Path(__file__).parent


def scaffold(item_id: str, kind: Kind) -> str:
    """The Markdown of an item called `item_id`, from its `###` on."""
    text = (_FOLDER / f"{kind.value}.md").read_text(encoding="utf-8")
    words = item_id.replace("-", " ")
    return text.replace("ITEM-ID", item_id).replace("ITEM-TITLE", words[:1].upper() + words[1:])


def bank_head(bank_id: str) -> str:
    """The top of a new bank called `bank_id`."""
    return (_FOLDER / "bank.md").read_text(encoding="utf-8").replace("BANK-ID", bank_id)


SECTION = "## 新的一节 | A new section\n"
"""A heading for items to stand below."""
