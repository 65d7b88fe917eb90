"""The only place that writes an export of the log: what a stranger needs to verify it without Casework.

`docs/export-format.md` says what each file holds. Reading takes short transactions, and memory no
more than a batch, so an office can work meanwhile and its log be of any length.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

import casework
from casework import clock, verifier
from casework.audit import record
from casework.audit.record import NewEvent, Origin
from casework.exporting.columns import CHECKPOINTS, EVENTS, NODES, TABLES, WORDS
from casework.exporting.folder import Folder
from casework.exporting.readme import readme
from casework.exporting.rows import Moved, Row, rows_of
from casework.models import AuditDetail, AuditEvent, CheckpointCopy, Person
from casework.models.base import table_of
from workflows.publication import PUBLISH

LOG_EXPORTED = "log_exported"
FORMAT = "casework-export/v1"
_EVENTS, _DETAILS, _COPIES = table_of(AuditEvent), table_of(AuditDetail), table_of(CheckpointCopy)


@dataclass(frozen=True)
class Asked:
    """What is to be exported: the first `log_size` entries, with their words or without any."""

    log_size: int
    has_words: bool = False


def announce(session: Session, asked: Asked | None, *, has_words: bool, origin: Origin) -> Asked:
    """Record that the log is exported, within the caller's write transaction; what is to be in it.

    Unless an older size is asked for, the export has the entry that tells of it too.
    """
    size = asked.log_size if asked else record.log_size(session) + 1
    stat = {"log_size": size, "has_words": has_words}
    record.append(session, NewEvent(LOG_EXPORTED, record.SYSTEM, stat=stat), origin)
    return Asked(size, has_words)


def write(session: Session, folder: Folder, asked: Asked) -> None:
    """Write every file of an export. Ends the session's transaction, more than once."""
    moved = Moved(session, asked.log_size)
    for exported in (NODES, EVENTS, WORDS, *TABLES):
        rows = rows_of(session, exported, moved, has_words=asked.has_words)
        folder.rows(exported.name, rows)
    folder.rows("people", _people(session, moved, asked))
    folder.rows("reports", _reports(session, asked))
    folder.rows("checkpoints", _checkpoints(session, moved))
    folder.file(verifier.PROGRAM, verifier.program())
    folder.file("README.txt", readme(asked.log_size, has_words=asked.has_words).encode())
    manifest = _manifest(folder, moved, asked)
    folder.file("export.json", orjson.dumps(manifest, option=orjson.OPT_INDENT_2))


def _manifest(folder: Folder, moved: Moved, asked: Asked) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "log_size": asked.log_size,
        "has_words": asked.has_words,
        "made_at": record.instant(clock.now()),
        "build": casework.__version__,
        "erased_later": {
            "cases": sorted(moved.erased_cases),
            "entries": sorted(moved.erased_entries),
        },
        "files": folder.files,
    }


def _people(session: Session, moved: Moved, asked: Asked) -> Iterator[Row]:
    """Everybody, by token, with their roles and whether they are let in; names and addresses with words."""
    query = select(Person).options(selectinload(Person.roles)).order_by(Person.id)
    found: list[Row] = [
        {
            "token": person.token,
            "roles": sorted(person.role_names),
            "is_active": person.is_active,
            **({"name": person.name, "email": person.email} if asked.has_words else {}),
        }
        for person in session.scalars(query)
    ]
    moved.follow()
    session.rollback()
    for row in found:
        yield {**row, "is_later": True} if row["token"] in moved.tokens else row


def _reports(session: Session, asked: Asked) -> Iterator[Row]:
    """The canonical figures of each published report, which stand beside its entry."""
    seqs = select(_EVENTS.c.seq).where(
        _EVENTS.c.action == PUBLISH.event, _EVENTS.c.seq < asked.log_size
    )
    for seq in session.scalars(seqs.order_by(_EVENTS.c.seq)).all():
        words = session.scalar(select(_DETAILS.c.body).where(_DETAILS.c.seq == seq))
        session.rollback()
        yield {"seq": seq, "figures": _figures(words)}


def _figures(words: bytes | None) -> str | None:
    try:
        figures = orjson.loads(words or b"{}").get("figures")
    except (AttributeError, ValueError):
        return None
    return figures if isinstance(figures, str) else None


def _checkpoints(session: Session, moved: Moved) -> Iterator[Row]:
    """The signed checkpoints, each with how and when copies of it left, and not to whom."""
    for row in rows_of(session, CHECKPOINTS, moved):
        copies = select(_COPIES.c.kind, _COPIES.c.left_at).where(_COPIES.c.size == row["size"])
        left = session.execute(copies.order_by(_COPIES.c.left_at, _COPIES.c.kind)).all()
        session.rollback()
        yield {**row, "copies": [{"kind": k, "left_at": record.instant(at)} for k, at in left]}
