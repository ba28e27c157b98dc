"""Courses from files, practice, items for guests, hints that were opened, signing out everywhere."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def columns() -> tuple[tuple[str, sa.Column], ...]:
    return (
        ("users", sa.Column("is_guest", sa.Boolean(), server_default=sa.false(), nullable=False)),
        ("courses", sa.Column("key", sa.String(), nullable=True)),
        ("assignments", sa.Column("key", sa.String(), nullable=True)),
        ("assignments", sa.Column("position", sa.Integer(), server_default="0", nullable=False)),
        ("assignments", sa.Column("practice", sa.Boolean(), server_default=sa.false(), nullable=False)),
        ("assignment_items", sa.Column("is_open", sa.Boolean(), server_default=sa.false(), nullable=False)),
        ("assignments", sa.Column("removed_at", UtcDateTime(), nullable=True)),
        ("assignment_items", sa.Column("removed_at", UtcDateTime(), nullable=True)),
        ("users", sa.Column("session_key", sa.String(), server_default="", nullable=False)),
    )


def upgrade() -> None:
    for table, column in columns():
        op.add_column(table, column)
    op.drop_index(op.f("ix_assignments_course_id"), table_name="assignments")
    op.create_index(op.f("ix_assignments_course_id_key"), "assignments", ["course_id", "key"], unique=True)
    op.create_index(op.f("ix_courses_key"), "courses", ["key"], unique=True)
    op.create_table(
        "hint_reveals",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("assignment_item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revealed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_item_id"],
            ["assignment_items.id"],
            name=op.f("fk_hint_reveals_assignment_item_id_assignment_items"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_hint_reveals_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "assignment_item_id", "number", name=op.f("pk_hint_reveals")),
    )


def downgrade() -> None:
    op.drop_table("hint_reveals")
    op.drop_index(op.f("ix_courses_key"), table_name="courses")
    op.drop_index(op.f("ix_assignments_course_id_key"), table_name="assignments")
    for table, column in reversed(columns()):
        op.drop_column(table, column.name)  # not in a batch: SQLite would make the table anew under what points at it
    op.create_index(op.f("ix_assignments_course_id"), "assignments", ["course_id"], unique=False)
