"""The only place that makes a page of what was found: cases, and passages with the words marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.index.places import LABELS
from casework.models import Case, Item, SearchEntry
from casework.models.base import table_of
from casework.models.search import PARTS
from casework.permissions import restricted_cases
from casework.search.asking import Term
from casework.search.excerpts import excerpt, marked
from casework.search.queries import Found, FoundCase
from casework.web.pagination import Page
from workflows import WORKFLOWS
from workflows.definition import State

SIZE = 20
PASSAGES = 3
_ENTRIES, _CASES = table_of(SearchEntry), table_of(Case)
_SHOWN = ("token", "reference", "workflow", "state", "received_on")
_NAMED = ("reference", "complainant_name", "force_reference")


@dataclass(frozen=True)
class Passage:
    """Where words were found: the heading, the position in the log to open, the marked excerpt."""

    label: str
    seq: int
    excerpt: Markup


@dataclass(frozen=True)
class Result:
    """A case found; `names` are its reference, complainant and force's reference, marked.

    Of a restricted case there is the reference alone: reading more is an event, and comes with
    opening it.
    """

    token: str
    state: State
    received_on: Any
    names: Mapping[str, Markup]
    passages: tuple[Passage, ...]
    more: int
    is_restricted: bool = False


def page_of(session: Session, found: Found, terms: tuple[Term, ...], number: int) -> Page:
    """A page of the cases found, each a `Result`."""
    start = (number - 1) * SIZE
    shown = found.cases[start : start + SIZE]
    restricted = _restricted(session, shown)
    open_to_all = tuple(case for case in shown if case.token not in restricted)
    passages = _passages(session, open_to_all, terms)
    rows = _rows(session, shown)
    results = tuple(
        _kept_close(rows[case.token], terms)
        if case.token in restricted
        else _result(rows[case.token], case, passages, terms)
        for case in shown
    )
    total = len(found.cases)
    return Page(results, number, total, False, total > start + SIZE, SIZE)


def _restricted(session: Session, shown: tuple[FoundCase, ...]) -> frozenset[str]:
    tokens = [case.token for case in shown]
    query = restricted_cases().where(table_of(Item).c.case_token.in_(tokens))
    return frozenset(session.execute(query).scalars())


def _passages(
    session: Session, shown: tuple[FoundCase, ...], terms: tuple[Term, ...]
) -> dict[int, Passage]:
    best = [number for case in shown for number in case.entries[:PASSAGES]]
    columns = (_ENTRIES.c.id, _ENTRIES.c.place, _ENTRIES.c.body)
    rows = session.execute(select(*columns).where(_ENTRIES.c.id.in_(best)))
    return {
        row.id: Passage(LABELS[row.place], row.id // PARTS, excerpt(row.body, terms))
        for row in rows
    }


def _rows(session: Session, shown: tuple[FoundCase, ...]) -> dict[str, Any]:
    columns = dict.fromkeys((*_SHOWN, *_NAMED))
    query = select(*(_CASES.c[name] for name in columns))
    rows = session.execute(query.where(_CASES.c.token.in_([case.token for case in shown])))
    return {row.token: row for row in rows}


def _kept_close(row: Any, terms: tuple[Term, ...]) -> Result:
    state = WORKFLOWS[row.workflow].states_by_name[row.state]
    names = {"reference": marked(row.reference, terms)}
    return Result(row.token, state, None, names, (), 0, is_restricted=True)


def _result(
    row: Any, case: FoundCase, passages: Mapping[int, Passage], terms: tuple[Term, ...]
) -> Result:
    best = [passages[number] for number in case.entries[:PASSAGES]]
    return Result(
        token=case.token,
        state=WORKFLOWS[row.workflow].states_by_name[row.state],
        received_on=row.received_on,
        names={name: marked(getattr(row, name) or "", terms) for name in _NAMED},
        passages=tuple(passage for passage in best if "<mark>" in passage.excerpt),
        more=len(case.entries) - len(best),
    )
