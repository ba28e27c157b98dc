"""Handing in for a class: nothing half, nothing twice, nothing before somebody has looked."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from difflib import SequenceMatcher
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from grader.archives import Reason
from grader.archives.model import SENTENCES
from grader.bulk.problems import OF_CONTENTS
from grader.naming import Layout, Roster, judged
from grader.verdict import Status
from questions.model import Kind
from tests.archive_corpus import CASES, Case, Packed, ordinary, zipped
from webapp.account import service as accounts
from webapp.models import Audit, Job, Membership, Submission, Upload, UploadFile, User
from webapp.models.times import utc_now
from webapp.teach.uploads import rows
from webapp.teach.uploads.receiving import receive
from webapp.teach.uploads.words import problem_words, refused_words, skipped_words

CODE = b"def weighted_sum(values, weights):\n    return (values * weights).sum(-1)\n"
Files = dict[str, bytes]


class KilledHere(Exception):
    """A server ends in the middle of a transaction."""


def packed(files: Files) -> bytes:
    """A zip of these."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return body.getvalue()


@pytest.fixture
def teacher(client_of: Callable[..., Any]) -> Any:
    return client_of("instructor")


def send(client: Any, world: Any, files: Files, item: int | None = None) -> Any:
    """Upload these files."""
    data = {
        "item": str(item or world.coding),
        "files": [(io.BytesIO(content), name) for name, content in files.items()],
    }
    return client.post(f"/teach/courses/{world.here}/uploads", data=data)


def uploaded(client: Any, world: Any, files: Files, item: int | None = None) -> str:
    """Upload, and the address of the preview."""
    answer = send(client, world, files, item)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def confirm(client: Any, address: str, expected: int, **more: str) -> Any:
    """Press the button that says so many files."""
    return client.post(f"{address}/confirm", data={"expected": str(expected), **more}, follow_redirects=True)


def judge(world: Any, **shape: Any) -> Any:
    """Take the next job, now: what is handed in waits from now on."""
    return world.judge(now=utc_now(), **shape)


def stored(world: Any, model: Any) -> int:
    """How many rows there are."""
    with world.database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(model)) or 0)


def files_of(world: Any) -> dict[str, UploadFile]:
    """The files of all uploads by their path."""
    with world.database.reading() as session:
        return {each.path: each for each in session.scalars(select(UploadFile))}


def enrol(world: Any, count: int) -> None:
    """More students, `s1@…` and so on, with numbers from 20240001."""
    with world.database.writing() as session:
        for number in range(1, count + 1):
            user = accounts.create(session, f"s{number:04d}@example.org", f"Student {number}", None)
            session.add(
                Membership(course_id=world.here, user_id=user.id, role="student", external_id=f"2024{number:04d}")
            )


def test_a_zip_is_looked_at_before_anything_is_submitted(teacher: Any, world: Any) -> None:
    address = uploaded(
        teacher,
        world,
        {
            "all.zip": packed(
                {"owner@example.org.py": CODE, "Classmate.py": CODE, "stranger.py": CODE, "plot.png": b"x"}
            )
        },
    )
    page = teacher.get(address).get_data(as_text=True)
    assert "Grade 2 files" in page
    assert "1 file is nobody’s yet" in page
    assert "by email" in page
    assert "by name" in page
    assert "not a kind of file that is graded here" in page
    assert stored(world, Submission) == 0
    assert "3 files to look at" in teacher.get(f"/teach/courses/{world.here}/uploads").get_data(as_text=True)


def test_confirming_submits_one_for_each_student_behind_students_own(teacher: Any, world: Any) -> None:
    address = uploaded(teacher, world, {"owner.py": CODE, "classmate.py": CODE})
    assert "You can leave this page" in confirm(teacher, address, 2).get_data(as_text=True)
    with world.database.reading() as session:
        sent = session.scalars(select(Submission).order_by(Submission.id)).all()
        assert {each.user_id for each in sent} == {world.people["owner"], world.people["classmate"]}
        assert {each.sent_by_id for each in sent} == {world.people["instructor"]}
        assert {each.content for each in sent} == {CODE}
        assert {each.free for each in sent} == {False}
        assert {(each.priority, each.purpose) for each in session.scalars(select(Job))} == {(1, "submit")}
        [noted] = session.scalars(select(Audit).where(Audit.action == "hand-in"))
        assert (noted.actor_id, noted.course_id, noted.after["files"]) == (world.people["instructor"], world.here, 2)
    own = world.send("outsider", b"mine", teaches=True)
    assert world.judge().job_id == own.job_id


