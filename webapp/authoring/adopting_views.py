"""Bringing in a bank: begun with one small item, or uploaded; looked at before it becomes a version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from grader.archives import ArchiveRefused, Reason
from grader.scaffold import SECTION, bank_head, scaffold
from questions.fields import ID
from questions.figures import is_name
from questions.items import slug
from questions.model import Bank as ReadBank
from questions.model import Kind
from webapp import access, bank_versions, banks
from webapp.authoring import preview, receiving, saving
from webapp.authoring.reading import TooLong, read
from webapp.authoring.receiving import Parcel, Problem, Wrong
from webapp.authoring.saving import Draft, Unfit
from webapp.authoring.values import FaultView
from webapp.authoring.views import authoring, person
from webapp.authoring.words import too_long, unfit_words
from webapp.languages import language, say
from webapp.models import Bank
from webapp.models.times import utc_now
from webapp.security import limiter
from webapp.teach.uploads.words import refused_words, skipped_words

LONGEST_ID = 64
MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Row:
    """An item as it was read of an upload."""

    id: str
    title: str
    kind: str
    points: float
    file: str
    line: int
    servable: bool
    fate: str
    """new, changed or same, beside what the bank has now."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What an upload would make, before anything is made."""

    bank_id: str
    title: str
    base: int
    files: dict[str, str]
    rows: tuple[Row, ...]
    faults: tuple[FaultView, ...]
    gone: tuple[str, ...]
    """Items of the bank as it is that this one does not have."""
    ignored: tuple[str, ...]


def _page(status: int = 200, **more: Any) -> Response:
    shown = {"problem": "", "problems": (), "kinds": tuple(Kind), "typed": request.form, **more}
    return make_response(render_template("teach/authoring/new.html", **shown), status)


@authoring.get("/-/new")
@login_required
def new() -> Any:
    """Two forms: begin a bank, or upload one."""
    access.writing_banks_or_404()
    return _page()


@authoring.post("/-/new")
@login_required
@limiter.limit("20 per minute", key_func=person)
def begin() -> Any:
    """A new bank with one small complete item."""
    access.writing_banks_or_404()
    bank_id, kind = request.form.get("id", "").strip(), request.form.get("kind", "")
    if not ID.fullmatch(bank_id) or len(bank_id) > LONGEST_ID or kind not in set(Kind):
        hint = slug(bank_id[:LONGEST_ID], "my-bank")
        return _page(422, problem=_("A bank's id has small letters, digits and hyphens, as in %(hint)s.", hint=hint))
    text = f"{bank_head(bank_id)}\n{SECTION}\n{scaffold(f'first-{kind}', Kind(kind))}"
    draft = Draft(bank_id, 0, {"10-first.md": text})
    return _adopted(draft, read(draft.files, bank_id), _("begun in the browser"))


@authoring.post("/-/upload")
@login_required
@limiter.limit("12 per minute; 120 per hour", key_func=person)
def receive() -> Any:
    """Files arrive: they are read and shown, and nothing is stored."""
    access.writing_banks_or_404()
    sent = [(each.filename or "", each.stream) for each in request.files.getlist("files") if each.filename]
    if not sent:
        return _page(422, problem=_("Choose a zip, a tar archive or Markdown files."))
    try:
        parcel = receiving.receive(sent)
    except ArchiveRefused as refused:
        return _page(422, problem=refused_words(refused.reason))
    if parcel.problems:
        return _page(422, problem=_("Nothing was taken, because of these files:"), problems=_told(parcel.problems))
    if all(map(is_name, parcel.files)):
        return _page(422, problem=_("There is no Markdown file in it. A bank is one or more files that end in .md."))
    name = slug(sent[0][0].rsplit(".", 1)[0]) if len(sent) == 1 else "my-bank"
    return _offered(parcel, name)


