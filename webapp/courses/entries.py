"""What the lists and mappings of a course's file have in common."""

from __future__ import annotations

import yaml

from questions.faults import shown
from questions.fields import ID
from questions.nodes import Reader, kind
from webapp.courses.names import LONGEST_TITLE, Unfit, name_of

LONGEST_KEY = 64


def key_of(reader: Reader, found: dict[str, yaml.Node], name: str, line: int) -> str:
    """The key of a course or an assignment; empty when it is at fault."""
    if name not in found:
        reader.faults.fault(line, f"`{name}` is missing: write {name}: a-key-of-your-own")
        return ""
    text = reader.text(found[name], name)
    if text is not None and not (ID.fullmatch(text) and len(text) <= LONGEST_KEY):
        reader.fault(found[name], f"{name} is {shown(text)}: use lower-case letters, digits and hyphens, as in week-1")
        return ""
    return text or ""


def title_of(reader: Reader, found: dict[str, yaml.Node], what: str, line: int) -> str:
    """A title on one line."""
    if "title" not in found:
        reader.faults.fault(line, f"{what} has no title: write title: 第一周 | First week")
        return ""
    text = reader.text(found["title"], "title")
    try:
        return name_of(text or "", LONGEST_TITLE)
    except Unfit as problem:
        reader.fault(found["title"], str(problem))
        return ""


def entries_of(reader: Reader, node: yaml.Node | None, name: str) -> list[yaml.Node]:
    """The entries of a list; nothing at all is an empty one."""
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value.strip()):
        return []
    if not isinstance(node, yaml.SequenceNode):
        reader.fault(node, f"{name} must be a list, one `- …` a line, not {kind(node)}")
        return []
    return list(node.value)
