"""The map of a course: what is on it, in which order, what it recommends, and what it keeps to itself."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from tests.questions.test_paths import HEAD, item
from tests.webapp.test_progress import queries
from webapp import banks
from webapp.courses import keeping
from webapp.learn.papers import papers_view
from webapp.models import Assignment, AssignmentItem, Audit, Course, Draft, Membership, User
from webapp.models.times import utc_now

HEAD = HEAD.replace("id: small", "id: walk")
FIRST = "## 先 | Basics\n\n" + item("one") + item("two", "one") + item("three", "one", "two")
SECOND = "## 后 | Beyond\n\n" + item("four", "three") + item("five") + item("six", "five", "missing-here")
MISSING = "## 外 | Outside\n\n" + item("missing-here", "one")
PATHS = """```yaml path
id: backwards
title: 倒着走 | The other way round
sections:
  - title: 起点 | Where it starts
    items: [five, six]
  - title: 终点 | Where it ends
    items: [one, two]
```

```yaml path
id: short
title: 抄近路 | A short cut
sections:
  - title: 一步 | One step
    items: [four]
```

"""


@pytest.fixture
def now():
    """The page reads the clock."""
    return utc_now()


@pytest.fixture
def walk(world, now, tmp_path):
    """Makes a course over a bank of six items and one that nobody asks; gives items' numbers by name."""

    def walk(head=HEAD, who="owner", names=("one", "two", "three", "four", "five", "six")):
        folder = tmp_path / "walk"
        folder.mkdir(exist_ok=True)
        (folder / "walk.md").write_text(head + FIRST + SECOND + MISSING)
        with world.database.writing() as session:
            bank, _loaded = banks.load(session, folder, now)
            course = Course(title="Walk", zone="UTC")
            session.add(course)
            session.flush()
            session.add(Membership(course_id=course.id, user_id=world.people[who], role="student"))
            session.add(Membership(course_id=course.id, user_id=world.people["instructor"], role="instructor"))
            assignment = Assignment(course_id=course.id, title="Everything", counts="best", late_penalty=0.0)
            session.add(assignment)
            session.flush()
            world.walk, world.walked = course.id, assignment.id
            for position, name in enumerate(names):
                banks.pin(session, assignment.id, bank.item(name), position, 3)
            rows = session.scalars(select(AssignmentItem).where(AssignmentItem.assignment_id == assignment.id))
            return {row.item: row.id for row in rows}

    return walk


@pytest.fixture
def sends(world, now):
    def sends(item_id, share, days=1.0, who="owner"):
        at = now - timedelta(days=days)
        world.send(who, f"{item_id} {share} {days}".encode(), item_id=item_id, now=at)
        assert world.judge(now=at, share=share) is not None

    return sends


@pytest.fixture
def seen(client_of, world):
    """The map as somebody sees it: its words, and its stations with the items of each."""

    def seen(who="owner", query="", lang="en"):
        response = client_of(who).get(f"/courses/{world.walk}/map{query}", headers={"Accept-Language": lang})
        assert response.status_code == 200
        stations = [
            (titles[0], titles[1:])
            for station in response.text.split('<li class="station">')[1:]
            if (titles := re.findall(r"<h2[^>]*>([^<]*)</h2>|class=\"title\"[^>]*>([^<]*)<", station))
        ]
        found = [(first[0], [title for _, title in rest]) for first, rest in stations]
        return words(response.text), found, response.text

    return seen


