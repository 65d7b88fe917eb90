"""Signed checkpoints of the log, their copies, mail of no case, and reads found by their day."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "checkpoint",
        sa.Column("size", POSITION, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "checkpoint_copy",
        sa.Column("size", POSITION, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=1000), nullable=False),
        sa.Column("left_at", instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["size"], ["checkpoint.size"], name=op.f("fk_checkpoint_copy_size")
        ),
        sa.PrimaryKeyConstraint("size", "kind", "place", name=op.f("pk_checkpoint_copy")),
    )
    with op.batch_alter_table("outbox_mail") as mail:
        mail.alter_column("case_token", existing_type=sa.String(length=34), nullable=True)
        mail.add_column(sa.Column("checkpoint", POSITION, nullable=True))
        mail.create_foreign_key(
            op.f("fk_outbox_mail_checkpoint"), "checkpoint", ["checkpoint"], ["size"]
        )
    op.create_index("ix_access_read_began_at", "access_read", ["began_at"])


def downgrade() -> None:
    """Undo. Mail that is of no case has no place in the older table."""
    op.drop_index("ix_access_read_began_at", "access_read")
    op.execute("DELETE FROM outbox_mail WHERE case_token IS NULL")
    with op.batch_alter_table("outbox_mail") as mail:
        mail.drop_column("checkpoint")
        mail.alter_column("case_token", existing_type=sa.String(length=34), nullable=False)
    op.drop_table("checkpoint_copy")
    op.drop_table("checkpoint")