def test_the_courses_log_says_what_was_handed_in_and_what_was_discarded(teacher: Any, world: Any) -> None:
    confirm(teacher, uploaded(teacher, world, {"owner.py": CODE}), 1)
    teacher.post(f"{uploaded(teacher, world, {'x.py': CODE})}/discard")
    page = teacher.get(f"/teach/courses/{world.here}/log").get_data(as_text=True)
    assert "Instructor handed in 1 file for its student: owner.py" in page
    assert "Instructor discarded the upload x.py" in page


def test_pressing_twice_submits_once(teacher: Any, world: Any) -> None:
    address = uploaded(teacher, world, {"owner.py": CODE})
    confirm(teacher, address, 1)
    confirm(teacher, address, 1)
    assert stored(world, Submission) == 1


def test_a_server_that_is_killed_between_steps_goes_on_where_it_was(
    teacher: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(world, 5)
    monkeypatch.setattr(rows, "A_CHUNK", 2)
    address = uploaded(teacher, world, {f"2024{n:04d}.py": CODE for n in range(1, 6)})
    number = int(address.rpartition("/")[2])
    with world.database.writing() as session:
        rows.confirm(
            session, rows.locked(session, number), 5, free=False, actor_id=world.people["instructor"], now=utc_now()
        )
    with world.database.writing() as session:
        assert rows.submit_some(session, number, world.people["instructor"], utc_now()) == 2
    with suppress(KilledHere), world.database.writing() as session:
        rows.submit_some(session, number, world.people["instructor"], utc_now())
        raise KilledHere
    assert stored(world, Submission) == 2
    assert "Submit the other 3" in teacher.get(address).get_data(as_text=True)
    teacher.post(f"{address}/confirm")
    assert stored(world, Submission) == 5
    assert "Submit the other" not in teacher.get(address).get_data(as_text=True)


def test_what_is_graded_is_what_the_button_said(teacher: Any, world: Any) -> None:
    address = uploaded(teacher, world, {"owner.py": CODE, "x.py": CODE})
    [lost] = [each for each in files_of(world).values() if each.user_id is None]
    page = confirm(teacher, address, 1, **{f"who-{lost.id}": "Classmate <classmate@example.org>"}).get_data(
        as_text=True
    )
    assert "2 files would be graded now" in page
    assert stored(world, Submission) == 0
    confirm(teacher, address, 2)
    assert stored(world, Submission) == 2


@pytest.mark.parametrize("typed", ["classmate@example.org", "CLASSMATE", " Classmate <classmate@example.org> "])
def test_a_file_can_be_given_to_a_student_by_anything_that_names_one(teacher: Any, world: Any, typed: str) -> None:
    address = uploaded(teacher, world, {"x.py": CODE})
    file = files_of(world)["x.py"]
    teacher.post(f"{address}/choices", data={f"who-{file.id}": typed})
    found = files_of(world)["x.py"]
    assert (found.user_id, found.matched_by) == (world.people["classmate"], "hand")
    teacher.post(f"{address}/choices", data={f"who-{file.id}": ""})
    assert files_of(world)["x.py"].user_id is None


@pytest.mark.parametrize("typed", ["nobody", "stranger@example.org", "<script>", "1", "instructor@example.org"])
def test_what_names_no_student_of_the_course_is_said_and_the_rest_is_saved(
    teacher: Any, world: Any, typed: str
) -> None:
    address = uploaded(teacher, world, {"x.py": CODE, "y.py": CODE})
    files = files_of(world)
    page = teacher.post(
        f"{address}/choices",
        data={f"who-{files['x.py'].id}": typed, f"who-{files['y.py'].id}": "owner@example.org"},
        follow_redirects=True,
    ).get_data(as_text=True)
    assert "is called “" in page
    assert "<script>”" not in page
    assert files_of(world)["x.py"].user_id is None
    assert files_of(world)["y.py"].user_id == world.people["owner"]


def test_a_suggestion_is_one_press(teacher: Any, world: Any) -> None:
    address = uploaded(teacher, world, {"clasmate.py": CODE})
    file = files_of(world)["clasmate.py"]
    assert file.user_id is None
    assert file.suggested[0] == world.people["classmate"]
    teacher.post(f"{address}/choices", data={"take": f"{file.id}-{world.people['classmate']}"})
    assert files_of(world)["clasmate.py"].user_id == world.people["classmate"]
    teacher.post(f"{address}/choices", data={"take": f"{file.id}-{world.people['stranger']}"})
    assert files_of(world)["clasmate.py"].user_id == world.people["classmate"]


def test_of_two_files_of_one_student_one_counts_and_it_can_be_the_other(teacher: Any, world: Any) -> None:
    files = {"owner/main.py": CODE, "owner/other.py": b"x = 1\n", "owner/README.md": b"read", "classmate.py": CODE}
    address = uploaded(teacher, world, {"all.zip": packed(files)})
    page = teacher.get(address).get_data(as_text=True)
    assert "1 student has several files" in page
    assert "Grade 2 files" in page
    found = files_of(world)
    assert (found["owner/main.py"].chosen, found["owner/other.py"].chosen) == (True, False)
    other = found["owner/other.py"].id
    confirm(teacher, address, 2, **{f"counts-{world.people['owner']}": str(other)})
    with world.database.reading() as session:
        sent = session.scalars(select(Submission).where(Submission.user_id == world.people["owner"])).one()
        assert sent.content == b"x = 1\n"


def test_a_free_one_costs_no_attempt_and_the_student_sees_who_sent_it(
    teacher: Any, world: Any, client_of: Callable[..., Any]
) -> None:
    for _ in range(3):
        world.send("owner")
        judge(world, share=0.0)
    address = uploaded(teacher, world, {"owner.py": CODE})
    confirm(teacher, address, 1, attempt="free")
    judge(world)
    page = client_of("owner").get(f"/items/{world.coding}/history").get_data(as_text=True)
    assert "handed in for you" in page
    with world.database.reading() as session:
        assert session.scalars(select(Submission).where(Submission.free)).one().sent_by_id
    assert "10 of 10" in teacher.get(address).get_data(as_text=True)


def test_discarding_takes_everything_away_and_is_noted(teacher: Any, world: Any) -> None:
    address = uploaded(teacher, world, {"owner.py": CODE})
    assert "1 file is discarded" in teacher.post(f"{address}/discard", follow_redirects=True).get_data(as_text=True)
    assert stored(world, UploadFile) == 0
    assert "This upload was discarded" in teacher.get(address).get_data(as_text=True)
    confirm(teacher, address, 1)
    assert stored(world, Submission) == 0
    with world.database.reading() as session:
        assert session.scalars(select(Audit.action)).all() == ["discard-upload"]


def test_what_is_confirmed_cannot_be_discarded_or_changed(teacher: Any, world: Any) -> None:
    address = uploaded(teacher, world, {"owner.py": CODE})
    confirm(teacher, address, 1)
    assert teacher.post(f"{address}/discard").status_code == 409
    file = files_of(world)["owner.py"]
    teacher.post(f"{address}/choices", data={f"who-{file.id}": "classmate@example.org"})
    assert files_of(world)["owner.py"].user_id == world.people["owner"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_hostile_archive_is_refused_in_words_or_shown_and_submits_nothing(
    teacher: Any, world: Any, case: Case
) -> None:
    answer = send(teacher, world, {"all.zip": case.make()})
    assert stored(world, Submission) == 0
    if answer.status_code == 303:
        page = teacher.get(answer.headers["Location"]).get_data(as_text=True)
        assert "\u202e" not in page
        assert "\x1b" not in page
        return
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Nothing was taken" in page
    assert stored(world, Upload) == stored(world, UploadFile) == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("owner.py", b"", "The file is empty"),
        ("owner.py", b"  \n", "The file is empty"),
        ("owner.py", b"x" * 70_000, "larger than a submission may be"),
        ("owner.py", b"\x7fELF\0\0", "This is no text"),
        ("owner.ipynb", b"{", "The notebook cannot be read"),
        ("owner.ipynb", b'{"cells": []}', "The notebook holds no code"),
        ("owner.ipynb", json.dumps({"metadata": {"kernelspec": {"language": "R"}}}).encode(), "not written in Python"),
    ],
)
def test_a_file_that_cannot_be_graded_says_why_and_does_not_stop_others(
    teacher: Any, world: Any, name: str, content: bytes, words: str
) -> None:
    address = uploaded(teacher, world, {name: content, "classmate.py": CODE})
    page = teacher.get(address).get_data(as_text=True)
    assert words in page
    assert "Grade 1 file<" in page


