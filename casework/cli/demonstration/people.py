"""The only place for who signs in to the demonstration office, and with what password."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.models import Person

PASSWORD = "seven herons on the fen"


@dataclass(frozen=True)
class Colleague:
    """Somebody invented, who holds one role."""

    role: str
    name: str
    email: str


REVIEWER = Colleague("reviewer", "Riley Marsh", "riley.marsh@fenmarch.example.org")
SUPERVISOR = Colleague("supervisor", "Sam Weir", "sam.weir@fenmarch.example.org")
CHIEF = Colleague("chief_executive", "Charlie Lode", "charlie.lode@fenmarch.example.org")
CASEWORK_ADMINISTRATOR = Colleague(
    "casework_administrator", "Jesse Sedge", "jesse.sedge@fenmarch.example.org"
)
CONTRACTOR = Colleague("contractor", "Morgan Reed", "morgan.reed@fenmarch.example.org")
AUDITOR = Colleague("auditor", "Robin Gauge", "robin.gauge@fenmarch.example.org")
PANEL = Colleague("panel", "Pat Sluice", "pat.sluice@fenmarch.example.org")
ADMINISTRATOR = Colleague("administrator", "Ali Drove", "ali.drove@fenmarch.example.org")
COLLEAGUES = (
    *(REVIEWER, SUPERVISOR, CHIEF, CASEWORK_ADMINISTRATOR),
    *(CONTRACTOR, AUDITOR, PANEL, ADMINISTRATOR),
)
DELEGATED = {
    REVIEWER.email: ("find_validity", "write_review", "issue_letters"),
    SUPERVISOR.email: ("decide", "extend_time", "find_validity"),
    CHIEF.email: ("decide", "extend_time"),
}
"""What is delegated to whom in writing, by codes of `casework.delegations`."""


def are_there(session: Session) -> bool:
    """Whether anybody of the demonstration may sign in to this database."""
    emails = [colleague.email for colleague in COLLEAGUES]
    found = select(Person.id).where(Person.email.in_(emails), Person.is_active).limit(1)
    return session.execute(found).first() is not None
