"""What students' pages show, gathered from the database and the items; decides nothing itself (see `attempts`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.choices import is_multiple
from grader.shown_text import text_of
from questions.model import Item, Kind
from webapp import access, variants
from webapp.access import Place
from webapp.items import item_of, signature
from webapp.languages import say
from webapp.learn import answers, course_map, estimates, hints, history, overview, records, sending, values
from webapp.learn.attempts import Dates, Refused, Standing, Window, may_submit
from webapp.learn.papers import papers_view
from webapp.learn.verdicts import VerdictView, finished
from webapp.marks import reviewing
from webapp.models import (
    Assignment,
    AssignmentItem,
    Course,
    Draft,
    Job,
    Mark,
    Purpose,
    Revision,
    State,
    Submission,
    User,
    Verdict,
)
from webapp.second_look.asking import SecondLook, second_look
from webapp.variants import Parameters, filled_prose


def item_page(
    session: Session,
    place: Place,
    lang: str,
    now: datetime,
    job: Job | None = None,
    *,
    typed: str | None = None,
    loaded: str | None = None,
) -> values.ItemPage:
    """An item's page; `job` is the judging to show, otherwise the newest.

    `typed` is what was sent and not taken, `loaded` an earlier submission: one of them is to stand in the fields.
    """
    item, user = place.item, place.user
    asked = item_of(item.pinned)
    dates = records.dates_for(session, place.assignment, user.id)
    window = dates.window(now)
    attempts = records.attempts_at(session, user.id, item.id)
    mine = records.standing_of(item, attempts, guest=user.is_guest)
    answers_open = mine.answers_open or place.role.teaches
    over = place.course.archived_at is not None
    refused = Refused.ARCHIVED if over else None if place.role.teaches else may_submit(window, mine)
    open_ = window is not Window.NOT_OPEN or place.role.teaches
    newest = _newest_job(session, user.id, item.id)
    job = job or (judging_of(session, newest) if newest else None)
    draft = session.get(Draft, (user.id, item.id))
    content = _content(draft, newest, asked) if typed is None else typed
    shown = content if loaded is None else loaded
    known = variants.parameters_for(asked, item.pinned, user.id, item.id)
    before, after = (None, None) if user.is_guest else _neighbours(session, item, lang)
    return values.ItemPage(
        id=item.id,
        course_id=place.course.id,
        course_title=say(place.course.title, lang),
        assignment_title=say(place.assignment.title, lang),
        title=say(asked.title, lang),
        section=say(asked.section, lang),
        kind=asked.kind,
        points=item.points,
        skills=asked.skills,
        previous=before,
        next=after,
        question_html=filled_prose(say(asked.question, lang), known),
        hints=hints.hints_view(asked, hints.opened(session, user.id, item.id) if asked.hints else 0, lang, known),
        readings=_readings(asked, lang, known) if answers_open or asked.misconceptions else (),
        starter=asked.starter.source if asked.starter else "",
        signature=signature(asked.starter.source) if asked.starter else (),
        public_tests=tuple(say(test.title, lang) for test in asked.test_specs if not test.hidden),
        hidden_tests=sum(test.hidden for test in asked.test_specs),
        limits=values.LimitsView(asked.limits.seconds, asked.limits.memory_mb),
        content=content,
        draft_version=draft.version if draft else 0,
        draft_saved_at=draft.saved_at if draft else None,
        client_key=sending.new_key(),
        can_run=asked.kind is Kind.CODING and open_ and known is not None and not over,
        can_submit=refused is None and known is not None,
        why_not=sending.why_not(refused, mine) if refused else sending.preparing().message if known is None else "",
        progress=_progress(item, place.assignment, dates, window, mine),
        history=history.newest(session, user.id, item.id, attempts, mine, dates, job.submission_id if job else 0),
        history_total=len(attempts),
        selected=(verdict_view(session, job, lang, now, dates, asked.kind, answers_open=answers_open) if job else None),
        answer=(
            _answer(asked, lang, known, folded=not answers_open)
            if known is not None and (answers_open or mine.practice)
            else None
        ),
        content_limit=sending.content_limit(asked.kind),
        options=answers.options_of(asked, shown, lang, known),
        multiple=is_multiple(asked),
        typed=answers.typed_in(asked, shown),
        units=answers.units_of(asked),
        preparing=known is None,
        loaded=loaded,
        look=None if place.role.teaches or job is None else look_at(session, job, item, user),
        difficulty=asked.difficulty,
        beside=course_map.beside(session, place, lang, now, solved=mine.solved),
    )


def look_at(session: Session, job: Job, item: AssignmentItem, user: User) -> SecondLook | None:
    """What people have to do with what `job` judged: nothing with a run, and nothing with a guest's."""
    if job.purpose == Purpose.RUN or user.is_guest:
        return None
    return second_look(session, user.id, job.submission_id, item)


def _content(draft: Draft | None, newest: Job | None, asked: Item) -> str:
    """What was typed or sent last, else the starter."""
    if newest is not None and (draft is None or newest.created_at > draft.saved_at):
        return text_of(newest.submission.content)
    if draft is not None:
        return draft.content
    return asked.starter.source if asked.starter else ""


