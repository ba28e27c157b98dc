"""The editor of a bank's files: checked while one types, tried in the sandbox, saved as a new version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.exceptions import RequestEntityTooLarge

from grader.scaffold import SECTION, scaffold
from questions.figures import is_name
from questions.model import Bank as ReadBank
from questions.model import Item, Kind
from questions.svg import MAX_BYTES
from webapp import access, bank_versions
from webapp.authoring import drawing, preview, proofs, saving
from webapp.authoring.places import Place
from webapp.authoring.reading import TooLong, read
from webapp.authoring.saving import Draft, Unfit
from webapp.authoring.views import authoring, person, written_bank_or_404
from webapp.authoring.words import too_long, unfit_words
from webapp.fault_words.saying import said
from webapp.items import item_from
from webapp.languages import language, say
from webapp.learn.edits import Difference, compare
from webapp.models import Bank, BankVersion, Task
from webapp.models.times import utc_now
from webapp.refusals import failure, wants_json
from webapp.security import limiter
from webapp.tasks.values import task_view

LARGEST_REQUEST = 12 * 1024 * 1024
LARGE = {"authoring.save", "authoring.check", "authoring.try_item", "authoring.receive", "authoring.adopt"}


@authoring.url_value_preprocessor
def allow_more(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A larger request where banks arrive, from those who may change them: before anything of it is read."""
    if endpoint in LARGE and request.method == "POST" and current_user.is_authenticated and not current_user.is_guest:
        if access.writes_banks():
            request.max_content_length = request.max_form_memory_size = LARGEST_REQUEST
            request.max_form_parts = 2 * (bank_versions.MOST_FILES + bank_versions.MOST_FIGURES)


@authoring.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """What was sent is not looked at."""
    return failure(413, "too-large", text=unfit_words(Unfit.LARGE, ""))


@authoring.errorhandler(TooLong)
def not_read(_error: TooLong) -> Response:
    """A text that was not read to its end, where no page has better words."""
    return failure(422, "too-long", text=too_long())


@dataclass(frozen=True, slots=True)
class Typed:
    """What the editor's form holds."""

    file: str
    text: str
    base: int
    message: str
    line: int
    remove: bool


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _typed() -> Typed:
    form: Any = request.get_json(silent=True) if request.is_json else request.form
    form = form if hasattr(form, "get") else {}
    file, text, message = (str(form.get(name) or "") for name in ("file", "text", "message"))
    return Typed(
        file=file[:100],
        text=bank_versions.clean(text),
        base=_number(str(form.get("version") or "")),
        message=message,
        line=_number(str(form.get("line") or "")) or 1,
        remove=form.get("action") == "remove",
    )


def _newest_or_404(bank_id: str) -> tuple[Bank, BankVersion]:
    found = written_bank_or_404(bank_id)
    newest = bank_versions.newest(access.reading(), bank_id)
    if newest is None:
        failed = _("This bank cannot be edited here: a file of it is too large, or has a name that is not taken. "
                   "Change it in its folder.")  # fmt: skip
        abort(make_response(failure(404, "not-editable", text=failed)))
    return found, newest


@authoring.get("/<bank_id>/edit")
@login_required
def edit(bank_id: str) -> Any:
    """A file of a bank in the editor; `?file=`, `?line=`, and `?add=KIND` for a new item at its end."""
    found, newest = _newest_or_404(bank_id)
    file = request.args.get("file", "") or min(filter(_is_text, newest.files), default="bank.md")
    if not bank_versions.fits(file):
        abort(404)
    saved = str(newest.files.get(file, ""))
    text, add = saved, request.args.get("add", "")
    if is_name(file) and file not in newest.files:
        text = drawing.BEGUN
    elif add in set(Kind) and _is_text(file):
        text = _with_scaffold(saved, Kind(add), {each["id"] for each in found.report["items"]})
    line = _number(request.args.get("line", "")) or (text.count("\n", 0, len(saved)) + 2 if text != saved else 1)
    return _editor(found, newest, Typed(file, text, newest.number, "", line, False), saved=saved)


def _is_text(file: str) -> bool:
    return not is_name(file)


def _with_scaffold(text: str, kind: Kind, taken: set[str]) -> str:
    name = next(each for number in range(1, 1000) if (each := f"new-{kind.value}-{number}") not in taken)
    head = "" if "\n## " in f"\n{text}" else f"{SECTION}\n"
    return f"{text.rstrip()}\n\n{head}{scaffold(name, kind)}".lstrip()


