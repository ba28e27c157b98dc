"""The versions of a bank: what each changed, bringing one back, taking one away as a zip."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from sqlalchemy import select
from sqlalchemy.orm import defer

from webapp import access, bank_versions
from webapp.authoring import saving
from webapp.authoring.reading import TooLong, read
from webapp.authoring.saving import Draft, Unfit
from webapp.authoring.views import authoring, bank_or_404, person, written_bank_or_404
from webapp.authoring.words import too_long, unfit_words
from webapp.languages import language, say
from webapp.learn.edits import Difference, compare
from webapp.models import BankVersion
from webapp.models.times import utc_now
from webapp.refusals import failure
from webapp.security import limiter
from webapp.teach.regrades.choosing import names_of

MOST_VERSIONS = 500


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the list."""

    number: int
    author: str
    message: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file, before and after."""

    name: str
    what: str
    """added, removed or changed."""
    difference: Difference


def _version_or_404(bank_id: str, number: int) -> BankVersion:
    found = bank_versions.numbered(access.reading(), bank_id, number)
    if found is None:
        abort(404)
    return found


@authoring.get("/<bank_id>/versions")
@login_required
def versions(bank_id: str) -> Any:
    """All versions, the newest first."""
    found, session = bank_or_404(bank_id), access.reading()
    kept = session.scalars(
        select(BankVersion)
        .where(BankVersion.bank_id == bank_id)
        .options(defer(BankVersion.files))
        .order_by(BankVersion.number.desc())
        .limit(MOST_VERSIONS)
    ).all()
    authors = names_of(session, {each.author_id for each in kept})
    rows = [VersionRow(v.number, authors.get(v.author_id, ""), v.message, v.created_at) for v in kept]
    title = say(found.report["title"], language()) or bank_id
    return render_template("teach/authoring/versions.html", bank_id=bank_id, title=title, versions=rows)


@authoring.get("/<bank_id>/versions/<int:number>")
@login_required
def version(bank_id: str, number: int) -> Any:
    """What a version changed of the one before it; `?from=` compares it with another."""
    found, session = bank_or_404(bank_id), access.reading()
    kept = _version_or_404(bank_id, number)
    wanted = request.args.get("from", "")
    base = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else number - 1
    before = bank_versions.numbered(session, bank_id, base)
    newest = bank_versions.newest(session, bank_id)
    assert newest is not None
    old = before.files if before else {}
    changes = [
        FileChange(
            name,
            "added" if name not in old else "removed" if name not in kept.files else "changed",
            compare(str(old.get(name, "")), str(kept.files.get(name, ""))),
        )
        for name in sorted({*old, *kept.files})
        if old.get(name) != kept.files.get(name)
    ]
    return render_template(
        "teach/authoring/version.html",
        bank_id=bank_id,
        title=say(found.report["title"], language()) or bank_id,
        version=VersionRow(
            kept.number, names_of(session, {kept.author_id}).get(kept.author_id, ""), kept.message, kept.created_at
        ),
        base=before.number if before else 0,
        newest=newest.number,
        changes=changes,
        files=tuple(sorted(kept.files)),
        writes=access.writes_banks(),
    )


@authoring.post("/<bank_id>/versions/<int:number>/restore")
@login_required
@limiter.limit("30 per minute", key_func=person)
def restore(bank_id: str, number: int) -> Any:
    """Make an old version the newest again, as a version of its own."""
    written_bank_or_404(bank_id)
    kept = _version_or_404(bank_id, number)
    newest = bank_versions.newest(access.reading(), bank_id)
    assert newest is not None
    draft = Draft(bank_id, newest.number, dict(kept.files))
    back = redirect(url_for("authoring.versions", bank_id=bank_id), 303)
    if request.form.get("newest") != str(newest.number):
        flash(_("Somebody has saved meanwhile. Look at the newest version first."), "error")
        return back
    try:
        bank = read(draft.files, bank_id)
    except TooLong:
        return failure(422, "too-long", text=too_long())
    if why := saving.unfit(draft, bank, newest.files):
        flash(unfit_words(why, bank_id, bank.id), "error")
        return back
    actor_id, message = access.me().id, _("Version %(number)s again", number=number)
    with access.database().writing(durable=True) as session:
        outcome = saving.save(
            session, draft, bank, actor_id, message, utc_now(), action="bank-restore", prove=access.settings().prove
        )
    access.carrier().announce()
    if isinstance(outcome, Unfit):
        flash(_("Somebody has saved meanwhile. Look at the newest version first."), "error")
    else:
        flash(_("Version %(old)s is back, as version %(number)s.", old=number, number=outcome.number), "success")
    return back


@authoring.get("/<bank_id>/bank.zip")
@login_required
@limiter.limit("30 per minute", key_func=person)
def download(bank_id: str) -> Any:
    """All files of the newest version, or of `?version=`."""
    bank_or_404(bank_id)
    wanted = request.args.get("version", "")
    if wanted and not (wanted.isascii() and wanted.isdigit() and len(wanted) < 9):
        abort(404)
    session = access.reading()
    kept = _version_or_404(bank_id, int(wanted)) if wanted else bank_versions.newest(session, bank_id)
    if kept is None:
        abort(404)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(kept.files.items()):
            archive.writestr(f"{bank_id}/{name}", text)
    response = make_response(packed.getvalue())
    response.headers["Content-Type"] = "application/zip"
    response.headers.set("Content-Disposition", "attachment", filename=f"{bank_id}-v{kept.number}.zip")
    return response
