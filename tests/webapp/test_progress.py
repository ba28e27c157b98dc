"""The page of today, for students in every state."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from webapp.learn import progress
from webapp.models import (
    Assignment,
    AssignmentItem,
    Bank,
    Course,
    Decision,
    Draft,
    Extension,
    Membership,
    Revision,
    User,
)
from webapp.models.times import utc_now


@pytest.fixture
def now():
    """The page reads the clock, so what happens on it happens now."""
    return utc_now()


@pytest.fixture
def sends(world, now):
    """Somebody's submission, some days ago, with the share of points it got; None leaves it waiting."""

    def sends(days, share, item=None, who="owner", **changes):
        at = now - timedelta(days=days)
        sent = world.send(who, f"{days} {share}".encode(), item_id=item or world.coding, now=at, **changes)
        if share is not None:
            assert world.judge(now=at, share=share) is not None
        return sent

    return sends


@pytest.fixture
def seen(client_of):
    """The words on somebody's page of today."""

    def seen(who="owner", query=""):
        response = client_of(who).get(f"/today{query}", headers={"Accept-Language": "en"})
        assert response.status_code == 200
        text = unescape(re.sub(r"<(?:script|style).*?</(?:script|style)>|<[^>]+>", " ", response.text, flags=re.DOTALL))
        return " ".join(text.split())

    return seen


def with_dates(world, **dates):
    with world.database.writing() as session:
        assignment = session.get_one(Assignment, world.assignment)
        for name, value in dates.items():
            setattr(assignment, name, value)


def test_a_new_student_is_told_the_first_step_and_nothing_else(seen):
    page = seen()
    assert "The first step Weighted sum 10 points It is the first one of “First”. Start" in page
    assert "What you can do now" not in page
    assert "eight weeks" not in page


def test_what_is_due_soon_says_when_and_what_is_there_so_far(world, seen, sends, now):
    with_dates(world, due_at=now + timedelta(days=2))
    assert re.search(r"It is due (tomorrow|on \w+day) at \d\d:\d\d, and you have sent nothing yet\.", seen())
    sends(0.1, 0.6)
    assert re.search(r"It is due .*; you have 6 of 10 points\.", seen())


def test_late_work_says_what_it_costs(world, seen, now):
    with_dates(world, due_at=now - timedelta(days=1), late_penalty=0.25)
    assert "Late work still counts, with 25% taken off." in seen()


def test_a_draft_that_was_not_sent_is_remembered_and_a_starter_is_no_draft(world, seen, sends, now):
    with world.database.writing() as session:
        starter = "def weighted_sum(values, weights):\n    raise NotImplementedError\n"
        for item, content in ((world.coding, starter), (world.words, "Because")):
            draft = Draft(user_id=world.people["owner"], assignment_item_id=item, content=content, saved_at=now)
            session.add(draft)
    page = seen()
    assert page.index("Do this next" if "Do this next" in page else "The first step") < page.index("Why 5 points")
    assert "You began it today and have not sent it yet. Continue" in page
    assert page.count("have not sent it yet") == 1


def test_what_was_missed_is_offered_again_with_the_test_that_was_not_met(world, seen, sends):
    sends(3, 0.0)
    sends(1.5, 0.0)
    page = seen()
    assert re.search(r"You missed it 2 times, last (yesterday|on \w+day)\. Today is a good day to try again\.", page)
    assert "Not met: “The sum with ones”." in page
    assert "Other inputs" not in page, "hidden tests are not named"
    assert "Try again" in page


def test_after_the_end_what_was_missed_is_practice(world, seen, sends, now):
    sends(3, 0.6)
    with_dates(world, closes_at=now - timedelta(days=1))
    page = seen()
    assert "You missed it once" in page
    assert "Submitting is closed. You can still run your code and read." in page


def test_when_all_is_solved_nothing_is_due(world, seen, sends):
    sends(5, 1.0)
    sends(4, 1.0, world.words)
    page = seen()
    assert "Everything here is solved. Nothing is due." in page
    assert "You sent something on 2 days" in page


