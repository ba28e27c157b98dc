"""Figures in the editor of banks: one that is begun, one that is typed, one that is sent as a file."""

from __future__ import annotations

from base64 import b64encode

from werkzeug.datastructures import FileStorage

from questions.figures import FOLDER, clean, is_name
from questions.svg import MAX_BYTES, faults_in
from webapp import bank_versions

BEGUN = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 84" width="160" height="84">
  <style>
    rect { fill: #2153b8; stroke: #7f8791 }
    text { font: 18px system-ui, sans-serif; text-anchor: middle; fill: #1c2026 }
    @media (prefers-color-scheme: dark) {
      rect { fill: #8fb4ff }
      text { fill: #e4e7eb }
    }
  </style>
  <rect x="2" y="2" width="78" height="40" fill-opacity="0.3"/>
  <rect x="80" y="2" width="78" height="40" fill-opacity="0.1"/>
  <text x="41" y="28">0.7</text>
  <text x="119" y="28">0.3</text>
</svg>
"""
"""What a new figure begins with: two weights, readable on light and dark pages."""


def as_address(text: str) -> str:
    """A drawing that nobody has saved yet as an address of its own; empty for what is no drawing, and is not shown."""
    return "" if faults_in(clean(text)) else f"data:image/svg+xml;base64,{b64encode(clean(text).encode()).decode()}"


def sent(file: FileStorage | None) -> tuple[str, str | None]:
    """What a file that was sent is called in its bank, and its text; without one where it cannot be taken."""
    name = f"{FOLDER}/{((file.filename if file else '') or '').replace(chr(92), '/').rpartition('/')[2]}"
    content = file.stream.read(MAX_BYTES + 1) if file else b""
    if not is_name(name) or not content or len(content) > MAX_BYTES:
        return name, None
    try:
        return name, bank_versions.clean(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return name, None
