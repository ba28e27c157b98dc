"""The tables: the only place that knows them."""

from webapp.models.asked import Assignment, AssignmentItem, Bank, Extension, Revision
from webapp.models.base import Base, UtcDateTime
from webapp.models.database import Database
from webapp.models.people import Course, Membership, Role, User
from webapp.models.work import Audit, Decision, Draft, HintReveal, Job, Mark, Purpose, State, Submission, Turn, Verdict

__all__ = [
    "Assignment",
    "AssignmentItem",
    "Audit",
    "Bank",
    "Base",
    "Course",
    "Database",
    "Decision",
    "Draft",
    "Extension",
    "HintReveal",
    "Job",
    "Mark",
    "Membership",
    "Purpose",
    "Revision",
    "Role",
    "State",
    "Submission",
    "Turn",
    "User",
    "UtcDateTime",
    "Verdict",
]
