"""The report as files: complete, self-contained, light, safe to hand out, and harmless whatever people are called."""

from __future__ import annotations

import re
import resource
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from weakref import WeakSet

import pytest

from grader.bulk.model import Graded
from grader.bulk.outputs.classbook import class_book
from grader.bulk.outputs.report import write_report
from grader.bulk.outputs.report.pages import figures_of
from grader.bulk.outputs.report.words import passage, percent
from grader.bulk.problems import Problem, nothing_says_which
from grader.verdict import Status, TestStatus, Words
from questions import Bilingual, Passage, load_bank, parse_files
from questions.figures import digest_of
from tests.grader.graded import graded, item_of, recorded_class, two_tests, unread, verdict_of
from tests.grader.test_commands import RIGHT, SMALL, workshop
from tests.grader.test_outputs_files import HOSTILE, SECRET, with_secret
from tests.questions.test_figures import DRAWN, FILES, NAME

NOW = datetime(2026, 11, 26, 8, 30)
CSS = Path(__file__).parents[2]
HOSTILE_NAMES = [
    "../../evil", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a\0b", "x" * 300, "\u202eevil", "🎓",
    "", "{{ 7 * 7 }}", "javascript:alert(1)", "李雷", "CON", "a#b?c%20d", "\ud800", "o'brien & sons",
]  # fmt: skip