def test_an_item_missed_and_solved_the_same_day_comes_again_on_a_named_day(world, seen, sends):
    sends(2e-4, 0.6)
    sends(1e-4, 1.0)  # seconds, so that hardly any midnight lies between
    sends(1, 1.0, world.words)
    assert "Nothing is due today. The next repetition is due tomorrow." in seen()


def test_what_waits_for_its_verdict_is_said_to_wait(world, seen, sends):
    sends(1, 1.0, world.words)
    sends(0, None)
    assert "Nothing is due now: what you sent last is waiting for its verdict." in seen()


def test_what_an_instructor_has_yet_to_look_at_is_not_called_missed(world, seen, sends, now):
    sends(5, 1.0)
    sent = sends(3, None, world.words)
    assert world.judge(now=now, share=0.4, review=True).job_id == sent.job_id
    page = seen()
    assert "Nothing is due now: an instructor has yet to look at something you sent." in page
    assert "You missed it" not in page


def test_of_an_assignment_that_is_not_open_only_its_date_is_told(world, seen, now):
    with_dates(world, opens_at=now + timedelta(days=2))
    page = seen()
    assert "Nothing is open to you now. The next assignment opens" in page
    assert "Weighted sum" not in page


def test_an_extension_counts(world, seen, now):
    with_dates(world, due_at=now - timedelta(days=3), closes_at=now - timedelta(days=2))
    assert "Nothing is open to you now." in seen()
    with world.database.writing() as session:
        extension = Extension(
            assignment_id=world.assignment, user_id=world.people["owner"], due_at=now + timedelta(days=1)
        )
        session.add(extension)
    assert "It is due tomorrow" in seen()
    assert "Nothing is open to you now." in seen("classmate")


def test_news_are_what_others_did_since_the_last_visit(world, client_of, sends, now):
    sent = sends(2, 0.4, world.words)
    client = client_of("owner")

    def opened():
        return client.get("/today", headers={"Accept-Language": "en"}).text

    assert "Since your last visit" not in opened()
    with world.database.writing() as session:
        decision = Decision(
            submission_id=sent.submission_id,
            key_point="importance",
            award=1,
            reviewer_id=world.people["instructor"],
            created_at=now + timedelta(seconds=5),
        )
        session.add(decision)
    assert "Since your last visit" in opened()
    assert "An instructor has decided on your answer." in opened(), "a reload keeps the news"
    with client.session_transaction() as kept:
        long_ago = (now + timedelta(seconds=60)).isoformat()
        kept["today"] = f"{long_ago} {long_ago}"
    assert "An instructor has decided" not in opened()


def test_a_visit_that_nobody_wrote_is_no_visit(client_of):
    client = client_of("owner")
    with client.session_transaction() as kept:
        kept["today"] = "yesterday evening"
    assert client.get("/today").status_code == 200


def test_people_see_their_own_work_only(world, seen, sends):
    sends(3, 0.0, who="classmate")
    assert "You missed it" in seen("classmate")
    assert "The first step" in seen("owner")
    assert "Weighted sum" not in seen("outsider")


def test_who_teaches_has_no_next_step_and_no_link(seen):
    page = seen("instructor")
    assert "You take part in no course as a student." in page
    assert not re.search(r"Attention Workshop Today", page)
    assert re.search(r"Attention Workshop Today Courses", seen("owner"))


def test_the_page_of_a_course_has_its_first_step_for_students(world, client_of, sends):
    sends(3, 0.0)
    page = client_of("owner").get(f"/courses/{world.here}", headers={"Accept-Language": "en"}).text
    assert "You missed it once" in page
    assert "Try again" in page
    assert "Start" not in client_of("instructor").get(f"/courses/{world.here}?lang=en").text


def test_guests_have_none_of_it(world, client_of):
    with world.database.writing() as session:
        session.get_one(User, world.people["owner"]).is_guest = True
    assert client_of("owner").get("/today").status_code == 404


