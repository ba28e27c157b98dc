"""Every column that points at a person, or at what one has sent, and what becomes of its row when that person goes.

A column that is missing here fails a test: whoever adds a table decides this with it.  `docs/operating.md` says it in
words for the people concerned.
"""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a row when the person it is about is deleted."""

    REMOVED = "removed"
    """It goes."""
    EMPTIED = "emptied"
    """It stays, because something is counted by it; what was written in it goes."""
    NOBODY = "nobody"
    """It stays; the account it points at names nobody any more."""


POINTERS: dict[str, Fate] = {
    # Of the person as one who takes part.
    "memberships.user_id": Fate.REMOVED,
    "drafts.user_id": Fate.REMOVED,
    "hint_reveals.user_id": Fate.REMOVED,
    "extensions.user_id": Fate.REMOVED,
    "turns.user_id": Fate.REMOVED,
    "notices.user_id": Fate.REMOVED,
    "upload_files.user_id": Fate.REMOVED,
    "upload_files.submission_id": Fate.REMOVED,
    "regrade_requests.submission_id": Fate.REMOVED,
    # What was judged: by it a class's figures are made.  Runs, which count for nothing, are removed.
    "submissions.user_id": Fate.EMPTIED,
    "jobs.user_id": Fate.EMPTIED,
    "jobs.submission_id": Fate.EMPTIED,
    "verdicts.job_id": Fate.EMPTIED,
    "marks.submission_id": Fate.EMPTIED,
    "marks.verdict_job_id": Fate.EMPTIED,
    "decisions.submission_id": Fate.EMPTIED,
    "regrade_lines.submission_id": Fate.EMPTIED,
    "regrade_lines.job_id": Fate.EMPTIED,
    "phrasings.submission_id": Fate.EMPTIED,  # those that a bank has taken; others are removed
    "facts.user_id": Fate.NOBODY,
    "facts.submission_id": Fate.NOBODY,
    "facts.job_id": Fate.NOBODY,
    "standings.user_id": Fate.NOBODY,
    "standings.submission_id": Fate.NOBODY,
    # What they did for others, as who teaches or keeps the server.
    "submissions.sent_by_id": Fate.NOBODY,
    "decisions.reviewer_id": Fate.NOBODY,
    "phrasings.reviewer_id": Fate.NOBODY,
    "review_holds.reviewer_id": Fate.REMOVED,
    "regrade_requests.answered_by_id": Fate.NOBODY,
    "regrades.actor_id": Fate.NOBODY,
    "uploads.actor_id": Fate.NOBODY,
    "tasks.actor_id": Fate.NOBODY,
    "bank_versions.author_id": Fate.NOBODY,
    "revisions.author_id": Fate.NOBODY,
    "audit.actor_id": Fate.NOBODY,  # an entry about the person themselves keeps only what was done, and when
}
ABOUT = ("users", "submissions", "jobs", "verdicts")
"""Tables whose rows are somebody's: what points at them needs a decision."""

WORDS: tuple[str, ...] = (
    "audit.before",
    "audit.after",
    "audit.reason",
    "notices.data",
    "tasks.parameters",
    "tasks.result",
    "tasks.problem",
    "extensions.reason",
    "marks.reason",
    "verdicts.note",
    "regrades.reason",
    "regrade_requests.text",
    "regrade_requests.answer",
    "uploads.name",
    "uploads.left_out",
    "upload_files.path",
    "bank_versions.message",
    "revisions.message",
)
"""Where somebody else may have written a person's name or email: both are struck out there."""
SILENT: frozenset[str] = frozenset(
    {
        # The person's own, and gone or emptied with them.
        *("users.email", "users.name", "users.password_hash", "users.session_key", "users.locale", "users.zone"),
        *("memberships.external_id", "drafts.content", "submissions.content", "submissions.client_key"),
        *("verdicts.document", "decisions.evidence", "decisions.digest", "upload_files.content"),
        *("upload_files.remarks", "upload_files.suggested", "upload_files.problem", "review_holds.digest"),
        *("regrade_lines.before", "phrasings.text"),
        # What is asked, and words of the program's own.
        *("banks.id", "banks.source", "banks.keeper", "banks.report", "bank_versions.bank_id", "bank_versions.files"),
        *("figures.digest", "figures.svg"),
        *("revisions.hash", "revisions.suite_hash", "revisions.bank_id", "revisions.item", "revisions.source"),
        *("revisions.proof", "revisions.variants", "courses.key", "courses.title", "courses.zone", "courses.join_code"),
        *("assignments.key", "assignments.title", "assignments.counts", "assignment_items.bank_id"),
        *("assignment_items.item", "assignment_items.revision", "memberships.role", "submissions.revision"),
        *("jobs.revision", "jobs.purpose", "jobs.state", "jobs.lease_owner", "jobs.ticket", "workers.name"),
        *("verdicts.status", "marks.status", "marks.source", "decisions.key_point", "decisions.act", "decisions.suite"),
        *("audit.action", "audit.subject", "tasks.kind", "tasks.subject", "tasks.state", "tasks.lease_owner"),
        *("notices.kind", "notices.subject", "phrasings.bank_id", "phrasings.item", "phrasings.key_point"),
        *("phrasings.judgement", "phrasings.state", "regrade_requests.state", "regrades.scope", "regrades.state"),
        *("regrade_lines.revision", "regrade_lines.state", "uploads.layout", "uploads.state"),
        *("upload_files.matched_by", "standings.status", "facts.revision", "facts.status", "facts.outcomes"),
        *("facts.misconceptions",),
    }
)
"""Columns of text that are looked at no further, and are decided upon by being here."""
