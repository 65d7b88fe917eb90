"""The only place that signs checkpoints and writes down which copies of them left.

Each function works within the caller's write transaction. Signing the same entries again gives the
same note, so whatever was interrupted can be done once more.
"""

import secrets
from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import notes, record
from casework.audit.notes import SigningKey, TreeHead
from casework.checkpoints import queries
from casework.checkpoints.changes import key_changes
from casework.checkpoints.checks import Held
from casework.checkpoints.forks import refuse_fork
from casework.checkpoints.keys import KeyRefused
from casework.checkpoints.queries import REPORT
from casework.folding import folded_words
from casework.models import Checkpoint, CheckpointCopy, Publication
from casework.models.base import table_of
from casework.models.publication import cited_as
from casework.office_settings import settings_at

_CHECKPOINTS, _COPIES = table_of(Checkpoint), table_of(CheckpointCopy)


def sign(session: Session, keys: Sequence[SigningKey], left: Iterable[Held] = ()) -> Checkpoint:
    """The checkpoint over the log as it stands, signed unless it was before.

    By the log's key, which names it; where that was just changed, also by the one before. `left` are
    the checkpoints in the folder for them, which the log has to agree with. Every published report
    that is covered now is noted to have its checkpoint. Raises LogForked, and KeyRefused where the
    key was changed meanwhile.
    """
    if keys[0].verifier != key_changes(session)[-1].key:
        raise KeyRefused("The signing key was changed meanwhile, so nothing was signed. Try again.")
    size = record.log_size(session)
    refuse_fork(session, left)
    if session.get(Checkpoint, size) is None:
        head = TreeHead(keys[0].name, size, record.log_root(session, size))
        row = {
            "size": size,
            "root": head.root,
            "note": notes.sign(head.text, keys).written,
            "signed_at": clock.now(),
        }
        session.execute(insert(_CHECKPOINTS), row)
    _note_reports(session)
    return session.get_one(Checkpoint, size)


def note_copy(session: Session, size: int, kind: str, place: str) -> None:
    """Write down that a copy left, once for each place."""
    if session.get(CheckpointCopy, (size, kind, place)) is None:
        row = {"size": size, "kind": kind, "place": place, "left_at": clock.now()}
        session.execute(insert(_COPIES), row)


def new_log_name(session: Session) -> str:
    """A name for a log that has none: the office's, and digits that no other log has after it."""
    words = folded_words(settings_at(session).office_name)
    office = "-".join(word for word in words if word.isascii()) or "casework"
    return f"{office}/{secrets.token_hex(4)}"


def _note_reports(session: Session) -> None:
    """Give each published report its checkpoint: the first that covers its entry."""
    noted = set(session.scalars(select(_COPIES.c.place).where(_COPIES.c.kind == REPORT)))
    published = select(Publication).where(Publication.since_seq.is_not(None))
    for report in session.scalars(published.order_by(Publication.since_seq)):
        cited = cited_as(report.year or "", report.number or 0)
        covers = queries.covering(session, report.since_seq or 0)
        if cited not in noted and covers is not None:
            note_copy(session, covers.size, REPORT, cited)
