"""What need not be kept any longer goes by itself, in small steps; what counts stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select

from tests.webapp.command_line import workshop
from tests.webapp.one_person import (
    fill,
    pointing_nowhere,
)
from webapp import audit
from webapp.models import (
    Audit,
    Draft,
    Notice,
    Submission,
)
from webapp.models.times import utc_now
from webapp.personal import retention
from webapp.settings import Settings


def test_what_is_old_goes_and_what_counts_stays(world: Any, now: Any, settings: Settings) -> None:
    sent = fill(world, now)
    with world.database.writing() as session:
        session.execute(sa.update(Notice).values(read_at=now))
    before = now + timedelta(days=1)
    kept = {"runs": 0, "drafts": 0, "uploads": 0, "notices": 0, "log": 0}
    for kind in retention.KINDS:
        with world.database.writing() as session:
            found = retention.count(session, kind, before)
            assert found, kind.name
            assert retention.count(session, kind, now - timedelta(days=1)) == 0, kind.name
            assert retention.step(session, kind, before) == found
            kept[kind.name] = retention.count(session, kind, before)
    assert set(kept.values()) == {0}
    with world.database.reading() as session:
        assert session.get(Submission, sent["run"].submission_id) is None
        for name in ("sent", "words", "theirs", "waiting"):
            assert session.get(Submission, sent[name].submission_id) is not None, name
        assert pointing_nowhere(session) == []


def test_it_goes_in_small_steps(world: Any, now: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_A_TIME", 2)
    with world.database.writing() as session:
        for _ in range(5):
            audit.note(session, now, None, "bank-save", "bank:x")
    [log] = [each for each in retention.KINDS if each.name == "log"]
    done = []
    while not done or done[-1]:
        with world.database.writing() as session:
            done.append(retention.step(session, log, now + timedelta(days=1)))
    assert done == [2, 2, 1, 0]


def test_a_worker_lets_go_only_what_the_settings_say(
    world: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = utc_now() - timedelta(days=50)
    with world.database.writing() as session:
        for at in (old, utc_now()):
            audit.note(session, at, None, "bank-save", "bank:x")
        session.add(Draft(user_id=1, assignment_item_id=world.coding, content="kept", saved_at=old))
    monkeypatch.setattr(retention, "LOOKED_EVERY_SECONDS", -1.0)
    forgetting = retention.Forgetting(world.database, replace(settings, keep_log_days=30))
    assert forgetting.step()
    assert not retention.Forgetting(world.database, settings).step()
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Audit)) == 1
        assert session.scalar(select(func.count()).select_from(Draft)) == 1


def test_the_retention_command_says_before_it_does(world: Any, now: Any, settings: Settings) -> None:
    fill(world, now)
    assert "runs     kept for ever" in workshop(settings, "retention", "--dry-run").stdout
    dry = workshop(settings, "retention", "--older-than", "1", "--only", "runs", "--dry-run")
    assert dry.stdout == "runs     1 older than 1 days would go\n", dry.stderr
    done = workshop(settings, "retention", "--older-than", "1", "--only", "runs")
    assert done.stdout == "runs     1 older than 1 days deleted\n", done.stderr
