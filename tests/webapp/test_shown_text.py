"""What students and banks wrote, made harmless to look at."""

from __future__ import annotations

import pytest

from grader.shown_text import clipped, inline, visible, with_code
from webapp.presentation import lang_of


@pytest.mark.parametrize("character", "\u202e\u2066\u200b\u200e\ufeff\x1b\x00\x08\x07\x9b\x7f\ud800\u2028")
def test_no_character_that_deceives_the_eye_gets_through(character):
    assert character not in visible(f"a{character}b")


def test_ordinary_text_stays_as_it_is():
    text = "注意力 α ≤ β\n\tdef f(): pass  # naïve 👩‍🔬"
    assert visible(text) == text


def test_long_text_is_clipped_and_says_by_how_much():
    seen = clipped("x" * 100, 40)
    assert (len(seen.text), seen.dropped) == (40, 60)


def test_back_ticks_become_code_and_markup_stays_text():
    assert with_code("`a<b>` <i>x</i> [y](http://z)") == "<code>a&lt;b&gt;</code> &lt;i&gt;x&lt;/i&gt; [y](http://z)"


def test_a_title_may_hold_mathematics_and_code_but_no_script():
    html = inline("`x` $d_k$ <script>alert(1)</script>")
    assert "<code>x</code>" in html
    assert 'class="math"' in html
    assert "script" not in html


@pytest.mark.parametrize(
    ("text", "page", "expected"),
    [
        ("注意力", "zh", ""),
        ("注意力", "en", ' lang="zh-Hans"'),
        ("Attention", "zh", ' lang="en"'),
        ("Attention", "en", ""),
        ("$d_{model}$", "zh", ""),
        ("`forward`", "zh", ""),
    ],
)
def test_a_text_in_another_language_says_which(text, page, expected):
    assert lang_of(text, page) == expected
