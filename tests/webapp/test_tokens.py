"""The colours in tokens.css have the contrast that their use on a page needs, in both schemes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import webapp

TOKENS = Path(webapp.__file__).parent / "assets" / "css" / "tokens.css"
COLOUR = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
COLOURS = {name: pair for name, *pair in COLOUR.findall(TOKENS.read_text(encoding="utf-8"))}

TEXT = [
    (ink, ground)
    for ground in ("paper", "surface", "sunken", "accent-tint", "pass-tint", "partial-tint", "fail-tint")
    for ink in ("ink", "ink-soft", "accent")
]
TEXT += [
    ("accent-ink", "accent"),
    ("accent-ink", "accent-hover"),
    ("accent-hover", "paper"),
    ("accent-hover", "sunken"),
]
TEXT += [
    (ink, ground)
    for ink in ("pass", "partial", "fail")
    for ground in ("paper", "surface", f"{ink}-tint", "accent-tint")
]
CODE = ("code-keyword", "code-string", "code-number", "code-comment", "code-name", "code-type", "ink")
TEXT += [(ink, ground) for ink in CODE for ground in ("surface", "sunken", "code-active", "code-selection")]
SHAPES = [("line-strong", "paper"), ("line-strong", "surface"), ("accent", "surface"), ("fail", "partial-tint")]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_standard_says():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground_it_stands_on(scheme):
    low = {
        f"{ink} on {ground}": round(contrast(COLOURS[ink][scheme], COLOURS[ground][scheme]), 2)
        for ink, ground in TEXT
        if contrast(COLOURS[ink][scheme], COLOURS[ground][scheme]) < 4.5
    }
    assert low == {}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_edges_of_controls_can_be_seen(scheme):
    low = {
        f"{edge} on {ground}": round(contrast(COLOURS[edge][scheme], COLOURS[ground][scheme]), 2)
        for edge, ground in SHAPES
        if contrast(COLOURS[edge][scheme], COLOURS[ground][scheme]) < 3
    }
    assert low == {}


def test_no_style_sheet_but_the_tokens_names_a_colour():
    for path in TOKENS.parent.glob("*.css"):
        if path != TOKENS:
            screen = path.read_text(encoding="utf-8").split("@media print")[0]
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b", screen) == [], path.name
