"""Reports that are drafted, approved and published."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "publication",
        sa.Column("token", sa.String(length=34), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("status_on", sa.Date(), nullable=False),
        sa.Column("log_size", POSITION, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("figures", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(length=34), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("year", sa.String(length=7), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("since_seq", POSITION, nullable=True),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_publication")),
        sa.UniqueConstraint("since_seq", name=op.f("uq_publication_since_seq")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_publication_year")),
    )
    op.create_index("ix_publication_state", "publication", ["state"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_publication_state", "publication")
    op.drop_table("publication")
