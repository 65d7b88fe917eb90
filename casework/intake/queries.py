"""The only place where intake looks cases up: what a request logged, and what may be double."""

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from casework.audit.events import newest_first
from casework.models import AuditEvent, Case
from casework.permissions import visible_to

MOST_SHOWN = 10


def logged_by(session: Session, req: str) -> str | None:
    """The token of the case that this very request has already logged, None when it is new."""
    recorded = newest_first(session, [AuditEvent.req == req], limit=1)
    return recorded[0].case if recorded else None


def possible_duplicates(session: Session, token: str, person: str) -> list[tuple[str, str]]:
    """Other cases that this person (by token) may see, with the same force reference, or the same name and email: reference, token.

    Upper and lower case are not told apart. The newest come first.
    """
    this = session.execute(select(Case).where(Case.token == token)).scalar_one()
    alike = [
        and_(*(func.lower(column) == func.lower(value) for column, value in pairs))
        for pairs in (
            ((Case.force_reference, this.force_reference),),
            (
                (Case.complainant_name, this.complainant_name),
                (Case.complainant_email, this.complainant_email),
            ),
        )
        if all(value for _, value in pairs)
    ]
    if not alike:
        return []
    query = (
        select(Case.reference, Case.token)
        .where(or_(*alike), Case.token != token, visible_to(person))
        .order_by(Case.id.desc())
        .limit(MOST_SHOWN)
    )
    return [(row.reference, row.token) for row in session.execute(query)]
