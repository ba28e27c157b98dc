"""Pages and JSON go out compressed: a student's phone waits for bytes more often than for the server.

What is secret on a page must then not be guessable by the page's length (BREACH): the one such thing, the token against
forged requests, is written differently each time (see `webapp.forgery`).
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

SMALLEST = 1024
"""Bytes below which the headers would weigh more than what is saved."""
LEVEL = 6
TEXT = frozenset({"text/html", "text/plain", "application/json", "image/svg+xml"})


def set_up(app: Flask) -> None:
    """Compress what is text and long enough, for whoever takes gzip."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in TEXT or response.direct_passthrough or "Content-Encoding" in response.headers:
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] <= 0 or (response.content_length or 0) < SMALLEST:
            return response
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        return response
