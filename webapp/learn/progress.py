"""The page of today: what to do next and why, what is known of each skill, what happened since the last visit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from webapp.languages import say
from webapp.learn import progress_records, progress_words, scheduling, skills
from webapp.learn import progress_values as values
from webapp.learn.activity import activity
from webapp.learn.progress_records import Checks, Desk
from webapp.learn.progress_words import Calendar
from webapp.learn.scheduling import Ahead, Effort, Step, Why, Work
from webapp.learn.skills import Evidence, Level, Skill
from webapp.models import Course, User

FURTHER = 5
"""Steps that are shown after the first."""
NEWS = 6
"""Pieces of news that are shown."""
SORTS = ("skill", "tried", "checks", "points", "last")
"""What the table of skills can be sorted by; the first unless asked."""


def today(
    session: Session,
    user: User,
    courses: Sequence[Course],
    lang: str,
    now: datetime,
    zone: tzinfo,
    *,
    since: datetime | None = None,
    sort: str = "",
) -> values.TodayPage:
    """Everything for somebody in `courses`; news are what happened after `since`."""
    desk = progress_records.desk(session, user.id, courses, now)
    calendar = Calendar(now, zone)
    best = {work.item_id: effort for work in desk.works if (effort := _best(work))}
    found = skills.by_skill((_evidence(work, best.get(work.item_id), Checks()) for work in desk.works), now)
    steps = _few_new(scheduling.steps(desk.works, skills.weak(found), now, zone))[: FURTHER + 1]
    opening = [dates.opens_at for dates in desk.dates.values() if dates.opens_at]
    ahead = Ahead() if steps else scheduling.ahead(desk.works, opening, now, zone)
    checks = progress_records.checks_of(
        session, {effort.job_id for effort in best.values()} | {job for step in steps if (job := _last_job(step))}
    )
    found = skills.by_skill(
        (
            _evidence(work, effort, checks.get(effort.job_id, Checks()) if effort else Checks())
            for work in desk.works
            for effort in [best.get(work.item_id)]
        ),
        now,
    )
    names = progress_records.skill_names(session, {item.bank_id for item in desk.items.values()})
    views = _Views(desk, courses, names, {each.id: each for each in found}, calendar, lang, checks)
    shown = [views.step(step) for step in steps]
    table = [views.skill(each) for each in found]
    calendar_of = activity((each.at for each in desk.sent), now, zone)
    return values.TodayPage(
        is_new=not any(each.item_id in desk.items for each in desk.sent),
        several=len(courses) > 1,
        step=shown[0] if shown else None,
        nothing="" if shown else progress_words.nothing(desk.works, ahead, calendar, courses=len(courses)),
        ahead=views.step(ahead.repetition) if ahead.repetition else None,
        further=_by_course(shown[1:]),
        news=views.news(session, user.id, since, now) if since is not None else (),
        skills=tuple(
            sorted(
                (each for each in table if each.tried >= skills.ENOUGH),
                key=lambda each: -each.shown / (each.shown + each.missed),
            )
        ),
        few=tuple(each for each in table if each.level is Level.ONE_ITEM),
        untried=tuple(each for each in table if each.level is Level.UNTRIED),
        table=tuple(_sorted(table, sort)),
        sort=sort if sort in SORTS else SORTS[0],
        is_sorted=sort in SORTS,
        maps=views.maps(),
        activity=values.ActivityView(
            calendar_of,
            progress_words.worked(calendar_of, calendar),
            tuple(progress_words.week(week, calendar) for week in calendar_of.weeks),
            progress_words.months(calendar_of),
            progress_words.weekdays(calendar_of),
        ),
    )


def next_step(
    session: Session, user: User, course: Course, lang: str, now: datetime, zone: tzinfo
) -> values.StepView | None:
    """The one thing to do next in a course."""
    desk = progress_records.desk(session, user.id, [course], now)
    return first_step(session, desk, course, lang, now, zone)


def first_step(
    session: Session, desk: Desk, course: Course, lang: str, now: datetime, zone: tzinfo
) -> values.StepView | None:
    """The same for who has the course's desk at hand."""
    found = skills.by_skill((_evidence(work, _best(work), Checks()) for work in desk.works), now)
    steps = scheduling.steps(desk.works, skills.weak(found), now, zone)
    if not steps:
        return None
    job = _last_job(steps[0])
    checks = progress_records.checks_of(session, {job}) if job else {}
    names = progress_records.skill_names(session, {item.bank_id for item in desk.items.values()})
    known = {each.id: each for each in found}
    return _Views(desk, [course], names, known, Calendar(now, zone), lang, checks).step(steps[0])


def _best(work: Work) -> Effort | None:
    """The submission that shows most, the newest of equals."""
    return max(
        (effort for effort in work.efforts if not effort.run), key=lambda each: (each.share, each.at), default=None
    )


def _evidence(work: Work, best: Effort | None, checks: Checks) -> Evidence:
    if best is None:
        return Evidence(work.skills, work.points)
    return Evidence(work.skills, work.points, best.share, best.at, checks.passed, checks.total)


def _last_job(step: Step) -> int | None:
    """The submission that a repetition quotes from."""
    sent = [effort for effort in step.work.efforts if not effort.run and not effort.passed]
    return sent[-1].job_id if step.why is Why.AGAIN and sent and not step.work.standing.solved else None


