"""Pages on similarity."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_login import login_required

from webapp import access, csv_files
from webapp.languages import language
from webapp.models.times import utc_now
from webapp.security import limiter
from webapp.tasks import rows as tasks
from webapp.teach.frame import frame
from webapp.teach.similarity import service
from webapp.teach.similarity.work import KIND, subject
from webapp.teach.ways import ways

similarity = Blueprint("similarity", __name__, url_prefix="/teach")


@similarity.get("/courses/<int:course_id>/similarity")
@login_required
def assignments(course_id: int) -> Any:
    """The items whose submissions can be compared."""
    course = access.taught_course_or_404(course_id)
    return render_template(
        "teach/similarity/assignments.html",
        frame=frame(course),
        items=service.item_rows(access.reading(), course, language()),
    )


@similarity.get("/items/<int:item_id>/similarity")
@login_required
def item(item_id: int) -> Any:
    """The pairs that were found."""
    found, course = access.taught_item_or_404(item_id)
    page = service.item_page(access.reading(), found, language(), utc_now())
    return render_template("teach/similarity/item.html", frame=frame(course), ways=ways(found), page=page)


@similarity.post("/items/<int:item_id>/similarity")
@login_required
@limiter.limit("30 per minute")
def compare(item_id: int) -> Any:
    """Have everybody's submission compared with everybody's."""
    found, course = access.taught_item_or_404(item_id)
    service.compared_item(found)
    actor_id = access.me().id
    with access.database().writing() as session:
        tasks.ask(
            session,
            KIND,
            subject(item_id),
            utc_now(),
            parameters={"item_id": item_id},
            course_id=course.id,
            actor_id=actor_id,
        )
    access.carrier().announce()
    return redirect(url_for("similarity.item", item_id=item_id), 303)


@similarity.get("/items/<int:item_id>/similarity.csv")
@login_required
def table(item_id: int) -> Any:
    """The pairs as a file."""
    found, _course = access.taught_item_or_404(item_id)
    page = service.item_page(access.reading(), found, language(), utc_now())
    return csv_files.attachment(service.pair_rows(page), f"similarity-{item_id}.csv")


@similarity.get("/items/<int:item_id>/similarity/<int:first>/<int:second>")
@login_required
def pair(item_id: int, first: int, second: int) -> Any:
    """Two submissions side by side."""
    found, course = access.taught_item_or_404(item_id)
    page = service.side_page(access.reading(), found, first, second, language())
    return render_template("teach/similarity/pair.html", frame=frame(course), page=page)