class Page(HTMLParser):
    """What a page holds: its tags, and its addresses."""

    def __init__(self, path):
        super().__init__()
        self.tags, self.links, self.ids, self.handlers = [], [], [], []
        self.text = path.read_text("utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        for name, value in attributes:
            if name in ("href", "src", "action", "data", "poster", "srcset"):
                self.links.append(value)
            if name == "id":
                self.ids.append(value)
            if name.startswith("on") or name == "style":
                self.handlers.append((tag, name, value))


def write(folder, results):
    write_report(folder, class_book(results), NOW)
    return {path.relative_to(folder).as_posix(): Page(path) for path in sorted(folder.rglob("*.html"))}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A report of every status there is, and a file that could not be read."""
    broken = unread("/class/broken.ipynb", "no code can be read from this notebook", student="zoe")
    return write(tmp_path_factory.mktemp("recorded") / "report", [*recorded_class(), broken])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A class of hostile names whose hidden tests were not cleaned, whose texts are hostile too."""
    item = item_of("one")
    results = []
    for number, name in enumerate(HOSTILE_NAMES):
        verdict = with_secret(item) if number % 2 else verdict_of(item, 0, explanation=Words(HOSTILE, HOSTILE))
        results.append(graded(item, f"{number}/{name}.py", verdict=verdict, student=name, notes=(HOSTILE,)))
        why = Problem(f"无法读取：{HOSTILE}", f"cannot be read: {HOSTILE}")
        results.append(unread(f"{number}/{name}.txt", why, student=name))
    return write(tmp_path_factory.mktemp("hostile") / "report", results)


@pytest.fixture(params=["recorded", "hostile"])
def pages(request):
    return request.getfixturevalue(request.param)


def test_every_part_is_there(recorded):
    assert {"index.html", "items/scaled-dot-product-attention.html", "items/attention-concept.html"} <= recorded.keys()
    assert "feedback/sigmoid.html" in recorded
    assert any(name.startswith("pairs/scaled-dot-product-attention-") for name in recorded)
    index = recorded["index.html"].text
    for words in ("no code can be read from this notebook", "成绩分布", "How scores are spread", "Time limit"):
        assert words in index
    item = recorded["items/scaled-dot-product-attention.html"].text
    for words in ("Known mistakes", "Most common message", "feedback/sigmoid.html"):
        assert words in item


def test_every_link_leads_somewhere_within_the_report(pages):
    for name, page in pages.items():
        for link in page.links:
            path, _, fragment = link.partition("#")
            assert ":" not in path, f"{name}: {link}"
            target = (Path(name).parent / unquote(path)) if path else Path(name)
            target = re.sub(r"[^/]+/\.\./", "", target.as_posix())
            assert target in pages, f"{name}: {link}"
            assert not fragment or unquote(fragment) in pages[target].ids, f"{name}: {link}"


def test_nothing_is_loaded_and_nothing_runs_but_what_the_policy_names(pages):
    for name, page in pages.items():
        assert page.handlers == [], name
        assert not {tag for tag, _ in page.tags} & {"img", "iframe", "object", "embed", "link", "base", "form"}, name
        (policy,) = (attributes["content"] for tag, attributes in page.tags if "http-equiv" in attributes)
        assert "'unsafe" not in policy
        assert policy.startswith("default-src 'none'; ")
        for tag, text in re.findall(r"<(style|script)>(.*?)</\1>", page.text, re.DOTALL):
            assert f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy, f"{name}: {tag}"
        assert len(re.findall("<script", page.text)) <= 2


def test_no_name_leaves_its_folder_and_no_two_share_a_page(hostile):
    feedback = [name for name in hostile if name.startswith("feedback/")]
    assert len(feedback) == len(HOSTILE_NAMES) + 1, "who has no name is known by each of both files"
    assert all(re.fullmatch(r"feedback/[^/]+\.html", name) for name in feedback)
    assert "{{ 7 * 7 }}" in hostile["index.html"].text, "nobody's name is a template"
    for page in hostile.values():
        assert not set(page.text) & set("\0\x1b\u202e\x0b")


def test_every_word_of_ours_stands_in_both_languages(pages):
    for name, page in pages.items():
        zh = [tag for tag, attributes in page.tags if attributes.get("class") == "zh"]
        en = [tag for tag, attributes in page.tags if attributes.get("class") == "en"]
        assert zh == en, name
        assert zh, name
        ours = re.sub(r"<(style|script|pre|code)\b.*?</\1>|\{x\}", "", page.text, flags=re.DOTALL)
        assert not re.search(r"\{[a-z]+\}", ours), f"{name}: a gap that nothing filled"


def test_a_student_s_page_names_nobody_else_and_leads_nowhere(recorded):
    names = {name.removeprefix("feedback/").removesuffix(".html") for name in recorded if name.startswith("feedback/")}
    for name in names - {"run", "error", "failed", "passed", "hidden", "partial", "memory", "timeout", "values", "nan"}:
        page = recorded[f"feedback/{name}.html"]
        assert all(link.startswith("#") for link in page.links)
    for name in names:
        for other in ("short-answer-review", "mask-leak", "timeout-line", "error-long-line", "zoe"):
            assert other == name or other not in recorded[f"feedback/{name}.html"].text, (name, other)


def test_of_two_with_one_source_neither_is_told_of_the_other(tmp_path):
    item = item_of("one")
    first, second = graded(item, "ann/x.py", student="ann"), graded(item, "bob/x.py", student="bob", same_as="ann/x.py")
    pages = write(tmp_path / "report", [first, second])
    assert "ann" not in pages["feedback/bob.html"].text.partition("<body>")[2]
    assert "bob" not in pages["feedback/ann.html"].text


def test_no_hidden_test_s_inputs_are_in_any_page(hostile):
    assert not [name for name, page in hostile.items() if SECRET in page.text]


def test_a_failing_matrix_is_drawn_with_its_sums_and_its_worst_cell(recorded):
    page = recorded["feedback/sigmoid.html"].text
    assert page.count('class="map"') >= 3
    for part in ('class="worst"', 'class="sums"', "The largest difference is in row", "Every row should add up to 1"):
        assert part in page
    assert 'class="differs"' in recorded["feedback/shapes.html"].text
    assert "is-meant" in recorded["feedback/error-long-line.html"].text
    assert "∞" in recorded["feedback/nan.html"].text or "nan" in recorded["feedback/nan.html"].text


def test_the_overview_says_how_far_and_never_rounds_to_all_or_none():
    assert [percent(share) for share in (0, 0.001, 0.5, 0.999, 1)] == ["0 %", "1 %", "50 %", "99 %", "100 %"]


def test_the_report_has_the_colours_of_the_site():
    def tokens(path):
        return dict(re.findall(r"(--[a-z-]+): (light-dark\([^)]*\))", (CSS / path).read_text("utf-8")))

    site, ours = tokens("webapp/assets/css/tokens.css"), tokens("grader/bulk/outputs/report/templates/report.css")
    assert len(ours) > 20
    assert {name: site.get(name) for name in ours} == ours


def test_a_report_written_again_replaces_the_old_one(tmp_path):
    item = item_of("one")
    write(tmp_path / "report", [graded(item, "a.py", student="old")])
    pages = write(tmp_path / "report", [graded(item, "a.py", student="new")])
    assert "feedback/new.html" in pages
    assert "feedback/old.html" not in pages


def test_a_class_of_a_thousand_costs_seconds_and_its_overview_stays_light(tmp_path):
    results = recorded_class(50)
    before = resource.getrusage(resource.RUSAGE_SELF)
    count = write_report(tmp_path / "report", class_book(results), NOW)
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert (len(results), count >= 1000) == (1000, True)
    print(f"{seconds:.1f} s for {count} pages, index {(tmp_path / 'report' / 'index.html').stat().st_size // 1024} KiB")
    assert seconds < 60, "some 8 s on a quiet machine; others may share its caches and its cores"
    assert (tmp_path / "report" / "index.html").stat().st_size < 400_000


def test_who_has_no_mark_has_no_nought_and_is_told_nothing_of_the_command(tmp_path):
    one, other = item_of("one"), item_of("other")
    lost = unread("c.py", nothing_says_which(code=True), student="cem")
    pages = write(tmp_path / "r", [graded(one, "a.py", student="ann"), graded(other, "b.py", student="bob"), lost])
    cells = dict(re.findall(r'feedback/(\w+)\.html">\w+</a></th><td[^>]*>([^<]*)', pages["index.html"].text))
    assert cells == {"ann": "10", "bob": "10", "cem": "?"}
    assert "PATTERN=" in pages["index.html"].text
    assert "PATTERN=" not in pages["feedback/cem.html"].text


def test_what_a_test_says_is_not_drowned_by_those_on_whom_it_never_ran(tmp_path):
    item = item_of("one")
    not_run = tuple(replace(test, status=TestStatus.NOT_RUN, points=0.0, message="") for test in two_tests(0))
    broken = verdict_of(item, 0, tests=not_run)
    results = [graded(item, f"{name}.py", student=name, verdict=broken) for name in ("ann", "bob")]
    pages = write(tmp_path / "r", [*results, graded(item, "cem.py", 0, student="cem")])
    assert "Not close" in pages["items/one.html"].text
    pages = write(tmp_path / "s", results)
    assert "not run" in pages["items/one.html"].text


def test_what_the_platform_notes_of_an_ended_process_is_no_message_to_a_student(tmp_path):
    item = item_of("one")
    lost = replace(two_tests(0)[0], status=TestStatus.ERROR, message="the peer closed its end")
    ended = verdict_of(item, 0, status=Status.TIMEOUT, tests=(lost, two_tests(0)[1]))
    pages = write(tmp_path / "r", [graded(item, "ann.py", student="ann", verdict=ended)])
    assert not any("the peer" in page.text for page in pages.values())


def test_the_command_writes_everything_that_it_is_asked_for(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ann.py").write_text(RIGHT)
    (tmp_path / "in" / "bob.py").write_text(RIGHT.replace("sum(1)", "mean(1)"))
    (tmp_path / "in" / "eve.py").write_text("import os\nos._exit(0)\n")
    places = ["--csv", "m.csv", "--gradebook", "b.csv", "--junit", "j.xml", "--gradescope", "gs", "--report", "r"]
    done = workshop("grade", SMALL, "in", "--json", *places, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 3
    assert "r/index.html: the report, " in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {".workshop-grade", "in", "m.csv", "b.csv", "j.xml", "gs", "r"}
    assert (tmp_path / "r" / "feedback" / "bob.html").exists()
    again = workshop("grade", SMALL, "in", "--report", "in", cwd=tmp_path)
    assert again.returncode == 2
    assert "in holds ann.py, which no `workshop grade --report` has put there" in again.stderr
    assert again.stdout == "", "it is said before anything is graded"


class OneAtATime(Sequence):
    """Results that read each verdict anew, and know how many with pictures somebody holds on to."""

    def __init__(self, results):
        self._results, self._given, self.most = results, WeakSet(), 0

    def __len__(self):
        return len(self._results)

    def __getitem__(self, place):
        found = self._results[place]
        self._given.add(fresh := Held(found.submission, replace(found.verdict), found.problem, found.same_as))
        self.most = max(self.most, len(self._given))
        return fresh


class Held(Graded):
    """A result that can be referred to weakly."""

    __slots__ = ("__weakref__",)
    __hash__ = object.__hash__


def test_the_pictures_of_a_large_class_are_never_all_in_memory(tmp_path):
    pictured = [each for each in recorded_class(4) if any(test.comparison for test in each.verdict.tests)]
    results = OneAtATime(pictured)
    write_report(tmp_path / "report", class_book(results), NOW)
    assert len(pictured) > 20
    assert results.most < 10
    assert 'class="map"' in (tmp_path / "report" / "feedback" / "sigmoid-0.html").read_text()


def test_what_a_passage_shows_is_written_into_the_page(tmp_path):
    digest = digest_of(DRAWN)
    text = Bilingual(en=Passage(f"See ![two weights]({NAME}#{digest}).", 1))
    html = passage(text, {digest: DRAWN})
    assert f'<img alt="two weights" src="data:image/svg+xml;base64,{b64encode(DRAWN.encode()).decode()}">' in html
    assert "<em>two weights</em>" in passage(text, {})
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert figures_of(load_bank(tmp_path).items) == {digest: DRAWN}
    (tmp_path / NAME).unlink()
    assert figures_of(parse_files(FILES, "shown").items) == {}
