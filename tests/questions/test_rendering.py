"""Markdown becomes HTML that reads as meant and can do no harm."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions import highlight, highlight_css, parse_bank, render, render_inline
from questions.highlight import BACKGROUNDS, CLASSES


class Elements(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


SAFE_TAGS = set("a abbr b blockquote br code dd del details div dl dt em h4 h5 h6 hr i img kbd li mark ol p pre s "
                "small span strong sub summary sup table tbody td th thead tr ul var h1 h2 h3".split())  # fmt: skip


def assert_harmless(html):
    for tag, attributes in Elements(html).found:
        assert tag in SAFE_TAGS
        assert set(attributes) <= {"href", "src", "alt", "title", "class", "align", "start", "rel", "lang", "scope"}
        assert set(attributes.get("class", "").split()) <= CLASSES | {"math", "display"}
        assert re.match(r"(https?://|mailto:|#|[\w./-]+([?#]|$))|^$", attributes.get("href") or "")
        assert ":" not in (attributes.get("src") or "")
        assert not (attributes.get("src") or "").startswith(("/", "\\"))
        if attributes.get("href"):
            assert attributes["rel"] == "noopener noreferrer"


def test_bold_stands_next_to_chinese_punctuation():
    assert render("**题目：**请看**注意力**。") == "<p><strong>题目：</strong>请看<strong>注意力</strong>。</p>"


def test_formulas_reach_the_page_untouched():
    assert render("设 $a_1*b*c_2 < d$ 与 $`x`$") == (
        '<p>设 <span class="math">\\(a_1*b*c_2 &lt; d\\)</span> 与 $<code>x</code>$</p>'
    )
    assert '<span class="math display">\\[\\frac{a_1}{b_2} \\\\ - c\\]</span>' in render(
        "文\n$$\n\\frac{a_1}{b_2} \\\\ % note\n- c\n$$\n后"
    )
    assert render(r"\(x_1\) \[y_1\]").count('class="math') == 2
    assert "math" not in render(r"It costs $5 or $6, \$x\$ and `$y$`.")
    assert "\\[x_1\\]" in render("inline $$x_1$$ too")


def test_lists_need_no_blank_line_and_nest_by_any_indent():
    html = render("返回：\n- 一\n  - 二\n    - 三\n- 四")
    assert (
        html.replace("\n", "") == "<p>返回：</p><ul><li>一<ul><li>二<ul><li>三</li></ul></li></ul></li><li>四</li></ul>"
    )
    html = render("1. one\n\n   ```python\n   x = 1\n\n   y = 2\n   ```\n2. two\n   - a\n\n   end\n3. three").replace(
        "\n", ""
    )
    assert html.count("<ol>") == 1
    assert html.count("<li>") == 4
    assert '<span class="n">y</span>' in html
    assert html.index("</pre>") < html.index("two") < html.index("end") < html.index("three")
    assert "<li>" not in render("in 1998\n2. is not a list item after text")


def test_headings_tables_quotes_and_lines_that_only_look_like_headings():
    html = render("# 标题\n#tag\n文\n---\n> 引\n\n| a | b |\n|:-:|--:|\n| `x` | $y$ |")
    assert "<h4>标题</h4>" in html
    assert "<p>#tag\n文</p>" in html or "<p>#tag文</p>" in html
    assert "<hr>" in html
    assert "<h2>" not in html
    assert '<th align="center">a</th>' in html
    assert "style" not in html


def test_chinese_lines_are_joined_without_a_space_and_english_ones_with_one():
    assert render("第一行，\n第二行 ends\nhere") == "<p>第一行，第二行 ends\nhere</p>"


def test_code_is_coloured_with_classes_and_escaped():
    assert render("```python\nx < 1\n```") == highlight("x < 1\n")
    assert '<span class="o">&lt;</span>' in highlight("x < 1")
    assert "&lt;b&gt;" in render("```nonsense\n<b>\n```")
    assert "&lt;script&gt;" in highlight("<script>", "no-such-language")
    assert '<span class="c1">' in render("~~~py\n# 中文\n~~~")


def test_a_figure_that_is_named_with_its_hash_is_shown_and_others_say_what_they_show():
    digest = "0123456789abcdef" * 2
    figure = f"![甲](figures/a.svg#{digest})"
    assert render(figure, image_base="/f/") == f'<p><img alt="甲" src="/f/{digest}.svg"></p>'
    assert render(figure) == "<p><em>甲</em></p>"
    assert render(f'![a "b" > & <img src="x">](figures/a.svg#{digest})') == (
        "<p><em>a &quot;b&quot; &gt; &amp; &lt;img src=&quot;x&quot;&gt;</em></p>"
    )
    for source in (
        "figures/a.svg",
        f"../figures/a.svg#{digest}",
        f"/figures/a.svg#{digest}",
        f"https://e.x/figures/a.svg#{digest}",
        f"figures/b/a.svg#{digest}",
        f"figures/a.svg#{digest}0",
        f"figures/a.png#{digest}",
        "//e.x/a.svg",
        "https://e.x/a.png",
        "data:image/svg+xml,x",
        "javascript:alert(1)",
    ):
        assert render(f"![甲]({source})", image_base="/f/") == "<p><em>甲</em></p>", source


def test_inline_text_has_no_blocks():
    assert render_inline("- **a** | `b|c`") == "- <strong>a</strong> | <code>b|c</code>"
    assert render_inline("# 标题 $x_1$") == '# 标题 <span class="math">\\(x_1\\)</span>'
    assert render_inline("1. 一\n\n- 二") == "1. 一 - 二"
    assert render_inline("") == ""
    assert render_inline("<script>alert(1)</script><p>x</p>") == "x"


def test_a_language_is_marked_for_readers():
    assert render("甲", language="zh") == '<div lang="zh-Hans"><p>甲</p></div>'


HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//e.x></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHN2Zz4=)",
    "[x](vbscript:x)",
    "[x](//e.x)",
    "[x](\\\\e.x)",
    '![x](x" onerror="alert(1))',
    "[x](https://e.x 'a\" onmouseover=\"alert(1)')",
    "<javascript:alert(1)>",
    "<b style='position:fixed' onclick=x id=y class='evil k'>x</b>",
    "`<script>`",
    "$<script>$",
    "$$</span><script>alert(1)</script>$$",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>\nx\n```',
    "```{.x onclick=alert(1)}\nx\n```",
    "```python {: onclick=x }\nx\n```",
    "<style>*{}</style>",
    "<base href=//e.x>",
    "<form action=//e.x><input name=a><button>",
    "<object data=x><embed src=x>",
    "<meta http-equiv=refresh content=0>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>]]>",
    "<?php x ?>",
    "<!DOCTYPE x>",
    "<a <b <c",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "\x02wzxhzdk:0\x03",
    "\x02klzzwxh:0000\x03",
    "{: onclick=alert(1) }",
    "[x]: javascript:alert(1)\n\n[x]",
    "<details open ontoggle=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<td style=x>",
    "<template><script>alert(1)</script></template>",
    "<xmp><script>alert(1)</script>",
    "<p class='math display onclick'>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_is_harmless(text):
    for html in (render(text), render(f"文\n\n- a\n  {text}\n"), render_inline(text)):
        assert_harmless(html)
        assert "<script" not in html.lower()


@settings(max_examples=80, deadline=None, database=None)
@given(
    st.lists(st.sampled_from([*HOSTILE, *"<>[]()*_`$\\|#-\n\"'&{}!~ ", "\n\n", "- ", "    ", "1. ", "> "]), max_size=25)
)
def test_any_mixture_is_harmless(pieces):
    text = "".join(pieces)
    assert_harmless(render(text))
    assert_harmless(render_inline(text))


def test_bombs_are_fast():
    bombs = [
        "[" * 50_000,
        "[a" * 20_000,
        "\n\n".join(["[" * 399] * 100),
        "*a **a " * 5_000,
        "_" * 50_000,
        "> " * 20_000,
        "".join("`" * n + "a" for n in range(300)),
        "\n".join(" " * 2 * n + "- a" for n in range(170)),
        "$a " * 15_000,
        "<a " * 15_000,
        "\n" * 50_000,
        " " * 50_000,
        "\n\n".join(["![" * 300 + "](" * 99] * 20),
        "1. " * 9_000,
        "|a" * 200 + "|\n" + "|-" * 200 + "|\n" + ("|b" * 200 + "|\n") * 60,
        "```\n" * 12_000,
        "&#x" * 15_000,
        "\n".join("> " * n + "- a" for n in range(100)),
        "\\[" * 20_000,
        "$$\n" * 15_000,
        "~~a" * 15_000,
        "a" * 10**6,
    ]
    for bomb in bombs:
        start = time.process_time()
        html = render(bomb)
        took = time.process_time() - start
        assert took < 2, (bomb[:20], took)
        assert_harmless(html)


def test_a_template_survives_rendering():
    bank = parse_bank("### a | 甲 {#a}\n\n**Question:** {{layers}} layers, $2^{ {{n}} }$\n")
    assert "{{layers}}" in render(bank.items[0].question.get("en"))


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_colours_of_code_have_contrast_in_both_schemes():
    css = highlight_css()
    assert "prefers-color-scheme: dark" in css
    assert '[data-theme="dark"] .highlight .k ' in css
    for scheme, background in zip(("light", "dark"), BACKGROUNDS.values(), strict=True):
        chosen = f'[data-theme="{scheme}"] .highlight'
        lines = [line for line in css.split("\n") if chosen in line and "not(" not in line]
        # An error has a background of its own, which its colour was chosen for.
        rules = [line for line in lines if "background-color" not in line]
        colours = {found for line in rules for found in re.findall(r"(?<![-\w])color: (#[0-9a-fA-F]{6})", line)}
        assert len(colours) > 4
        for colour in colours:
            low, high = sorted((luminance(colour), luminance(background)))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (scheme, colour)


@pytest.mark.parametrize("line", ['"%' + "0" * 60_000, '"' + "{a[" * 20_000, '"' + "\\N{" * 15_000])
def test_a_line_that_pygments_would_take_minutes_over_is_shown_without_colours(line):
    assert "<span" not in highlight(line)
    assert "<span" in highlight(line[:400])