def test_a_folder_without_anything_to_grade_is_shown_as_its_students(teacher: Any, world: Any) -> None:
    files = {"owner/report.pdf": b"%PDF", "classmate/a.py": CODE}
    page = teacher.get(uploaded(teacher, world, {"all.zip": packed(files)})).get_data(as_text=True)
    assert "Ask for a .py file or a notebook" in page
    assert "Owner &lt;owner@example.org&gt;" in page


@pytest.mark.parametrize(
    ("content", "text", "remark"),
    [
        ("# 注意\nx = 1\n".encode(), "# 注意\nx = 1\n", ""),
        ("\ufeffx = 1\r\ny = 2\r\n".encode(), "x = 1\ny = 2\n", ""),
        ("# 注意\nx = 1\n".encode("gbk"), "# 注意\nx = 1\n", "GB 18030"),
        ("# coding: gbk\n# 注意\n".encode("gbk"), "# 注意", "GB 18030"),
        ("x = '注'\n".encode("utf-16"), "x = '注'\n", "UTF-16"),
    ],
)
def test_code_in_other_encodings_is_read_and_that_is_said(content: bytes, text: str, remark: str) -> None:
    found = judged("a.py", content, 1000)
    assert (found.content.decode(), found.encoding) == (text, remark)


def test_a_notebook_is_graded_by_its_code(teacher: Any, world: Any) -> None:
    cells = [{"cell_type": "code", "source": source} for source in ("%matplotlib inline\nimport torch", CODE.decode())]
    address = uploaded(teacher, world, {"owner.ipynb": json.dumps({"cells": cells, "metadata": {}}).encode()})
    page = teacher.get(address).get_data(as_text=True)
    assert "2 cells of a notebook" in page
    assert "1 line left out that only Jupyter understands" in page
    confirm(teacher, address, 1)
    with world.database.reading() as session:
        assert b"pass  # left out: %matplotlib inline" in session.scalars(select(Submission.content)).one()


