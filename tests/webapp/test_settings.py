"""Settings: read, documented, kept private."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string

from webapp.settings import (
    SettingError,
    Settings,
    as_environment,
    from_environment,
    private_file,
    secret_key,
    variable,
)

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    import re

    from sandbox.service import JAIL

    documented = set(re.findall(r"^\| `(WORKSHOP_\w+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert documented == {variable(each.name) for each in fields(Settings)} | {JAIL}


def test_documented_defaults_are_the_real_ones() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for each in fields(Settings):
        default = getattr(Settings(), each.name)
        if each.name in ("database_url", "broker_url", "secret_key", "banks", "metrics_token"):
            continue
        shown = {True: "yes", False: "no"}.get(default, default) if isinstance(default, bool) else default
        shown = f"{shown:g}" if isinstance(shown, float) else shown
        assert f"| `{variable(each.name)}` | `{shown}` |" in page


def test_settings_cross_to_a_child_unchanged(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "a b", port=1, banks=(tmp_path / "x", tmp_path / "y"), demo=False, tries=7)
    assert from_environment(as_environment(settings)) == settings
    assert "WORKSHOP_SECRET_KEY" not in as_environment(Settings(secret_key="s"))


def test_a_value_that_cannot_be_read_names_its_variable() -> None:
    with pytest.raises(SettingError, match="WORKSHOP_PORT is 'many'"):
        from_environment({"WORKSHOP_PORT": "many"})
    with pytest.raises(SettingError, match="WORKSHOP_DEMO"):
        from_environment({"WORKSHOP_DEMO": "perhaps"})
    with pytest.raises(SettingError, match="WORKSHOP_SANDBOX is 'docker', which is no placement"):
        from_environment({"WORKSHOP_SANDBOX": "docker"})


@pytest.mark.parametrize(
    ("name", "text"),
    [("PORT", "70000"), ("PORT", "-1"), ("WORKERS", "-1"), ("THREADS", "0"), ("LEASE_SECONDS", "nan"), ("TRIES", "0")],
)
def test_a_number_that_makes_no_sense_is_refused(name: str, text: str) -> None:
    with pytest.raises(SettingError, match=f"WORKSHOP_{name} is {text.lstrip('0') or 0}; it has to be") as caught:
        from_environment({f"WORKSHOP_{name}": text})
    assert "docs/settings.md" in caught.value.remedy


@pytest.mark.parametrize(
    "text",
    ["nonsense", "postgresql://u:topsecret@host:1x/d", "http://u:topsecret@host", "mysql://u:topsecret@host/d", "//"],
)
def test_an_address_that_is_none_is_refused_at_the_start_without_its_password(text: str) -> None:
    for name in ("DATABASE_URL", "BROKER_URL"):
        with pytest.raises(SettingError, match=f"WORKSHOP_{name}") as caught:
            from_environment({f"WORKSHOP_{name}": text})
        assert "://user:password@host" in caught.value.remedy
        assert "topsecret" not in f"{caught.value}{caught.value.remedy}"


@pytest.mark.parametrize("text", ["amqp://u:p@host", "amqps://u:p%40@host:5671/vhost", "amqp://[::1]:5672//"])
def test_addresses_of_brokers_as_people_write_them_are_taken(text: str) -> None:
    assert from_environment({"WORKSHOP_BROKER_URL": text}).broker_url == text


def test_an_empty_variable_counts_as_not_set() -> None:
    assert from_environment({variable(each.name): "" for each in fields(Settings)}) == Settings()


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    key = secret_key(settings)
    assert len(key) == 64
    assert secret_key(settings) == key
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_two_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    import secrets

    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(private_file(tmp_path / "key", lambda: secrets.token_hex(8))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1


def test_templates_cannot_reach_settings(app: Flask, client_of: Callable[..., Any]) -> None:
    with app.test_request_context("/"):
        assert render_template_string("{{ config }}{{ settings }}") == ""
