"""All that somebody has sent for an item: listed, drawn, compared, taken away; and nobody else's."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from grader.verdict import Status
from webapp.learn import history, score_chart
from webapp.learn.attempts import Attempt, Dates, standing
from webapp.models import AssignmentItem, Purpose

OLD = "def weighted_sum(values, weights):\n    return values.sum(-1)\n"
NEW = "def weighted_sum(values, weights):\n    return (values * weights).sum(-1)\n"


@pytest.fixture
def tried(world: Any) -> Any:
    """Five submissions of the owner with growing and falling scores, a run, and a classmate's submission."""
    with world.database.writing() as session:
        session.get_one(AssignmentItem, world.coding).max_submissions = 1000
    world.ids = []
    for share, content in ((0.0, OLD), (0.6, NEW), (0.0, OLD + "#"), (0.6, NEW + "#"), (0.0, "x")):
        world.ids.append(world.send(content=content.encode()).submission_id)
        world.judge(share=share)
    world.run = world.send(content=b"a run", purpose=Purpose.RUN).submission_id
    world.judge()
    world.theirs = world.send("classmate", b"not_yours").submission_id
    world.judge()
    return world


def test_the_item_page_names_the_newest_and_leads_to_all(tried: Any, client_of: Callable[..., Any]) -> None:
    page = client_of("owner").get(f"/items/{tried.coding}?lang=en").text
    assert f'href="/items/{tried.coding}/history"' in page
    assert "all 5 submissions" in page


def test_the_history_lists_submissions_and_runs_on_demand(tried: Any, client_of: Callable[..., Any]) -> None:
    client, address = client_of("owner"), f"/items/{tried.coding}/history"
    page = client.get(f"{address}?lang=en").text
    assert re.findall(r'href="/submissions/(\d+)"', page) == [str(number) for number in reversed(tried.ids)]
    assert "A run" not in page
    assert page.count("counts</span>") == 1
    with_runs = client.get(f"{address}?lang=en&runs=1").text
    assert f'href="/submissions/{tried.run}"' in with_runs
    assert f"/submissions/{tried.theirs}" not in page + with_runs


def test_a_long_history_has_pages(tried: Any, client_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "A_PAGE", 2)
    client, address = client_of("owner"), f"/items/{tried.coding}/history"
    seen = []
    for number in (1, 2, 3):
        page = client.get(f"{address}?page={number}&lang=en").text
        assert f"Page {number} of 3" in page
        seen += re.findall(r'href="/submissions/(\d+)"', page)
    assert seen == [str(number) for number in reversed(tried.ids)]
    for odd in ("0", "-1", "99999999999999", "x", "²", ""):
        assert client.get(f"{address}?page={odd}").status_code == 200


def test_a_history_of_nothing_says_so(world: Any, client_of: Callable[..., Any]) -> None:
    page = client_of("owner").get(f"/items/{world.coding}/history?lang=en").text
    assert "not submitted anything" in page
    assert '<svg viewBox="0 0 640' not in page


def test_the_drawing_says_best_and_last_in_words_too(tried: Any, client_of: Callable[..., Any]) -> None:
    page = client_of("owner").get(f"/items/{tried.coding}/history?lang=en").text
    assert "Best: 6 of 10, with submission 2. Last: 0." in page
    assert page.count('class="dot') == 5


def test_the_line_never_falls_and_late_ones_are_marked(now: Any) -> None:
    scores = (2.0, 6.0, 3.0, 6.0, 9.0, None)
    attempts = [
        Attempt(number, now + timedelta(hours=number), "partial" if score is not None else None, score)
        for number, score in enumerate(scores, 1)
    ]
    dates = Dates(due_at=now + timedelta(hours=4))
    chart = score_chart.chart_of(attempts, standing(attempts, None, "best"), dates, 10.0)
    assert chart is not None
    heights = [float(pair.split(",")[1]) for pair in chart.steps.split(" ")]
    assert heights == sorted(heights, reverse=True)
    assert [point.late for point in chart.points] == [False, False, False, False, True]
    assert (chart.best.number, chart.last.number) == (5, 5)
    assert all(chart.top <= point.y <= chart.bottom for point in chart.points)
    assert score_chart.chart_of(attempts[:1], standing(attempts[:1], None, "best"), dates, 10.0) is None


