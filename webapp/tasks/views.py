"""How far long work is, for whoever asked for it or teaches its course."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, render_template
from flask_login import login_required

from webapp import access
from webapp.models import Task
from webapp.models.times import utc_now
from webapp.tasks import rows
from webapp.tasks.kinds import MANAGED
from webapp.tasks.values import task_view

tasks = Blueprint("tasks", __name__, url_prefix="/teach/tasks")


def task_or_404(task_id: int) -> Task:
    """A task of a course one teaches, or one that belongs to no course, for who teaches anything."""
    access.teaching_or_404()
    found = access.reading().get(Task, task_id)
    if found is None:
        abort(404)
    if found.course_id is not None:
        access.taught_course_or_404(found.course_id)
    return found


@tasks.get("/<int:task_id>")
@login_required
def task(task_id: int) -> Any:
    """Its state, and the bar as it is drawn on pages."""
    view = task_view(task_or_404(task_id), utc_now())
    html = render_template("teach/_task_part.html", task=view)
    return jsonify(id=view.id, state=view.state, open=view.open, html=html, poll_after_ms=view.poll_after_ms)


@tasks.post("/<int:task_id>/cancel")
@login_required
def cancel(task_id: int) -> Any:
    """Leave it: nothing that it found is kept."""
    found = task_or_404(task_id)
    if found.course_id is None:
        access.writing_banks_or_404()
    else:
        right = access.Right.MANAGE if found.kind in MANAGED else access.Right.MARK
        access.taught_course_or_404(found.course_id, right)
    with access.database().writing() as session:
        rows.cancel(session, session.get_one(Task, task_id), utc_now())
    access.close_reading()
    return task(task_id)
