"""Names of roles that are longer than those before."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SHORT, LONG = sa.String(length=20), sa.String(length=40)


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("person_role") as roles:
        roles.alter_column("role", existing_type=SHORT, type_=LONG, existing_nullable=False)


def downgrade() -> None:
    """Undo nothing: the log says who holds the longer names, which give nothing in software before."""