def _neighbours(
    session: Session, item: AssignmentItem, lang: str
) -> tuple[values.Neighbour | None, values.Neighbour | None]:
    items = records.items_of(session, [item.assignment_id])
    place = next(index for index, each in enumerate(items) if each.id == item.id)
    near = [items[index] if 0 <= index < len(items) else None for index in (place - 1, place + 1)]
    revisions = records.revisions(session, {each.revision for each in near if each})
    before, after = (
        values.Neighbour(each.id, say(item_of(revisions[each.revision]).title, lang)) if each else None for each in near
    )
    return before, after


def _progress(
    item: AssignmentItem, assignment: Assignment, dates: Dates, window: Window, mine: Standing
) -> values.ProgressView:
    return values.ProgressView(
        score=mine.score,
        points=item.points,
        status=mine.status,
        attempts_used=mine.used,
        attempts_left=mine.left,
        attempts_max=item.max_submissions,
        dates=overview.dates_view(assignment, dates, window),
        review=bool(mine.counting and mine.counting.review),
    )


def _readings(asked: Item, lang: str, known: Parameters | None) -> tuple[values.ReadingView, ...]:
    return tuple(
        values.ReadingView(reading.id, say(reading.title, lang), filled_prose(say(reading.text, lang), known))
        for reading in asked.readings
    )


def _answer(asked: Item, lang: str, known: Parameters, *, folded: bool) -> values.AnswerView:
    return values.AnswerView(
        folded=folded,
        answer_html=filled_prose(say(asked.answer, lang), known),
        explanation_html=filled_prose(say(asked.explanation, lang), known),
        reference=asked.reference.source if asked.kind is Kind.CODING and asked.reference else "",
        options=answers.answered_options(asked, (), lang, known, told=True),
        values=answers.right_values(asked, known),
        papers=papers_view(asked.papers),
    )


def _newest_job(session: Session, user_id: int, item_id: int) -> Job | None:
    return session.scalar(
        select(Job)
        .join(Submission, Submission.id == Job.submission_id)
        .where(Submission.user_id == user_id, Submission.assignment_item_id == item_id)
        .where(Job.purpose != Purpose.REGRADE)
        .order_by(Submission.id.desc(), Job.id.desc())
        .limit(1)
    )


def judging_of(session: Session, job: Job) -> Job:
    """The judging to show for a submission or a run: of a submission the one that counts, which may be a later one."""
    if job.purpose == Purpose.RUN:
        return job
    mark = session.get(Mark, job.submission_id)
    return session.get_one(Job, mark.verdict_job_id) if mark else job


def job_that_counts(session: Session, submission: Submission) -> Job | None:
    """The judging that counts for a submission, else the newest one."""
    marked = session.scalar(
        select(Job).join(Mark, Mark.verdict_job_id == Job.id).where(Mark.submission_id == submission.id)
    )
    return marked or session.scalar(
        select(Job).where(Job.submission_id == submission.id).order_by(Job.id.desc()).limit(1)
    )


def verdict_view(
    session: Session,
    job: Job,
    lang: str,
    now: datetime,
    dates: Dates,
    kind: Kind,
    *,
    staff: bool = False,
    answers_open: bool = False,
) -> VerdictView:
    """A judging in whatever state it is."""
    submission = job.submission
    late = dates.is_late(submission.created_at) and job.purpose != Purpose.RUN
    verdict = session.get(Verdict, job.id)
    if verdict is None:
        position = access.places().place(session, job.id) if job.state == State.WAITING else None
        return VerdictView(
            job_id=job.id,
            submission_id=job.submission_id,
            purpose=job.purpose,
            state=job.state,
            late=late,
            created_at=submission.created_at,
            waited_seconds=max(0.0, (now - job.created_at).total_seconds()),
            position=position,
            seconds_left=estimates.seconds_until_judged(job, position, now),
            unattended=job.state == State.WAITING and not access.carrier().workers(),
        )
    return finished(
        reviewing.as_read(session, submission, verdict) if kind is Kind.SHORT_ANSWER else verdict.document,
        lang,
        job_id=job.id,
        submission_id=job.submission_id,
        purpose=job.purpose,
        created_at=submission.created_at,
        late=late,
        staff=staff,
        answers_open=answers_open,
        text=text_of(submission.content) if kind in (Kind.SHORT_ANSWER, Kind.CODING) else "",
        kind=kind,
    )


def submission_page(
    session: Session, submission: Submission, course: Course, lang: str, now: datetime
) -> values.SubmissionPage:
    """One's own submission."""
    item = submission.assignment_item
    revision = session.get_one(Revision, submission.revision)
    asked = item_of(revision)
    dates = records.dates_for(session, item.assignment, submission.user_id)
    job = job_that_counts(session, submission)
    attempts = records.attempts_at(session, submission.user_id, item.id)
    mine = records.standing_of(item, attempts, guest=submission.user.is_guest)
    known, content = variants.parameters(revision, submission.variant), text_of(submission.content)
    return values.SubmissionPage(
        id=submission.id,
        item_id=item.id,
        course_id=course.id,
        course_title=say(course.title, lang),
        item_title=say(asked.title, lang),
        kind=asked.kind,
        created_at=submission.created_at,
        content=answers.as_text(asked, content, lang, known),
        selected=(
            verdict_view(session, job, lang, now, dates, asked.kind, answers_open=mine.answers_open) if job else None
        ),
        look=look_at(session, job, item, submission.user) if job else None,
        options=answers.answered_options(
            asked, answers.chosen_in(asked, content), lang, known, told=mine.answers_open
        ),
    )
