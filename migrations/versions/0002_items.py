"""What is kept on a case with a small workflow of its own: papers, parties, recommendations."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("case_token", sa.String(length=34), nullable=False),
        sa.Column("workflow", sa.String(length=40), nullable=False),
        sa.Column("workflow_version", sa.String(length=20), nullable=False),
        sa.Column("workflow_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("person", sa.String(length=34), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_token"], ["case.token"], name=op.f("fk_item_case_token")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("token", name=op.f("uq_item_token")),
    )
    op.create_index("ix_item_case_token", "item", ["case_token", "workflow"])
    op.create_index("ix_item_due", "item", ["workflow", "due_on"])
    op.create_index("ix_item_person", "item", ["workflow", "person"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("item")
