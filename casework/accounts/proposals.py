"""The only place for what an administrator proposes and a second person agrees to.

What gives somebody access waits: a role, and another e-mail address, to which a link to set a new
password could go. A proposal is its entry in the log and nothing else. It is open until another
entry settles it, and of each kind one at a time is open about a person.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import permissions
from casework.accounts import links, people, roles, sessions
from casework.accounts.people import PersonRefused
from casework.audit import record
from casework.audit.events import Event, newest_first
from casework.models import AuditEvent, Person
from workflows.roles import ROLES

Kind = Literal["roles", "email"]
PROPOSED_IN = "proposed_in"
_PROPOSED: Mapping[str, Kind] = {"roles_proposed": "roles", "email_proposed": "email"}
_SETTLED = ("roles_changed", "roles_refused", "email_changed", "email_refused")
_MOST = 10_000


class ProposalGone(Exception):
    """Nobody can settle the proposal any more; nothing was changed."""


@dataclass(frozen=True)
class Proposal:
    """What would be given to a person (by token): further `roles`, or the address `email`.

    `seq` is its position in the log, `by` the token of who proposed it, and `stands` whether they
    still could.
    """

    seq: int
    kind: Kind
    person: str
    roles: tuple[str, ...]
    email: str
    by: str
    at: datetime
    stands: bool

    def why_not(self, who: str) -> str | None:
        """Why this person (by token) cannot agree to it, in a sentence; None where they can."""
        if who == self.by:
            return "You proposed this, so somebody else agrees to it."
        if who == self.person:
            return "This is about your own account, so somebody else agrees to it."
        if not self.stands:
            return "Whoever proposed this may propose nothing any more. Refuse it, and propose it anew."
        return None


def open_proposals(session: Session) -> tuple[Proposal, ...]:
    """Every proposal that waits, the oldest first."""
    actions, keepers = (*_PROPOSED, *_SETTLED), people.who_may(session, permissions.KEEP_PEOPLE)
    found: dict[int, Proposal] = {}
    for event in reversed(newest_first(session, [AuditEvent.action.in_(actions)], _MOST)):
        if event.action in _PROPOSED:
            found[event.seq] = _read(event, keepers)
        else:
            found.pop(event.stat[PROPOSED_IN], None)
    return tuple(found.values())


def _read(event: Event, keepers: Collection[str]) -> Proposal:
    return Proposal(
        event.seq,
        _PROPOSED[event.action],
        event.stat["person"],
        tuple(event.stat.get("roles", ())),
        (event.words or {}).get("email", ""),
        event.actor,
        event.at,
        event.actor in keepers,
    )


def propose_roles(
    session: Session, person: Person, gained: Collection[str], origin: record.Origin, *, role: str
) -> None:
    """Propose further roles for a person. Raises PersonRefused."""
    if gained:
        people.require_roles({*person.role_names, *gained})
    new = [each for each in ROLES if each in gained and each not in person.role_names]
    if not new:
        raise PersonRefused("Choose a role that this person does not hold.", "roles")
    stat = {"person": person.token, "roles": new}
    _propose(session, "roles", record.NewEvent("roles_proposed", role, stat=stat), origin)


def propose_email(
    session: Session, person: Person, email: str, origin: record.Origin, *, role: str
) -> None:
    """Propose another e-mail address for a person to sign in with. Raises PersonRefused."""
    stat, words = {"person": person.token}, {"email": people.free_email(session, email)}
    event = record.NewEvent("email_proposed", role, stat=stat, texts=words)
    _propose(session, "email", event, origin)


def _propose(session: Session, kind: Kind, event: record.NewEvent, origin: record.Origin) -> None:
    people.require_keeper(session, origin)
    about = (event.stat["person"], kind)
    if any((each.person, each.kind) == about for each in open_proposals(session)):
        raise PersonRefused("Another proposal about this waits already. Withdraw it first.")
    record.append(session, event, origin)


def agree(session: Session, seq: int, origin: record.Origin, *, role: str) -> Person:
    """Agree to the proposal at this position, which takes effect; whom it is about.

    Raises ProposalGone, and PersonRefused where it is not this person's to agree to.
    """
    proposal, person = standing(session, seq)
    why_not = proposal.why_not(origin.actor)
    if why_not:
        raise PersonRefused(why_not)
    if origin.actor not in people.who_may(session, permissions.AGREE_ACCESS):
        raise PersonRefused(
            "You may agree to nothing about accounts any more. Ask an administrator."
        )
    if proposal.kind == "roles":
        held = {*person.role_names, *proposal.roles}
        roles.hold(session, person, held, origin, role=role, proposed_in=seq)
    else:
        _change_email(session, person, proposal, origin, role)
    return person


def _change_email(
    session: Session, person: Person, proposal: Proposal, origin: record.Origin, role: str
) -> None:
    person.email = people.free_email(session, proposal.email)
    session.flush()
    links.end_links(session, person)
    sessions.end_all(session, person.token, "email_changed")
    stat = {"person": person.token, PROPOSED_IN: proposal.seq}
    words = {"email": person.email}
    event = record.NewEvent("email_changed", role, stat=stat, texts=words)
    record.append(session, event, origin)


def refuse(session: Session, seq: int, origin: record.Origin, *, role: str) -> Person:
    """Refuse the proposal at this position, or withdraw one's own; whom it was about. ProposalGone."""
    proposal, person = standing(session, seq)
    stat = {"person": person.token, PROPOSED_IN: seq}
    event = record.NewEvent("email_refused", role, stat=stat)
    if proposal.kind == "roles":
        event = record.NewEvent("roles_refused", role, stat=stat)
    record.append(session, event, origin)
    return person


def standing(session: Session, seq: int) -> tuple[Proposal, Person]:
    """The open proposal at this position, and whom it is about as they are now. Raises ProposalGone."""
    proposal = next((each for each in open_proposals(session) if each.seq == seq), None)
    if proposal is None:
        raise ProposalGone(seq)
    person = session.execute(select(Person).where(Person.token == proposal.person)).scalar_one()
    return proposal, person
