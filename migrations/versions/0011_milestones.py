"""The day received beside what is true of a case, how long it lasted, and indexes that count.

The columns are filled by `casework init`, which makes the milestones anew from the log.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BEFORE = {
    "ix_milestone_kind_from": ["kind", "from_on", "case_token"],
    "ix_milestone_kind_to": ["kind", "to_on", "case_token"],
    "ix_milestone_case_token": ["case_token", "until_seq"],
}
KNOWN = ["since_seq", "until_seq"]
INDEXES = {
    "ix_milestone_received": (
        ["kind", "received_on", "code", "from_on", "to_on", *KNOWN],
        "received_on IS NOT NULL",
    ),
    "ix_milestone_from": (["kind", "from_on", "code", "to_on", *KNOWN], None),
    "ix_milestone_to": (
        ["kind", "to_on", "code", "from_on", *KNOWN],
        "to_on IS NOT NULL",
    ),
    "ix_milestone_open": (
        ["kind", "until_seq", "lasted", "from_on", "to_on", "since_seq", "case_token"],
        "kind = 'open'",
    ),
    "ix_milestone_case": (["case_token", "kind", "from_on"], None),
}


def upgrade() -> None:
    """Apply."""
    for name in BEFORE:
        op.drop_index(name, "milestone")
    op.add_column("milestone", sa.Column("received_on", sa.Date(), nullable=True))
    op.add_column("milestone", sa.Column("lasted", sa.SmallInteger(), nullable=True))
    for name, (columns, of_rows) in INDEXES.items():
        where = sa.text(of_rows) if of_rows else None
        op.create_index(name, "milestone", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "milestone_source",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_milestone_source")),
    )


def downgrade() -> None:
    """Undo. The rows stay as they are: what an earlier release does not count, it does not read."""
    op.drop_table("milestone_source")
    for name in INDEXES:
        op.drop_index(name, "milestone")
    op.drop_column("milestone", "lasted")
    op.drop_column("milestone", "received_on")
    for name, columns in BEFORE.items():
        op.create_index(name, "milestone", columns)