def _read(newest: BankVersion, typed: Typed) -> ReadBank:
    files = saving.with_file(newest.files, typed.file, typed.text)
    if not bank_versions.fits(typed.file) or not bank_versions.within_limits(files):
        why = Unfit.LARGE if bank_versions.fits(typed.file) else Unfit.NAME
        raise TooLong(unfit_words(why, newest.bank_id))
    try:
        return read(files, newest.bank_id)
    except TooLong as long:
        raise TooLong(too_long()) from long


def _editor(
    bank: Bank,
    newest: BankVersion,
    typed: Typed,
    *,
    saved: str | None = None,
    problem: str = "",
    status: int = 200,
    theirs: Difference | None = None,
) -> Response:
    lang, shown, item = language(), None, None
    faults: tuple[Any, ...] = ()
    outline: tuple[preview.Entry, ...] = ()
    try:
        found = _read(newest, typed)
        faults, outline = preview.faults_of(found), preview.outline_of(found, typed.file, lang)
        item = preview.item_at(found, typed.file, typed.line)
        shown = preview.preview_of(item, found.languages) if item else None
    except TooLong as long:
        problem = problem or str(long)
    html = render_template(
        "teach/authoring/edit.html",
        bank_id=bank.id,
        title=say(bank.report["title"], lang) or bank.id,
        keeper=bank.keeper,
        source=bank.source,
        files=tuple(sorted({*newest.files, typed.file})),
        is_new=typed.file not in newest.files,
        typed=typed,
        saved=newest.files.get(typed.file, "") if saved is None else saved,
        newest=newest.number,
        kinds=tuple(Kind),
        faults=faults,
        outline=outline,
        preview=shown,
        drawing=drawing.as_address(typed.text) if is_name(typed.file) else None,
        problem=problem,
        theirs=theirs,
    )
    return make_response(html, status)


@authoring.post("/<bank_id>/edit")
@login_required
@limiter.limit("60 per minute", key_func=person)
def save(bank_id: str) -> Any:
    """Save what was typed as a new version, or (`action=check`) only look at it."""
    found, newest = _newest_or_404(bank_id)
    typed = _typed()
    if not bank_versions.fits(typed.file):
        return _editor(found, newest, typed, problem=unfit_words(Unfit.NAME, bank_id), status=422)
    if request.form.get("action") == "check":
        return _editor(found, newest, typed)
    base = bank_versions.numbered(access.reading(), bank_id, typed.base)
    text = None if typed.remove else typed.text
    draft = saving.onto(newest, base, typed.file, text)
    if draft is None:
        return _conflict(found, newest, typed)
    return _saved(found, newest, draft, typed)


