"""Who may see what, in one place: each function loads a thing for the current person, or ends in 404.

404 and not 403: that something exists is not told to people it does not concern.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from flask import abort, current_app, g
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.guests import service as guests
from webapp.learn import records
from webapp.learn.attempts import Pace, Window
from webapp.models import (
    Assignment,
    AssignmentItem,
    Course,
    Database,
    Job,
    Mark,
    Membership,
    Purpose,
    Role,
    Submission,
    User,
)
from webapp.models.searching import alphabetical
from webapp.models.times import utc_now
from webapp.queue.carrier import Carrier
from webapp.queue.places import Places
from webapp.refusals import Refusal
from webapp.settings import Settings

TEACHING = (Role.ASSISTANT, Role.INSTRUCTOR)


class Right(StrEnum):
    """What somebody who teaches a course may do there."""

    SEE = "see"
    """Look at everything that was sent, and export it."""
    MARK = "mark"
    """Decide reviews, override marks, answer requests, hand files in for students."""
    MANAGE = "manage"
    """People, roles, assignments, extensions, regrades."""


RIGHTS = {Role.STUDENT: (), Role.ASSISTANT: (Right.SEE, Right.MARK), Role.INSTRUCTOR: tuple(Right)}


def database() -> Database:
    """The application's database."""
    return current_app.extensions["workshop_database"]  # type: ignore[no-any-return]


def settings() -> Settings:
    """The operator's choices; never given to a template."""
    return current_app.extensions["workshop_settings"]  # type: ignore[no-any-return]


def carrier() -> Carrier:
    """What carries word to the workers; told after the commit."""
    return current_app.extensions["workshop_carrier"]  # type: ignore[no-any-return]


def places() -> Places:
    """Where in the queue what waits is."""
    return current_app.extensions["workshop_places"]  # type: ignore[no-any-return]


def reading() -> Session:
    """This request's reading session: opened when first asked for, closed with the request."""
    if "session" not in g:
        g.session = database().open_session()
    return g.session  # type: ignore[no-any-return]


def close_reading(_error: BaseException | None = None) -> None:
    """End the reading session; after a write the next `reading` sees what was written."""
    session = g.pop("session", None)
    if session is not None:
        session.close()


def me() -> User:
    """The person signed in (views that call this are behind the sign-in)."""
    return current_user._get_current_object()  # type: ignore[no-any-return]


def membership(course_id: int) -> Membership | None:
    """What the current person is in a course; an administrator is an instructor where they take no part."""
    found = reading().get(Membership, (course_id, me().id))
    if found is None and me().is_admin:
        return Membership(course_id=course_id, user_id=me().id, role=Role.INSTRUCTOR)
    return found


def _teaching_role(mine: Role) -> Role:
    """As what one teaches a course: nobody takes an administrator's rights by putting them in as less."""
    return Role.INSTRUCTOR if me().is_admin else mine


def _roles() -> frozenset[str]:
    """What the current person is, in whatever courses."""
    if not current_user.is_authenticated:
        return frozenset()
    if "roles" not in g:
        g.roles = frozenset(reading().scalars(select(Membership.role).where(Membership.user_id == me().id).distinct()))
    return g.roles  # type: ignore[no-any-return]


def teaches_anything() -> bool:
    """Whether the current person teaches some course."""
    return bool(_roles().intersection(TEACHING)) or (current_user.is_authenticated and me().is_admin)


def learns_anything() -> bool:
    """Whether the current person takes part in some course as a student."""
    return Role.STUDENT in _roles()


def studied_courses() -> list[Course]:
    """The courses one takes part in as a student; times are said in the zone of the first.  Guests have none: 404."""
    if me().is_guest:
        abort(404)
    found = list(
        reading().scalars(
            select(Course)
            .join(Membership, Membership.course_id == Course.id)
            .where(Membership.user_id == me().id, Membership.role == Role.STUDENT, Course.archived_at.is_(None))
            .order_by(alphabetical(Course.title), Course.id)
        )
    )
    if found:
        g.zone = found[0].zone
    return found