def test_any_two_texts_are_put_beside_each_other(tried: Any, client_of: Callable[..., Any]) -> None:
    client, address = client_of("owner"), f"/items/{tried.coding}"
    client.put(f"{address}/draft", json={"content": NEW + "<b>draft</b>\u202e"})
    first, second = tried.ids[:2]
    page = client.get(f"{address}/diff?from={first}&to={second}&lang=en").text
    assert "<mark>(</mark>" in page
    assert "Submission 1" in page
    for before, after in ((second, "draft"), ("starter", first), ("draft", "starter"), (tried.run, second)):
        got = client.get(f"{address}/diff?from={before}&to={after}&lang=en")
        assert got.status_code == 200
    page = client.get(f"{address}/diff?from={second}&to=draft&lang=en").text
    assert "&lt;b&gt;draft&lt;/b&gt;⟨U+202E⟩" in page
    assert "The two texts are the same." in client.get(f"{address}/diff?from={first}&to={first}&lang=en").text


def test_what_is_not_ones_own_is_compared_with_nothing(tried: Any, client_of: Callable[..., Any]) -> None:
    client, address = client_of("owner"), f"/items/{tried.coding}"
    mine = tried.ids[0]
    for other in (tried.theirs, 0, -1, "x", "", "²", "9" * 30, "draft"):
        for pair in (f"from={mine}&to={other}", f"from={other}&to={mine}"):
            got = client.get(f"{address}/diff?{pair}")
            assert got.status_code == 404, pair
    assert client.get(f"/items/{tried.words}/diff?from={mine}&to={mine}").status_code == 404


def test_a_page_may_have_two_texts_compared_that_it_holds(world: Any, client_of: Callable[..., Any]) -> None:
    client, address = client_of("owner"), f"/items/{world.coding}/compare"
    html = client.post(address, json={"from": OLD, "to": NEW}).get_json()["html"]
    assert "<ins" in html
    assert client.post(address, json={"from": "x" * 300_000, "to": ""}).status_code == 413
    for body in ({}, {"from": 1, "to": ""}, [], {"from": "x"}):
        assert client.post(address, json=body).status_code == 400


def test_everything_can_be_taken_away_under_plain_names(tried: Any, client_of: Callable[..., Any]) -> None:
    got = client_of("owner").get(f"/items/{tried.coding}/history.zip")
    assert got.mimetype == "application/zip"
    files = zipfile.ZipFile(io.BytesIO(got.data))
    names = files.namelist()
    assert [name[:5] for name in names] == ["0005-", "0004-", "0003-", "0002-", "0001-"]
    assert all(re.fullmatch(r"\d{4}-\d{8}T\d{6}Z\.py", name) for name in names)
    assert files.read(names[-1]) == OLD.encode()
    assert not any(b"not_yours" in files.read(name) for name in names)


def test_an_archive_has_a_size_it_does_not_pass(
    tried: Any, client_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "ARCHIVE_BYTES", len(NEW) + 10)
    names = zipfile.ZipFile(io.BytesIO(client_of("owner").get(f"/items/{tried.coding}/history.zip").data)).namelist()
    assert [name[:4] for name in names] == ["0005", "0004"]


def test_an_earlier_submission_is_put_into_the_editor(tried: Any, client_of: Callable[..., Any]) -> None:
    client, address = client_of("owner"), f"/items/{tried.coding}"
    client.put(f"{address}/draft", json={"content": "my_draft"})
    page = client.get(f"{address}?load={tried.ids[0]}").text
    editor = page.partition("<textarea")[2].partition("</textarea>")[0]
    assert "return values.sum(-1)" in editor
    assert "my_draft" in page
    assert client.get(f"{address}/draft").get_json()["content"] == "my_draft"
    assert client.get(f"{address}?load={tried.theirs}").status_code == 404
    assert client.get(f"/items/{tried.words}?load={tried.ids[0]}").status_code == 404


def test_a_submission_being_judged_and_one_that_could_not_be_are_listed(
    world: Any, client_of: Callable[..., Any]
) -> None:
    world.send()
    world.judge(status=Status.UNGRADABLE, share=0.0)
    world.send(content=b"later")
    page = client_of("owner").get(f"/items/{world.coding}/history?lang=en").text
    assert "To be graded again" in page
    assert "Waiting for its verdict" in page
