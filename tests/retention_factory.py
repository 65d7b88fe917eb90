"""The only place where tests make cases that fall due, and take their disposals further."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from casework.database import begin_write
from casework.items import ItemMoved
from casework.models import Person
from casework.progress import Moved
from casework.retention import erasing
from casework.retention.named_files import NamedFiles
from tests import factories
from workflows.definition import Actor

LONG_AGO = date(2017, 5, 2)
"""A day on which a case that ended is due by the schedule that Casework comes with."""
SUPERVISOR = Actor("u_" + "8" * 32, frozenset({"supervisor"}))
CHIEF = Actor("u_" + "9" * 32, frozenset({"chief_executive"}))


def ended(session: Session, on: date = LONG_AGO, **facts: Any) -> Moved:
    """A case that was received and withdrawn on a day, committed."""
    logged = factories.case(session, on=on, **facts)
    told = {"withdrawal_of": "application"}
    return factories.move(session, logged.reference, "withdraw", on, told)


def proposed(
    session: Session, case: str, *, on: date = factories.LOGGED_ON, by: Person | Actor = SUPERVISOR
) -> ItemMoved:
    """A disposal proposed on the case with this token, committed."""
    return factories.item(session, case, "disposal", on=on, by=by)


def approved(
    session: Session, case: str, *, on: date = factories.LOGGED_ON, **facts: Any
) -> ItemMoved:
    """A disposal proposed and approved on the case with this token, committed."""
    begun = proposed(session, case, on=on)
    return factories.move_item(session, begun.item, "approve_erasure", on, facts, by=CHIEF)


def erased(session: Session, case: str) -> ItemMoved:
    """A disposal of the case with this token that was carried out, committed."""
    disposal = approved(session, case)
    begin_write(session)
    erasing.erase(session, disposal.item, NamedFiles())
    session.commit()
    return disposal