def _told(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    told = [(each.path, _why(each.why)) for each in problems[:MOST_SHOWN]]
    more = len(problems) - MOST_SHOWN
    return told + ([("", _("and %(num)s more", num=more))] if more > 0 else [])


def _why(why: str) -> str:
    words = {
        Wrong.NAME: unfit_words(Unfit.NAME, ""),
        Wrong.NOT_UTF8: _("it is not UTF-8: save it as UTF-8"),
        Wrong.BINARY: _("it is no text, or in UTF-16: save it as UTF-8"),
        Wrong.LARGE: unfit_words(Unfit.LARGE, ""),
        Wrong.FOLDERS: _("Markdown files stand in several folders; a bank is one folder: upload them one by one"),
        Wrong.OTHER: _("it is no part of a bank: leave it out"),
    }
    if why in set(Wrong):
        return words[Wrong(why)]
    return _("a link: put the file itself into the archive") if why == Reason.LINK else skipped_words(why)


def _offered(parcel: Parcel, name: str) -> Response:
    try:
        bank = read(parcel.files, name)
    except TooLong:
        return _page(422, problem=too_long())
    if not ID.fullmatch(bank.id):
        return _page(422, problem=_("A bank's id has small letters, digits and hyphens, as in %(hint)s.", hint=name))
    found, newest = access.reading().get(Bank, bank.id), bank_versions.newest(access.reading(), bank.id)
    now_there = {each["id"]: each["revision"] for each in found.report["items"]} if found else {}
    rows = tuple(
        Row(
            item.id, say(item.title, language()) or item.id, item.kind.value, item.points, item.path.name, item.line,
            banks.can_serve(item),
            "new" if item.id not in now_there else "same" if now_there[item.id] == item.revision else "changed",
        )
        for item in bank.items
    )  # fmt: skip
    offer = Offer(
        bank_id=bank.id,
        title=say(bank.title, language()) or bank.id,
        base=newest.number if newest else 0,
        files=parcel.files,
        rows=rows,
        faults=preview.faults_of(bank),
        gone=tuple(sorted(set(now_there) - {row.id for row in rows})),
        ignored=parcel.ignored[:MOST_SHOWN],
    )
    html = render_template(
        "teach/authoring/offer.html", offer=offer, is_new=found is None, keeper=found.keeper if found else ""
    )
    return make_response(html)


@authoring.post("/-/adopt")
@login_required
@limiter.limit("20 per minute", key_func=person)
def adopt() -> Any:
    """What was looked at becomes a version: fields `id`, `version`, `message`, and `file-NAME` for each file."""
    access.writing_banks_or_404()
    files = {
        name.removeprefix("file-"): bank_versions.clean(text)
        for name, text in request.form.items()
        if name.startswith("file-")
    }
    base = request.form.get("version", "")
    number = int(base) if base.isascii() and base.isdigit() and len(base) < 9 else 0
    draft = Draft(request.form.get("id", "")[:LONGEST_ID], number, files)
    newest = bank_versions.newest(access.reading(), draft.bank_id)
    before = newest.files if newest else {}
    if not ID.fullmatch(draft.bank_id):
        return _page(422, problem=unfit_words(Unfit.OTHER_ID, draft.bank_id))
    if why := saving.unfit(draft, None, before):
        return _page(422, problem=unfit_words(why, draft.bank_id))
    try:
        bank = read(draft.files, draft.bank_id)
    except TooLong:
        return _page(422, problem=too_long())
    if why := saving.unfit(draft, bank, before):
        return _page(422, problem=unfit_words(why, draft.bank_id, bank.id))
    return _adopted(draft, bank, request.form.get("message", "").strip() or _("uploaded"))


def _adopted(draft: Draft, bank: ReadBank, message: str) -> Any:
    actor_id, prove = access.me().id, access.settings().prove
    with access.database().writing(durable=True) as session:
        outcome = saving.save(
            session, draft, bank, actor_id, message, utc_now(), action="bank-adopt", prove=prove
        )
    access.carrier().announce()
    if isinstance(outcome, Unfit):
        why = Unfit.TAKEN if not draft.base else outcome
        problem = unfit_words(why, draft.bank_id)
        if why is Unfit.CHANGED:
            problem = _("Somebody has saved this bank meanwhile. Nothing was taken; upload it again to see what it "
                        "means.")  # fmt: skip
        return _page(409, problem=problem)
    flash(_("The bank is here, as version %(number)s.", number=outcome.number), "success")
    return redirect(url_for("authoring.bank", bank_id=draft.bank_id), 303)
