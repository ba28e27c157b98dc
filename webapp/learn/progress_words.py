"""The sentences of the page of today: why a step, what is known of a skill, what happened, when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from itertools import pairwise

from babel.dates import format_date, format_time
from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from webapp.languages import say
from webapp.learn.activity import Activity, Day
from webapp.learn.attempts import Window
from webapp.learn.progress_records import Checks, Sent
from webapp.learn.scheduling import Ahead, Step, Why, Work, day
from webapp.learn.skills import Level, Skill
from webapp.templating import number


class Calendar:
    """Says when something is, for a reader at `now` in `zone`."""

    def __init__(self, now: datetime, zone: tzinfo) -> None:
        self.now, self.zone = now, zone

    def on(self, at: datetime) -> str:
        """ "today", "yesterday", "on Monday", "on 3 November"."""
        return self.on_date(day(at, self.zone))

    def on_date(self, at: date) -> str:
        """The same of a day."""
        days = (at - day(self.now, self.zone)).days
        if days == 0:
            return _("today")
        if days == -1:
            return _("yesterday")
        if days == 1:
            return _("tomorrow")
        return _("on %(day)s", day=self.weekday(at) if abs(days) < 7 else self.date(at))

    def weekday(self, at: date) -> str:
        """ "Monday"."""
        return format_date(at, "EEEE", locale=get_locale())

    def date(self, at: date) -> str:
        """ "3 November", with the year where it is another."""
        same_year = at.year == self.now.astimezone(self.zone).year
        return format_date(at, _("d MMMM") if same_year else _("d MMMM y"), locale=get_locale())

    def time(self, at: datetime) -> str:
        """ "18:00"."""
        return format_time(at, "HH:mm", tzinfo=self.zone, locale=get_locale())


def reason(step: Step, calendar: Calendar, *, assignment: str, skill: str, known: Skill | None) -> str:
    """Why this is the thing to do, in one sentence; `skill` and `known` are those of a weak one."""
    work = step.work
    match step.why:
        case Why.DUE if work.dates.due_at:
            return _due(work, work.dates.due_at, calendar)
        case Why.LATE if work.dates.due_at:
            if work.late_penalty:
                return _(
                    "It was due %(day)s. Late work still counts, with %(percent)s%% taken off.",
                    day=calendar.on(work.dates.due_at),
                    percent=number(100 * work.late_penalty),
                )
            return _("It was due %(day)s, and late work still counts in full.", day=calendar.on(work.dates.due_at))
        case Why.DRAFT if work.draft_at:
            saved = calendar.on(work.draft_at)
            if work.efforts:
                return _("You went on with it %(day)s and have not sent that yet.", day=saved)
            return _("You began it %(day)s and have not sent it yet.", day=saved)
        case Why.CARRY_ON if work.last_at:
            return _(
                "You reached %(score)s of %(points)s points %(day)s.",
                score=number(work.standing.score or 0),
                points=number(work.points),
                day=calendar.on(work.last_at),
            )
        case Why.AGAIN:
            return _again(step, calendar)
        case Why.WEAK if known:
            return _(
                "%(skill)s: %(shown)s of %(points)s points so far.",
                skill=skill,
                shown=number(known.shown),
                points=number(known.shown + known.missed),
            )
    if work.order == 0:
        return _("It is the first one of “%(assignment)s”.", assignment=assignment)
    return _("It comes next in “%(assignment)s”.", assignment=assignment)


def urge(step: Step) -> str:
    """What follows from the reason."""
    match step.why:
        case Why.CARRY_ON:
            return _("What is missing is still fresh.")
        case Why.AGAIN if step.work.standing.solved:
            return _("Write it once more from an empty page: what you recall yourself stays.")
        case Why.AGAIN:
            return _("Today is a good day to try again.")
        case Why.WEAK:
            return _("This is the smallest item with it that you have not tried.")
    return ""


def builds_on(titles: Iterable[str]) -> str:
    """Why something comes now; nothing where it builds on nothing."""
    named = _named(titles)
    return _("It builds on %(items)s, which you have done.", items=named) if named else ""


def first(titles: Iterable[str]) -> str:
    """What is not done yet and had better be."""
    return _("Recommended first: %(items)s.", items=_named(titles))


def _named(titles: Iterable[str]) -> str:
    """Titles as a sentence has them."""
    return format_list([_("“%(title)s”", title=title) for title in titles], locale=get_locale())


def _due(work: Work, due: datetime, calendar: Calendar) -> str:
    when = {"day": calendar.on(due), "time": calendar.time(due)}
    if work.standing.score is None:
        return _("It is due %(day)s at %(time)s, and you have sent nothing yet.", **when)
    return _(
        "It is due %(day)s at %(time)s; you have %(score)s of %(points)s points.",
        score=number(work.standing.score),
        points=number(work.points),
        **when,
    )


def _again(step: Step, calendar: Calendar) -> str:
    again = step.repetition
    if again is None:
        return ""
    day = calendar.on(again.missed_at)
    if step.work.standing.solved:
        return _("You missed it at first, last %(day)s, and have solved it since.", day=day)
    return ngettext(
        "You missed it once, %(day)s.",
        "You missed it %(num)s times, last %(day)s.",
        again.missed,
        day=day,
    )


def missed(checks: Checks, lang: str) -> str:
    """Which tests were not met; hidden ones, and key points, are not named."""
    if not checks.missed:
        return ""
    return ngettext(
        "Not met: “%(test)s”.",
        "Not met: “%(test)s”, and others (%(num)s tests in all).",
        len(checks.missed),
        test=say(checks.missed[0], lang).rstrip("。. "),
    )


def note(step: Step) -> str:
    """What cannot be done there any more."""
    work = step.work
    if work.open:
        return ""
    if work.window is Window.CLOSED:
        return _("Submitting is closed. You can still run your code and read.")
    return _("No attempts are left. You can still run your code and read the answer.")


def action(step: Step) -> str:
    """What the button says."""
    if step.why is Why.AGAIN:
        return _("Try again")
    return _("Continue") if step.work.efforts or step.work.draft_at else _("Start")


def nothing(works: Sequence[Work], ahead: Ahead, calendar: Calendar, *, courses: int) -> str:
    """What to say when there is no step."""
    if not courses:
        return _("You take part in no course as a student. Once you do, this page says what to do next.")
    if any(work.standing.pending for work in works):
        return _("Nothing is due now: what you sent last is waiting for its verdict.")
    if any(work.in_review for work in works):
        return _("Nothing is due now: an instructor has yet to look at something you sent.")
    if ahead.repetition is not None and ahead.repetition.repetition is not None:
        when = calendar.on(ahead.repetition.repetition.due_at)
        return _("Nothing is due today. The next repetition is due %(day)s.", day=when)
    solved = bool(works) and all(work.standing.solved for work in works)
    if ahead.opens_at is not None:
        opens = calendar.on(ahead.opens_at)
        if solved:
            return _("Everything that is open is solved. The next assignment opens %(day)s.", day=opens)
        return _("Nothing is open to you now. The next assignment opens %(day)s.", day=opens)
    return _("Everything here is solved. Nothing is due.") if solved else _("Nothing is open to you now.")


def sentence(skill: Skill) -> str:
    """What somebody can do now, as far as it is known."""
    match skill.level:
        case Level.ALL:
            return _("You can do this.")
        case Level.MOST:
            return _("Most of it is there.")
        case Level.PARTS:
            return _("Parts of it are there.")
        case Level.LITTLE:
            return _("Little of it is there so far.")
        case Level.ONE_ITEM:
            return _("One item only: too little to tell.")
    return _("Not tried yet.")


def doubt(skill: Skill, calendar: Calendar) -> str:
    """What makes that uncertain."""
    if skill.tried and skill.faded and skill.last_at is not None:
        return _("Shown last %(day)s; some of it may have faded.", day=calendar.on(skill.last_at))
    if skill.level in (Level.UNTRIED, Level.ONE_ITEM) or skill.tried > 2:
        return ""
    return _("Two items only, so take it with care.")


def worked(calendar_of: Activity, calendar: Calendar) -> str:
    """What the calendar of the last weeks shows."""
    days = calendar_of.days
    if not days:
        return _("Nothing was sent in the last eight weeks.")
    return ngettext(
        "You sent something on %(num)s day: %(day)s.",
        "You sent something on %(num)s days, last %(day)s.",
        len(days),
        day=calendar.on_date(days[-1].date),
    )


def week(days: Sequence[Day], calendar: Calendar) -> str:
    """One week of it."""
    active = sum(bool(each.count) for each in days)
    begins = calendar.date(days[0].date)
    if not active:
        return _("Week of %(date)s: nothing", date=begins)
    return ngettext("Week of %(date)s: %(num)s day", "Week of %(date)s: %(num)s days", active, date=begins)


def months(calendar_of: Activity) -> tuple[str, ...]:
    """Above each week the month that begins in it; the first week has its own unless the next is about to begin."""
    firsts = [week[0].date for week in calendar_of.weeks]
    marked = [n for n, (one, other) in enumerate(pairwise(firsts), 1) if one.month != other.month]
    if not marked or marked[0] > 1:
        marked.append(0)
    return tuple(format_date(at, "LLL", locale=get_locale()) if n in marked else "" for n, at in enumerate(firsts))


def weekdays(calendar_of: Activity) -> tuple[str, ...]:
    """Every other day of the week, short."""
    days = [each.date for each in calendar_of.weeks[0]]
    return tuple("" if n % 2 else format_date(at, "ccc", locale=get_locale()) for n, at in enumerate(days))


def judged(sent: Sent) -> str:
    """What became of a submission since."""
    if sent.again:
        return _("Graded again: %(score)s of %(points)s.", score=number(sent.score), points=number(sent.max_score))
    if sent.status in ("error", "ungradable"):
        return _("Looked at, and could not be judged.")
    return _("Judged: %(score)s of %(points)s.", score=number(sent.score), points=number(sent.max_score))


def decided() -> str:
    """Somebody has looked at an answer."""
    return _("An instructor has decided on your answer.")


def opened() -> str:
    """There is something new to do."""
    return _("An assignment has opened.")
