"""A variant's values in a text are text, whatever they say and wherever they stand."""

import pytest

from questions.render import render
from questions.templates import filled, names_in, render_filled, said, tex_of

HOSTILE = "<script>alert(1)</script> **b** `c` $d$ \\href{e}{f} {{n}} [g](javascript:h) \ua4d00\ua4d1"


@pytest.mark.parametrize(
    "text",
    ["{{n}}", "**{{n}}**", "`{{n}}`", "- {{n}}", "| a |\n|---|\n| {{n}} |", "```python\nx = {{n}}\n```", "# {{n}}"],
)
def test_a_value_is_never_markdown_or_html(text):
    html = render_filled(text, {"n": HOSTILE})
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "**b**" in html
    assert "<a " not in html
    assert 'class="math"' not in html


def test_a_value_in_a_formula_is_text_of_the_formula():
    html = render_filled("$\\sqrt{{{n}}}$", {"n": "\\href{x}{y} $ % </span><b>"})
    assert "\\href" not in html
    assert "<b>" not in html
    assert html.count("<span") == html.count("</span>") == 1
    assert "\\sqrt{64}" in render_filled("$\\sqrt{{{n}}}$", {"n": 64})
    assert tex_of("1e-05") == r"{1\times 10^{-5}}"
    assert tex_of("-3") == "{-3}"


def test_a_value_in_an_address_stays_in_its_place():
    html = render_filled("[x](https://example.org/{{n}})", {"n": '" onclick="x'})
    assert "onclick=" not in html
    assert render_filled("[x]({{n}})", {"n": "javascript:alert(1)"}).count("href") == 0


def test_what_looks_like_a_gap_and_is_none_stays():
    assert "x_{{a}}" in render_filled("$x_{{a}}$ {{n}}", {"n": 1})
    assert render_filled("{{n}} {{ m }}", None) == "<p>… …</p>"
    assert filled("{{ n }} {{m}}", {"n": 0.1 + 0.2}) == "0.3 {{m}}"
    assert names_in("{{a}} {{ b }} {{1}} {{}} {{{c}}}") == ["a", "b", "c"]


def test_numbers_are_shown_as_people_write_them():
    assert [said(value) for value in (192.0, 2**40, 0.1 + 0.2, 1e-5, True, [1, 2.5], "x")] == [
        "192",
        "1099511627776",
        "0.3",
        "1e-05",
        "True",
        "1, 2.5",
        "x",
    ]


def test_a_value_in_what_an_image_says_is_text_and_no_attribute():
    digest = "0123456789abcdef" * 2
    figure = f"![{{{{n}}}} 行](figures/a.svg#{digest})"
    html = render_filled(figure, {"n": '" onload="x <b>'}, lambda text: render(text, image_base="/figures/"))
    assert html == f'<p><img alt="&quot; onload=&quot;x &lt;b&gt; 行" src="/figures/{digest}.svg"></p>'
    assert render_filled(figure, {"n": "<b>"}) == "<p><em>&lt;b&gt; 行</em></p>"