def test_short_answers_come_as_text_or_as_a_page(teacher: Any, world: Any) -> None:
    files = {"owner_1_text.html": b"<p>Weights&nbsp;sum to one.</p>", "classmate_2_3_answer.txt": "和为一。".encode()}
    address = uploaded(teacher, world, {"all.zip": packed(files)}, item=world.words)
    assert "Named as Canvas exports them (2 of 2 files)" in teacher.get(address).get_data(as_text=True)
    confirm(teacher, address, 2)
    with world.database.reading() as session:
        sent = set(session.scalars(select(Submission.content)))
    assert sent == {"Weights\xa0sum to one.".encode(), "和为一。".encode()}


def test_an_upload_for_another_courses_item_is_refused(client_of: Callable[..., Any], world: Any) -> None:
    stranger = client_of("stranger")
    data = {"item": str(world.coding), "files": (io.BytesIO(CODE), "owner.py")}
    assert stranger.post(f"/teach/courses/{world.elsewhere}/uploads", data=data).status_code == 400
    assert stored(world, Upload) == 0


def test_an_administrator_who_uploads_to_no_course_is_told_there_is_none(
    client_of: Callable[..., Any], world: Any
) -> None:
    assert client_of("admin").post("/teach/courses/99999/uploads").status_code == 404
    assert client_of("admin").get("/teach/courses/99999/uploads").status_code == 404


