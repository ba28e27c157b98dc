"""Gradescope's `submission_metadata.yml`: who has sent which folder.

It holds every test's output and may be long, so it is never made into objects: only the parser's events are looked at,
and aliases, tags and depth cost nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import yaml

MOST_BYTES = 8 * 1024 * 1024
MOST_PEOPLE = 20_000
LONGEST = 200
FIELDS = {":name": "name", ":email": "email", ":sid": "number"}


class MetadataFault(Exception):
    """The file says nothing that could be used; the text is a code: `large` or `malformed`."""


@dataclass(frozen=True, slots=True)
class Submitter:
    """Somebody who has sent a folder, or was in the group that did."""

    name: str = ""
    email: str = ""
    number: str = ""


@dataclass(slots=True)
class _Container:
    is_mapping: bool
    key: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


def submitters_of(data: bytes) -> dict[str, tuple[Submitter, ...]]:
    """Who has sent each folder.  Raises `MetadataFault`."""
    if len(data) > MOST_BYTES:
        raise MetadataFault("large")
    found: dict[str, list[Submitter]] = defaultdict(list)
    stack: list[_Container] = []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(data.decode("utf-8-sig"), Loader=loader):
            if isinstance(event, yaml.CollectionStartEvent):
                stack.append(_Container(isinstance(event, yaml.MappingStartEvent)))
            elif isinstance(event, yaml.CollectionEndEvent):
                ended = stack.pop()
                if _is_submitter(stack) and ended.fields and sum(map(len, found.values())) < MOST_PEOPLE:
                    found[stack[0].key or ""].append(Submitter(**ended.fields))
                _after_value(stack)
            elif isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
                _scalar(stack, event.value if isinstance(event, yaml.ScalarEvent) else "")
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise MetadataFault("malformed") from None
    return {folder: tuple(people) for folder, people in found.items()}


def _is_submitter(stack: list[_Container]) -> bool:
    """Whether what has just ended is one entry of a folder's list of people."""
    return len(stack) == 3 and stack[1].key == ":submitters" and not stack[2].is_mapping


def _scalar(stack: list[_Container], text: str) -> None:
    if not stack:
        return
    top = stack[-1]
    if top.is_mapping and top.key is None:
        top.key = text[:LONGEST]
        return
    if top.is_mapping and _is_submitter(stack[:-1]) and (name := FIELDS.get(top.key or "")):
        top.fields[name] = text[:LONGEST].strip()
    _after_value(stack)


def _after_value(stack: list[_Container]) -> None:
    if stack and stack[-1].is_mapping:
        stack[-1].key = None