def course_or_404(course_id: int) -> tuple[Course, Role]:
    """A course one takes part in, and as what."""
    course = reading().get(Course, course_id)
    mine = membership(course_id) if course is not None else None
    if course is None or mine is None:
        abort(404)
    g.zone = course.zone
    return course, Role(mine.role)


def taught_course_or_404(course_id: int, right: Right = Right.SEE, *, even_archived: bool = False) -> Course:
    """A course one teaches; refused with 403 where one teaches it without that right, or where it is archived."""
    course, mine = course_or_404(course_id)
    role = _teaching_role(mine)
    if not role.teaches:
        abort(404)
    if right not in RIGHTS[role]:
        raise Refusal("instructors-only", _("Only an instructor of this course may do this."), HTTPStatus.FORBIDDEN)
    if course.archived_at is not None and right is not Right.SEE and not even_archived:
        raise Refusal(
            "archived",
            _("This course is archived: it can be read and not changed. Its settings bring it back."),
            HTTPStatus.FORBIDDEN,
        )
    return course


def may(course_id: int, right: Right, *, even_archived: bool = False) -> bool:
    """Whether the current person has this right there; for what a page offers."""
    mine = membership(course_id)
    if mine is None or right not in RIGHTS[_teaching_role(Role(mine.role))]:
        return False
    course = reading().get(Course, course_id)  # an administrator is an instructor of any number
    return course is not None and (right is Right.SEE or even_archived or course.archived_at is None)


def managed_course_ids(*, even_archived: bool = False) -> list[int]:
    """The courses the current person keeps as an instructor; an administrator keeps all."""
    query = select(Course.id)
    if not even_archived:
        query = query.where(Course.archived_at.is_(None))
    if not me().is_admin:
        query = query.join(Membership, Membership.course_id == Course.id)
        query = query.where(Membership.user_id == me().id, Membership.role == Role.INSTRUCTOR)
    return list(reading().scalars(query))


def making_courses_or_404() -> None:
    """Who may make a course: an administrator, and whoever is an instructor of one already."""
    teaching_or_404()
    if not makes_courses():
        raise Refusal("instructors-only", _("Only instructors may make a course."), HTTPStatus.FORBIDDEN)


def makes_courses() -> bool:
    """Whether to offer it."""
    return writes_banks()


def writes_banks() -> bool:
    """Whether the current person may change banks: they belong to the whole server, so any of its instructors may."""
    return Role.INSTRUCTOR in _roles() or (current_user.is_authenticated and me().is_admin)


def writing_banks_or_404() -> None:
    """Pages that change banks: 404 for who teaches nothing, 403 for who only assists."""
    teaching_or_404()
    if not writes_banks():
        raise Refusal("instructors-only", _("Only instructors may change banks."), HTTPStatus.FORBIDDEN)


def administrator_or_404() -> User:
    """The current person, who keeps the whole server."""
    if not me().is_admin:
        abort(404)
    return me()


@dataclass(frozen=True, slots=True)
class Place:
    """An item where somebody stands before it: loaded and allowed."""

    item: AssignmentItem
    assignment: Assignment
    course: Course
    role: Role
    user: User


def item_or_404(item_id: int) -> Place:
    """An item in an assignment of a course one takes part in, or for a guest one that is open to guests.

    What was taken out of its course is not there.
    """
    item = reading().get(AssignmentItem, item_id)
    if item is None or item.removed_at is not None or item.assignment.removed_at is not None:
        abort(404)
    if me().is_guest:
        return _tried_or_404(item)
    course, role = course_or_404(item.assignment.course_id)
    return Place(item, item.assignment, course, role, me())


def _tried_or_404(item: AssignmentItem) -> Place:
    course = reading().get_one(Course, item.assignment.course_id)
    if not guests.is_open(item, utc_now()) or course.archived_at is not None:
        abort(404)
    g.zone = course.zone
    return Place(item, item.assignment, course, Role.STUDENT, me())


