"""Tables from anybody are read within bounds or refused in words; tables for spreadsheets hold no formulas."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.csv_text import Cell, harmless, is_formula, written
from webapp import csv_files
from webapp.csv_files import NoTable, read

LINES = "email,name\nli@example.org,李雷\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (LINES.encode(), "UTF-8"),
        (LINES.encode("utf-8-sig"), "UTF-8"),
        (LINES.encode("gb18030"), "GB 18030"),
        (LINES.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + LINES.encode("utf-16-be"), "UTF-16"),
        (LINES.encode("utf-16-le"), "UTF-16"),
        (LINES.encode("utf-16-be"), "UTF-16"),
        (LINES.encode("utf-32"), "UTF-32"),
    ],
)
def test_every_encoding_that_spreadsheets_write_is_read(data: bytes, encoding: str) -> None:
    table = read(data)
    assert table.encoding == encoding
    assert [row.cells for row in table.rows] == [("email", "name"), ("li@example.org", "李雷")]


def test_names_with_accents_are_not_taken_for_chinese() -> None:
    table = read("email,name\na@example.org,Jörg Müßig\nb@example.org,José\n".encode("cp1252"))
    assert table.encoding == "Windows-1252"
    assert [row.cells[1] for row in table.rows[1:]] == ["Jörg Müßig", "José"]


@pytest.mark.parametrize("name", ["朱镕基", "王喆", "欧阳堃", "张三"])
def test_rare_characters_are_still_taken_for_chinese(name: str) -> None:
    assert read(f"email,name\na@example.org,{name}\n".encode("gb18030")).rows[1].cells[1] == name


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2", ","),
        ("a;b\n1;2", ";"),
        ("a\tb\r\n1\t2", "\t"),
        ("a，b\n1，2", "，"),
        ("sep=;\na;b\n1;2", ";"),
        ('"a;b;c",b\n1,2', ","),
        ("a,b\r1,2\r", ","),
        ("\n\n\na;b\n1;2", ";"),
    ],
)
def test_the_delimiter_is_found(text: str, delimiter: str) -> None:
    table = read(text.encode())
    assert table.delimiter == delimiter
    assert [row.cells[1] for row in table.rows] == ["b", "2"]


def test_rows_are_counted_as_a_spreadsheet_and_as_an_editor_does() -> None:
    table = read(b'a,b\n\n"x\ny",2\n3,4\n')
    assert [(row.number, row.line) for row in table.rows] == [(1, 1), (3, 3), (4, 5)]


HOSTILE = {
    "four MiB and a byte": (b"x" * (csv_files.MAX_BYTES + 1), 1, "more than 4 MiB"),
    "a hundred MB in one line": (b"a," * 50_000_000, 1, "more than 4 MiB"),
    "a million columns": (b"a\n" + b"," * 1_000_000, 2, "1000001 cells: at most 200"),
    "a row too many": (b"a\n" + b"x\n" * 20_001, 20_002, "more than 20,000 rows"),
    "a cell without end": (b"a\n" + b"x" * 200_000, 2, "longer than any text"),
    "a quotation mark never closed": (b'a,b\nx,"y\nz,1\n', 2, "never closed"),
    "a mark that closes too early": (b'a,b\n1,2\nx,"y"z\n', 3, "do not match"),
    "NUL bytes": (b"a,b\n1,2\n\0\0,x\n", 3, "no text"),
    "only NUL bytes": (b"\0" * 1000, 1, "no text"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 3, "no text"),
    "a workbook": (b"PK\x03\x04\x14\0\x06\0", 1, "a workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 1, "a workbook"),
    "half of UTF-16": (b"\xff\xfea\0,\0b", 1, "no text"),
    "broken UTF-8 with a mark": (b"\xef\xbb\xbfa,b\n\xff\xff\n", 2, "no text"),
    "what no encoding knows": (b"a,b\n\x81\x20\x8d\x8f\n", 2, "no text"),
    "broken UTF-32": (b"\xff\xfe\0\0\xff\xff\xff\xff", 1, "no text"),
}


@pytest.mark.parametrize(("data", "row", "said"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_table_is_refused_with_its_row(data: bytes, row: int, said: str) -> None:
    with pytest.raises(NoTable, match=said) as refused:
        read(data)
    assert refused.value.row == row


def test_refusing_costs_little() -> None:
    began = time.process_time()
    for data in (b"a\n" + b'"' * (csv_files.MAX_BYTES - 2), b'"' + b"," * (csv_files.MAX_BYTES - 1)):
        with pytest.raises(NoTable):
            read(data)
    assert time.process_time() - began < 10


@pytest.mark.parametrize("nothing", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n , ,\n", b"\xff\xfe"])
def test_nothing_is_an_empty_table(nothing: bytes) -> None:
    assert read(nothing).rows == ()


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_in_another_way(data: bytes) -> None:
    try:
        table = read(data)
    except NoTable:
        return
    assert all("\0" not in cell for row in table.rows for cell in row.cells)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", '=HYPERLINK("https://evil.example")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1",
        "  =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1+1", "＠x", "+49 30 1234", "=", "\tharmless",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_compute_becomes_text(text: str) -> None:
    assert is_formula(text)
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("x;=1+1", "x;'=1+1"), ('Li;"=cmd|1', "Li;\"'=cmd|1"), ("a; @SUM(A1);＝2", "a; '@SUM(A1);'＝2"),
        ("two\n=1", "two\n'=1"), ("two\r\n +1", "two\r\n '+1"),
        ("\n=1", "'\n'=1"), ("\r=1", "'\r'=1"), ("a;b=c", "a;b=c"), ("left; right", "left; right"),
    ],
)  # fmt: skip
def test_no_cell_of_a_spreadsheet_that_parts_by_semicolons_is_computed(text: str, safe: str) -> None:
    assert harmless(text) == safe


@pytest.mark.parametrize(
    "cell",
    ["-5", "-", "+3.25", "-1,5", "1e-9", "-12%", -5, 2.5, 0, None, "", "李雷", "a=b", "1-2", "x@example.org", "'=1"],
)
def test_numbers_stay_numbers_and_words_words(cell: Cell) -> None:
    assert harmless(cell) == cell


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=4), max_size=5))
def test_whatever_is_written_is_read_again_as_a_table_without_formulas(rows: list[list[str]]) -> None:
    text = written(rows)
    again = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len(again) == len(rows)
    assert not any(is_formula(cell) for row in again for cell in row)


def test_an_attachment_opens_in_a_spreadsheet_with_its_chinese_right() -> None:
    response = csv_files.attachment([["姓名", "分"], ["=1", -2.5]], "成绩.csv")
    assert response.get_data() == "\ufeff姓名,分\r\n'=1,-2.5\r\n".encode()
    assert "filename*=UTF-8''%E6%88%90%E7%BB%A9.csv" in response.headers["Content-Disposition"]
