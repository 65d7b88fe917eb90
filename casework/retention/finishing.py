"""The only place for what follows an erasure once it is committed: files, and what is left to be done.

A row of `erasure` stays unfinished until all of it is done, so that after a kill at any moment it
is taken up again; doing any of it twice changes nothing.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.files import tidying
from casework.files.store import Store
from casework.models import Erasure


def unfinished(session: Session) -> Sequence[str]:
    """The tokens of the erased cases of which something is still to be done, in log order."""
    query = select(Erasure.case_token).where(Erasure.finished_at.is_(None))
    return session.scalars(query.order_by(Erasure.seq)).all()


def delete_files(session: Session, store: Store, case: str) -> int:
    """Delete the files of an erased case from the disk; how many are left for a later run.

    Within the caller's write transaction, so that nobody can name one meanwhile. A file that was
    kept anew within a day stays until then: a form that is open may be about to name it.
    """
    row, now = session.get_one(Erasure, case), clock.now()
    named = tidying.named_among(session, row.files)
    for digest in row.files:
        if digest not in named:
            tidying.delete(store, digest, now)
    row.files = [
        digest
        for digest in row.files
        if digest not in named and any(path.exists() for path in store.paths(digest))
    ]
    session.flush()
    return len(row.files)


def finish(session: Session, cases: Sequence[str]) -> int:
    """Mark these as finished of which no file is left; how many that are.

    Within the caller's write transaction, once everything else was done for all of them.
    """
    rows = [session.get_one(Erasure, case) for case in cases]
    done = [row for row in rows if not row.files]
    for row in done:
        row.finished_at = clock.now()
    session.flush()
    return len(done)
