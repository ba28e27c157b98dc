"""For instructors: banks kept here, standings, facts, long work, reviews, regrades, uploads, notices."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "bank_versions",
    "notices",
    "regrades",
    "tasks",
    "review_holds",
    "uploads",
    "phrasings",
    "regrade_requests",
    "standings",
    "upload_files",
    "regrade_lines",
    "facts",
)


def columns() -> tuple[tuple[str, sa.Column], ...]:
    return (
        ("audit", sa.Column("reason", sa.String(), server_default="", nullable=False)),
        ("extensions", sa.Column("reason", sa.String(), server_default="", nullable=False)),
        ("banks", sa.Column("keeper", sa.String(), server_default="folder", nullable=False)),
        ("marks", sa.Column("share", sa.Double(), server_default="0", nullable=False)),
        ("marks", sa.Column("status", sa.String(), server_default="", nullable=False)),
        ("marks", sa.Column("review", sa.Boolean(), server_default=sa.false(), nullable=False)),
        ("marks", sa.Column("reason", sa.String(), server_default="", nullable=False)),
        ("marks", sa.Column("changed_at", UtcDateTime(), nullable=True)),
        ("decisions", sa.Column("act", sa.String(), server_default="", nullable=False)),
        ("decisions", sa.Column("digest", sa.String(), server_default="", nullable=False)),
        ("decisions", sa.Column("suite", sa.String(), server_default="", nullable=False)),
        ("decisions", sa.Column("followed", sa.Boolean(), server_default=sa.false(), nullable=False)),
        ("decisions", sa.Column("undone_at", UtcDateTime(), nullable=True)),
        ("submissions", sa.Column("free", sa.Boolean(), server_default=sa.false(), nullable=False)),
        ("revisions", sa.Column("variants", sa.JSON(), nullable=True)),
        ("courses", sa.Column("archived_at", UtcDateTime(), nullable=True)),
        ("memberships", sa.Column("joined_at", UtcDateTime(), nullable=True)),
    )


POINTERS = (
    ("audit", "course_id", "courses"),
    ("submissions", "sent_by_id", "users"),
)
"""Columns that point to another table; Alembic adds none to a table of SQLite's."""


def upgrade() -> None:
    for table, column in columns():
        op.add_column(table, column)
    for table, column, other in POINTERS:
        name = op.f(f"fk_{table}_{column}_{other}")
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {other} (id)")
    op.create_index(op.f("ix_audit_course_id_at"), "audit", ["course_id", "at"], unique=False)
    for column in ("digest", "act"):
        op.create_index(op.f(f"ix_decisions_{column}"), "decisions", [column], unique=False)
    op.create_index(
        "ix_marks_review",
        "marks",
        ["submission_id"],
        unique=False,
        sqlite_where=sa.text("review"),
        postgresql_where=sa.text("review"),
    )
    op.execute(marks_from_verdicts())
    make_tables()


def marks_from_verdicts() -> sa.Update:
    """Until now every mark was its verdict's."""
    verdicts = sa.table(
        "verdicts",
        *map(sa.column, ("job_id", "status", "review", "created_at")),
        *(sa.column(name, sa.Double()) for name in ("score", "max_score")),  # PostgreSQL would divide rounded numbers
    )
    marks = sa.table("marks", *map(sa.column, ("verdict_job_id", "share", "status", "review", "changed_at")))
    found = verdicts.c
    share = sa.case((found.max_score > 0, found.score / found.max_score), else_=0.0)
    values = {"share": share, "status": found.status, "review": found.review, "changed_at": found.created_at}
    return marks.update().values(
        {
            name: sa.select(value).where(found.job_id == marks.c.verdict_job_id).scalar_subquery()
            for name, value in values.items()
        }
    )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
    op.drop_index("ix_marks_review", table_name="marks")
    for column in ("act", "digest"):
        op.drop_index(op.f(f"ix_decisions_{column}"), table_name="decisions")
    op.drop_index(op.f("ix_audit_course_id_at"), table_name="audit")
    for table, column, _other in reversed(POINTERS):
        op.drop_column(table, column)
    for table, column in reversed(columns()):
        op.drop_column(table, column.name)  # not in a batch: SQLite would make the table anew under what points at it