def test_a_file_of_another_upload_is_not_shown_or_changed(teacher: Any, world: Any) -> None:
    first = uploaded(teacher, world, {"owner.py": CODE})
    second = uploaded(teacher, world, {"classmate.py": CODE})
    file = files_of(world)["owner.py"]
    assert teacher.get(f"{first}/files/{file.id}").get_data() == CODE
    assert teacher.get(f"{second}/files/{file.id}").status_code == 404
    teacher.post(f"{second}/choices", data={f"who-{file.id}": ""})
    assert files_of(world)["owner.py"].user_id == world.people["owner"]


def test_only_who_may_hand_in_may_send_much(app: Flask, client_of: Callable[..., Any], world: Any) -> None:
    much = {"item": str(world.coding), "files": (io.BytesIO(b"\0" * (2 << 20)), "a.bin")}
    address = f"/teach/courses/{world.here}/uploads"
    app.config["WTF_CSRF_ENABLED"] = True  # reads the form before any view does
    for who, status in (("owner", 413), ("stranger", 413), (None, 413)):
        assert (
            client_of(who).post(address, data={**much, "files": (io.BytesIO(b"\0" * (2 << 20)), "a")}).status_code
            == status
        )
    app.config["WTF_CSRF_ENABLED"] = False
    assert client_of("assistant").post(address, data=much).status_code == 422
    large = {"item": str(world.coding), "files": (io.BytesIO(b"\0" * (65 << 20)), "a.bin")}
    answer = client_of("assistant").post(address, data=large)
    assert answer.status_code == 413
    assert "At most 64 MiB" in answer.get_data(as_text=True)


def test_results_can_be_taken_away_without_formulas(teacher: Any, world: Any) -> None:
    with world.database.writing() as session:
        session.get_one(User, world.people["owner"]).name = "=1+1"
    address = uploaded(teacher, world, {"all.zip": packed({"owner@example.org/=x.py": CODE, "classmate.py": CODE})})
    confirm(teacher, address, 2)
    judge(world, share=0.6)
    table = teacher.get(f"{address}/results.csv").get_data(as_text=True)
    assert "'=1+1,owner@example.org" in table
    assert "waiting" in table
    assert "partial" in table


def test_feedback_is_named_as_canvas_and_moodle_take_it_back(teacher: Any, world: Any) -> None:
    for name, wanted in (
        ("owner_11_22_sum.py", "owner_11_22_sum.py.feedback.md"),
        ("owner_11_22_sum.zip", "owner_11_22_sum.zip_sum.py.feedback.md"),
        ("Owner_7_assignsubmission_file/sum.py", "Owner_7_assignsubmission_file/sum.py.feedback.md"),
        ("Owner_7_assignsubmission_file_sum.py", "Owner_7_assignsubmission_file_sum.py.feedback.md"),
    ):
        content = packed({"sum.py": CODE}) if name.endswith(".zip") else CODE
        address = uploaded(teacher, world, {"all.zip": packed({name: content})})
        confirm(teacher, address, 1)
        judge(world, share=0.6)
        with zipfile.ZipFile(io.BytesIO(teacher.get(f"{address}/feedback.zip").get_data())) as files:
            assert files.namelist() == [wanted]


def test_feedback_is_in_the_students_language_and_tells_no_hidden_test(teacher: Any, world: Any) -> None:
    with world.database.writing() as session:
        session.get_one(User, world.people["owner"]).locale = "zh"
    address = uploaded(teacher, world, {"owner.py": CODE, "classmate.py": CODE})
    confirm(teacher, address, 2)
    while judge(world, share=0.0):
        pass
    with zipfile.ZipFile(io.BytesIO(teacher.get(f"{address}/feedback.zip?lang=en").get_data())) as files:
        told = {name: files.read(name).decode() for name in files.namelist()}
    assert "# 加权和" in told["owner.py.feedback.md"]
    assert "# Weighted sum" in told["classmate.py.feedback.md"]
    assert "secret_of_the_reference" not in "".join(told.values())


def test_a_running_program_cannot_break_out_of_its_fence() -> None:
    from webapp.teach.uploads.feedback import _fenced

    text = _fenced("a\n````\n# heading\n\x1b[2J")
    assert text.startswith("`````\n")
    assert text.endswith("\n`````")
    assert "\x1b" not in text