def _few_new(steps: Iterable[Step]) -> list[Step]:
    """`steps` with one new item at most: what follows it stands on the course's page."""
    found: list[Step] = []
    for step in steps:
        if step.why is not Why.NEXT or all(each.why is not Why.NEXT for each in found):
            found.append(step)
    return found


def _by_course(steps: Iterable[values.StepView]) -> tuple[values.CourseSteps, ...]:
    found: dict[int, list[values.StepView]] = {}
    for step in steps:
        found.setdefault(step.course_id, []).append(step)
    return tuple(values.CourseSteps(number, each[0].course_title, tuple(each)) for number, each in found.items())


def _sorted(table: list[values.SkillView], sort: str) -> list[values.SkillView]:
    """The table in the order asked for; of what is not known yet nothing comes first."""
    match sort:
        case "tried":
            return sorted(table, key=lambda each: (-each.tried, each.name))
        case "checks":
            return sorted(table, key=lambda each: (-each.passed, -each.checks, each.name))
        case "points":
            return sorted(table, key=lambda each: (-each.shown, each.missed, each.name))
        case "last":
            return sorted(table, key=lambda each: (-each.last_at.timestamp() if each.last_at else 0.0, each.name))
    return sorted(table, key=lambda each: each.name.lower())


class _Views:
    """Turns what was decided into what is shown, in one language."""

    def __init__(
        self,
        desk: Desk,
        courses: Sequence[Course],
        names: dict[str, object],
        known: dict[str, Skill],
        calendar: Calendar,
        lang: str,
        checks: dict[int, Checks],
    ) -> None:
        self.desk, self.calendar, self.lang, self.checks = desk, calendar, lang, checks
        self.courses = {course.id: course for course in courses}
        self.names, self.known = names, known

    def name(self, skill: str) -> str:
        """What a skill is called; one that its bank does not name, by its word."""
        return (say(self.names[skill], self.lang) if skill in self.names else "") or skill

    def step(self, step: Step) -> values.StepView:
        """A step with its reason."""
        item = self.desk.items[step.work.item_id]
        assignment = self.desk.assignments[item.assignment_id]
        course = self.courses[assignment.course_id]
        title = say(assignment.title, self.lang)
        missed = self.checks.get(_last_job(step) or 0, Checks())
        return values.StepView(
            item_id=item.id,
            title=say(self.desk.faces[item.id].title, self.lang),
            course_id=course.id,
            course_title=say(course.title, self.lang),
            assignment_title=title,
            why=step.why,
            reason=progress_words.reason(
                step, self.calendar, assignment=title, skill=self.name(step.skill), known=self.known.get(step.skill)
            ),
            urge=progress_words.urge(step) or self.builds_on(step),
            missed=progress_words.missed(missed, self.lang),
            note=progress_words.note(step),
            action=progress_words.action(step),
            status=step.work.standing.status,
            score=step.work.standing.score,
            points=item.points,
        )

    def maps(self) -> tuple[values.CourseSteps, ...]:
        """The courses whose map has something on it."""
        shown = {self.desk.assignments[item.assignment_id].course_id for item in self.desk.items.values()}
        courses = (course for course in self.courses.values() if course.id in shown)
        return tuple(values.CourseSteps(course.id, say(course.title, self.lang), ()) for course in courses)

    def builds_on(self, step: Step) -> str:
        """Of something new, what it builds on."""
        if step.why is not Why.NEXT:
            return ""
        if step.work.missing:
            return progress_words.first(say(self.desk.faces[each].title, self.lang) for each in step.work.missing)
        return progress_words.builds_on(say(self.desk.faces[each].title, self.lang) for each in step.work.after)

    def skill(self, skill: Skill) -> values.SkillView:
        """A skill with its sentence."""
        return values.SkillView(
            id=skill.id,
            name=self.name(skill.id),
            sentence=progress_words.sentence(skill),
            doubt=progress_words.doubt(skill, self.calendar),
            level=skill.level,
            shown=skill.shown,
            missed=skill.missed,
            untried=skill.untried,
            points=skill.points,
            items=skill.items,
            tried=skill.tried,
            passed=skill.passed,
            checks=skill.checks,
            last_at=skill.last_at,
        )

    def news(self, session: Session, user_id: int, since: datetime, now: datetime) -> tuple[values.NewsView, ...]:
        """What others did since then, and what was judged meanwhile; the newest first."""
        by_submission = {each.submission_id: each for each in self.desk.sent if each.item_id in self.desk.items}
        decided = progress_records.decided(session, user_id, since)
        found = [
            self._of_item(progress_words.decided(), by_submission[submission].item_id, at)
            for submission, at in decided
            if submission in by_submission
        ]
        told = {submission for submission, _at in decided}
        found += [
            self._of_item(progress_words.judged(each), each.item_id, each.judged_at)
            for each in by_submission.values()
            if each.judged_at and each.judged_at > since and (each.at <= since or each.again)
            if not each.run and each.submission_id not in told
        ]
        found += [
            values.NewsView(progress_words.opened(), 0, each.course_id, say(each.title, self.lang), dates.opens_at)
            for each in self.desk.assignments.values()
            if (dates := self.desk.dates[each.id]).opens_at and since < dates.opens_at <= now
        ]
        return tuple(sorted(found, key=lambda each: each.at, reverse=True)[:NEWS])

    def _of_item(self, text: str, item_id: int, at: datetime) -> values.NewsView:
        item = self.desk.items[item_id]
        course = self.desk.assignments[item.assignment_id].course_id
        return values.NewsView(text, item_id, course, say(self.desk.faces[item_id].title, self.lang), at)
