"""The application factory."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from questions.python_code import undisturbed
from webapp import access, compression, languages, presentation, refusals, security, static_files, templating
from webapp.account.joining import joining
from webapp.account.own import own
from webapp.account.views import account, login_manager
from webapp.addresses import RowNumber
from webapp.admin.views import admin
from webapp.api.views import api
from webapp.figure_views import figures
from webapp.guests import sessions
from webapp.guests.views import guests
from webapp.learn.history_views import looking_back
from webapp.learn.views import learn
from webapp.models import Database
from webapp.notices.views import notices
from webapp.operations import measures, requests
from webapp.operations.views import operations
from webapp.personal.views import personal
from webapp.queue.carrier import carrier_of
from webapp.queue.durations import Durations
from webapp.queue.places import Places
from webapp.second_look.views import second_look
from webapp.settings import Settings, from_environment, secret_key
from webapp.teach.blueprints import BLUEPRINTS as TEACHING
from webapp.teach.viewing import eyes

LARGEST_REQUEST = 1024 * 1024
"""64 KiB of Chinese code takes up to nine times as much in a form; what is above one item's own limit gets words."""


@undisturbed()  # Werkzeug makes syntax trees of routes, and a thread may be reading a bank
def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Build the application.

    Lower-case keys of `config` are settings (see `webapp.settings.Settings`) and win over `WORKSHOP_…` variables;
    upper-case ones are Flask's own.  The database must have been upgraded.
    """
    config = dict(config or {})
    names = {each.name for each in fields(Settings)}
    settings = from_environment(os.environ, **{name: config.pop(name) for name in list(config) if name in names})
    app = Flask("webapp", static_folder="static", template_folder="templates")
    app.config.update(
        SECRET_KEY=secret_key(settings),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=50,
        SESSION_COOKIE_NAME="workshop",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.session_days),
        SESSION_REFRESH_EACH_REQUEST=False,  # an answer that comes after the sign-out would sign in again
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a page may stay open over a long evening
        RATELIMIT_STORAGE_URI="memory://",
        SEND_FILE_MAX_AGE_DEFAULT=300,
    )
    app.config.update(config)
    app.url_map.converters["int"] = RowNumber
    app.extensions["workshop_settings"] = settings
    app.extensions["workshop_database"] = database = Database(settings.database)
    app.extensions["workshop_carrier"] = carrier_of(settings, database)
    database.waited = measures.waited_to_write
    app.extensions["workshop_durations"] = Durations()
    app.extensions["workshop_places"] = Places()
    app.teardown_appcontext(access.close_reading)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    requests.set_up(app, settings)  # before all others, so that it sees what they have made of a response
    compression.set_up(app)  # so early, so that it runs so late
    security.set_up(app)
    login_manager.init_app(app)
    sessions.set_up(app)
    languages.set_up(app)
    templating.set_up(app)
    presentation.register(app)
    eyes.set_up(app)
    static_files.set_up(app)
    refusals.set_up(app)
    everybody = (account, joining, own, guests, learn, looking_back, second_look, notices, api, figures)
    for blueprint in (*everybody, *TEACHING, admin, personal, operations):
        app.register_blueprint(blueprint)
    return app
