"""The only place that compares who has a second factor with the log.

A row taken away there would let somebody in by their password alone.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.checks_tables import events_called
from casework.audit.findings import Check, Finding
from casework.models import Person, SecondFactor
from casework.models.base import table_of

SET_UP, REMOVED = "second_factor_set_up", "second_factor_removed"
_FACTORS, _PEOPLE = table_of(SecondFactor), table_of(Person)
_HOLDERS = select(_PEOPLE.c.token).select_from(
    _FACTORS.outerjoin(_PEOPLE, _PEOPLE.c.id == _FACTORS.c.person_id)
)


def check_second_factors(session: Session, log_size: int) -> tuple[Finding, ...]:
    """Whether those have a second factor who set one up, and nobody else.

    The log may have grown since the table was read: each later entry may have made the row.
    """
    check = Check("second factors")
    holders = {str(token) for token in session.execute(_HOLDERS).scalars()}
    given: dict[str, list[tuple[int | None, bool]]] = {}
    for event in events_called(session, SET_UP, REMOVED):
        token = str(event.stat.get("person"))
        before = given.get(token, [(None, False)]) if event.seq >= log_size else []
        given[token] = [*before, (event.seq, event.action == SET_UP)]
    session.rollback()
    for token in sorted(holders | given.keys()):
        said = given.get(token, [(None, False)])
        if (token in holders) not in {has_one for _, has_one in said}:
            has = "has" if token in holders else "has not"
            check.fault(
                f"Person {token} {has} a second factor, other than the log says", said[0][0]
            )
    return check.findings("Those have a second factor who set one up, and nobody else.")