def words(html):
    text = re.sub(r"<(?:script|style|svg).*?</(?:script|style|svg)>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(text).split())


BASICS = ("Basics", ["one", "two", "three"])
BEYOND = ("Beyond", ["four", "five", "six"])


def test_sections_stand_in_order_with_their_items_and_what_the_course_does_not_ask_is_left_out(walk, seen):
    walk()
    text, stations, html = seen()
    assert stations == [BASICS, BEYOND]
    assert "0 of 6 items solved" in text
    assert "missing-here" not in html
    assert "Outside" not in html
    assert "Map of the course" in text


def test_what_is_recommended_first_is_a_hint_and_every_item_can_be_opened(walk, seen, client_of):
    ids = walk()
    text, _stations, html = seen()
    assert "three short answer · Not started First: one , two" in text
    for number in ids.values():
        assert f'href="/items/{number}"' in html
        assert client_of("owner").get(f"/items/{number}").status_code == 200
    lines = set(re.findall(r'data-before="(\d+)" data-after="(\d+)"', html))
    wanted = {("one", "two"), ("two", "three"), ("three", "four"), ("five", "six")}
    assert lines == {(str(ids[before]), str(ids[after])) for before, after in wanted}


def test_what_is_done_opens_what_builds_on_it_and_the_next_step_says_so(walk, seen, sends):
    ids = walk()
    text, _stations, html = seen()
    assert "Do this next one 1 point It is the first one of “Everything”." in text
    sends(ids["one"], 1.0)
    text, _stations, html = seen()
    assert "Do this next two 1 point It comes next in “Everything”. It builds on “one”, which you have done." in text
    assert f'class="node is-open is-next" data-node="{ids["two"]}"' in html
    assert "First: two" in text
    assert f'data-before="{ids["one"]}" data-after="{ids["two"]}" class="done"' in html
    assert "1 of 3 solved" in text
    assert "one short answer · Passed" in text


def test_an_item_whose_ground_is_not_laid_comes_after_one_whose_is(walk, seen, sends):
    ids = walk(names=("two", "five", "one"))
    text, _stations, _html = seen()
    assert "Do this next five" in text, "“two” builds on “one”, which is not done"
    sends(ids["five"], 1.0)
    assert "Do this next one" in seen()[0]


def test_states_are_those_of_every_page(walk, seen, sends, world, now):
    ids = walk()
    sends(ids["one"], 0.5, days=20)
    sends(ids["two"], 0.0, days=0.01)
    with world.database.writing() as session:
        draft = Draft(user_id=world.people["owner"], assignment_item_id=ids["four"], content="begun", saved_at=now)
        session.add(draft)
    text = seen()[0]
    assert "one short answer · Partly right · due again" in text
    assert "two short answer · Not yet right" in text
    assert "four short answer · Not started · draft kept Do this next" in text
    assert "After that, on the map:" in text


def test_a_declared_path_is_followed_and_others_can_be_chosen(walk, seen):
    walk(HEAD + PATHS)
    text, stations, html = seen()
    assert "The other way round" in text
    assert stations == [
        ("Where it starts", ["five", "six"]), ("Where it ends", ["one", "two"]),
        ("Also in this course", ["three", "four"]),
    ]  # fmt: skip
    assert seen(query="?path=walk/short")[1][0] == ("One step", ["four"])
    assert seen(query="?path=no/such'path")[1] == stations
    assert html.count('aria-current="page"') == 1
    assert "抄近路" in seen(query="?lang=zh&path=walk/short")[0]


def test_a_course_that_names_its_path_leaves_no_choice(walk, seen, world, client_of, database):
    walk(HEAD + PATHS)
    settings = f"/teach/courses/{world.walk}/settings"
    page = client_of("instructor").get(settings).text
    assert '<option value="walk/short">A short cut</option>' in page
    form = {"en": "Walk", "zone": "UTC"}
    client_of("instructor").post(settings, data=form | {"path": "walk/short"})
    _text, stations, html = seen(query="?path=walk/backwards")
    assert stations[0] == ("One step", ["four"])
    assert "Ways through this course" not in html
    with database.reading() as session:
        assert session.scalars(select(Audit.after).where(Audit.action == "course-change")).all() == [
            {"path": "walk/short"}
        ]
    client_of("instructor").post(settings, data=form)
    client_of("instructor").post(settings, data=form | {"path": "walk/nothing"})
    assert seen()[1] == stations, "what no form said, or no bank has, changes nothing"
    client_of("instructor").post(settings, data=form | {"path": ""})
    assert seen()[1][0][0] == "Where it starts"


def test_what_is_not_open_yet_is_only_announced(walk, seen, world, now):
    walk()
    with world.database.writing() as session:
        session.get_one(Assignment, world.walked).opens_at = now + timedelta(days=3)
    text, stations, _html = seen()
    assert stations == []
    assert "There is nothing on this map yet." in text
    assert "“Everything” opens" in text


def test_an_item_that_two_assignments_ask_is_there_once_where_it_is_graded(walk, seen, sends, world, now):
    ids = walk()
    with world.database.writing() as session:
        practice = Assignment(course_id=world.walk, title="Again", counts="best", late_penalty=0.0, practice=True)
        session.add(practice)
        session.flush()
        row = session.get_one(AssignmentItem, ids["one"])
        twin = AssignmentItem(
            assignment_id=practice.id, bank_id=row.bank_id, item=row.item, revision=row.revision, position=0, points=1
        )
        session.add(twin)
        session.flush()
        again = twin.id
    assert seen()[1] == [BASICS, BEYOND]
    sends(again, 1.0)
    text, stations, html = seen()
    assert stations == [BASICS, BEYOND]
    assert f'data-node="{again}"' not in html
    assert "one short answer · Not started Do this next" in text
    assert "two short answer · Not started Builds on: one" in text, "who has practised it knows it"


def test_people_see_their_own_states_and_outsiders_nothing(walk, seen, sends, client_of, world):
    ids = walk()
    sends(ids["one"], 1.0)
    assert "Passed" in seen()[0]
    text = seen("instructor")[0]
    assert "Passed" not in text
    assert "items solved" not in text
    assert client_of("classmate").get(f"/courses/{world.walk}/map").status_code == 404
    with world.database.writing() as session:
        session.get_one(User, world.people["owner"]).is_guest = True
    assert "/map" not in client_of("owner").get(f"/items/{ids['one']}").text


def test_the_map_is_one_click_away(walk, client_of, world):
    ids = walk()
    link = f'href="/courses/{world.walk}/map"'
    for page in ("/today", f"/courses/{world.walk}", f"/items/{ids['one']}"):
        assert link in client_of("owner").get(page).text


def test_a_bank_that_was_read_by_an_older_version_has_its_sections_all_the_same(walk, seen, world):
    from webapp.models import Bank

    walk()
    with world.database.writing() as session:
        bank = session.get_one(Bank, "walk")
        bank.report = {name: value for name, value in bank.report.items() if name not in ("paths", "sections")}
    assert seen()[1] == [BASICS, BEYOND]


def test_however_many_items_there_are_the_number_of_queries_is_the_same(
    walk, world, client_of, database, sends, now, tmp_path
):
    ids = walk()
    client = client_of("owner")
    few = queries(database, lambda: client.get(f"/courses/{world.walk}/map"))
    one = queries(database, lambda: client.get(f"/items/{ids['three']}"))
    names = [f"more-{number}" for number in range(60)]
    folder = tmp_path / "more"
    folder.mkdir()
    parts = [[item(name, "more-0") for name in names[part::6]] for part in range(6)]
    sections = "".join(f"## 节 | Part {part}\n\n{''.join(items)}" for part, items in enumerate(parts))
    (folder / "more.md").write_text(HEAD.replace("id: walk", "id: more") + sections.replace("[more-0]", "[more-1]", 1))
    with world.database.writing() as session:
        bank, loaded = banks.load(session, folder, now)
        assert loaded.items == 60
        for position, name in enumerate(names[1:]):
            banks.pin(session, world.walked, bank.item(name), position + 10, 3)
        extra = list(session.scalars(select(AssignmentItem.id).where(AssignmentItem.bank_id == "more")))
    client.get(f"/courses/{world.walk}/map")  # what each revision holds is read once in a process
    for number, each in enumerate(extra[:30]):
        sends(each, number % 2, days=number / 3)
    many = queries(database, lambda: client.get(f"/courses/{world.walk}/map"))
    assert many <= few + 2, "what a repetition quotes from"
    assert many <= 17
    assert queries(database, lambda: client.get(f"/items/{ids['three']}")) == one


def test_an_item_s_page_says_what_comes_first_and_after_full_marks_what_comes_next(walk, client_of, sends):
    ids = walk()
    page = words(client_of("owner").get(f"/items/{ids['three']}").text)
    assert "Recommended first: one · Not started two · Not started" in page
    sends(ids["one"], 1.0)
    page = words(client_of("owner").get(f"/items/{ids['one']}").text)
    assert "Next on the map: two It builds on “one”, which you have done." in page
    assert "Next on the map" not in words(client_of("owner").get(f"/items/{ids['two']}").text)
    page = words(client_of("owner").get(f"/items/{ids['three']}").text)
    assert "Recommended first: one · Passed two · Not started" in page
    sends(ids["two"], 1.0)
    assert "Recommended first" not in client_of("owner").get(f"/items/{ids['three']}").text


def test_a_verdict_that_arrives_brings_the_next_item_along(walk, client_of, world, now):
    ids = walk()
    sent = world.send("owner", b"because", item_id=ids["one"], now=now)
    world.judge(now=now, share=1.0)
    told = client_of("owner").get(f"/jobs/{sent.job_id}", headers={"Accept": "application/json"}).get_json()
    assert "Next on the map" in told["fragments"]["verdict"]


def test_references_become_links_where_they_say_where():
    (first, second, third) = papers_view(
        [
            "Vaswani et al. 2017, Attention Is All You Need, arXiv:1706.03762, section 3.2.1",
            "Hochreiter & Schmidhuber 1997 (doi:10.1162/neco.1997.9.8.1735).",
            'A <b>book</b> "of 2016", javascript:alert(1)',
        ]
    )
    assert [(piece.text, piece.address) for piece in first] == [
        ("Vaswani et al. 2017, Attention Is All You Need, ", ""),
        ("arXiv:1706.03762", "https://arxiv.org/abs/1706.03762"),
        (", section 3.2.1", ""),
    ]
    assert second[1].address == "https://doi.org/10.1162/neco.1997.9.8.1735"
    assert "".join(piece.text for piece in second).endswith("1735).")
    assert [piece.address for piece in third] == [""]


def test_papers_are_shown_with_the_explanation_and_not_before(client_of, world, sends, walk, tmp_path):
    paper = "papers: ['Bahdanau et al. 2015, arXiv:1409.0473']\ndifficulty: 3\n"
    ids = walk(HEAD + "## 零 | Zero\n\n" + item("zero", "one").replace("prerequisites", paper + "prerequisites"),
               names=("one", "zero"))  # fmt: skip
    page = client_of("owner").get(f"/items/{ids['zero']}").text
    assert "arxiv.org" not in page
    assert "a small project" in page
    sends(ids["zero"], 1.0)
    page = client_of("owner").get(f"/items/{ids['zero']}").text
    assert '<a href="https://arxiv.org/abs/1409.0473" rel="noreferrer external">arXiv:1409.0473</a>' in page


def test_a_path_nobody_offers_is_kept_out_of_a_course(database, world, now):
    with database.writing() as session:
        keeping.change(session, world.here, "Here", "UTC", None, world.people["instructor"], now)
        assert session.get_one(Course, world.here).path is None


def test_titles_are_shown_as_titles_wherever_they_stand(walk, client_of, seen, sends):
    sum_of = item("one").replace("### 题 | one", "### 和 $x$ | Sum $x$ <script>alert(1)</script>")
    ids = walk(HEAD + "## 零 | Zero\n\n" + sum_of.replace("#one", "#nought") + item("after", "nought"),
               names=("nought", "after"))  # fmt: skip
    assert "<script>alert" not in seen()[2]
    sends(ids["nought"], 1.0)
    for page in (seen()[2], client_of("owner").get(f"/items/{ids['nought']}").text):
        told = page[page.index("It builds on") :][:400]
        assert "<script>alert" not in page
        assert "$x$" not in told
        assert 'class="math' in told or "arithmatex" in told
