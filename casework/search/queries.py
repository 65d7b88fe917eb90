"""The only place that asks the index: the cases in which all the terms are found, best first.

Ranked by the database's own measure as long as few entries match; where many do, as for “the”,
ranking would read them all, so the newest stand first. No query reads further than `MOST`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Join,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from casework.models import Case, SearchEntry, SearchWords
from casework.models.base import table_of
from casework.models.search import PARTS
from casework.permissions import visible_to
from casework.search.asking import Term
from casework.withheld import is_read_by
from workflows.calendar import FinancialYear, financial_year_of

MOST = 200
"""How many entries are looked at; of more, the newest."""
RECENT = 1_000
"""How far back in the log PostgreSQL reads entry by entry before it asks the index of words, which
knows no order: a common word is found often enough there, and any other is soon sorted."""
_ENTRIES, _WORDS, _CASES = table_of(SearchEntry), table_of(SearchWords), table_of(Case)
_PLACED: ColumnElement[Any] = literal_column("search_words.words")
_BM25: ColumnElement[Any] = literal_column(
    "bm25(search_words, 0.2, 1.0)"
)  # the name of the case counts for less
_WEIGHTS: ColumnElement[Any] = literal_column("'{0.2, 0.2, 0.2, 1.0}'::real[]")
_BY_LENGTH = 1
"""Divide the rank by 1 + the logarithm of the length, as bm25 weighs short entries higher."""


@dataclass(frozen=True)
class Asked:
    """What is searched for; a filter that is None lets everything through."""

    terms: tuple[Term, ...]
    place: str | None = None
    is_open: bool | None = None
    year: FinancialYear | None = None


@dataclass(frozen=True)
class FoundCase:
    """A case with the numbers of its entries in which the terms were found, the best first."""

    token: str
    entries: tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """The cases found, best first; `is_over` when more entries matched than were looked at."""

    cases: tuple[FoundCase, ...]
    is_over: bool


def find(session: Session, asked: Asked, person: str) -> Found:
    """The cases that this person (by token) may see in which every term is found.

    All terms are in one entry, or in it and in the names and references of its case.
    """
    rows = _newest(session, asked, person)
    if 1 < len(rows) <= MOST:
        query = _matching(session, asked, person)
        rows = session.execute(query.order_by(*_best_first(session, asked))).all()
    by_case: dict[str, list[int]] = {}
    for number, case in rows[:MOST]:
        by_case.setdefault(case, []).append(number)
    cases = tuple(FoundCase(case, tuple(numbers)) for case, numbers in by_case.items())
    return Found(cases, len(rows) > MOST)


def _newest(session: Session, asked: Asked, person: str) -> Sequence[Any]:
    """The newest entries that match, one more than are looked at."""
    query = _matching(session, asked, person)
    if session.get_bind().dialect.name == "sqlite":  # whose index is in the order of the numbers
        return session.execute(query.order_by(_WORDS.c.rowid.desc()).limit(MOST + 1)).all()
    newest = session.execute(select(func.max(_WORDS.c.rowid))).scalar() or 0
    recent = query.where(_WORDS.c.rowid > newest - RECENT * PARTS)
    rows = session.execute(recent.order_by(_WORDS.c.rowid.desc()).limit(MOST + 1)).all()
    if len(rows) > MOST:
        return rows
    found = select(_WORDS.c.rowid).where(_is_found(session, asked.terms)).cte("found")
    found = found.prefix_with("MATERIALIZED")  # so that it is the index of words that is asked
    sought = select(found.c.rowid, _ENTRIES.c.case_token).select_from(_joined(found))
    return session.execute(
        sought.where(*_let_through(asked, person)).order_by(found.c.rowid.desc()).limit(MOST + 1)
    ).all()


def years(session: Session) -> tuple[FinancialYear, ...]:
    """The financial years from the first case's to the last one's, newest first."""
    received = _CASES.c.received_on
    first, last = session.execute(
        select(_ends(func.min, received), _ends(func.max, received))
    ).one()
    if first is None:
        return ()
    spanned = range(financial_year_of(last).starts_in, financial_year_of(first).starts_in - 1, -1)
    return tuple(FinancialYear(year) for year in spanned)


def _ends(of: Any, column: ColumnElement[Any]) -> Any:
    # Each in a statement of its own, so that it is the end of an index and not a scan.
    return select(of(column)).scalar_subquery()


def _matching(session: Session, asked: Asked, person: str) -> Select[Any]:
    query = select(_WORDS.c.rowid, _ENTRIES.c.case_token).select_from(_joined(_WORDS))
    return query.where(_is_found(session, asked.terms), *_let_through(asked, person))


def _joined(numbers: FromClause) -> Join:
    """Numbers of entries (`rowid`) with the entries and their cases."""
    with_entries = numbers.join(_ENTRIES, _ENTRIES.c.id == numbers.c.rowid)
    return with_entries.join(_CASES, _CASES.c.token == _ENTRIES.c.case_token)


def _let_through(asked: Asked, person: str) -> list[ColumnElement[bool]]:
    """What a person may see of what the filters ask for."""
    conditions = [visible_to(person), is_read_by(person)]
    if asked.place:
        conditions.append(_ENTRIES.c.place == asked.place)
    if asked.is_open is not None:
        closed = _CASES.c.closed_on
        conditions.append(closed.is_(None) if asked.is_open else closed.is_not(None))
    if asked.year:
        conditions.append(_CASES.c.received_on.between(asked.year.first_on, asked.year.last_on))
    return conditions


def _is_found(session: Session, terms: tuple[Term, ...]) -> ColumnElement[bool]:
    if session.get_bind().dialect.name == "sqlite":
        return literal_column("search_words").op("MATCH", is_comparison=True)(fts5_query(terms))
    return _PLACED.op("@@", is_comparison=True)(_tsquery(terms))


def _best_first(session: Session, asked: Asked) -> tuple[ColumnElement[Any], ...]:
    if session.get_bind().dialect.name == "sqlite":
        return _BM25, _WORDS.c.rowid.desc()
    rank = func.ts_rank(_WEIGHTS, _PLACED, _tsquery(asked.terms), _BY_LENGTH)
    return rank.desc(), _WORDS.c.rowid.desc()


def fts5_query(terms: tuple[Term, ...]) -> str:
    """The terms as FTS5 asks; they hold letters and figures only, so quotes need no escape."""
    asked = (f'"{" ".join(term.words)}"{" *" if term.is_beginning else ""}' for term in terms)
    return " AND ".join(asked)


def tsquery(terms: tuple[Term, ...]) -> str:
    """The terms as PostgreSQL asks; a phrase stands in what is said or in what names the case.

    The two follow each other in one tsvector, and their weights tell them apart.
    """
    return " & ".join(_any_phrase(term) for term in terms)


def _any_phrase(term: Term) -> str:
    weights = ("A", "D") if len(term.words) > 1 else ("",)
    return f"({' | '.join(_phrase(term, weight) for weight in weights)})"


def _phrase(term: Term, weight: str) -> str:
    marks = [weight] * len(term.words)
    marks[-1] += "*" if term.is_beginning else ""
    parts = zip(term.words, marks, strict=True)
    return " <-> ".join(f"'{word}'{f':{mark}' if mark else ''}" for word, mark in parts)


def _tsquery(terms: tuple[Term, ...]) -> ColumnElement[Any]:
    # In the statement itself, so that it is planned for how common these words are.
    return cast(bindparam("terms", tsquery(terms), String, literal_execute=True), TSQUERY)
