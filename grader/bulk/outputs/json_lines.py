"""One JSON object a submission: the interface that other programs read."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from grader.bulk.model import Graded
from grader.verdict import Status


def line_of(result: Graded) -> dict[str, Any]:
    """The JSON line of one graded submission: the interface that other programs read."""
    verdict, given = result.verdict, result.submission
    whose = {
        "student": given.student, "late": given.late, "notes": [note.en for note in given.notes],
        "same_as": result.same_as,
    }  # fmt: skip
    if verdict is None:
        return {
            "path": result.path,
            "item": given.item.id if given.item else "", "revision": given.item.revision if given.item else "",
            "status": Status.UNGRADABLE.value, "score": 0.0, "max_score": given.item.points if given.item else 0.0,
            "tests": [], "diagnosis": [], "key_points": [], "chosen": [], "review": False,
            "explanation": {"zh": result.problem.zh, "en": result.problem.en}, "seconds": 0.0,
            **whose,
        }  # fmt: skip
    return {
        "path": result.path,
        "item": verdict.item.rpartition("/")[2],
        "revision": verdict.revision,
        "status": verdict.status.value,
        "score": verdict.score,
        "max_score": verdict.max_score,
        "tests": [
            {
                "name": test.name, "title": {"zh": test.title.zh, "en": test.title.en}, "status": test.status.value,
                "points": test.points, "max_points": test.max_points, "message": test.message, "hidden": test.hidden,
            }
            for test in verdict.tests
        ],
        "diagnosis": [found.misconception for found in verdict.diagnosis],
        "key_points": [
            {"id": point.id, "award": point.award, "confidence": point.confidence, "review": point.review}
            for point in verdict.key_points
        ],
        "chosen": list(verdict.chosen),
        "review": verdict.review,
        "explanation": {"zh": verdict.explanation.zh, "en": verdict.explanation.en},
        "seconds": verdict.resources.wall_seconds,
        **whose,
    }  # fmt: skip


def print_line(result: Graded) -> None:
    line = json.dumps(line_of(result), ensure_ascii=False, allow_nan=False)
    # Lone surrogates (of a file name), line separators and the like only as JSON's own escapes.
    click.echo("".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in line))
    sys.stdout.flush()
