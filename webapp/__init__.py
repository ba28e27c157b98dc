"""Who takes part: the Flask application, its database and its workers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Build the application: see `webapp.application.create_app` (imported here, so that workers need no Flask)."""
    from webapp.application import create_app as build

    return build(config)
