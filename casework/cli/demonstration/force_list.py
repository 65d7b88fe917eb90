"""The only place for the demonstration's force list: last month's, with what lists get wrong."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.record import Origin
from casework.models import Case
from casework.reconciliation import service
from casework.reconciliation.ours import Period
from casework.reconciliation.reading import Reading, guessed, look
from workflows.definition import Actor

FORCE = "fenmarch"
TITLES = ("Complaint reference", "Review requested", "How handled")


def check_last_month(session: Session, actor: Actor) -> None:
    """Check the list of last month as this person, within the caller's transaction."""
    last_on = clock.today().replace(day=1) - timedelta(days=1)
    period = Period(last_on.replace(day=1), last_on)
    content = _list(session, period)
    seen = look(BytesIO(content))
    reading = Reading(guessed(TITLES), "day")
    checked = service.check(session, BytesIO(content), seen, reading, FORCE, period)
    service.keep_reading(session, FORCE, seen, reading)
    service.keep(session, checked, role="reviewer", origin=Origin("command", actor.token))


def _list(session: Session, period: Period) -> bytes:
    """The cases of the month but the first; of the others one a day off, one with a slip in it."""
    query = (
        select(Case.force_reference, Case.received_on)
        .where(Case.force == FORCE, Case.received_on.between(period.from_on, period.to_on))
        .order_by(Case.received_on, Case.id)
    )
    rows = [_row(*found) for found in session.execute(query).all()[1:]]
    if len(rows) > 2:
        rows[0][1] = f"{period.from_on:%d/%m/%Y}"
        rows[1][0] = _slipped(rows[1][0])
        rows[2][0] = rows[2][0].replace("CO/", "co 00").replace("/", "-")
    written = StringIO(newline="")
    extra = [f"CO/9901/{period.to_on:%y}", f"{period.to_on:%d/%m/%Y}", "OTBI"]
    csv.writer(written).writerows([TITLES, *rows, extra])
    return written.getvalue().encode()


def _row(reference: str | None, received_on: date | None) -> list[str]:
    return [reference or "", f"{received_on:%d/%m/%Y}", ""]


def _slipped(reference: str) -> str:
    """The reference with its second and third figures swapped."""
    start = reference.index("/") + 2
    return reference[:start] + reference[start : start + 2][::-1] + reference[start + 2 :]
