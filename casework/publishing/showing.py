"""The only place that gathers what the pages of a report on its way to being published show."""

from dataclasses import dataclass

import orjson
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.audit.timeline import Line, lines
from casework.counts.editions import edition
from casework.counts.lives import Period
from casework.models import Publication
from casework.models.publication import cited_as
from casework.publishing import history
from casework.publishing.counting import Basis, Counted, count
from casework.publishing.paper import Paper
from casework.publishing.restating import as_changes, untold
from casework.web.identity import names
from workflows.calendar import financial_year_of
from workflows.definition import OfficeRules
from workflows.publication import PUBLICATION

_FIXED = ("log_size", "log_root")
"""What differs whenever anything was recorded since."""


@dataclass(frozen=True)
class Since:
    """What was recorded since a draft was counted, and which parts it would change."""

    actions: int
    parts: tuple[str, ...]


def counted(session: Session, row: Publication) -> Counted:
    """The figures of a report as they are fixed, counted again."""
    period = Period(row.from_on, row.to_on)
    return count(session, Basis(row.kind, period, row.status_on, row.log_size, row.edition))


def basis_now(row: Publication) -> Basis:
    """What a draft is counted of when it is counted again: the same days, the log as it is now."""
    return Basis(row.kind, Period(row.from_on, row.to_on), row.status_on)


def paper(session: Session, row: Publication, number: int | None = None) -> Paper:
    """A report as it is printed: a draft with its mark, or under the number that it is to have."""
    today = clock.today()
    cited = cited_as(financial_year_of(today).label, number) if number else ""
    found = counted(session, row)
    earlier = untold(session, row.log_size)
    changes = as_changes(earlier.restated)
    return Paper(found, row.words, today, cited, changes, earlier.told_in)


def since_counted(session: Session, row: Publication, counted: Counted) -> Since:
    """What was recorded since a draft was counted, and what it would say if counted now."""
    actions = record.log_size(session) - row.log_size
    was, now = (orjson.loads(each.figures) for each in (counted, count(session, basis_now(row))))
    titles = {block.name: block.title for block in edition(row.edition).blocks}
    changed = (
        titles.get(name, name)
        for name in {**was, **now}
        if name not in _FIXED and was.get(name) != now.get(name)
    )
    return Since(actions, tuple(changed))


def told(session: Session, row: Publication) -> tuple[Line, ...]:
    """What happened to a report, the newest first, in words."""
    events = history.told(session, row.token)
    return lines(PUBLICATION, events, names(session), OfficeRules())
