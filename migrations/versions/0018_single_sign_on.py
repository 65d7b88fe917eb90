"""Who the people of the office are in the directory that signs them in.

What the log has of it comes back, where an older release had no room for it.
"""

import json
from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

EVENT = sa.table("audit_event", sa.column("seq"), sa.column("action"), sa.column("body"))
DETAIL = sa.table("audit_detail", sa.column("seq"), sa.column("body"))
PERSON = sa.table("person", sa.column("id"), sa.column("token"))


def upgrade() -> None:
    """Apply."""
    table = op.create_table(
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
    links = _on_the_log()
    for person, token in op.get_bind().execute(sa.select(PERSON.c.id, PERSON.c.token)).all():
        if token in links:
            op.get_bind().execute(sa.insert(table).values(person_id=person, **links[token]))


def _on_the_log() -> dict[str, Mapping[str, str]]:
    """Issuer and subject by the token of each person who is joined; not those that were erased."""
    links: dict[str, Mapping[str, str]] = {}
    query = (
        sa.select(EVENT.c.action, EVENT.c.body, DETAIL.c.body)
        .select_from(EVENT.outerjoin(DETAIL, DETAIL.c.seq == EVENT.c.seq))
        .where(EVENT.c.action.in_(("person_linked", "person_unlinked")))
        .order_by(EVENT.c.seq)
    )
    for action, body, words in op.get_bind().execute(query):
        token = json.loads(bytes(body))["stat"]["person"]
        links.pop(token, None)
        if action == "person_linked" and words is not None:
            links[token] = json.loads(bytes(words))
    return links


def downgrade() -> None:
    """Undo."""
    op.drop_table("directory_link")
