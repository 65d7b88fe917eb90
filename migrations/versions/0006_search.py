"""Words to be found: full text over cases and all that is kept on them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "search_entry",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("case_token", sa.String(length=34), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_token"], ["case.token"], name=op.f("fk_search_entry_case_token")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
    )
    op.create_index("ix_search_entry_case_token", "search_entry", ["case_token"])
    if op.get_bind().dialect.name == "sqlite":
        # Words come folded, parted by spaces: the ascii tokenizer takes them as they are.
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5(about, said, tokenize='ascii', prefix='3')"
        )
        return
    op.create_table(
        "search_words",
        sa.Column("rowid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("about", TSVECTOR(), nullable=False),
        sa.Column("said", TSVECTOR(), nullable=False),
        sa.Column("words", TSVECTOR(), sa.Computed("said || about", persisted=True)),
        sa.PrimaryKeyConstraint("rowid", name=op.f("pk_search_words")),
    )
    op.create_index("ix_search_words_words", "search_words", ["words"], postgresql_using="gin")


def downgrade() -> None:
    """Undo."""
    op.drop_table("search_words")
    op.drop_table("search_entry")
