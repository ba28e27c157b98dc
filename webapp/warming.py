"""What the first visitors would wait for, done before they come: a class may be at the door when a server starts."""

from __future__ import annotations

import logging
import threading

from flask import Flask
from sqlalchemy import select

from questions.python_code import undisturbed
from webapp.items import item_of, prose, signature
from webapp.languages import LANGUAGES, say
from webapp.models import AssignmentItem, Database, Revision

log = logging.getLogger(__name__)


def begin(app: Flask) -> threading.Thread:
    """Warm up beside the first requests; a failure here is nobody's."""
    thread = threading.Thread(target=_warm, args=(app,), name="warming", daemon=True)
    thread.start()
    return thread


def _warm(app: Flask) -> None:
    try:
        for name in app.jinja_env.list_templates(extensions=["html"]):
            with undisturbed():  # Jinja makes a syntax tree of each decimal, and a thread may be reading a bank
                app.jinja_env.get_template(name)
        database: Database = app.extensions["workshop_database"]
        with database.reading() as session:
            pinned = select(AssignmentItem.revision).distinct().scalar_subquery()
            revisions = session.scalars(select(Revision).where(Revision.hash.in_(pinned))).all()
        for revision in revisions:
            item = item_of(revision)
            for lang in LANGUAGES:
                for text in (item.question, *item.hints):
                    prose(say(text, lang))
            if item.starter is not None:
                signature(item.starter.source)
    except Exception:
        log.exception("warming up")
