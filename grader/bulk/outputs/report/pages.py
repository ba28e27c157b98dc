"""The report's pages: rendered from templates, each by itself, under a policy that lets nothing else in."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.bulk.outputs.classbook import ClassBook, Spread, Student, counts_of, key_of
from grader.bulk.outputs.placing import put_folder, safe_names
from grader.bulk.outputs.remarks import remark
from grader.bulk.outputs.report.feedback import answers_of
from grader.bulk.outputs.report.likeness import Likeness, likeness_of, sides_of
from grader.bulk.outputs.report.maps import NAMES, svg
from grader.bulk.outputs.report.summary import ItemSummary, summary_of, ungraded_of
from grader.bulk.outputs.report.words import STATUS, TALK, filled_words, headline, told_twice
from grader.pictures.colour_scale import sequential
from questions.figures import pinned_in, read_figures
from questions.model import Item

MADE_FOR = "workshop grade --report"
TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("language.js", "tables.js")


@dataclass(frozen=True, slots=True)
class Names:
    """What the pages are called, so that they can lead to each other."""

    students: Mapping[int, str]
    """By the place of a student in the book."""
    items: Mapping[str, str]

    @classmethod
    def of(cls, book: ClassBook) -> Names:
        """A harmless name for each student and each item."""
        students = safe_names(student.name.removesuffix(".py") for student in book.students)
        items = safe_names(item.id for item in book.items)
        return cls(
            {id(student): name for student, name in zip(book.students, students, strict=True)},
            dict(zip(map(key_of, book.items), items, strict=True)),
        )

    def feedback(self, student: Student) -> str:
        """The student's page, from the top of the report."""
        return f"feedback/{self.students[id(student)]}.html"


class _Writer:
    """Renders pages into a folder and counts them."""

    def __init__(self, folder: Path, **shared: object) -> None:
        self._folder, self._shared = folder, shared
        self.written = 0

    def put(self, name: str, template: str, **values: object) -> None:
        """A page of the report, which knows the whole class."""
        self.put_alone(name, template, top="../" * name.count("/"), **self._shared, **values)

    def put_alone(self, name: str, template: str, **values: object) -> None:
        """A page that knows nothing but what it is given."""
        text = _environment().get_template(template).render(**values)
        path = self._folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("utf-8", "replace"))
        self.written += 1


def write_report(path: Path, book: ClassBook, now: datetime) -> int:
    """`--report`: the overview and every page below it, into a folder of its own; says how many pages there are."""
    names = Names.of(book)
    summaries = [summary_of(item, book) for item in book.items]
    figures = figures_of(book.items)
    alike = {key_of(item): likeness_of(item, book) for item in book.items}
    with put_folder(path, MADE_FOR) as folder:
        writer = _Writer(folder, book=book, names=names, now=now)
        totals = [student.score / book.most for student in book.students if book.most and _judged(student)]
        writer.put(
            "index.html", "index.html", spread=Spread.over(totals), summaries=summaries,
            alike=[found for found in alike.values() if found], statuses=counts_of(book.results),
            ungraded=ungraded_of(book),
        )  # fmt: skip
        for summary in summaries:
            _put_item(writer, names, summary, alike[key_of(summary.item)])
        for student in book.students:
            # Of others not even how many there are: this page is handed to the student as it is.
            answers = answers_of(student, book)
            page = names.feedback(student)
            writer.put_alone(page, "feedback.html", student=student, answers=answers, figures=figures)
        return writer.written


def _put_item(writer: _Writer, names: Names, summary: ItemSummary, likeness: Likeness | None) -> None:
    item, name = summary.item, names.items[key_of(summary.item)]
    writer.put(f"items/{name}.html", "item.html", summary=summary, likeness=likeness)
    for found in likeness.pairs if likeness else ():
        if found.number:
            sides = sides_of(found, item)
            writer.put(f"pairs/{name}-{found.number}.html", "pair.html", item=item, alike=found, sides=sides)


def figures_of(items: Iterable[Item]) -> Mapping[str, str]:
    """What the items' passages show, by hash, as far as it still lies beside them: a page needs no network."""
    folders = {item.path.parent for item in items if pinned_in(item.source)}
    drawn: dict[str, str] = {}
    for folder in sorted(folders):
        with suppress(OSError):
            drawn |= {figure.digest: figure.svg for figure in read_figures(folder).sound}
    return drawn


def _judged(student: Student) -> bool:
    return any(result.verdict for result in student.counting.values())


@cache
def _environment() -> Environment:
    pages = Environment(
        loader=PackageLoader("grader.bulk.outputs.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = _asset("report.css")
    language, tables = (_asset(name) for name in SCRIPTS)
    pages.filters.update(told_twice=told_twice, filled_words=filled_words)
    pages.globals.update(
        TALK,
        style=style, language_script=language, tables_script=tables,
        policy=_policy(style, language, tables),
        STATUS=STATUS, remark=remark, headline=headline, key_of=key_of, address=_address,
        scale_colours=sequential, svg=svg, MAP_NAMES=NAMES,
    )  # fmt: skip
    return pages


def _asset(name: str) -> Markup:
    """A style sheet or a script as it stands on every page: `file://` has no origin that a policy could name."""
    return Markup((TEMPLATES / name).read_text("utf-8").strip())  # noqa: S704 - our own file


def _policy(style: str, *scripts: str) -> str:
    """Nothing is loaded, and nothing runs or is styled but what stands in these very words."""
    allowed = " ".join(map(_hash, scripts))
    loaded = f"img-src data:; style-src {_hash(style)}; script-src {allowed}"
    return f"default-src 'none'; {loaded}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _address(path: str) -> str:
    """A path below the report as a link."""
    return quote(path, safe="/#")
