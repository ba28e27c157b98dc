"""The colours of heat maps: even to the eye, brighter for more, and what is written on them can be read."""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import pytest

import webapp
from grader.pictures.colour_scale import LEVELS, ink_on, lab, sequential
from grader.pictures.drawing import FAINT, MIDDLING, STEPS

TOKENS = (Path(webapp.__file__).parent / "assets" / "css" / "tokens.css").read_text(encoding="utf-8")
MAPS = {
    name: pair for name, *pair in re.findall(r"--map-([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", TOKENS)
}
STEP_INKS = [("on-faint", 1, round(FAINT * STEPS)), ("on-middling", round(FAINT * STEPS) + 1, round(MIDDLING * STEPS))]
STEP_INKS.append(("on-strong", round(MIDDLING * STEPS) + 1, STEPS))


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def over(colour, ground, opacity):
    """What a browser paints for a colour of that opacity on a ground."""
    parts = [
        round(opacity * int(colour[place : place + 2], 16) + (1 - opacity) * int(ground[place : place + 2], 16))
        for place in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)


def as_seen_without(colour, cones):
    """`colour` as somebody sees it who lacks long or middle cones (Machado et al. 2009, severity 1)."""
    matrix = {
        "long": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
        "middle": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    }[cones]
    linear = [((int(colour[place : place + 2], 16) / 255 + 0.055) / 1.055) ** 2.4 for place in (1, 3, 5)]
    mixed = [min(1, max(0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in matrix]
    return "#" + "".join(
        f"{round(255 * (1.055 * part ** (1 / 2.4) - 0.055)):02x}" if part > 0.0031 else "00" for part in mixed
    )


def test_cielab_is_computed_as_the_standard_says():
    assert lab("#ffffff") == pytest.approx((100, 0, 0), abs=0.02)
    assert lab("#ff0000") == pytest.approx((53.24, 80.09, 67.20), abs=0.05)


def test_more_is_always_lighter():
    lightness = [lab(colour)[0] for colour in sequential()]
    assert len(lightness) == LEVELS
    assert all(one < other for one, other in itertools.pairwise(lightness))
    assert lightness[-1] - lightness[0] > 70


def test_neighbouring_colours_differ_by_the_same_distance():
    steps = [math.dist(lab(one), lab(other)) for one, other in itertools.pairwise(sequential())]
    assert max(steps) / min(steps) < 1.35


@pytest.mark.parametrize("cones", ["long", "middle"])
def test_more_is_lighter_for_readers_without_some_cones(cones):
    lightness = [lab(as_seen_without(colour, cones))[0] for colour in sequential()]
    assert all(one < other + 0.3 for one, other in itertools.pairwise(lightness))


def test_numbers_can_be_read_on_every_colour():
    inks = {"#000": "#000000", "#fff": "#ffffff"}
    assert min(contrast(colour, inks[ink_on(level)]) for level, colour in enumerate(sequential())) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("side", ["over", "under"])
def test_a_difference_is_further_from_the_ground_the_larger_it_is(side, scheme):
    ground = MAPS["ground"][scheme]
    shades = [over(MAPS[side][scheme], ground, step / STEPS) for step in range(STEPS + 1)]
    distances = [abs(lab(shade)[0] - lab(ground)[0]) for shade in shades]
    assert all(one < other for one, other in itertools.pairwise(distances))


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("side", ["over", "under"])
def test_differences_can_be_read_on_every_step(side, scheme):
    low = {
        (ink, step): contrast(MAPS[ink][scheme], over(MAPS[side][scheme], MAPS["ground"][scheme], step / STEPS))
        for ink, first, last in STEP_INKS
        for step in range(first, last + 1)
    }
    assert {place: round(ratio, 2) for place, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_marks_stand_out_from_their_ring(scheme):
    assert contrast(MAPS["mark"][scheme], MAPS["halo"][scheme]) >= 4.5
    assert contrast(MAPS["cursor"][scheme], MAPS["halo"][scheme]) >= 4.5