@authoring.post("/<bank_id>/figures")
@login_required
@limiter.limit("60 per minute", key_func=person)
def draw(bank_id: str) -> Any:
    """Save one SVG file, field `figure`, in place of the figure of its name; `version` as the editor has it."""
    found, newest = _newest_or_404(bank_id)
    name, text = drawing.sent(request.files.get("figure"))
    if text is None:
        flash(_("Choose an SVG file of at most %(size)s KiB, in UTF-8, its name in letters, digits, dots and hyphens.",
                size=MAX_BYTES // 1024), "error")  # fmt: skip
        return redirect(url_for("authoring.edit", bank_id=bank_id), 303)
    typed = Typed(name, text, _number(request.form.get("version", "")), "", 1, False)
    base = bank_versions.numbered(access.reading(), bank_id, typed.base)
    draft = saving.onto(newest, base, name, text)
    return _conflict(found, newest, typed) if draft is None else _saved(found, newest, draft, typed)


def _conflict(found: Bank, newest: BankVersion, typed: Typed) -> Response:
    theirs = compare(str(newest.files.get(typed.file, "")), typed.text)
    shown = Typed(typed.file, typed.text, newest.number, typed.message, typed.line, False)
    problem = unfit_words(Unfit.CHANGED, found.id)
    return _editor(found, newest, shown, problem=problem, status=409, theirs=theirs)


def _saved(found: Bank, newest: BankVersion, draft: Draft, typed: Typed) -> Any:
    try:
        if why := saving.unfit(draft, None, newest.files):
            status = 200 if why is Unfit.SAME else 422
            return _editor(found, newest, typed, problem=unfit_words(why, found.id), status=status)
        bank = read(draft.files, draft.bank_id)
    except TooLong:
        return _editor(found, newest, typed, problem=too_long(), status=422)
    if why := saving.unfit(draft, bank, newest.files):
        return _editor(found, newest, typed, problem=unfit_words(why, found.id, bank.id), status=422)
    actor_id, prove, bank_id = access.me().id, access.settings().prove, found.id
    message = typed.message.strip() or typed.file
    with access.database().writing(durable=True) as session:
        outcome = saving.save(session, draft, bank, actor_id, message, utc_now(), prove=prove)
    access.close_reading()
    access.carrier().announce()
    if isinstance(outcome, Unfit):
        again = bank_versions.newest(access.reading(), bank_id)
        assert again is not None
        return _conflict(access.reading().get_one(Bank, bank_id), again, typed)
    flash(_("Saved as version %(number)s. Assignments keep the revisions they have.", number=outcome.number), "success")
    if typed.remove:
        return redirect(url_for("authoring.bank", bank_id=bank_id), 303)
    return redirect(url_for("authoring.edit", bank_id=bank_id, file=typed.file, line=typed.line), 303)


@authoring.post("/<bank_id>/check")
@login_required
@limiter.limit("150 per minute", key_func=person)
def check(bank_id: str) -> Any:
    """What reading finds in a file as it is typed, its items, and the item at a line as students will read it."""
    _found, newest = _newest_or_404(bank_id)
    typed, lang = _typed(), language()
    try:
        bank = _read(newest, typed)
    except TooLong as long:
        return jsonify(faults=[], outline=[], html="", item="", problem=str(long))
    item = preview.item_at(bank, typed.file, typed.line)
    faults, outline = preview.faults_of(bank), preview.outline_of(bank, typed.file, lang)
    shown = preview.preview_of(item, bank.languages) if item else None
    return jsonify(
        faults=[
            {"line": each.line, "text": said(each.text, lang), "severity": each.severity}
            for each in faults
            if each.file == typed.file
        ],
        list=render_template("teach/authoring/_faults.html", faults=faults, file=typed.file, bank_id=bank_id),
        outline=render_template("teach/authoring/_outline.html", outline=outline, file=typed.file, bank_id=bank_id),
        html=render_template(
            "teach/authoring/_preview.html",
            preview=shown,
            typed=typed,
            drawing=drawing.as_address(typed.text) if is_name(typed.file) else None,
        ),
        item=item.id if item else "",
        problem="",
    )


@authoring.post("/<bank_id>/try")
@login_required
@limiter.limit("20 per minute", key_func=person)
def try_item(bank_id: str) -> Any:
    """Have the item at a line proved as it is typed; nothing is saved."""
    found, newest = _newest_or_404(bank_id)
    typed = _typed()
    item: Item | None = None
    problem = _("There is no item here to be proved.")
    try:
        item = preview.item_at(_read(newest, typed), typed.file, typed.line)
    except TooLong as long:
        problem = str(long)
    if item is not None and (item.provisional or not item.servable):
        item, problem = None, _("This item has faults of its own. Mend them first; then it can be proved.")
    if item is None:
        if wants_json():
            return jsonify(problem=problem)
        return _editor(found, newest, typed, problem=problem, status=422)
    actor_id = access.me().id
    with access.database().writing() as session:
        task_id = proofs.ask_for_draft(session, bank_id, item, actor_id, utc_now()).id
    access.carrier().announce()
    result = url_for("authoring.tried", bank_id=bank_id, trial_id=task_id)
    if wants_json():
        return jsonify(problem="", task=url_for("tasks.task", task_id=task_id), result=result, item=item.id)
    return redirect(result, 303)


@authoring.get("/<bank_id>/tried/<int:trial_id>")
@login_required
def tried(bank_id: str, trial_id: int) -> Any:
    """What proving unsaved text found, for whoever asked for it."""
    found = written_bank_or_404(bank_id)
    task = access.reading().get(Task, trial_id)
    if task is None or task.kind != proofs.DRAFT or task.parameters.get("bank") != bank_id:
        abort(404)
    if task.actor_id != access.me().id:
        abort(404)
    proof = proofs.read((task.result or {}).get("proof"))
    asked = item_from(task.subject, str(task.parameters["source"]))
    place = Place.read(task.parameters["place"])
    matrix = proofs.matrix(proof, asked, place, language()) if proof else None
    view = task_view(task, utc_now())
    if wants_json():
        faults = [
            {"line": each.line, "text": said(each.text, language()), "severity": each.severity, "file": each.file}
            for each in (matrix.faults if matrix else ())
        ]
        html = render_template("teach/authoring/_tried.html", matrix=matrix, task=view)
        return jsonify(html=html, faults=faults)
    return render_template(
        "teach/authoring/tried.html",
        bank_id=bank_id,
        title=say(found.report["title"], language()) or bank_id,
        item=asked.id,
        place=place,
        matrix=matrix,
        task=view,
    )
