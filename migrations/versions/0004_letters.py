"""Letters as they are drafted and issued, the office’s own templates, and mail to send."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "letter_draft",
        sa.Column("token", sa.String(length=34), nullable=False),
        sa.Column("case_token", sa.String(length=34), nullable=False),
        sa.Column("letter", sa.String(length=40), nullable=False),
        sa.Column("told", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("docx", sa.String(length=64), nullable=True),
        sa.Column("pdf", sa.String(length=64), nullable=True),
        sa.Column("template", sa.String(length=64), nullable=True),
        sa.Column("begun_by", sa.String(length=34), nullable=False),
        sa.Column("changed_by", sa.String(length=34), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces", sa.String(length=40), nullable=True),
        sa.Column("issued", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_token"], ["case.token"], name=op.f("fk_letter_draft_case_token")
        ),
        sa.ForeignKeyConstraint(
            ["replaces"], ["item.token"], name=op.f("fk_letter_draft_replaces")
        ),
        sa.ForeignKeyConstraint(["issued"], ["item.token"], name=op.f("fk_letter_draft_issued")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_letter_draft")),
    )
    op.create_index(op.f("ix_letter_draft_case_token"), "letter_draft", ["case_token"])
    op.create_table(
        "outbox_mail",
        sa.Column("token", sa.String(length=34), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("case_token", sa.String(length=34), nullable=False),
        sa.Column("letter", sa.String(length=40), nullable=False),
        sa.Column("told", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_by", sa.String(length=34), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_token"], ["case.token"], name=op.f("fk_outbox_mail_case_token")
        ),
        sa.ForeignKeyConstraint(["letter"], ["item.token"], name=op.f("fk_outbox_mail_letter")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_mail_message_id")),
    )
    op.create_index(op.f("ix_outbox_mail_letter"), "outbox_mail", ["letter"])
    op.create_index("ix_outbox_mail_status", "outbox_mail", ["status", "next_try_at"])
    op.create_table(
        "letter_template",
        sa.Column("letter", sa.String(length=40), nullable=False),
        sa.Column("since_seq", POSITION, autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["sha256"], ["stored_file.sha256"], name=op.f("fk_letter_template_sha256")
        ),
        sa.PrimaryKeyConstraint("letter", "since_seq", name=op.f("pk_letter_template")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("letter_template")
    op.drop_table("outbox_mail")
    op.drop_table("letter_draft")
