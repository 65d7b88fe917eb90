"""The only place that counts published reports again and compares them, byte for byte.

A report is what it was if its figures are those that its event commits to, the log still gives
them by the report's own edition, and each of its files is in the store as it was published.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework.audit.findings import MOST_NAMED, Finding
from casework.files.store import FileMissing, Store
from casework.models import Publication
from casework.publishing.counting import count
from casework.publishing.history import Published, all_published, standings
from workflows.publication import PUBLISHED

CHECK = "published reports"
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading an event that was tampered with may raise."""


@dataclass(frozen=True)
class Outcome:
    """A published report that was counted again: what is no longer as published, a sentence each.

    `figures` are faults of what it says, `files` of the files that it was published as.
    """

    published: Published
    figures: tuple[str, ...]
    files: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything that is no longer as published."""
        return self.figures + self.files

    @property
    def is_same(self) -> bool:
        """Whether everything is as it was published."""
        return not self.faults

    @property
    def sentence(self) -> str:
        """What came out of it, for people."""
        size = self.published.basis.log_size
        if self.is_same:
            return f"Recounted from {size:,} recorded actions: same figures, same files."
        return " ".join(self.faults)


def recount(session: Session, published: Published, store: Store | None = None) -> Outcome:
    """Count a published report again by its own edition; with a store, look at its files too."""
    files = _files(published, store) if store is not None else ()
    return Outcome(published, tuple(_figures(session, published)), tuple(files))


def _figures(session: Session, published: Published) -> Iterator[str]:
    kept = published.figures
    if sha256(kept).hexdigest() != published.digest:
        yield "The figures kept beside its entry in the log are not those that were published."
    try:
        now = count(session, published.basis).figures
    except _UNREADABLE as fault:
        yield f"Its figures cannot be counted again ({type(fault).__name__})."
        return
    if sha256(now).hexdigest() != published.digest:
        yield f"The log gives other figures than those published{_named(kept, now)}."


def _named(kept: bytes, now: bytes) -> str:
    """Which parts of the figures differ, as the end of a sentence."""
    try:
        was, found = orjson.loads(kept), orjson.loads(now)
    except ValueError:
        return ""
    parts = [name for name in {**was, **found} if was.get(name) != found.get(name)]
    return f": {', '.join(parts)}" if parts else ""


def _files(published: Published, store: Store) -> Iterator[str]:
    for form, digest in published.files.items():
        try:
            store.open(digest).close()
        except FileMissing:
            yield f"Its published file, {form}, is missing from the store or altered."


def verify(session: Session, store: Store) -> Finding:
    """Whether every published report recounts, and the table of reports is what the log gives.

    To be asked within a transaction that sees one moment, or an office at work would look altered.
    """
    try:
        found = [*_rows(session)]
        outcomes = [recount(session, each, store) for each in all_published(session)]
    except (DBAPIError, *_UNREADABLE) as fault:
        return Finding(CHECK, False, f"They cannot be recounted ({type(fault).__name__}).")
    found += [
        f"Report {each.published.cited_as}: {fault}" for each in outcomes for fault in each.faults
    ]
    if found:
        return Finding(CHECK, False, " ".join(found[:MOST_NAMED]))
    return Finding(CHECK, True, "Published reports recount: same figures, same files.")


def _rows(session: Session) -> Iterator[str]:
    """Rows of the table that are not as the log has the report."""
    states = {token: standing.state for token, standing in standings(session).items()}
    cited = {each.token: _citation(each) for each in all_published(session)}
    rows = {row.token: row for row in session.scalars(select(Publication))}
    for token in sorted(rows.keys() | states.keys()):
        row = rows.get(token)
        if row is None or row.state != states.get(token):
            yield f"Report {token} does not stand in its table as in the log."
        elif row.state == PUBLISHED and _citation_of(row) != cited.get(token):
            yield f"Report {token} is not cited in its table as in the log."


def _citation(published: Published) -> tuple[Any, ...]:
    return (published.year, published.number, published.published_on, published.event.seq)


def _citation_of(row: Publication) -> tuple[Any, ...]:
    return (row.year, row.number, row.published_on, row.since_seq)
