"""How often somebody asked, of whatever is limited; counts of the day before it are not taken over."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.drop_table("public_use")
    op.create_table(
        "limited_use",
        sa.Column("whose_hash", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("used_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("whose_hash", "what", name=op.f("pk_limited_use")),
    )
    op.create_index("ix_limited_use_used_until", "limited_use", ["used_until"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("limited_use")
    op.create_table(
        "public_use",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", "what", name=op.f("pk_public_use")),
    )
    op.create_index("ix_public_use_used_on", "public_use", ["used_on"])
