"""What templates get besides their own values: names, filters, addresses of assets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_datetime, format_timedelta
from flask import Flask, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from webapp import languages
from webapp.access import learns_anything, teaches_anything
from webapp.addresses import in_language
from webapp.models.times import utc_now
from webapp.security import csp_nonce


def _machine(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _in_full(value: datetime) -> str:
    zone = languages.zone()
    local = format_datetime(value.astimezone(zone), "medium", tzinfo=zone, locale=get_locale())
    return f"{local} ({zone.key})"


def when(value: datetime | None) -> Markup:
    """A time relative to now, the exact one on hover."""
    if value is None:
        return Markup("")
    words = format_timedelta(value - utc_now(), add_direction=True, locale=get_locale(), threshold=1.2)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(_machine(value), _in_full(value), words)


def exact(value: datetime | None) -> Markup:
    """A time in full, in the reader's zone."""
    if value is None:
        return Markup("")
    return Markup('<time datetime="{}">{}</time>').format(_machine(value), _in_full(value))


def number(value: float | None) -> str:
    """At most two decimals, no trailing zeros."""
    if value is None:
        return ""
    return f"{round(value, 2):.2f}".rstrip("0").rstrip(".")


def seconds(value: float | None) -> str:
    """A duration with its unit."""
    if value is None:
        return ""
    if value < 1:
        return f"{value * 1000:.0f} ms"
    return f"{number(value) if value < 10 else round(value)} s"


@lru_cache(maxsize=8)
def _manifest(path: Path, _stamp: int) -> dict[str, str]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _asset(app: Flask, name: str) -> str:
    folder = Path(app.static_folder or "")
    path = folder / "built" / "manifest.json"
    try:
        built = _manifest(path, path.stat().st_mtime_ns).get(name)
    except (OSError, ValueError):
        built = None
    if built and (folder / "built" / built).is_file():
        return url_for("static", filename=f"built/{built}")
    if (folder / name).is_file():
        return url_for("static", filename=name)
    return ""


def set_up(app: Flask) -> None:
    """Give templates their names."""
    app.jinja_env.globals.pop("config", None)  # settings are no template's business
    app.jinja_env.filters.update(when=when, exact=exact, number=number, seconds=seconds)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def names() -> dict[str, Any]:
        lang = languages.language()
        other = "en" if lang == "zh" else "zh"
        return {
            "lang": lang,
            "html_lang": "zh-Hans" if lang == "zh" else "en",
            "other_lang": other,
            "switch_language_url": in_language(request, other),
            "site_name": _("Attention Workshop"),
            "csp_nonce": csp_nonce,
            "asset": lambda name: _asset(app, name),
            "teaches": teaches_anything(),
            "learns": learns_anything(),
        }
