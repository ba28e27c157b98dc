"""Built assets go out as the build compressed them: nothing of them is compressed while a page waits."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""What the build makes of each file, the smaller first.  Browsers take Brotli by HTTPS and from localhost."""


def set_up(app: Flask) -> None:
    """Serve `static/built/x.js.br` or `x.js.gz` for `x.js` to whoever takes it."""
    plain = app.view_functions["static"]

    def static(filename: str) -> Response:
        if filename.startswith("built/") and Path(filename).suffix in TYPES:
            for encoding, suffix in ENCODINGS.items():
                if request.accept_encodings[encoding] > 0 and (found := _sent(app, filename, suffix)) is not None:
                    found.headers["Content-Encoding"] = encoding
                    return found
        return plain(filename=filename)  # type: ignore[return-value]

    app.view_functions["static"] = static


def _sent(app: Flask, filename: str, suffix: str) -> Response | None:
    try:
        response: Response = app.send_static_file(filename + suffix)
    except NotFound:
        return None
    response.headers["Content-Type"] = TYPES[Path(filename).suffix]
    response.vary.add("Accept-Encoding")
    return response
