"""The tables: the only place that knows them."""

from webapp.models.asked import Assignment, AssignmentItem, Bank, BankVersion, Extension, Revision
from webapp.models.base import Base, UtcDateTime
from webapp.models.database import Database
from webapp.models.derived import Fact, ItemStanding
from webapp.models.people import Course, Membership, Role, User
from webapp.models.teaching import (
    Notice,
    Phrasing,
    Regrade,
    RegradeLine,
    RegradeRequest,
    ReviewHold,
    Task,
    TaskState,
    Upload,
    UploadFile,
)
from webapp.models.work import (
    Audit,
    Decision,
    Draft,
    HintReveal,
    Job,
    Mark,
    Purpose,
    Source,
    State,
    Submission,
    Turn,
    Verdict,
)

__all__ = [
    "Assignment",
    "AssignmentItem",
    "Audit",
    "Bank",
    "BankVersion",
    "Base",
    "Course",
    "Database",
    "Decision",
    "Draft",
    "Extension",
    "Fact",
    "HintReveal",
    "ItemStanding",
    "Job",
    "Mark",
    "Membership",
    "Notice",
    "Phrasing",
    "Purpose",
    "Regrade",
    "RegradeLine",
    "RegradeRequest",
    "ReviewHold",
    "Revision",
    "Role",
    "Source",
    "State",
    "Submission",
    "Task",
    "TaskState",
    "Turn",
    "Upload",
    "UploadFile",
    "User",
    "UtcDateTime",
    "Verdict",
]
