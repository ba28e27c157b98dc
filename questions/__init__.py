"""What is asked: banks as Markdown, read into frozen values.  No torch, no Flask, nothing of the bank's is ever run."""

from questions.highlight import highlight, highlight_css
from questions.model import (
    Bank,
    Bilingual,
    Code,
    Fault,
    Item,
    Judgement,
    KeyPoint,
    Kind,
    Limits,
    Misconception,
    NumericValue,
    Option,
    Passage,
    Phrase,
    Rule,
    Section,
    Severity,
    TestSpec,
)
from questions.parser import item_from_source, load_bank, parse_bank
from questions.render import render, render_inline

__all__ = [
    "Bank",
    "Bilingual",
    "Code",
    "Fault",
    "Item",
    "Judgement",
    "KeyPoint",
    "Kind",
    "Limits",
    "Misconception",
    "NumericValue",
    "Option",
    "Passage",
    "Phrase",
    "Rule",
    "Section",
    "Severity",
    "TestSpec",
    "highlight",
    "highlight_css",
    "item_from_source",
    "load_bank",
    "parse_bank",
    "render",
    "render_inline",
]
