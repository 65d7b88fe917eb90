"""Which cases were erased at the end of their retention, and what of that is still to be done."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.add_column("case", sa.Column("erased_on", sa.Date(), nullable=True))
    op.create_table(
        "erasure",
        sa.Column("case_token", sa.String(length=34), nullable=False),
        sa.Column("seq", POSITION, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_token"], ["case.token"], name=op.f("fk_erasure_case_token")),
        sa.PrimaryKeyConstraint("case_token", name=op.f("pk_erasure")),
        sa.UniqueConstraint("seq", name=op.f("uq_erasure_seq")),
    )
    op.create_index("ix_erasure_finished_at", "erasure", ["finished_at"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("erasure")
    op.drop_column("case", "erased_on")
