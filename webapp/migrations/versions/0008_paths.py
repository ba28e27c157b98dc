"""A course may follow a path of a bank."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("courses", sa.Column("path", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("courses", "path")
