"""What templates get besides their own values: names, filters, addresses of assets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from grader.numbers_shown import number
from webapp import languages
from webapp.access import learns_anything, me, reading, teaches_anything
from webapp.addresses import in_language
from webapp.models.times import utc_now
from webapp.notices.reading import unread
from webapp.security import csp_nonce
from webapp.times_shown import day_and_clock, in_full, left_in_words, relative


def _machine(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


NO_MORE, RELATIVE, LEFT, REACHABLE = map(Markup, ("", " data-relative", " data-left", ' tabindex="0"'))
"""What the scripts keep up to date, and what the keyboard reaches."""


def _element(value: datetime, text: str, attributes: Markup = NO_MORE) -> Markup:
    """A time with the exact one on hover, and on focus where the keyboard reaches it."""
    title = in_full(value, languages.zone(), languages.locale())
    return Markup('<time datetime="{}" title="{}"{}>{}</time>').format(_machine(value), title, attributes, text)


def when(value: datetime | None, *, reachable: bool = False) -> Markup:
    """A time relative to now; `reachable` by keyboard where the exact one is told nowhere else."""
    if value is None:
        return Markup("")
    words = relative(value - utc_now(), languages.locale())
    return _element(value, words, RELATIVE + REACHABLE if reachable else RELATIVE)


def exact(value: datetime | None) -> Markup:
    """A time in full, in the reader's zone."""
    if value is None:
        return Markup("")
    text = in_full(value, languages.zone(), languages.locale())
    return Markup('<time datetime="{}">{}</time>').format(_machine(value), text)


def clock(value: datetime | None) -> Markup:
    """Day and clock time in the reader's zone."""
    if value is None:
        return Markup("")
    return _element(value, day_and_clock(value, languages.zone(), utc_now(), languages.locale()))


def left(value: datetime | None) -> Markup:
    """How long it is until then; a script counts it down."""
    if value is None:
        return Markup("")
    words = left_in_words((value - utc_now()).total_seconds(), languages.locale())
    return _element(value, words, LEFT)


def percent(share: float) -> str:
    """A share of one, as `20%`."""
    return f"{number(100 * share)}%"


def seconds(value: float | None) -> str:
    """A duration with its unit."""
    if value is None:
        return ""
    if value < 1:
        return f"{value * 1000:.0f} ms"
    return f"{number(value) if value < 10 else round(value)} s"


def lasting(value: float | None) -> str:
    """How long something takes, in the two units that matter."""
    return "" if value is None else left_in_words(value, languages.locale())


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
    app.jinja_env.filters.update(
        when=when,
        exact=exact,
        clock=clock,
        left=left,
        lasting=lasting,
        number=number,
        percent=percent,
        seconds=seconds,
    )
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
            "unread_notices": lambda: 0 if g.get("eyes") else unread(reading(), me().id),
        }
