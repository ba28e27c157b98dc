"""The page of notices."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import Blueprint, render_template, request
from flask_login import login_required

from webapp import access
from webapp.addresses import row_number
from webapp.languages import language
from webapp.models.passing import DatabaseBusy
from webapp.models.times import utc_now
from webapp.notices import reading

notices = Blueprint("notices", __name__)


@notices.get("/notices")
@login_required
def inbox() -> Any:
    """What one was told; what is shown counts as read from then on, and looks new this once."""
    user_id = access.me().id
    number = request.args.get("page", default=1, type=row_number)
    page = reading.notices_page(access.reading(), user_id, language(), number)
    if new := [each.id for each in page.notices if each.is_new]:
        access.close_reading()
        with suppress(DatabaseBusy), access.database().writing() as session:
            reading.mark_read(session, user_id, new, utc_now())
    return render_template("notices/notices.html", page=page)
