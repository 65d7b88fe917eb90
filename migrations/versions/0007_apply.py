"""What a public application waits in until it is sent, who asked how often, and mail of no letter."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "waiting_application",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("req", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=True),
        sa.Column("begun_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_waiting_application")),
        sa.UniqueConstraint("req", name=op.f("uq_waiting_application_req")),
    )
    op.create_index("ix_waiting_application_expires_at", "waiting_application", ["expires_at"])
    op.create_table(
        "waiting_file",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_hash"],
            ["waiting_application.token_hash"],
            name=op.f("fk_waiting_file_token_hash"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", "sha256", name=op.f("pk_waiting_file")),
    )
    op.create_index("ix_waiting_file_sha256", "waiting_file", ["sha256"])
    op.create_table(
        "public_use",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", "what", name=op.f("pk_public_use")),
    )
    op.create_index("ix_public_use_used_on", "public_use", ["used_on"])
    with op.batch_alter_table("outbox_mail") as mail:
        mail.alter_column("letter", existing_type=sa.String(length=40), nullable=True)
        mail.alter_column("told", existing_type=sa.String(length=40), nullable=True)


def downgrade() -> None:
    """Undo. Mail that is of no letter has no place in the older table."""
    op.execute("DELETE FROM outbox_mail WHERE letter IS NULL")
    with op.batch_alter_table("outbox_mail") as mail:
        mail.alter_column("told", existing_type=sa.String(length=40), nullable=False)
        mail.alter_column("letter", existing_type=sa.String(length=40), nullable=False)
    op.drop_table("public_use")
    op.drop_table("waiting_file")
    op.drop_table("waiting_application")
