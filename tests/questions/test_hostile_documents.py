"""Whatever a file holds, loading gives a bank and faults: never a traceback, never a long wait."""

import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questions import Severity, item_from_source, load_bank, parse_bank

DOCUMENTS = Path(__file__).parent / "documents"
TEXTS = [path.read_text(encoding="utf-8") for path in sorted(DOCUMENTS.glob("*.md"))]
QUICK = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))

PIECES = st.sampled_from(
    [
        "```",
        "````",
        "~~~",
        "```python tests\n",
        "```yaml item\n",
        "```yaml bank\n",
        "### a {#a}",
        "## b | 乙",
        "# c",
        "**题目：**",
        "**Rubric:**",
        "**Options:**",
        "**Value:**",
        "**Answer:**",
        "- [x] ",
        "- `a` (1) b",
        "  - yes: `(`",
        "  > ",
        "\n",
        "\n\n",
        "<!--",
        "-->",
        "$$",
        "{{a}}",
        "def test_a(x): pass\n",
        "\t",
        "    ",
        "> ",
        "points: 1\n",
        "limits: {seconds: 1e999}\n",
        "&a *a",
        "\x0b",
        "\u2028",
        "\x00",
        "\ud800",
        "\\",
        "|",
        "'''",
        "(" * 300,
        "id: [",
        "`(a|b)*` + c",
        "± 1%",
        "1e999 m",
        "class A(B): x\n",
        "﻿",
    ]
)


def check(bank):
    for fault in bank.faults:
        assert fault.line >= 1
        assert "\n" not in fault.text
        assert fault.text.strip()
        assert len(fault.text) <= 400
    for item in bank.items[:20]:
        assert item.servable is not any(fault.severity is Severity.FAULT for fault in item.faults)
        again = item_from_source(item.source)
        assert (again.revision, again.suite, again.kind) == (item.revision, item.suite, item.kind)


@QUICK
@given(st.binary(max_size=400))
def test_random_bytes_are_a_bank_with_faults(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "random.md"
    path.write_bytes(data)
    check(load_bank(path))


@QUICK
@given(st.lists(PIECES | st.text(max_size=20), max_size=40))
def test_pieces_of_the_format_in_any_order(pieces):
    check(parse_bank("".join(pieces)))
    check(parse_bank("\n".join(pieces)))


@QUICK
@given(st.sampled_from(TEXTS), st.data())
def test_a_truncated_or_spliced_document(text, data):
    cut = data.draw(st.integers(0, len(text)))
    skip = data.draw(st.integers(0, 200))
    piece = data.draw(PIECES)
    check(parse_bank(text[:cut]))
    check(parse_bank(text[:cut] + piece + text[cut + skip :]))
    check(parse_bank(text[:cut].replace("\n", "\r\n") + text[cut:]))


@QUICK
@given(st.sampled_from(TEXTS), st.integers(0, 400))
def test_a_document_with_one_line_missing(text, number):
    lines = text.split("\n")
    del lines[number % len(lines)]
    check(parse_bank("\n".join(lines)))


def test_bombs_take_little_time():
    bombs = {
        "fences with headings": "```a\n### b\n" * 2_000,
        "unclosed fences": "".join("`" * n + "a\n### x\n" for n in range(900, 3, -1)),
        "one opener many labels": "```\n" + "### a\n**Question:** b\n" * 2_000,
        "comments": "<!--\n### a\n" * 2_000,
        "quotes": "> " * 9_000 + "a",
        "lists": "\n".join(" " * (2 * n) + "- a" for n in range(300)),
        "deep code": "### a {#a}\n**Answer:**\n```python\n" + "(" * 5_000 + "\n```",
        "long sum": "### a {#a}\n**Answer:**\n```python\nx = " + "1+" * 5_000 + "1\n```",
        "deep attributes": "### a {#a}\n**Answer:**\n```python\nx" + ".y" * 8_000 + "\n```",
        "minus signs": "### a {#a}\n**Answer:**\n```python\n" + "-" * 15_000 + "1\n```",
        "a large number": "### a {#a}\n**Answer:**\n```python\n" + "9" * 15_000 + "\n```",
        "backticks": "### a {#a}\n" + "".join("`" * n + "a" for n in range(190)),
        "backticks in one run": "### a {#a}\n**Question:** a\n" + ("**Hint:** " + "`" * 19_900 + " a\n") * 2,
        "bars": "### " + "a | " * 4_000,
        "a long name": "### a {#a}\n**Answer:**\n```python\n" + "a" * 15_000 + "\n```",
        "yaml": "### a {#a}\n```yaml item\n" + "[" * 16_000 + "\n```",
        "dollars": "### a {#a}\n**Question:** " + "$a " * 15_000,
        "items": "".join(f"### a {{#a{n}}}\n**Question:** q\n" for n in range(1_000)),
        "boxes": "### a {#a}\n**Options:**\n" + "- [x] a | 甲\n" * 4_000,
        "rules": "### a {#a}\n**Rubric:**\n- `a` (1) b\n" + "  - yes: `a` + `b` + c\n" * 4_000,
    }
    for name, bomb in bombs.items():
        start = time.process_time()
        check(parse_bank(bomb))
        assert time.process_time() - start < 3, name


def test_a_file_beyond_every_cap_is_cut_and_reported():
    bank = parse_bank("### a {#a}\n" + "x" * 30_000 + "\n" * (1 << 19))
    assert [fault.line for fault in bank.faults if "more than" in fault.text][:2] == [1, 2]
