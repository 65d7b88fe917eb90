"""The only place where the harness writes a log anew, as whoever runs the database and has the code can."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from casework.audit.checks_tables import UNREADABLE
from casework.audit.record import LEAF_PREFIX
from casework.audit.tree import completed_by, leaf_hash
from casework.counts import milestones
from casework.models import AuditDetail, AuditEvent, AuditNode
from casework.models.base import table_of
from workflows import WORKFLOWS

EVENTS, DETAILS, NODES = (table_of(model) for model in (AuditEvent, AuditDetail, AuditNode))
POSITIONS = (
    ("office_setting", "since_seq"),
    ("letter_template", "since_seq"),
    ("list_check", "since_seq"),
    ("list_finding", "settled_seq"),
    ("publication", "since_seq"),
)
"""Columns that hold positions in the log and that nothing makes anew."""


@dataclass
class Entry:
    """An entry as it is to be written: what its bytes say, and the words beside it with their salt."""

    body: dict[str, Any]
    salt: bytes | None = None
    words: bytes | None = None

    def commit(self, words: bytes) -> None:
        """Put other words beside it, under a salt of their own."""
        self.salt, self.words = secrets.token_bytes(32), words
        self.body["detail_commit"] = hmac.digest(self.salt, words, sha256).hex()

    @property
    def written(self) -> bytes:
        """Its bytes in canonical form."""
        return orjson.dumps(self.body, option=orjson.OPT_SORT_KEYS)


def log_of(connection: Connection) -> list[Entry]:
    """The whole log as it is stored."""
    query = (
        select(EVENTS.c.body, DETAILS.c.salt, DETAILS.c.body.label("words"))
        .select_from(EVENTS.outerjoin(DETAILS, DETAILS.c.seq == EVENTS.c.seq))
        .order_by(EVENTS.c.seq)
    )
    return [Entry(orjson.loads(row.body), row.salt, row.words) for row in connection.execute(query)]


def write(connection: Connection, log: Sequence[Entry]) -> None:
    """Put a log in the place of the stored one: numbered, linked and hashed from end to end."""
    for table in (DETAILS, NODES, EVENTS):
        connection.execute(table.delete())
    before, latest = b"", dict[int, bytes]()
    events, details, subtrees = [], [], []

    def latest_at(level: int, _position: int) -> bytes:
        return latest[level]

    for seq, entry in enumerate(log):
        entry.body |= {"seq": seq, "prev": before.hex()}
        before = leaf_hash(LEAF_PREFIX + entry.written)
        completed = completed_by(seq, before, latest_at)
        latest |= {0: before} if seq % 2 == 0 else {}
        latest |= {node.level: node.hash for node in completed[-1:]}
        subtrees += [{"level": n.level, "position": n.index, "hash": n.hash} for n in completed]
        events.append(row_of(entry, before))
        if entry.words is not None:
            details.append({"seq": seq, "salt": entry.salt, "body": entry.words})
    for table, rows in ((EVENTS, events), (DETAILS, details), (NODES, subtrees)):
        if rows:
            connection.execute(table.insert(), rows)


def row_of(entry: Entry, leaf: bytes) -> dict[str, Any]:
    """An entry's row, its columns as its bytes have them."""
    named = ("seq", "id", "at", "actor", "action", "req", "part")
    columns = {name: entry.body[name] for name in named}
    return {
        **columns,
        "case_token": entry.body["case"],
        "body": entry.written,
        "leaf_hash": leaf,
    }


def follow(connection: Connection, since: int, by: int) -> None:
    """Let the tables follow a log of which everything from a position on was moved by so many.

    What followed from entries that were cut off goes with them.
    """
    size = len(log_of(connection))
    for table, column in POSITIONS:
        if since >= size:
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} >= {since}")
        elif by:  # in two steps, as no two rows may have the same position in between
            moved = f"SET {column} = -({column} + {by}) WHERE {column} >= {since}"
            connection.exec_driver_sql(f"UPDATE {table} {moved}")
            back = f"SET {column} = -{column} WHERE {column} < 0"
            connection.exec_driver_sql(f"UPDATE {table} {back}")
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        try:
            milestones.rebuild(session, WORKFLOWS, size)
            session.commit()
        except UNREADABLE:  # what cannot have happened has no milestones
            session.rollback()