def make_tables() -> None:
    op.create_table(
        "bank_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_bank_versions_author_id_users")),
        sa.ForeignKeyConstraint(["bank_id"], ["banks.id"], name=op.f("fk_bank_versions_bank_id_banks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_versions")),
        sa.UniqueConstraint("bank_id", "number", name=op.f("uq_bank_versions_bank_id_number")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_notices_course_id_courses")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notices_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_user_id_read_at"), "notices", ["user_id", "read_at"], unique=False)
    op.create_table(
        "regrades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'applying', 'finished', 'cancelled')", name=op.f("ck_regrades_state")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_regrades_actor_id_users")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_regrades_course_id_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrades")),
    )
    op.create_index(op.f("ix_regrades_course_id"), "regrades", ["course_id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("problem", sa.String(), server_default="", nullable=False),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'running') = (lease_owner IS NOT NULL)", name=op.f("ck_tasks_lease")),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_tasks_state")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_tasks_actor_id_users")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_tasks_course_id_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_tasks_kind_subject"), "tasks", ["kind", "subject"], unique=False)
    op.create_index(
        "ix_tasks_open",
        "tasks",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'running')"),
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )
    op.create_table(
        "review_holds",
        sa.Column("assignment_item_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_item_id"],
            ["assignment_items.id"],
            name=op.f("fk_review_holds_assignment_item_id_assignment_items"),
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name=op.f("fk_review_holds_reviewer_id_users")),
        sa.PrimaryKeyConstraint("assignment_item_id", "digest", name=op.f("pk_review_holds")),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("assignment_item_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("fitting", sa.Integer(), server_default="0", nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("free", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.String(), server_default="preview", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('preview', 'confirmed', 'discarded')", name=op.f("ck_uploads_state")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_uploads_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["assignment_item_id"], ["assignment_items.id"], name=op.f("fk_uploads_assignment_item_id_assignment_items")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_uploads_course_id_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_course_id"), "uploads", ["course_id"], unique=False)
    op.create_table(
        "phrasings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("key_point", sa.String(), nullable=False),
        sa.Column("judgement", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), server_default="offered", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("judgement IN ('yes', 'half', 'no')", name=op.f("ck_phrasings_judgement")),
        sa.CheckConstraint("state IN ('offered', 'taken', 'dismissed')", name=op.f("ck_phrasings_state")),
        sa.ForeignKeyConstraint(["bank_id"], ["banks.id"], name=op.f("fk_phrasings_bank_id_banks")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name=op.f("fk_phrasings_reviewer_id_users")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_phrasings_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrasings")),
        sa.UniqueConstraint(
            "bank_id",
            "item",
            "key_point",
            "judgement",
            "text",
            name=op.f("uq_phrasings_bank_id_item_key_point_judgement_text"),
        ),
    )
    op.create_table(
        "regrade_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'granted', 'declined', 'withdrawn')", name=op.f("ck_regrade_requests_state")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_regrade_requests_answered_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_regrade_requests_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade_requests")),
    )
    op.create_index(op.f("ix_regrade_requests_submission_id"), "regrade_requests", ["submission_id"], unique=False)
    op.create_index(
        "ix_regrade_requests_open",
        "regrade_requests",
        ["submission_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "standings",
        sa.Column("assignment_item_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("review", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_item_id"],
            ["assignment_items.id"],
            name=op.f("fk_standings_assignment_item_id_assignment_items"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_standings_submission_id_submissions")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_standings_user_id_users")),
        sa.PrimaryKeyConstraint("assignment_item_id", "user_id", name=op.f("pk_standings")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_standings_assignment_item_id_changed_at"),
        "standings",
        ["assignment_item_id", "changed_at"],
        unique=False,
    )
    op.create_index(op.f("ix_standings_user_id"), "standings", ["user_id"], unique=False)
    op.create_table(
        "upload_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("matched_by", sa.String(), server_default="", nullable=False),
        sa.Column("suggested", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(), server_default="", nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_upload_files_submission_id_submissions")
        ),
        sa.ForeignKeyConstraint(["upload_id"], ["uploads.id"], name=op.f("fk_upload_files_upload_id_uploads")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_upload_files_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_files")),
    )
    op.create_index(op.f("ix_upload_files_submission_id"), "upload_files", ["submission_id"], unique=False)
    op.create_index(op.f("ix_upload_files_upload_id"), "upload_files", ["upload_id"], unique=False)
    op.create_table(
        "regrade_lines",
        sa.Column("regrade_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'chosen', 'applied', 'overtaken', 'left')", name=op.f("ck_regrade_lines_state")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_regrade_lines_job_id_jobs")),
        sa.ForeignKeyConstraint(["regrade_id"], ["regrades.id"], name=op.f("fk_regrade_lines_regrade_id_regrades")),
        sa.ForeignKeyConstraint(["revision"], ["revisions.hash"], name=op.f("fk_regrade_lines_revision_revisions")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_regrade_lines_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("regrade_id", "submission_id", name=op.f("pk_regrade_lines")),
    )
    op.create_index(op.f("ix_regrade_lines_job_id"), "regrade_lines", ["job_id"], unique=False)
    op.create_index(op.f("ix_regrade_lines_submission_id"), "regrade_lines", ["submission_id"], unique=False)
    op.create_table(
        "facts",
        sa.Column("job_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("assignment_item_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("outcomes", sa.String(), nullable=False),
        sa.Column("misconceptions", sa.String(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_item_id"], ["assignment_items.id"], name=op.f("fk_facts_assignment_item_id_assignment_items")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["verdicts.job_id"], name=op.f("fk_facts_job_id_verdicts")),
        sa.ForeignKeyConstraint(["revision"], ["revisions.hash"], name=op.f("fk_facts_revision_revisions")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_facts_submission_id_submissions")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_facts_user_id_users")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_facts")),
    )
    op.create_index(
        op.f("ix_facts_assignment_item_id_sent_at"), "facts", ["assignment_item_id", "sent_at"], unique=False
    )
    op.create_index(op.f("ix_facts_submission_id"), "facts", ["submission_id"], unique=False)
