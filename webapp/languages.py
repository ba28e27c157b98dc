"""Which language a page speaks, and its words.

Catalogues are read from their `.po` files when the application starts, so that there is no compiled file to forget:
`messages.po` holds the words of the templates, `server.po` those of the Python code.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.messages import mofile, pofile
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale, refresh
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from questions.bilingual import split
from questions.model import Bilingual
from webapp.security import SHARED
from webapp.zones import zone_named

LANGUAGES = ("zh", "en")
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
COOKIE = "lang"
ZONE_COOKIE = "zone"
"""Set by a script with what the browser says of itself; anybody may write anything there."""
FOLDER = Path(__file__).parent / "translations"


@cache
def catalogue(language: str) -> NullTranslations:
    """The words of `language`; message ids themselves where there are none."""
    files = sorted((FOLDER / language / "LC_MESSAGES").glob("*.po"))
    if not files:
        return Translations()
    merged: Translations | None = None
    for path in files:
        with path.open("rb") as file:
            entries = pofile.read_po(file, locale=language)
        compiled = BytesIO()
        mofile.write_mo(compiled, entries)
        compiled.seek(0)
        words = Translations(fp=compiled)
        if merged is None:
            merged = words
        else:
            merged._catalog.update({key: text for key, text in words._catalog.items() if key})  # type: ignore[attr-defined]
    assert merged is not None
    return merged


class Words(Domain):
    """Flask-Babel's domain, reading `.po` files."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the request's language."""
        locale = get_locale()
        return catalogue(locale.language if locale else "en")


def chosen(lang: str | None) -> str | None:
    """`lang` if it is one of ours."""
    return lang if lang in LANGUAGES else None


def language() -> str:
    """The language of this request: asked for, remembered, the account's, the browser's, English."""
    if not has_request_context():
        return "en"
    if "language" not in g:
        g.language = (
            chosen(request.args.get("lang"))
            or chosen(request.cookies.get(COOKIE))
            or chosen(_of_account())
            or _accepted()
        )
    return str(g.language)


def speak(lang: str) -> None:
    """From here on answer this request in `lang`."""
    g.language = lang
    refresh()


def _of_account() -> str | None:
    try:
        return getattr(current_user, "locale", None)
    except SQLAlchemyError:  # the page that says so needs a language too
        return None


def _accepted() -> str:
    for wanted, quality in request.accept_languages:
        if quality > 0 and (found := chosen(wanted.lower().replace("_", "-").split("-")[0])):
            return found
    return "en"


def zone() -> ZoneInfo:
    """The zone times are shown in: the account's, the browser's, that of the course on the page, UTC."""
    for name in (getattr(current_user, "zone", None), request.cookies.get(ZONE_COOKIE), g.get("zone")):
        if name and (known := zone_named(name)):
            return known
    return ZoneInfo("UTC")


def browser_zone() -> str | None:
    """What the browser says of its clock, if there is such a zone."""
    known = zone_named(request.cookies.get(ZONE_COOKIE, ""))
    return known.key if known else None


def locale() -> Locale:
    """The language of this request as dates and numbers want it."""
    return Locale.parse(LOCALES[language()])


def say(text: Bilingual | Any, lang: str) -> str:
    """The text in the page's language, else in the other one.

    Takes a bank's `Bilingual`, a document's dict, or a title somebody gave, which may hold both as `中文 | English`.
    """
    if isinstance(text, str):
        halves = split(text)
        return text if halves is None else halves[LANGUAGES.index(lang)]
    if isinstance(text, dict):
        return str(text.get(lang) or text.get("en") or text.get("zh") or "")
    return str(text.get(lang))


def set_up(app: Flask) -> None:
    """Give `app` its languages."""
    domain = Words()
    babel = Babel(app, locale_selector=locale, timezone_selector=lambda: zone().key)
    babel.domain_instance = domain
    for each in LANGUAGES:
        catalogue(each)

    @app.after_request
    def remember(response: Any) -> Any:
        """Keep what `?lang=` asked for."""
        if request.endpoint in SHARED:
            return response
        asked = chosen(request.args.get("lang"))
        if asked and request.cookies.get(COOKIE) != asked:
            keep(response, asked)
        response.headers.setdefault("Content-Language", "zh-Hans" if language() == "zh" else "en")
        response.vary.add("Cookie")
        response.vary.add("Accept-Language")
        return response


def keep(response: Any, lang: str) -> None:
    """Remember the language in a cookie, for a year."""
    secure = request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(COOKIE, lang, max_age=365 * 86400, samesite="Lax", httponly=True, secure=secure)
