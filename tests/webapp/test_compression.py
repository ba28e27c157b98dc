"""What goes out compressed, and that nothing secret can be read off its length."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from webapp import forgery

TEMPLATES = Path(forgery.__file__).parent / "templates"
TAKES_GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_page_is_compressed_for_whoever_takes_it(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    plain = client.get(f"/items/{world.coding}")
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    packed = client.get(f"/items/{world.coding}", headers=TAKES_GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content_length == len(packed.data) < len(plain.data) / 2
    assert b"</html>" in gzip.decompress(packed.data)
    assert packed.headers["Cache-Control"] == "no-store"


def test_short_answers_and_refused_encodings_go_out_as_they_are(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    assert "Content-Encoding" not in client.get("/healthz", headers=TAKES_GZIP).headers
    refused = client.get(f"/items/{world.coding}", headers={"Accept-Encoding": "gzip;q=0, br"})
    assert "Content-Encoding" not in refused.headers
    assert "Content-Encoding" not in client.head(f"/items/{world.coding}").headers


def test_a_download_is_the_bytes_as_sent(world: Any, client_of: Callable[..., Any]) -> None:
    code = b"# \xe6\xb3\xa8\r\n" * 1000
    sent = world.send(content=code)
    got = client_of("owner").get(f"/submissions/{sent.submission_id}/download", headers=TAKES_GZIP)
    assert gzip.decompress(got.data) == code


def test_a_token_is_written_differently_each_time_and_never_plainly(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    pages = [client.get(f"/items/{world.coding}").text for _ in range(2)]
    found = [re.findall(r'csrf[-_]token"[^>]*?(?:value|content)="([^"]+)"', page) for page in pages]
    assert len(found[0]) >= 2
    assert len({*found[0], *found[1]}) == len(found[0]) + len(found[1])
    with client.session_transaction() as session:
        secret = session["csrf_token"]
    plain = {forgery.unmasked(each).split(".")[0] for each in (*found[0], *found[1])}
    assert len(plain) == 1
    assert all(secret not in page and plain.copy().pop() not in page for page in pages)


def test_no_form_brings_its_own_token() -> None:
    for path in TEMPLATES.rglob("*.html"):
        assert not re.search(r"hidden_tag|form\.csrf_token", path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("text", ["", "m.", "m.!!!", "m.AAA", "m." + "A" * 9999, "m.\u6ce8", "plain"])
def test_what_is_no_token_is_refused(text: str) -> None:
    assert isinstance(forgery.unmasked(text), str)
    assert forgery.unmasked(forgery.masked("a.b-c")) == "a.b-c"
