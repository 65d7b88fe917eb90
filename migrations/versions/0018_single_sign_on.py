"""Accounts as another directory knows them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "directory_link",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_directory_link_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_directory_link")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_directory_link_issuer_subject")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("directory_link")