def test_an_item_counts_for_each_of_its_skills_and_one_item_tells_nothing(world, app, sends, now):
    give_skills(world)
    sends(2, 0.6)
    with world.database.reading() as session, app.test_request_context():
        page = today(session, world, now)
    assert [(each.id, each.name) for each in page.few] == [("adding", "adding"), ("both", "Both")]
    assert [each.id for each in page.untried] == ["why"]
    assert (page.skills, page.few[0].shown, page.few[0].passed, page.few[0].checks) == ((), 6, 1, 2)
    sends(1, 1.0, world.words)
    with world.database.reading() as session, app.test_request_context():
        (both,) = today(session, world, now).skills
    assert (both.shown, both.missed, both.untried, both.tried) == (11, 4, 0, 2)
    assert (both.passed, both.checks) == (2, 3)
    assert both.sentence == "Most of it is there."
    assert both.doubt


@pytest.mark.parametrize("sort", [*progress.SORTS, "", "'; drop table users"])
def test_the_table_of_skills_is_sorted_without_scripts(world, seen, client_of, sends, sort):
    give_skills(world)
    sends(3, 0.6)
    sends(2, 0.4, world.words)
    page = seen(query=f"?sort={sort}")
    rows = page[page.index("All numbers") :]
    order = sorted(("adding", "Both", "why"), key=rows.index)
    if sort == "last":
        assert order == ["Both", "why", "adding"]
    else:
        assert order[0] == ("Both" if sort in ("tried", "checks", "points") else "adding")
        assert order[2] == "why"
    assert "1 of 2" in rows
    assert ('id="skills-table" open' in client_of("owner").get(f"/today?sort={sort}").text) == (sort in progress.SORTS)


def test_both_languages_speak(client_of, sends):
    sends(3, 0.6)
    page = client_of("owner").get("/today?lang=zh").text
    assert "今天再试一次，正是时候。" in page
    assert "!" not in re.sub(r"<!--.*?-->|<!doctype", "", page)
    assert "！" not in page


def test_however_much_there_is_the_number_of_queries_is_the_same(world, database, client_of, sends, now):
    few = queries(database, lambda: client_of("owner").get("/today"))
    plenty(world, now, items=30)
    with database.reading() as session:
        items = list(session.scalars(select(AssignmentItem.id)))
    for number, item in enumerate(items):
        sends(9 - number / 10, 0.5 + 0.5 * (number % 2), item)
    many = queries(database, lambda: client_of("owner").get("/today"))
    assert len(items) > 30
    assert many == few
    assert many <= 15


def give_skills(world):
    """The skills that the small bank's items do not have."""
    with world.database.writing() as session:
        for item, skills in ((world.coding, "[adding, both]"), (world.words, "[why, both]")):
            pinned = session.get_one(AssignmentItem, item).pinned
            source = pinned.source.replace("```yaml item\n", f"```yaml item\nskills: {skills}\n", 1)
            changed = Revision(
                hash=f"r:{item}",
                suite_hash=pinned.suite_hash,
                bank_id=pinned.bank_id,
                item=pinned.item,
                source=source,
                proof=None,
                created_at=pinned.created_at,
            )
            session.add(changed)
            session.flush()
            session.get_one(AssignmentItem, item).revision = changed.hash
        bank = session.scalars(select(Bank)).one()
        bank.report = {**bank.report, "skills": {"both": {"zh": "两者", "en": "Both"}}}


def plenty(world, now, items):
    """One more course of the owner's, with many items."""
    with world.database.writing() as session:
        course = Course(title="Plenty", zone="UTC")
        session.add(course)
        session.flush()
        session.add(Membership(course_id=course.id, user_id=world.people["owner"], role="student"))
        first = session.get_one(AssignmentItem, world.coding)
        for number in range(items):
            assignment = Assignment(course_id=course.id, title=f"A{number}", counts="best", late_penalty=0.0)
            session.add(assignment)
            session.flush()
            session.add(
                AssignmentItem(
                    assignment_id=assignment.id,
                    bank_id=first.bank_id,
                    item=first.item,
                    revision=first.revision,
                    position=0,
                    points=10,
                    max_submissions=3,
                )
            )


def today(session, world, now):
    user = session.get_one(User, world.people["owner"])
    return progress.today(session, user, [session.get_one(Course, world.here)], "en", now, ZoneInfo("UTC"))


def queries(database, act):
    """How many statements `act` sends to the database."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        assert act().status_code == 200
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return len([each for each in sent if each.lstrip().upper().startswith("SELECT")])
