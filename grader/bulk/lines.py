"""Answers in words on lines of JSON: ``{"id": ..., "text": ...}``, and where they like ``"item": ...``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from grader.bulk import problems
from grader.bulk.contents import Pile
from grader.bulk.found import MOST_READ, Found, What
from grader.bulk.problems import Problem

LONGEST_ID = 200


def read_lines(found: Found, file: BinaryIO, pile: Pile) -> Iterator[Found]:
    """Each line of a file as an answer of its own; what is none keeps its place with the reason."""
    seen: dict[tuple[str, str], int] = {}
    number = 0
    while line := file.readline(MOST_READ + 1):
        number += 1
        place = Found(f"{found.path}:{number}", found.name, What.WORDS, nameless=True)
        if len(line) > MOST_READ:
            size = len(line)
            while line and not line.endswith(b"\n"):
                line = file.readline(MOST_READ)
                size += len(line)
            yield _failed(place, problems.too_large(size, MOST_READ))
            continue
        text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace")
        if not text.strip():
            continue
        try:
            entry: Any = json.loads(text)
        except (ValueError, RecursionError):
            yield _failed(place, problems.no_json())
            continue
        if not _is_answer(entry):
            yield _failed(place, problems.no_answer())
            continue
        student = str(entry["id"])[:LONGEST_ID]
        item = entry.get("item", "")
        key = (student, item)
        if key in seen:
            yield _failed(place, problems.same_id(seen[key]), student)
            continue
        seen[key] = number
        yield Found(
            f"{found.path}#{student}" + (f"#{item}" if item else ""),
            found.name,
            What.WORDS,
            pile.keep(entry["text"].encode("utf-8", "replace")),
            student=student,
            item=item,
            nameless=True,
        )


def _is_answer(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("text"), str)
        and isinstance(entry.get("id"), str | int | float)
        and isinstance(entry.get("item", ""), str)
    )


def _failed(place: Found, problem: Problem, student: str = "") -> Found:
    return Found(place.path, place.name, place.what, problem=problem, student=student, nameless=True)
