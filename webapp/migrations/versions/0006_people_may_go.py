"""People may ask that what is kept of them is deleted; what they sent can be emptied once they are gone."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SAME = ("id", "assignment_item_id", "user_id", "revision", "variant", "seed", "created_at", "sent_by_id", "free")
EMPTIED_ON_SQLITE = f"""
CREATE TRIGGER submissions_are_immutable BEFORE UPDATE ON submissions
WHEN NOT (
  length(NEW.content) = 0 AND {" AND ".join(f"NEW.{name} IS OLD.{name}" for name in SAME)}
  AND EXISTS (SELECT 1 FROM users WHERE users.id = OLD.user_id AND users.erased_at IS NOT NULL)
)
BEGIN SELECT RAISE(ABORT, 'a submission never changes'); END
"""  # noqa: S608
EMPTIED_ON_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN
  IF length(NEW.content) = 0 AND {" AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in SAME)}
    AND EXISTS (SELECT 1 FROM users WHERE users.id = OLD.user_id AND users.erased_at IS NOT NULL)
  THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a submission never changes';
END $$ LANGUAGE plpgsql
"""  # noqa: S608
NEVER_ON_SQLITE = """
CREATE TRIGGER submissions_are_immutable BEFORE UPDATE ON submissions
BEGIN SELECT RAISE(ABORT, 'a submission never changes'); END
"""
NEVER_ON_POSTGRESQL = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'a submission never changes'; END $$ LANGUAGE plpgsql
"""


def freeze(on_sqlite: str, on_postgresql: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER submissions_are_immutable")
        op.execute(on_sqlite)
    else:
        op.execute(on_postgresql)


def upgrade() -> None:
    op.add_column("users", sa.Column("erasure_asked_at", UtcDateTime(), nullable=True))
    op.add_column("users", sa.Column("erased_at", UtcDateTime(), nullable=True))
    freeze(EMPTIED_ON_SQLITE, EMPTIED_ON_POSTGRESQL)


def downgrade() -> None:
    freeze(NEVER_ON_SQLITE, NEVER_ON_POSTGRESQL)
    op.drop_column("users", "erased_at")
    op.drop_column("users", "erasure_asked_at")
