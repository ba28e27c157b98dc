"""Built assets go out as the build compressed them: nothing is compressed while a page waits."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


def set_up(app: Flask) -> None:
    """Serve `static/built/x.js.gz` for `x.js` to whoever takes gzip."""
    plain = app.view_functions["static"]

    def static(filename: str) -> Response:
        if filename.startswith("built/") and Path(filename).suffix in TYPES and request.accept_encodings["gzip"] > 0:
            try:
                response: Response = app.send_static_file(f"{filename}.gz")
            except NotFound:
                return plain(filename=filename)  # type: ignore[return-value]
            response.headers["Content-Type"] = TYPES[Path(filename).suffix]
            response.headers["Content-Encoding"] = "gzip"
            response.vary.add("Accept-Encoding")
            return response
        return plain(filename=filename)  # type: ignore[return-value]

    app.view_functions["static"] = static