def open_item(item_id: int) -> Place:
    """An item one may look at now: 404 when it is not for this person, a refusal before it opens."""
    return opened(item_or_404(item_id))


def opened(place: Place) -> Place:
    """The same place, or a refusal before it opens for whoever stands there."""
    dates = records.dates_for(reading(), place.assignment, place.user.id)
    if dates.window(utc_now()) is Window.NOT_OPEN and not place.role.teaches:
        raise Refusal("not-open", _("This assignment is not open yet."), HTTPStatus.FORBIDDEN)
    return place


def pace() -> Pace:
    """How much the current person may ask of the grader."""
    choices = settings()
    if me().is_guest:
        return Pace(choices.guest_submissions_per_minute, choices.waiting_jobs, choices.guest_waiting_jobs)
    return Pace(choices.submissions_per_minute, choices.waiting_jobs)


def own_submission_or_404(submission_id: int) -> Submission:
    """A submission of one's own, in a course one still belongs to."""
    submission = reading().get(Submission, submission_id)
    if submission is None or submission.user_id != me().id:
        abort(404)
    item_or_404(submission.assignment_item_id)
    return submission


def own_job_or_404(job_id: int) -> Job:
    """A job on a submission of one's own; one of a regrade only once its verdict counts."""
    job = reading().get(Job, job_id)
    if job is None:
        abort(404)
    own_submission_or_404(job.submission_id)
    if not is_told(job):
        abort(404)
    return job


def is_told(job: Job) -> bool:
    """Whether a judging may be shown to whom it is about: one of a regrade only once its verdict counts."""
    if not job.in_regrade:
        return True
    mark = reading().get(Mark, job.submission_id)
    return mark is not None and mark.verdict_job_id == job.id


def taught_submission_or_404(submission_id: int, right: Right = Right.SEE) -> tuple[Submission, Course]:
    """A submission in a course one teaches."""
    submission = reading().get(Submission, submission_id)
    if submission is None or submission.user.erased_at is not None:
        abort(404)
    return submission, taught_course_or_404(submission.assignment_item.assignment.course_id, right)


def taught_item_or_404(item_id: int, right: Right = Right.SEE) -> tuple[AssignmentItem, Course]:
    """An item of an assignment in a course one teaches; also one that was taken out, whose work is still there."""
    item = reading().get(AssignmentItem, item_id)
    if item is None:
        abort(404)
    return item, taught_course_or_404(item.assignment.course_id, right)


def marked_submission_or_404(submission_id: int) -> tuple[Submission, Course]:
    """A submission that one may mark: nobody marks what they have sent themselves, whatever they are by now."""
    found, course = taught_submission_or_404(submission_id, Right.MARK)
    if found.user_id == me().id:
        sentence = _("This is your own work: somebody else who teaches this course has to mark it.")
        raise Refusal("own-work", sentence, HTTPStatus.FORBIDDEN)
    return found, course


def may_mark(submission: Submission, course: Course) -> bool:
    """Whether to offer that."""
    return submission.user_id != me().id and may(course.id, Right.MARK)


def taught_job_or_404(job_id: int, right: Right = Right.SEE) -> Job:
    """A judging that counts, in a course one teaches.  A run stays its student's own: hidden tests never see it."""
    job = reading().get(Job, job_id)
    if job is None or job.purpose == Purpose.RUN:
        abort(404)
    taught_submission_or_404(job.submission_id, right)
    return job


def student_or_404(course: Course, user_id: int) -> User:
    """Somebody who belongs to `course`."""
    member = reading().get(Membership, (course.id, user_id))
    if member is None:
        abort(404)
    return member.user


def teaching_or_404() -> None:
    """Pages for anybody who teaches something."""
    if not teaches_anything():
        abort(404)


def taught_course_ids() -> list[int]:
    """The courses the current person teaches."""
    if me().is_admin:
        return list(reading().scalars(select(Course.id)))
    return list(
        reading().scalars(
            select(Membership.course_id).where(Membership.user_id == me().id, Membership.role.in_(TEACHING))
        )
    )
