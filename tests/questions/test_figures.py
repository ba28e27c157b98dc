"""Figures beside a bank: which are shown, what is wrong with others, and what a change of one means."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions import Severity, item_from_source, load_bank, parse_bank, parse_files
from questions.figures import Figures, digest_of, in_words, pinned_in, unpinned
from questions.render import render, render_inline
from questions.svg import MAX_BYTES, faults_in

HERE = Path(__file__).parent / "figures"
HOSTILE, SOUND = sorted((HERE / "hostile").glob("*.svg")), sorted((HERE / "sound").glob("*.svg"))
EXPECTED = re.compile(r"<!-- fault (\d+): (.+) -->")
DRAWN = (HERE / "sound" / "heat-map.svg").read_text(encoding="utf-8")
NAME = "figures/heat-map.svg"

HEAD = "# 示例 | Example\n\n```yaml bank\nid: shown\nlanguages: [zh, en]\n```\n\n## 权重 | Weights\n\n"
CHOICE = """### 哪一个 | Which one {#which}

**题目：** 图里是什么？

![热图：0.7 和 0.3](figures/heat-map.svg)

**Question:** What is shown?

![A heat map: 0.7 and 0.3](figures/heat-map.svg)

**Options:**

- [x] ![左](figures/heat-map.svg) | ![left](figures/heat-map.svg)
- [ ] 右 | right
  > 不对 ![看](figures/heat-map.svg) | Wrong ![look](figures/heat-map.svg)

