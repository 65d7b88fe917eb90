"""The only place that says who may be given a case, with what they have to do already."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.conflicts import Barring, barring
from casework.loads import NOTHING, Load, least_busy, loads
from casework.models import Person, PersonRole
from casework.web.opened_case import OpenedCase
from workflows.roles import CASEWORKERS, CONTRACTOR


@dataclass(frozen=True)
class Candidate:
    """Somebody who may work on cases; `barred` says why they may not have this one, "" if they may."""

    token: str
    name: str
    roles: frozenset[str]
    load: Load
    barred: str
    has_it: bool

    @property
    def is_contractor(self) -> bool:
        """Whether being given the case lets them see it."""
        return CONTRACTOR in self.roles

    @property
    def hint(self) -> str:
        """What stands under the name."""
        if self.barred:
            return self.barred
        load = self.load.in_words
        parts = ("contractor" * self.is_contractor, load, "has it now" * self.has_it)
        said = ", ".join(filter(None, parts))
        return said[0].upper() + said[1:]


def candidates(session: Session, opened: OpenedCase, today: date) -> tuple[Candidate, ...]:
    """Everybody who may work on cases, by name."""
    held, kept_out = loads(session, opened.office, today), barring(session, opened.row.token)
    roles = _roles(session)
    return tuple(
        Candidate(
            person.code,
            person.label,
            roles.get(person.code, frozenset()),
            held.get(person.code, NOTHING),
            _barred(kept_out, person.code),
            person.code == opened.row.assignee,
        )
        for person in opened.office.lists["people"]
    )


def _barred(kept_out: Barring, person: str) -> str:
    if person in kept_out.conflicted:
        return "Has a declared conflict with this case"
    return "Is not one of those who may see this case" if kept_out.bars(person) else ""


def _roles(session: Session) -> Mapping[str, frozenset[str]]:
    query = select(Person.token, PersonRole.role).join(PersonRole)
    found: dict[str, set[str]] = {}
    for token, role in session.execute(query):
        found.setdefault(token, set()).add(role)
    return {token: frozenset(held) for token, held in found.items()}


def with_least_to_do(found: tuple[Candidate, ...]) -> Candidate | None:
    """Of the reviewers, or where none is left of the supervisors, who has the least to do.

    Whoever has the case already, or is barred from it, is passed over.
    """
    for role in CASEWORKERS:
        free = {
            each.token: each
            for each in found
            if role in each.roles and not (each.barred or each.has_it)
        }
        least = least_busy(free, {token: each.load for token, each in free.items()})
        if least is not None:
            return free[least]
    return None
