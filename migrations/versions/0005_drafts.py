"""What is being typed and is not yet recorded."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "draft",
        sa.Column("person_token", sa.String(length=34), nullable=False),
        sa.Column("form", sa.String(length=200), nullable=False),
        sa.Column("case_token", sa.String(length=34), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_token", "form", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_case_token", "draft", ["case_token"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("draft")
