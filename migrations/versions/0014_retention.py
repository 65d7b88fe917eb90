"""Which cases were erased at the end of their retention, and what of that is still to be done.

The days from which cases are kept stand with them and with what is kept on them: `casework init`
reads them off the log for rows that are there already.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

DAYS = (("case", "told_on"), ("case", "active_on"), ("case", "erased_on"), ("item", "active_on"))
POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    for table, column in DAYS:
        op.add_column(table, sa.Column(column, sa.Date(), nullable=True))
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
    for table, column in reversed(DAYS):
        op.drop_column(table, column)
