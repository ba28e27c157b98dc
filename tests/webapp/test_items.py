"""The item page and what is sent from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from grader.verdict import Status
from webapp.learn import history
from webapp.models import Assignment, AssignmentItem, Job, Mark, Purpose, Submission
from webapp.models.times import utc_now
from webapp.teach import service

SECRETS = (b"secret_of_the_reference", b"secret_of_the_tests", b"secret_of_the_misconception")
JSON = {"Accept": "application/json"}


def submissions(world: Any) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


def test_a_submission_is_stored_and_shown_at_once(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    sent = client.post(f"/items/{world.coding}/submit", data={"content": "x = 1\r\n", "client_key": "k"})
    assert sent.status_code == 303
    page = client.get(sent.headers["Location"])
    assert page.status_code == 200
    assert b"x = 1" in page.data
    with world.database.reading() as session:
        stored = session.scalars(select(Submission)).one()
        assert stored.content == b"x = 1\r\n"
        assert session.scalars(select(Job)).one().state == "waiting"


def test_a_double_click_is_one_submission(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    address = f"/items/{world.coding}/submit"
    first = client.post(address, json={"content": "x", "client_key": "k"}, headers=JSON).get_json()
    second = client.post(address, json={"content": "x", "client_key": "k"}, headers=JSON).get_json()
    assert first["job"]["id"] == second["job"]["id"]
    assert submissions(world) == 1
    other = client.post(address, json={"content": "y", "client_key": "k"}, headers=JSON).get_json()
    assert other["job"]["id"] != first["job"]["id"]  # the back button: same page, other text
    assert first["client_key"] != second["client_key"]


def test_polling_ends_with_the_verdict_and_the_changed_regions(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    job = client.post(f"/items/{world.coding}/submit", json={"content": "x"}, headers=JSON).get_json()["job"]
    waiting = client.get(f"/jobs/{job['id']}", headers=JSON).get_json()
    assert (waiting["state"], waiting["done"], waiting["position"]) == ("waiting", False, 1)
    assert set(waiting["fragments"]) == {"verdict"}
    world.judge(utc_now(), share=0.6)
    done = client.get(f"/jobs/{job['id']}", headers=JSON).get_json()
    assert (done["state"], done["status"], done["score"], done["max_score"]) == ("done", "partial", 6.0, 10.0)
    assert set(done["fragments"]) == {"verdict", "progress", "history", "answer"}
    assert done["fragments"]["answer"] == ""


def test_a_browser_that_opens_a_job_gets_the_page(world: Any, client_of: Callable[..., Any]) -> None:
    sent = world.send()
    got = client_of("owner").get(f"/jobs/{sent.job_id}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert got.headers["Location"] == f"/items/{world.coding}?job={sent.job_id}#verdict"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_of_a_student_holds_reference_tests_or_misconceptions_before_the_end(
    world: Any, client_of: Callable[..., Any], lang: str
) -> None:
    sent = world.send()
    world.judge(share=0.6)
    client = client_of("owner")
    for address in (
        f"/courses/{world.here}",
        f"/items/{world.coding}",
        f"/items/{world.coding}?job={sent.job_id}",
        f"/submissions/{sent.submission_id}",
        f"/jobs/{sent.job_id}",
    ):
        for accept in ("text/html", "application/json"):
            body = client.get(f"{address}?lang={lang}", headers={"Accept": accept}).data
            for secret in (*SECRETS, "点积。".encode(), b"the dot product explained", b"answer in words"):
                assert secret not in body, (address, secret)


def test_a_hidden_test_shows_its_title_and_type_only(world: Any, client_of: Callable[..., Any]) -> None:
    sent = world.send()
    world.judge(share=0.6)  # the public test passes, the hidden one fails
    body = client_of("owner").get(f"/items/{world.coding}?job={sent.job_id}&lang=en").data
    assert b"Other inputs." in body
    assert b"secret of a message" not in body
    assert b"secret of an exception" not in body
    assert b"test_secret_inputs" not in body


def test_what_a_submission_says_is_escaped(world: Any, client_of: Callable[..., Any]) -> None:
    sent = world.send(content=b"</textarea><script>alert(1)</script>")
    world.judge(share=0.0)
    client = client_of("owner")
    for address in (f"/items/{world.coding}", f"/submissions/{sent.submission_id}"):
        body = client.get(address).data
        assert b"<script>alert(1)" not in body
        assert b"<b>secret of a message</b>" not in body
    assert b"<script>alert(1)" not in client_of("instructor").get(f"/teach/submissions/{sent.submission_id}").data


def test_after_full_marks_answer_and_explanation_are_shown(world: Any, client_of: Callable[..., Any]) -> None:
    world.send()
    world.judge(share=1.0)
    body = client_of("owner").get(f"/items/{world.coding}?lang=en").data
    assert b"the dot product explained" in body
    assert b"answer in words" in body
    assert b"the dot product explained" not in client_of("classmate").get(f"/items/{world.coding}?lang=en").data
    for secret in SECRETS[1:]:
        assert secret not in body


def test_after_the_last_attempt_answers_are_shown_and_no_more_is_taken(
    world: Any, client_of: Callable[..., Any]
) -> None:
    client = client_of("owner")
    for number in range(3):
        assert b"the dot product explained" not in client.get(f"/items/{world.coding}?lang=en").data
        assert client.post(f"/items/{world.coding}/submit", data={"content": f"x{number}"}).status_code == 303
        world.judge(utc_now(), share=0.0)
    page = client.get(f"/items/{world.coding}?lang=en").data
    assert b"the dot product explained" in page
    refused = client.post(f"/items/{world.coding}/submit", json={"content": "more"}, headers=JSON)
    assert refused.status_code == 409
    assert refused.get_json()["error"]["code"] == "no-attempts"
    assert client.post(f"/items/{world.coding}/run", data={"content": "still"}).status_code == 303


def test_attempts_that_could_not_be_loaded_are_free(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    for number in range(4):
        sent = client.post(f"/items/{world.coding}/submit", json={"content": f"x{number}"}, headers=JSON)
        assert sent.status_code == 202
        world.judge(utc_now(), status=Status.ERROR, share=0.0)
    for number in range(3):
        assert client.post(f"/items/{world.coding}/submit", data={"content": f"y{number}"}).status_code == 303
    pending = client.post(f"/items/{world.coding}/submit", json={"content": "z"}, headers=JSON)
    assert pending.get_json()["error"]["code"] == "pending"


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_too_much_code_is_refused_with_the_remedy_and_kept(
    world: Any, client_of: Callable[..., Any], accept: str
) -> None:
    client = client_of("owner")
    code = "# 注意力\n" * 8000
    got = client.post(f"/items/{world.coding}/submit?lang=en", data={"content": code}, headers={"Accept": accept})
    assert got.status_code == 413
    assert b"64 KiB" in got.data
    assert submissions(world) == 0
    assert client.get(f"/items/{world.coding}/draft").get_json()["content"] == code


def test_a_text_may_have_20_kb(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    long = client.post(f"/items/{world.words}/submit", json={"content": "重" * 6667}, headers=JSON)
    assert (long.status_code, long.get_json()["error"]["code"]) == (413, "too-large")
    assert client.post(f"/items/{world.words}/submit", json={"content": "重" * 6666}, headers=JSON).status_code == 202


def test_nothing_to_send_and_nothing_to_run(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    empty = client.post(f"/items/{world.coding}/submit", data={"content": "  \n"}, headers=JSON)
    assert (empty.status_code, empty.get_json()["error"]["code"]) == (400, "empty")
    run = client.post(f"/items/{world.words}/run", data={"content": "words"}, headers=JSON)
    assert (run.status_code, run.get_json()["error"]["code"]) == (409, "nothing-to-run")
    for body in ("null", "[]", '{"content": 3}', '{"content": null}', "{"):
        got = client.post(f"/items/{world.coding}/submit", data=body, content_type="application/json", headers=JSON)
        assert got.status_code == 400, body


def test_more_waiting_jobs_than_allowed_are_refused_with_a_time(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    for number in range(6):
        assert client.post(f"/items/{world.coding}/run", data={"content": f"{number}"}).status_code == 303
    got = client.post(f"/items/{world.coding}/run?lang=en", data={"content": "one more"})
    assert got.status_code == 429
    assert int(got.headers["Retry-After"]) > 0
    assert b"waiting" in got.data
    assert b"one more" in got.data
    assert client_of("classmate").post(f"/items/{world.coding}/run", data={"content": "x"}).status_code == 303


def test_whoever_sends_too_often_is_slowed_down(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    for number in range(30):
        assert client.post(f"/items/{world.coding}/run", data={"content": f"{number}"}).status_code == 303
        world.judge(utc_now())
    got = client.post(f"/items/{world.coding}/run", json={"content": "more"}, headers=JSON)
    assert got.status_code == 429
    assert got.get_json()["error"]["code"] == "too-often"
    assert int(got.headers["Retry-After"]) <= 61


def test_an_assignment_that_is_not_open_shows_no_item(world: Any, client_of: Callable[..., Any]) -> None:
    with world.database.writing() as session:
        session.get_one(Assignment, world.assignment).opens_at = utc_now() + timedelta(days=1)
    client = client_of("owner")
    course = client.get(f"/courses/{world.here}?lang=en").data
    assert b"Weighted sum" not in course
    assert client.get(f"/items/{world.coding}").status_code == 403
    assert client.post(f"/items/{world.coding}/run", data={"content": "x"}).status_code == 403
    assert client_of("instructor").get(f"/items/{world.coding}").status_code == 200


def test_a_closed_assignment_takes_no_submission_but_still_runs(world: Any, client_of: Callable[..., Any]) -> None:
    with world.database.writing() as session:
        session.get_one(Assignment, world.assignment).closes_at = utc_now() - timedelta(days=1)
    client = client_of("owner")
    got = client.post(f"/items/{world.coding}/submit", json={"content": "x"}, headers=JSON)
    assert (got.status_code, got.get_json()["error"]["code"]) == (409, "closed")
    assert client.post(f"/items/{world.coding}/run", data={"content": "x"}).status_code == 303


def test_a_draft_survives_sign_out_and_names_conflicts(world: Any, client_of: Callable[..., Any]) -> None:
    client, address = client_of("owner"), f"/items/{world.coding}/draft"
    assert client.get(address).get_json() == {"content": "", "version": 0, "saved_at": None}
    first = client.put(address, json={"content": "one", "version": 0}).get_json()
    assert (first["version"], first["conflict"]) == (1, False)
    other_tab = client.put(address, json={"content": "two", "version": 1}).get_json()
    assert other_tab["version"] == 2
    refused = client.put(address, json={"content": "three", "version": 1, "if_match": True})
    assert (refused.status_code, refused.get_json()["other"]["content"]) == (409, "two")
    behind = client.put(address, json={"content": "three", "version": 1}).get_json()
    assert (behind["version"], behind["conflict"], behind["other"]["content"]) == (3, True, "two")
    client.post("/sign-out")
    assert client_of("owner").get(address).get_json()["content"] == "three"
    assert b"three" in client_of("owner").get(f"/items/{world.coding}").data


@pytest.mark.parametrize("content", ["\ud800", "a\0b", "\u202e", "注意力" * 100])
def test_a_draft_takes_any_text(world: Any, client_of: Callable[..., Any], content: str) -> None:
    client = client_of("owner")
    assert client.put(f"/items/{world.coding}/draft", json={"content": content}).status_code == 200
    assert client.get(f"/items/{world.coding}").status_code == 200


def test_what_was_sent_last_is_in_the_editor_again(world: Any, client_of: Callable[..., Any]) -> None:
    client = client_of("owner")
    assert b"raise NotImplementedError" in client.get(f"/items/{world.coding}").data
    client.put(f"/items/{world.coding}/draft", json={"content": "older_text"})
    client.post(f"/items/{world.coding}/run", data={"content": "newer_text"})
    page = client.get(f"/items/{world.coding}").data
    assert b"newer_text" in page
    assert b"older_text" not in page


def test_an_ungradable_submission_says_so_and_costs_nothing(world: Any, client_of: Callable[..., Any]) -> None:
    sent = world.send()
    world.judge(status=Status.UNGRADABLE, share=0.0)
    page = client_of("owner").get(f"/items/{world.coding}?lang=en").data.decode()
    assert "costs no attempt" in page
    client = client_of("instructor")
    assert client.get("/teach/jobs").data.decode().count(f"/teach/jobs/{sent.job_id}/again") == 1
    assert client.post(f"/teach/jobs/{sent.job_id}/again").status_code == 303
    assert f"/teach/jobs/{sent.job_id}/again" not in client.get("/teach/jobs").data.decode()
    world.judge(utc_now(), share=1.0)
    assert client.post(f"/teach/jobs/{sent.job_id}/again").status_code == 303  # the same new job, no second one
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 2


def test_a_run_is_never_graded_again_so_hidden_tests_never_see_it(world: Any, client_of: Callable[..., Any]) -> None:
    ran = world.send(purpose=Purpose.RUN)
    world.judge(status=Status.UNGRADABLE, share=0.0)
    client = client_of("instructor")
    assert f"/teach/jobs/{ran.job_id}/again" not in client.get("/teach/jobs").text
    assert f"/teach/jobs/{ran.job_id}/again" not in client.get(f"/teach/submissions/{ran.submission_id}").text
    assert client.post(f"/teach/jobs/{ran.job_id}/again").status_code == 404
    assert world.judge(utc_now()) is None
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Mark)) == 0


def test_a_long_history_shows_what_is_new_and_what_counts(
    world: Any, client_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "NEWEST", 5)
    monkeypatch.setattr(service, "LONGEST_LIST", 5)
    monkeypatch.setattr("webapp.teach.gradebook.student.LONGEST_LIST", 5)
    best = world.send(content=b"best")
    world.judge(share=0.6)
    others = []
    for number in range(8):
        others.append(world.send(content=b"%d" % number).submission_id)
        world.judge(status=Status.ERROR if number < 6 else Status.UNGRADABLE, share=0.0)
    shown = [best.submission_id, *others[-4:]]
    page = client_of("owner").get(f"/items/{world.coding}").text
    listed = re.findall(rf'href="/items/{world.coding}\?load=(\d+)#work"', page)
    assert [int(number) for number in listed] == sorted(shown, reverse=True)
    client = client_of("instructor")
    page = client.get(f"/teach/courses/{world.here}/students/{world.people['owner']}").text
    assert set(re.findall(r'href="/teach/submissions/(\d+)"', page)) == {str(number) for number in shown}
    assert client.get("/teach/jobs").text.count("/again") == 2


def test_the_gradebook_shows_the_best_marks(world: Any, client_of: Callable[..., Any]) -> None:
    for share in (0.6, 0.0):
        world.send(content=b"%f" % share)
        world.judge(share=share)
    body = client_of("instructor").get(f"/teach/courses/{world.here}").data.decode()
    assert "Owner" in body
    assert "Classmate" in body
    assert re.search(r">\s*6\s*<", body)


def test_pages_take_a_constant_number_of_queries(world: Any, client_of: Callable[..., Any], app: Any) -> None:
    from sqlalchemy import event

    def count(address: str, who: str) -> int:
        client, statements = client_of(who), []
        engine = app.extensions["workshop_database"].engine

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            assert client.get(address).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    pages = [
        (f"/items/{world.coding}", "owner"),
        (f"/courses/{world.here}", "owner"),
        ("/courses", "owner"),
        (f"/teach/courses/{world.here}", "instructor"),
        ("/teach", "instructor"),
        ("/teach/jobs", "instructor"),
        (f"/teach/courses/{world.here}/students/{world.people['owner']}", "instructor"),
    ]
    world.send()
    world.judge(share=0.0)
    pages += [
        (f"/items/{world.coding}/history?runs=1", "owner"),
        (f"/items/{world.coding}/diff?from=starter&to=draft", "owner"),
    ]
    client_of("owner").put(f"/items/{world.coding}/draft", json={"content": "x"})
    before = {page: count(*page) for page in pages}
    with world.database.writing() as session:
        session.get_one(AssignmentItem, world.coding).max_submissions = 1000
    for number in range(200):
        world.send("owner" if number % 2 else "classmate", b"%d" % number)
        world.judge(share=0.6, status=Status.UNGRADABLE if number % 3 == 0 else None)
    with world.database.writing() as session:
        for number in range(5):
            session.add(Assignment(course_id=world.here, title=f"Later {number}", counts="best", late_penalty=0.0))
    assert {page: count(*page) for page in pages} == before
