"""The first tables."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


NEVER_CHANGES_ON_SQLITE = """
CREATE TRIGGER submissions_are_immutable BEFORE UPDATE ON submissions
BEGIN SELECT RAISE(ABORT, 'a submission never changes'); END
"""
NEVER_CHANGES_ON_POSTGRESQL = """
CREATE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'a submission never changes'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER submissions_are_immutable BEFORE UPDATE ON submissions
FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.create_table(
        "banks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("loaded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_banks")),
    )
    op.create_table(
        "courses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("join_code", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("join_code", name=op.f("uq_courses_join_code")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=True),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("is_admin", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("opens_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("closes_at", UtcDateTime(), nullable=True),
        sa.Column("late_penalty", sa.Double(), server_default="0", nullable=False),
        sa.Column("counts", sa.String(), server_default="best", nullable=False),
        sa.CheckConstraint("counts IN ('best', 'last')", name=op.f("ck_assignments_counts")),
        sa.CheckConstraint("late_penalty >= 0 AND late_penalty <= 1", name=op.f("ck_assignments_late_penalty")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_assignments_course_id_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index(op.f("ix_assignments_course_id"), "assignments", ["course_id"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_audit_actor_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.CheckConstraint("role IN ('student', 'assistant', 'instructor')", name=op.f("ck_memberships_role")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_memberships_course_id_courses")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id_users")),
        sa.PrimaryKeyConstraint("course_id", "user_id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_user_id"), "memberships", ["user_id"], unique=False)

    op.create_table(
        "revisions",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("suite_hash", sa.String(), nullable=False),
        sa.Column("bank_id", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_revisions_author_id_users")),
        sa.ForeignKeyConstraint(["bank_id"], ["banks.id"], name=op.f("fk_revisions_bank_id_banks")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_revisions")),
    )
    op.create_index(op.f("ix_revisions_bank_id_item"), "revisions", ["bank_id", "item"], unique=False)

    op.create_table(
        "turns",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("served_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_turns_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_turns")),
    )
    op.create_table(
        "assignment_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("max_submissions", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "max_submissions IS NULL OR max_submissions > 0", name=op.f("ck_assignment_items_max_submissions")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_assignment_items_assignment_id_assignments")
        ),
        sa.ForeignKeyConstraint(["bank_id"], ["banks.id"], name=op.f("fk_assignment_items_bank_id_banks")),
        sa.ForeignKeyConstraint(["revision"], ["revisions.hash"], name=op.f("fk_assignment_items_revision_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_items")),
        sa.UniqueConstraint(
            "assignment_id", "bank_id", "item", name=op.f("uq_assignment_items_assignment_id_bank_id_item")
        ),
    )
    op.create_index(op.f("ix_assignment_items_revision"), "assignment_items", ["revision"], unique=False)

    op.create_table(
        "extensions",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("closes_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_extensions_assignment_id_assignments")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_extensions_user_id_users")),
        sa.PrimaryKeyConstraint("assignment_id", "user_id", name=op.f("pk_extensions")),
    )
    op.create_table(
        "drafts",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("assignment_item_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_item_id"], ["assignment_items.id"], name=op.f("fk_drafts_assignment_item_id_assignment_items")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_drafts_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "assignment_item_id", name=op.f("pk_drafts")),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_item_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("client_key", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_item_id"],
            ["assignment_items.id"],
            name=op.f("fk_submissions_assignment_item_id_assignment_items"),
        ),
        sa.ForeignKeyConstraint(["revision"], ["revisions.hash"], name=op.f("fk_submissions_revision_revisions")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_submissions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("user_id", "client_key", name=op.f("uq_submissions_user_id_client_key")),
    )
    op.create_index(
        op.f("ix_submissions_assignment_item_id_user_id"),
        "submissions",
        ["assignment_item_id", "user_id"],
        unique=False,
    )
    op.create_index(op.f("ix_submissions_user_id_created_at"), "submissions", ["user_id", "created_at"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("key_point", sa.String(), nullable=False),
        sa.Column("award", sa.Double(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("award >= 0 AND award <= 1", name=op.f("ck_decisions_award")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name=op.f("fk_decisions_reviewer_id_users")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_decisions_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_submission_id"), "decisions", ["submission_id"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("batch_id", sa.Integer(), server_default="0", nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("heartbeat_at", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(state = 'running') = (lease_owner IS NOT NULL)", name=op.f("ck_jobs_lease")),
        sa.CheckConstraint("purpose IN ('run', 'submit', 'regrade')", name=op.f("ck_jobs_purpose")),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done')", name=op.f("ck_jobs_state")),
        sa.ForeignKeyConstraint(["revision"], ["revisions.hash"], name=op.f("fk_jobs_revision_revisions")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_jobs_submission_id_submissions")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_jobs_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint(
            "submission_id",
            "revision",
            "purpose",
            "batch_id",
            name=op.f("uq_jobs_submission_id_revision_purpose_batch_id"),
        ),
    )
    op.create_index(
        op.f("ix_jobs_running"),
        "jobs",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index(op.f("ix_jobs_user_id_state"), "jobs", ["user_id", "state"], unique=False)
    op.create_index(
        op.f("ix_jobs_waiting"),
        "jobs",
        ["priority", "user_id", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )

    op.create_table(
        "verdicts",
        sa.Column("job_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("max_score", sa.Double(), nullable=False),
        sa.Column("review", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_verdicts_job_id_jobs")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_verdicts")),
    )
    op.create_index(
        op.f("ix_verdicts_ungradable"),
        "verdicts",
        ["job_id"],
        unique=False,
        sqlite_where=sa.text("status = 'ungradable'"),
        postgresql_where=sa.text("status = 'ungradable'"),
    )

    op.create_table(
        "marks",
        sa.Column("submission_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("verdict_job_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_marks_submission_id_submissions")),
        sa.ForeignKeyConstraint(["verdict_job_id"], ["verdicts.job_id"], name=op.f("fk_marks_verdict_job_id_verdicts")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_marks")),
    )
    op.create_index(op.f("ix_marks_verdict_job_id"), "marks", ["verdict_job_id"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        op.execute(NEVER_CHANGES_ON_SQLITE)
    else:
        op.execute(NEVER_CHANGES_ON_POSTGRESQL)


def downgrade() -> None:
    op.drop_index(op.f("ix_marks_verdict_job_id"), table_name="marks")

    op.drop_table("marks")
    op.drop_index(
        op.f("ix_verdicts_ungradable"),
        table_name="verdicts",
        sqlite_where=sa.text("status = 'ungradable'"),
        postgresql_where=sa.text("status = 'ungradable'"),
    )

    op.drop_table("verdicts")
    op.drop_index(
        op.f("ix_jobs_waiting"),
        table_name="jobs",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index(op.f("ix_jobs_user_id_state"), table_name="jobs")
    op.drop_index(
        op.f("ix_jobs_running"),
        table_name="jobs",
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )

    op.drop_table("jobs")
    op.drop_index(op.f("ix_decisions_submission_id"), table_name="decisions")

    op.drop_table("decisions")
    op.drop_index(op.f("ix_submissions_user_id_created_at"), table_name="submissions")
    op.drop_index(op.f("ix_submissions_assignment_item_id_user_id"), table_name="submissions")

    op.drop_table("submissions")
    op.drop_table("drafts")
    op.drop_table("extensions")
    op.drop_index(op.f("ix_assignment_items_revision"), table_name="assignment_items")

    op.drop_table("assignment_items")
    op.drop_table("turns")
    op.drop_index(op.f("ix_revisions_bank_id_item"), table_name="revisions")

    op.drop_table("revisions")
    op.drop_index(op.f("ix_memberships_user_id"), table_name="memberships")

    op.drop_table("memberships")
    op.drop_index(op.f("ix_audit_subject"), table_name="audit")

    op.drop_table("audit")
    op.drop_index(op.f("ix_assignments_course_id"), table_name="assignments")

    op.drop_table("assignments")
    op.drop_table("users")
    op.drop_table("courses")
    op.drop_table("banks")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_change()")