**解析：** 因为 ![权重](figures/heat-map.svg)。
**Explanation:** Because of ![weights](figures/heat-map.svg).
"""
FILES = {"bank.md": HEAD + CHOICE, NAME: DRAWN}


def faults(files):
    return [str(fault) for fault in parse_files(files, "shown").faults]


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_what_is_no_mere_drawing_is_refused_with_line_and_reason(path):
    text = path.read_text(encoding="utf-8")
    expected = [(int(line), words) for line, words in EXPECTED.findall(text)]
    assert expected
    begun = time.process_time()
    found = faults_in(text)
    assert time.process_time() - begun < 1
    for line, words in expected:
        assert any(at == line and words in said for at, said in found), found
    bank = parse_files({"bank.md": HEAD + CHOICE, NAME: text}, "shown")
    assert bank.figures == ()
    assert not bank.items[0].servable
    assert pinned_in(bank.items[0].source) == {}
    told = [fault for fault in bank.faults if fault.path == Path(NAME)]
    assert {fault.item for fault in told} == {"which"}
    assert all(len(fault.text) <= 400 for fault in told)


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_a_drawing_is_taken(path):
    assert faults_in(path.read_text(encoding="utf-8")) == []


def test_hundreds_of_thousands_of_references_are_counted_in_no_time():
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">'
    tangle = "".join(f'<g id="a{n}"><use href="#a{(n * 7 + 1) % 1200}"/><use href="#a{n}"/></g>' for n in range(1200))
    begun = time.process_time()
    assert faults_in(f"{head}{tangle}</svg>")
    assert faults_in(head + '<g id="a">' * 39 + "<use href='#a'/>" * 4900 + "</g>" * 39 + "</svg>")
    assert time.process_time() - begun < 2


def test_a_figure_is_shown_wherever_a_text_is():
    bank = parse_files(FILES, "shown")
    assert [str(fault) for fault in bank.faults] == []
    item, digest = bank.items[0], digest_of(DRAWN)
    assert [(figure.name, figure.digest, figure.svg) for figure in bank.figures] == [(NAME, digest, DRAWN)]
    for text, said in (
        (item.question.en, "A heat map: 0.7 and 0.3"),
        (item.options[0].text.zh, "左"),
        (item.options[0].text.en, "left"),
        (item.options[1].feedback.en, "look"),
        (item.explanation.zh, "权重"),
    ):
        assert f'<img alt="{said}" src="/figures/{digest}.svg">' in render(text.markdown, image_base="/figures/")
        assert f"<em>{said}</em>" in render(text.markdown)


def test_the_source_of_an_item_names_what_it_shows_and_gives_the_item_back():
    for item in parse_files(FILES, "shown").items:
        again = item_from_source(item.source)
        assert (again.revision, again.suite, again.question.en.markdown) == (
            item.revision,
            item.suite,
            item.question.en.markdown,
        )
        assert again.servable
        assert item_from_source(again.source) == again
        assert pinned_in(item.source) == {NAME: digest_of(DRAWN)}
        assert unpinned(item.source).count("#") < item.source.count("#")


def test_a_changed_figure_is_a_new_revision_without_a_regrade():
    before = parse_files(FILES, "shown").items[0]
    after = parse_files({**FILES, NAME: DRAWN.replace("0.3", "0.4")}, "shown").items[0]
    assert before.revision != after.revision
    assert before.suite == after.suite
    moved = parse_files({**FILES, NAME: DRAWN.replace("\n", "\r\n")}, "shown").items[0]
    assert moved.revision == before.revision


def test_a_folder_and_the_texts_in_it_are_the_same_bank(tmp_path):
    (tmp_path / "figures").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    bank = load_bank(tmp_path)
    assert [item.revision for item in bank.items] == [item.revision for item in parse_files(FILES, "shown").items]
    assert bank.figures == parse_files(FILES, "shown").figures
    assert load_bank(tmp_path / "bank.md").items[0].revision == bank.items[0].revision


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("figures/heat-mat.svg", "there is no figure 'figures/heat-mat.svg': did you mean 'figures/heat-map.svg'?"),
        ("figures/other.svg", "there is no figure 'figures/other.svg'"),
        ("../figures/heat-map.svg", "leads out of the bank's folder"),
        ("figures/../heat-map.svg", "leads out of the bank's folder"),
        ("/figures/heat-map.svg", "leads out of the bank's folder"),
        ("heat-map.svg", "is not called figures/NAME.svg"),
        ("figures/more/heat-map.svg", "is not called figures/NAME.svg"),
        ("figures/热图.svg", "is not called figures/NAME.svg"),
        ("figures/heat-map.png", "is no SVG"),
        ("https://e.example/a.svg", "lies elsewhere"),
        ("//e.example/a.svg", "lies elsewhere"),
        ("data:image/svg+xml,x", "lies elsewhere"),
        ("javascript:alert(1)", "has no address"),
        ("figures/heat-map.svg?x", "is no SVG"),
        (f"figures/heat-map.svg#{'0' * 32}", None),
        (f"figures/other.svg#{'0' * 32}", "there is no figure"),
    ],
)
def test_what_is_no_figure_of_the_bank_is_named_with_its_line(address, words):
    text = FILES["bank.md"].replace(
        "![A heat map: 0.7 and 0.3](figures/heat-map.svg)", f"![A heat map]({address})", 1
    )
    bank = parse_files({**FILES, "bank.md": text}, "shown")
    line = text[: text.index("![A heat map]")].count("\n") + 1
    if words is None:  # whatever hash somebody writes, it is the figure's own that counts
        assert pinned_in(bank.items[0].source) == {NAME: digest_of(DRAWN)}
        assert bank.items[0].servable
        return
    found = [fault for fault in bank.faults if words in fault.text]
    assert found, [str(fault) for fault in bank.faults]
    assert (found[0].line, found[0].item, found[0].severity) == (line, "which", Severity.FAULT)
    assert "<img" not in render(bank.items[0].question.en.markdown, image_base="/figures/")


def test_an_image_says_what_it_shows_in_each_language():
    said = faults({**FILES, "bank.md": FILES["bank.md"].replace("A heat map: 0.7 and 0.3", "")})
    assert said == ["bank.md:18: an image has no alternative in English: write ![what it shows](…)"]
    text = FILES["bank.md"].replace("![A heat map: 0.7 and 0.3](figures/heat-map.svg)", "")
    said = faults({**FILES, "bank.md": text})
    assert len(said) == 1
    assert "the question shows 1 images in Chinese and 0 in English" in said[0]


def test_html_shows_no_figure_and_a_title_holds_none():
    text = FILES["bank.md"]
    raw = text.replace("![A heat map: 0.7 and 0.3](figures/heat-map.svg)", '<img src="figures/heat-map.svg" alt="A">')
    assert any("is not read as one" in each for each in faults({**FILES, "bank.md": raw}))
    forged = raw.replace('heat-map.svg" alt', f'heat-map.svg#{"1" * 32}" alt')
    assert any("is not read as one" in each for each in faults({**FILES, "bank.md": forged}))
    titled = text.replace("Which one {", "Which one ![x](figures/heat-map.svg) {")
    assert any("an image stands in the title" in each for each in faults({**FILES, "bank.md": titled}))


def test_code_that_names_a_figure_is_left_as_it_is():
    code = "```python\ntext = '![a](figures/heat-map.svg)'\n```\n"
    text = FILES["bank.md"].replace("**Options:**", f"{code}\n**Options:**")
    bank = parse_files({**FILES, "bank.md": text}, "shown")
    assert "'![a](figures/heat-map.svg)'" in bank.items[0].source
    assert "'![a](figures/heat-map.svg)'" in bank.items[0].question.en.markdown


def test_a_sections_introduction_shows_figures_too():
    introduction = "\n引言 ![图](figures/gone.svg)\n\nText.\n"
    text = FILES["bank.md"].replace("## 权重 | Weights\n", f"## 权重 | Weights\n{introduction}")
    said = faults({**FILES, "bank.md": text})
    assert any(each.startswith("bank.md:10: there is no figure 'figures/gone.svg'") for each in said), said


def test_remarks_on_a_figure_that_nobody_shows_or_that_a_dark_page_swallows():
    plain = DRAWN.replace("prefers-color-scheme: dark", "print")
    found = parse_files({**FILES, NAME: plain, "figures/left.svg": DRAWN}, "shown").faults
    assert [(fault.path.as_posix(), fault.severity) for fault in found] == [
        (NAME, Severity.REMARK),
        ("figures/left.svg", Severity.REMARK),
    ]
    assert "no colours for a dark page" in found[0].text
    assert "no text shows this figure" in found[1].text


def test_a_folder_is_read_no_further_than_its_own_files(tmp_path):
    bank, outside = tmp_path / "bank", tmp_path / "outside.svg"
    (bank / "figures").mkdir(parents=True)
    outside.write_text(DRAWN, encoding="utf-8")
    (bank / "bank.md").write_text(FILES["bank.md"], encoding="utf-8")
    place = bank / NAME
    for prepare, words in (
        (lambda: place.symlink_to(outside), "the figure is no file of the folder figures"),
        (lambda: place.mkdir(), "the figure is no file of the folder figures"),
        (lambda: place.write_bytes(b"\xff\xfe<\0"), "this is not UTF-8"),
        (lambda: place.write_bytes(b"<" * (1 << 20)), "more than 128 KiB"),
    ):
        if place.is_dir():
            place.rmdir()
        else:
            place.unlink(missing_ok=True)
        prepare()
        found = load_bank(bank).faults
        assert any(fault.path == place and words in fault.text for fault in found), [str(fault) for fault in found]


def test_a_text_without_its_folder_shows_what_its_images_say():
    bank = parse_bank(FILES["bank.md"])
    assert any("there is no figure" in fault.text for fault in bank.faults)
    assert Figures({}).sound == ()


def test_a_figure_as_large_as_a_photograph_is_not_read():
    large = DRAWN.replace("</svg>", f"<!-- {'x' * MAX_BYTES} --></svg>")
    assert [text.split(":")[0] for _, text in faults_in(large)] == ["the figure has more than 128 KiB"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.integers(0, 600), st.integers(0, 80))
def test_a_mangled_figure_is_judged_in_bounds(noise, place, length):
    text = DRAWN[:place] + noise + DRAWN[place + length :]
    for line, said in faults_in(text):
        assert line >= 1
        assert said.strip()
    bank = parse_files({**FILES, NAME: text}, "shown")
    assert bank.items[0].servable is (bank.figures != ())
    assert all("\n" not in fault.text and len(fault.text) <= 400 for fault in bank.faults)


def test_where_only_words_are_shown_a_figure_is_what_it_says_it_shows():
    option = parse_files(FILES, "shown").items[0].options[1]
    assert in_words(option.feedback.get("en")) == "Wrong look"
    assert in_words("![a](b.svg) ![](figures/a.svg)") == "![a](b.svg) "
    assert render_inline(option.feedback.get("en")) == "Wrong <em>look</em>"