def queries_of(client: Any, address: str) -> list[str]:
    """The statements that one page makes."""
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    engine = client.application.extensions["workshop_database"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen


@pytest.mark.parametrize("state", ["preview", "confirmed", "list"])
def test_pages_ask_as_little_of_fifty_files_as_of_five(client_of: Callable[..., Any], world: Any, state: str) -> None:
    enrol(world, 60)
    counts = []
    for first, last in ((1, 6), (7, 57)):
        client = client_of("instructor")
        address = uploaded(client, world, {f"2024{n:04d}.py": CODE for n in range(first, last)})
        if state == "confirmed":
            confirm(client, address, last - first)
        wanted = f"/teach/courses/{world.here}/uploads" if state == "list" else address
        seen = queries_of(client, wanted)
        counts.append(len([each for each in seen if each.startswith("SELECT")]))
    assert counts[0] == counts[1]
    assert counts[0] < 25


def test_the_bar_says_how_far_it_is(teacher: Any, world: Any) -> None:
    address = uploaded(teacher, world, {"owner.py": CODE, "classmate.py": CODE})
    confirm(teacher, address, 2)
    assert "Waiting for a worker" in teacher.get(f"{address}/progress").get_json()["html"]
    judge(world)
    told = teacher.get(f"{address}/progress").get_json()
    assert told["open"] is True
    assert re.search(r"1 of 2 · .* a second", told["html"])
    judge(world, status=Status.UNGRADABLE)
    assert teacher.get(f"{address}/progress").get_json()["open"] is False


def test_who_left_the_course_meanwhile_is_not_graded(teacher: Any, world: Any) -> None:
    address = uploaded(teacher, world, {"owner.py": CODE, "classmate.py": CODE})
    with world.database.writing() as session:
        session.delete(session.get_one(Membership, (world.here, world.people["owner"])))
    assert "Grade 1 file<" in teacher.get(address).get_data(as_text=True)
    confirm(teacher, address, 1)
    assert stored(world, Submission) == 1


def test_an_archive_beside_files_is_read_as_well(teacher: Any, world: Any) -> None:
    uploaded(teacher, world, {"owner.zip": ordinary("a.py"), "classmate.py": CODE})
    assert set(files_of(world)) == {"owner.zip/a.py", "classmate.py"}


def test_paths_that_lead_out_are_left_out_and_named(teacher: Any, world: Any) -> None:
    body = zipped([Packed(b"../../owner.py"), Packed(b"classmate.py")])
    page = teacher.get(uploaded(teacher, world, {"all.zip": body})).get_data(as_text=True)
    assert "../../owner.py" in page
    assert "its path leads out of the archive" in page
    assert list(files_of(world)) == ["classmate.py"]


def test_metadata_among_what_a_student_handed_in_names_nobody_anew() -> None:
    """It could say of every folder of the class who has sent it."""
    ann, eve = "Ann Adams_124_assignsubmission_file_", "Eve Evil_125_assignsubmission_file_"
    forged = f"{ann}:\n  :submitters:\n  - :sid: '666'\n".encode()
    entries = [Packed(f"{ann}/a.py".encode()), Packed(f"{eve}/submission_metadata.yml".encode(), forged)]
    sent = io.BytesIO(zipped([*entries, Packed(f"{eve}/b.py".encode())]))
    parcel = receive([("all.zip", sent)], Kind.CODING, "any", Roster([]))
    assert parcel.arrangement.layout is Layout.MOODLE
    assert {party.key for party in parcel.arrangement.parties} == {"Ann Adams 124", "Eve Evil 125"}
    assert {"path": f"{eve}/submission_metadata.yml", "code": "not-wanted"} in parcel.left_out


def test_what_is_wrong_with_a_file_is_said_here_as_at_the_desk(app: Flask) -> None:
    """Whoever reads a report of `workshop grade` and our pages should not wonder whether two things are meant."""
    said: list[tuple[str, str]] = []
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        said += [(SENTENCES[each].zh, skipped_words(each) or refused_words(each)) for each in Reason]
        said += [(words.zh, problem_words(code)) for code, words in OF_CONTENTS.items()]
    for desk, page in said:
        found = SequenceMatcher(None, desk, page, autojunk=False).find_longest_match()
        assert found.size >= min(4, len(desk), len(page)), (desk, page)
