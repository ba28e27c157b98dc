"""For growth: turns of people and of courses that an index can tell, tickets, workers on many machines."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = (
    ("behind", lambda: sa.Column("behind", sa.Boolean(), server_default=sa.false(), nullable=False)),
    ("round", lambda: sa.Column("round", sa.BigInteger(), server_default="0", nullable=False)),
    ("ticket", lambda: sa.Column("ticket", sa.String(), nullable=True)),
)


def upgrade() -> None:
    for _name, column in COLUMNS:
        op.add_column("jobs", column())
    name = op.f("fk_jobs_course_id_courses")
    op.execute(f"ALTER TABLE jobs ADD COLUMN course_id INTEGER CONSTRAINT {name} REFERENCES courses (id)")
    op.execute(courses_of_waiting())
    op.execute("UPDATE jobs SET behind = lengthy WHERE state <> 'done'")
    op.drop_index("ix_jobs_waiting", table_name="jobs")
    waiting_index("ix_jobs_waiting", "priority", "behind", "round", "id")
    waiting_index("ix_jobs_waiting_in_course", "course_id", "priority", "behind", "round", "id")
    waiting_index("ix_jobs_behind", "created_at", condition="state = 'waiting' AND behind")
    op.drop_table("turns")
    op.create_table(
        "turns",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_turns_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "priority", name=op.f("pk_turns")),
    )
    op.create_table(
        "course_turns",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("served_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_turns_course_id_courses")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_turns")),
    )
    op.create_table(
        "workers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )


def courses_of_waiting() -> sa.Update:
    """What is judged already needs no turn any more."""
    jobs = sa.table("jobs", *map(sa.column, ("submission_id", "course_id", "state")))
    submissions = sa.table("submissions", *map(sa.column, ("id", "assignment_item_id")))
    items = sa.table("assignment_items", *map(sa.column, ("id", "assignment_id")))
    assignments = sa.table("assignments", *map(sa.column, ("id", "course_id")))
    course = (
        sa.select(assignments.c.course_id)
        .join(items, items.c.assignment_id == assignments.c.id)
        .join(submissions, submissions.c.assignment_item_id == items.c.id)
        .where(submissions.c.id == jobs.c.submission_id)
        .scalar_subquery()
    )
    return jobs.update().where(jobs.c.state != "done").values(course_id=course)


def waiting_index(name: str, *columns: str, condition: str = "state = 'waiting'") -> None:
    where = sa.text(condition)
    op.create_index(name, "jobs", list(columns), unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in ("workers", "course_turns", "turns"):
        op.drop_table(name)
    op.create_table(
        "turns",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("served_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_turns_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_turns")),
    )
    for name in ("ix_jobs_behind", "ix_jobs_waiting_in_course", "ix_jobs_waiting"):
        op.drop_index(name, table_name="jobs")
    waiting_index("ix_jobs_waiting", "priority", "user_id", "id")
    op.drop_column("jobs", "course_id")
    for name, _column in reversed(COLUMNS):
        op.drop_column("jobs", name)
