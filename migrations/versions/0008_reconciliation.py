"""The monthly lists of a force and how their columns are read."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "list_reading",
        sa.Column("force", sa.String(length=40), nullable=False),
        sa.Column("header", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("day_order", sa.String(length=5), nullable=False),
        sa.PrimaryKeyConstraint("force", name=op.f("pk_list_reading")),
    )
    op.create_table(
        "list_check",
        sa.Column("token", sa.String(length=34), nullable=False),
        sa.Column("since_seq", POSITION, nullable=False),
        sa.Column("force", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("checked_by", sa.String(length=34), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("met", sa.JSON(), nullable=False),
        sa.Column("unread", sa.JSON(), nullable=False),
        sa.Column("respelt", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_list_check")),
        sa.UniqueConstraint("since_seq", name=op.f("uq_list_check_since_seq")),
    )
    op.create_index("ix_list_check_force", "list_check", ["force", "checked_at"])
    op.create_table(
        "list_finding",
        sa.Column("token", sa.String(length=34), nullable=False),
        sa.Column("check_token", sa.String(length=34), nullable=False),
        sa.Column("force", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("listed", sa.JSON(), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.Column("settled_as", sa.String(length=20), nullable=True),
        sa.Column("settled_seq", POSITION, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("same_as", sa.String(length=34), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["check_token"], ["list_check.token"], name=op.f("fk_list_finding_check_token")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_list_finding")),
    )
    op.create_index("ix_list_finding_check_token", "list_finding", ["check_token"])
    op.create_index("ix_list_finding_force", "list_finding", ["force", "ended_at"])
    op.create_index("ix_case_force_received", "case", ["force", "received_on"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_case_force_received", "case")
    for table in ("list_finding", "list_check", "list_reading"):
        op.drop_table(table)
