"""Registers that were sent and are not imported yet."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "waiting_register",
        sa.Column("person_token", sa.String(length=34), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("checked", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_token", name=op.f("pk_waiting_register")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("waiting_register")
