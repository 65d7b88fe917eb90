"""The only place that fills in the days from which cases are kept, in rows from before there were any."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.events import CASES, Event, events_of_each
from casework.audit.items import items_in
from casework.items import case_standing
from casework.models import Case, Item
from workflows.ending import last_day, told_on


def fill_days(session: Session) -> None:
    """Write the days of the last entry, and of the decision letter, where rows have none yet.

    Within the caller's write transaction; safe to repeat. What was entered in error has none.
    """
    cases = select(Case.token).where(Case.active_on.is_(None), Case.received_on.is_not(None))
    items = select(Item.case_token).where(Item.active_on.is_(None), Item.began_on.is_not(None))
    found = sorted(session.execute(cases.union(items)).scalars())
    for start in range(0, len(found), CASES):
        for token, events in events_of_each(session, found[start : start + CASES]).items():
            _fill(session, token, events)


def _fill(session: Session, token: str, events: tuple[Event, ...]) -> None:
    standing = case_standing(events)
    case = session.scalars(select(Case).where(Case.token == token)).one()
    case.told_on, case.active_on = told_on(standing), last_day(standing)
    for kept in items_in(events):
        item = session.scalars(select(Item).where(Item.token == kept.token)).one()
        item.active_on = last_day(kept.standing)
    session.flush()
