"""The only place that makes the index anew from the log and the files, and says where it differs."""

from collections.abc import Iterator

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.audit.events import Event, events_of_each
from casework.index.entries import (
    Row,
    TextOf,
    about,
    files_standing,
    rows_of,
    rows_of_files,
    words_standing,
    write,
)
from casework.models import Case, SearchEntry, SearchWords
from casework.models.base import table_of

BATCH = 200
_ENTRIES, _WORDS, _CASES = table_of(SearchEntry), table_of(SearchWords), table_of(Case)


def differences(session: Session, text_of: TextOf) -> Iterator[str]:
    """The tokens of the cases whose words to be found are not those of the log and the files."""
    query = (
        select(_ENTRIES, _WORDS)
        .outerjoin_from(_ENTRIES, _WORDS, _WORDS.c.rowid == _ENTRIES.c.id)
        .order_by(_ENTRIES.c.id)
    )
    for case, events in _cases(session):
        stored = session.execute(query.where(_ENTRIES.c.case_token == case)).mappings()
        expected = _expected(session, case, events, text_of)
        if [dict(row) for row in stored] != [{**entry, **words} for entry, words in expected]:
            yield case


def rebuild(session: Session, text_of: TextOf) -> int:
    """Write everything anew within the caller's write transaction; how many rows there are then."""
    session.execute(delete(_WORDS))
    session.execute(delete(_ENTRIES))
    return sum(
        write(session, _expected(session, case, events, text_of))
        for case, events in _cases(session)
    )


def _cases(session: Session) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Every case with its events; with none where it was erased: a file of it may be another's too."""
    last = 0
    while True:
        query = select(_CASES.c.id, _CASES.c.token, _CASES.c.erased_on).where(_CASES.c.id > last)
        found = session.execute(query.order_by(_CASES.c.id).limit(BATCH)).all()
        if not found:
            return
        last = found[-1].id
        living = [row.token for row in found if row.erased_on is None]
        yield from ((row.token, ()) for row in found if row.erased_on is not None)
        yield from events_of_each(session, living).items()


def _expected(session: Session, case: str, events: tuple[Event, ...], text_of: TextOf) -> list[Row]:
    if not events:
        return []
    named = about(session, case)
    rows = list(rows_of(case, named, words_standing(events)))
    rows += rows_of_files(case, named, files_standing(events), text_of)
    return sorted(rows, key=lambda row: int(row[0]["id"]))
