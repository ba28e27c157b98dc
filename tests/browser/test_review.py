"""Reading answers with the keyboard alone: one key a decision, the next answer at once, everything in one window."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from tests.browser.conftest import TEACHER
from webapp.models import AssignmentItem, Database, Decision, Mark, Membership, Phrasing, ReviewHold, Role, User
from webapp.settings import Settings

pytestmark = pytest.mark.browser
SCREENS = Path(__file__).parents[2] / "build" / "screens"
LAMP = "它像一盏灯，只照亮眼下要用的那几个词，别的暂时放在暗处。权重是训练出来的。"
TEXTS = (
    LAMP,
    f"  {LAMP}\n",
    "The model keeps an eye on the bits it wants. Every bit gets a number, and they are tuned while it trains.",
    "像看书时用手指着某一行；手指指到哪里，哪里就读得更仔细，所以长句子也不容易丢掉开头的意思。",
    "It is a way of looking back. Whatever helps most with the word at hand is read again, and the rest fades.",
)


@pytest.fixture(scope="module")
def waiting(site: Any) -> Any:
    """Answers of a class of its own in which the real grader is in doubt."""
    from grader.answers import grade_words
    from grader.documents import verdict_to_json
    from webapp.items import item_of
    from webapp.learn import sending
    from webapp.learn.attempts import Pace
    from webapp.models import Purpose
    from webapp.queue import rows

    database = Database(Settings(data=site.data).database)
    numbers = []
    with database.reading() as session:
        asked = item_of(session.get_one(AssignmentItem, site.items["attention-concept"]).pinned)
    for place, text in enumerate(TEXTS):
        with database.writing() as session:
            user = User(email=f"r{place}@review.example", name=f"读者 {place}", created_at=datetime.now(UTC))
            session.add(user)
            session.flush()
            session.add(Membership(course_id=site.course, user_id=user.id, role=Role.STUDENT))
            sent = sending.send(
                session, user_id=user.id, item_id=site.items["attention-concept"], content=text.encode(),
                purpose=Purpose.SUBMIT, client_key="", pace=Pace(1000, 1000), now=datetime.now(UTC),
            )  # fmt: skip
            claim = rows.claim(session, "review", datetime.now(UTC) + timedelta(seconds=1), timedelta(minutes=1))
            assert claim is not None
            assert claim.job_id == sent.job_id
            document = verdict_to_json(grade_words(asked, text.encode(), seed=0))
            assert document["review"], text
            assert rows.store(session, claim, document, datetime.now(UTC))
            numbers.append(sent.submission_id)
    yield database, numbers
    database.close()


def until(holds: Callable[[], Any], seconds: float = 15) -> Any:
    """Wait until something holds; playwright's own waiting would need eval, which the policy forbids."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.03)
    return found


def shown(page: Any) -> int:
    """The answer before the reviewer; 0 for none."""
    return int(page.evaluate("document.querySelector('.review-card')?.dataset.answer ?? 0"))


def ready(page: Any) -> None:
    until(lambda: page.evaluate("document.documentElement.dataset.reviewReady === ''"))


def let_go(database: Database) -> None:
    with database.writing() as session:
        for row in session.scalars(select(ReviewHold)):
            session.delete(row)


def begin(window: Any, site: Any, scheme: str = "") -> Any:
    page = window.go(f"/teach/courses/{site.course}/review{scheme}")
    page.click("text=/^(Start reviewing|开始阅卷)$/")
    page.wait_for_url("**/teach/review/*")
    ready(page)
    return page


LEFT = """() => [...document.querySelectorAll(".review-card .review-point")]
  .filter((each) => !each.querySelector("[type=radio]:checked")).length"""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_answers_are_read_with_the_keyboard_alone(visitor: Any, site: Any, waiting: Any, lang: str) -> None:
    database, _numbers = waiting
    let_go(database)
    window = visitor(lang=lang)
    window.sign_in(*TEACHER)
    page = begin(window, site)
    first = shown(page)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "everything without scrolling"
    assert page.evaluate("document.activeElement.classList.contains('review-point')")
    # the first open key point by its key, the others as suggested
    for _each in range(page.evaluate(LEFT) - 1):
        page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    assert shown(page) == first
    page.evaluate("document.querySelector('.review-point:not(:has([type=radio]:checked))').focus()")
    before = time.monotonic()
    page.keyboard.press("2" if lang == "en" else "h")
    second = until(lambda: shown(page) not in (0, first) and shown(page))
    assert time.monotonic() - before < 2
    with database.reading() as session:

        def kept() -> Any:
            session.expire_all()
            session.rollback()
            return session.scalars(
                select(Decision).where(Decision.submission_id == first, Decision.undone_at.is_(None))
            ).all()

        until(kept)
        assert not session.get_one(Mark, first).review
        page.keyboard.press("u")
        until(lambda: shown(page) == first)
        until(lambda: not kept())
        assert session.get_one(Mark, first, populate_existing=True).review
    page.keyboard.press("s")
    until(lambda: shown(page) == second)
    page.keyboard.press("?")
    assert page.evaluate("document.getElementById('review-keys').open")
    page.keyboard.press("Escape")
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("o")
    assert page.evaluate("document.querySelector('.is-current [name^=offer-]').checked")


