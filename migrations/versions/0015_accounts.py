"""Mail that brings somebody a link to set a password.

Proposals that wait for a second person are their entries in the log, and have no table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("outbox_mail") as mail:
        mail.add_column(sa.Column("person", sa.String(length=34), nullable=True))
        mail.create_foreign_key(op.f("fk_outbox_mail_person"), "person", ["person"], ["token"])
    op.create_index("ix_outbox_mail_person", "outbox_mail", ["person"])


def downgrade() -> None:
    """Undo. Mail to people of the office has no place in the older table."""
    op.execute("DELETE FROM outbox_mail WHERE person IS NOT NULL")
    op.drop_index("ix_outbox_mail_person", "outbox_mail")
    with op.batch_alter_table("outbox_mail") as mail:
        mail.drop_column("person")
