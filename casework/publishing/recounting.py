"""The only place that counts published reports again and compares them, byte for byte.

A report is what it was if its figures are those that its event commits to, the log still gives
them by the report's own edition, and each of its files is in the store as it was published.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework.audit.findings import MOST_NAMED, Finding
from casework.files.store import FileMissing, Store
from casework.models import Publication
from casework.publishing.counting import content_hash, count
from casework.publishing.history import (
    UNREADABLE,
    Published,
    all_published,
    history_of,
    standings,
)
from workflows.definition import Standing
from workflows.publication import (
    APPROVE,
    APPROVED,
    DRAFT,
    DRAFT_REPORT,
    PUBLICATION,
    PUBLISHED,
)
from workflows.replay import standing_of

CHECK = "published reports"
_FIXED = ("kind", "from_on", "to_on", "status_on", "log_size", "edition", "figures")
_CITED = ("year", "number", "published_on", "since_seq")


@dataclass(frozen=True)
class Outcome:
    """A published report that was counted again: what is no longer as published, a sentence each.

    `figures` are faults of what the log gives, `kept` of what is kept beside the event and of its
    approval, `files` of the files that it was published as. `digest` is the SHA-256, hex, of the
    figures as they are now; empty where they cannot be counted.
    """

    published: Published
    digest: str
    figures: tuple[str, ...]
    kept: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything that is no longer as published."""
        return self.figures + self.kept + self.files

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
    digest, figures = _figures(session, published)
    return Outcome(published, digest, figures, tuple(_kept(session, published)), tuple(files))


def _figures(session: Session, published: Published) -> tuple[str, tuple[str, ...]]:
    """The digest of the figures as the log gives them now, and what is wrong with them."""
    try:
        now = count(session, published.basis)
    except UNREADABLE as fault:
        return "", (f"Its figures cannot be counted again ({type(fault).__name__}).",)
    if now.digest == published.digest:
        return now.digest, ()
    differ = _named(published.figures, now.figures)
    return now.digest, (f"The log gives other figures than those published{differ}.",)


def _named(kept: bytes, now: bytes) -> str:
    """Which parts of the figures differ, as the end of a sentence."""
    try:
        was, found = orjson.loads(kept), orjson.loads(now)
    except ValueError:
        return ""
    parts = [name for name in {**was, **found} if was.get(name) != found.get(name)]
    return f": {', '.join(parts)}" if parts else ""


def _kept(session: Session, published: Published) -> Iterator[str]:
    if not published.has_its_figures:
        yield "The figures kept beside its entry in the log are not those that were published."
    if not published.has_its_words:
        yield "The words kept beside its entry in the log are not those that were published."
    before = [e for e in history_of(session, published.token) if e.seq < published.event.seq]
    approved = standing_of(PUBLICATION, before).last(APPROVE.name)
    if approved is None or approved.facts.get("content") != published.content:
        yield "What was published is not what was approved."


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
    except (DBAPIError, *UNREADABLE) as fault:
        return Finding(CHECK, False, f"They cannot be recounted ({type(fault).__name__}).")
    found += [
        f"Report {each.published.cited_as}: {fault}" for each in outcomes for fault in each.faults
    ]
    if found:
        return Finding(CHECK, False, " ".join(found[:MOST_NAMED]))
    return Finding(CHECK, True, "Published reports recount: same figures, same files.")


def _rows(session: Session) -> Iterator[str]:
    """Rows of the table that are not as the log has the report."""
    known, cited = standings(session), {each.token: each for each in all_published(session)}
    rows = {row.token: row for row in session.scalars(select(Publication))}
    for token in sorted(rows.keys() | known.keys()):
        if token not in known or token not in rows:
            where = "log" if token in rows else "table of reports"
            yield f"Report {token} is not in the {where}."
            continue
        if others := [*_others(known[token], cited.get(token), rows[token])]:
            yield f"Report {token} is not in its table as in the log: {', '.join(others)}."


def _others(standing: Standing, published: Published | None, row: Publication) -> Iterator[str]:
    """The columns of a row that are not as the log gives them; it does not give a draft's words."""
    drafted = [e.facts for e in standing.entries if e.step == DRAFT_REPORT.name][-1]
    given = {"state": standing.state, **{name: drafted[name] for name in _FIXED}}
    cited = _citation(published) if published else (None,) * len(_CITED)
    given |= zip(_CITED, cited, strict=True)
    if standing.state != DRAFT:
        given["changed_by"] = standing.entries[-1].actor
    yield from (name for name, value in given.items() if getattr(row, name) != value)
    approved = standing.last(APPROVE.name)
    if approved is not None and standing.state in (APPROVED, PUBLISHED):
        if (
            content_hash(drafted["kind"], drafted["figures"], row.words)
            != approved.facts["content"]
        ):
            yield "words"
        if tuple(row.written_by) != approved.facts["written_by"]:
            yield "written_by"


def _citation(published: Published) -> tuple[Any, ...]:
    return (published.year, published.number, published.published_on, published.event.seq)
