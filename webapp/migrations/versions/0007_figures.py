"""What texts of banks show is kept under its hash."""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figures",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("svg", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_figures")),
    )


def downgrade() -> None:
    op.drop_table("figures")