def test_words_selected_with_the_mouse_are_offered_and_the_last_answer_leads_to_the_queue(
    visitor: Any, site: Any, waiting: Any
) -> None:
    database, numbers = waiting
    let_go(database)
    window = visitor()
    window.sign_in(*TEACHER)
    page = window.go(f"/teach/review/{numbers[2]}?item={site.items['attention-concept']}")
    ready(page)
    page.evaluate("""() => {
      const text = document.querySelector("[data-text]");
      const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
      let node;
      while ((node = walk.nextNode()) && !node.data.includes("keeps an eye on the bits"));
      const range = document.createRange(), start = node.data.indexOf("keeps an eye on the bits");
      range.setStart(node, start);
      range.setEnd(node, start + "keeps an eye on the bits".length);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      text.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
    }""")
    page.keyboard.press("o")
    seen = {numbers[2]}
    for _answer in range(12):
        for _key in range(page.evaluate(LEFT)):
            page.keyboard.press("1")
        at = until(lambda: shown(page) not in seen and (shown(page) or "none"))
        if at == "none":
            break
        seen.add(at)
    assert page.evaluate("document.activeElement.textContent.includes('Nothing waits for you')")
    with database.reading() as session:
        words = until(lambda: session.rollback() or session.scalars(select(Phrasing.text)).all())
        assert "keeps an eye on the bits" in words
        open_ = select(Mark.submission_id).where(Mark.submission_id.in_(numbers), Mark.review)
        until(lambda: session.rollback() or not session.scalars(open_).all())
        assert session.scalars(select(Decision.followed).where(Decision.submission_id == numbers[1])).first() is True


def test_what_somebody_decided_meanwhile_is_told(visitor: Any, site: Any, waiting: Any) -> None:
    from webapp.teach.review import deciding
    from webapp.teach.review.deciding import Choice

    database, numbers = waiting
    let_go(database)
    window = visitor()
    window.expected = ("409",)
    window.sign_in(*TEACHER)
    page = window.go(f"/teach/review/{numbers[3]}")
    ready(page)
    let_go(database)
    with database.writing() as session:
        other = session.scalars(select(User).where(User.is_admin | (User.name == "Robin"))).first()
        found = deciding.before(session, numbers[3])
        assert other is not None
        assert found is not None
        choices = {each["id"]: Choice(0.5) for each in found.key_points}
        deciding.decide(session, numbers[3], other.id, choices, found.seen, datetime.now(UTC))
    for _key in range(page.evaluate(LEFT)):
        page.keyboard.press("3")
    if shown(page) == numbers[3]:
        page.click("[data-decide]")
    until(lambda: page.is_visible("#review-problem"))
    assert "has decided this answer meanwhile" in page.inner_text("#review-problem")


def test_phrasings_are_tried_on_real_answers_while_one_waits(visitor: Any, site: Any, waiting: Any) -> None:
    database, numbers = waiting
    with database.writing() as session:
        item = session.get_one(AssignmentItem, site.items["attention-concept"])
        session.add(
            Phrasing(
                bank_id=item.bank_id, item=item.item, key_point="focus", judgement="yes", text="a lamp that lights up",
                reviewer_id=1, submission_id=numbers[0], created_at=datetime.now(UTC),
            )
        )  # fmt: skip
    window = visitor()
    window.sign_in(*TEACHER)
    page = window.go(f"/teach/phrasings/{item.bank_id}/{item.item}")
    assert "not tried" in page.inner_text("main")
    page.click("text=Try them on the answers")
    until(lambda: "not tried" not in page.inner_text("main") and page.query_selector(".phrasings"), 60)
    assert "Try them again" in page.inner_text("main")
    page.click("text=/^Take/ >> nth=0")
    assert "- yes: " in page.input_value("textarea")
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / "review-phrasings-tried.png", full_page=True)


@pytest.mark.parametrize(
    ("width", "scheme", "lang"),
    [(1280, "light", "zh"), (1280, "dark", "en"), (390, "light", "en"), (390, "dark", "zh")],
)
def test_the_pages_are_looked_at(
    visitor: Any, site: Any, waiting: Any, width: int, scheme: str, lang: str
) -> None:
    database, numbers = waiting
    let_go(database)
    SCREENS.mkdir(parents=True, exist_ok=True)
    window = visitor(lang=lang, width=width, scheme=scheme)
    window.sign_in(*TEACHER)
    with database.writing() as session:
        item = session.get_one(AssignmentItem, site.items["attention-concept"])
        words = [f"{width} {scheme}: it looks where it matters most for the word at hand", f"{width} {scheme} 权重不同"]
        values = {"bank_id": item.bank_id, "item": item.item, "reviewer_id": 1, "created_at": datetime.now(UTC)}
        session.add(Phrasing(key_point="focus", judgement="yes", text=words[0], **values))
        session.add(Phrasing(key_point="weights", judgement="half", text=words[1], state="taken", **values))
    for name, path in (
        ("queue", f"/teach/courses/{site.course}/review"),
        ("answer", f"/teach/review/{numbers[0]}"),
        ("submission", f"/teach/submissions/{numbers[1]}"),
        ("phrasings", "/teach/phrasings/attention/attention-concept"),
    ):
        page = window.go(path)
        page.screenshot(path=SCREENS / f"review-{name}-{width}-{scheme}-{lang}.png")
        assert Axe().run(page).response["violations"] == [], name
