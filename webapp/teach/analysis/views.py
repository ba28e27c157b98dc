"""Pages of item analysis."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from flask import Blueprint, abort, render_template
from flask_login import login_required

from webapp import access
from webapp.languages import language, zone
from webapp.models import Assignment
from webapp.teach.analysis import service
from webapp.teach.analysis.values import ItemAnalysis
from webapp.teach.frame import frame
from webapp.teach.ways import ways

PLOTTED = 5
"""Lines that can be told apart."""

analysis = Blueprint("analysis", __name__, url_prefix="/teach")


@analysis.get("/courses/<int:course_id>/analysis")
@login_required
def assignments(course_id: int) -> Any:
    """The assignments of a course."""
    course = access.taught_course_or_404(course_id)
    rows = service.assignment_rows(access.reading(), course, language())
    return render_template("teach/analysis/assignments.html", frame=frame(course), rows=rows)


@analysis.get("/assignments/<int:assignment_id>/analysis")
@login_required
def assignment(assignment_id: int) -> Any:
    """An assignment's items in figures."""
    found = access.reading().get(Assignment, assignment_id)
    if found is None:
        abort(404)
    course = access.taught_course_or_404(found.course_id)
    page = service.assignment_page(access.reading(), found, language())
    return render_template("teach/analysis/assignment.html", frame=frame(course), page=page)


@analysis.get("/items/<int:item_id>/analysis")
@login_required
def item(item_id: int) -> Any:
    """One item in figures."""
    found, course = access.taught_item_or_404(item_id)
    page = service.item_analysis(access.reading(), found, language(), zone())
    return render_template(
        "teach/analysis/item.html", frame=frame(course), ways=ways(found), page=page, over_time=_over_time(page)
    )


def _over_time(page: ItemAnalysis) -> dict[str, Any]:
    """The plot of mistakes by day or week: shares of that time's submissions, a gap where there were none."""
    return {
        "kind": "lines",
        "times": [int(datetime.combine(each.start, time(), UTC).timestamp()) for each in page.periods],
        "series": [
            {
                "label": mistake.id,
                "values": [
                    round(100 * each.made[place] / each.submissions, 1) if each.submissions else None
                    for each in page.periods
                ],
            }
            for place, mistake in enumerate(page.mistakes[:PLOTTED])
        ],
        "unit": " %",
    }
