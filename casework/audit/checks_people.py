"""The only place that compares the people who may sign in with the log.

Their entries give who was added, what they are called, whether they are let in and which roles they
hold. Whoever acted on a page gave nobody a role or another address unless somebody else had proposed
it, and gave neither to themselves; both were let in, and held a role that lets them. The address was
the one proposed, as far as the words beside both entries are there to say so. Whoever kept somebody
out, let them in again or gave them another name could do that too. A command and a directory act as
the system, the one as such, the other for those alone whom it vouches for.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from casework.audit.checks_tables import UNREADABLE, events_called
from casework.audit.events import Event
from casework.audit.findings import Check, Finding
from casework.audit.record import SYSTEM
from casework.models import Person, PersonRole
from casework.models.base import table_of

_PEOPLE, _ROLES = table_of(Person), table_of(PersonRole)
KEEPERS, AGREERS = frozenset({"administrator"}), frozenset({"administrator", "chief_executive"})
"""The roles that let somebody propose what gives access, and those that let them agree to it."""
_PROPOSALS = ("roles_proposed", "email_proposed")
_LINKED, _UNLINKED = "person_linked", "person_unlinked"
_UNAGREED = "Person {} was given access that no two people agreed on"
_UNALLOWED = "Person {} was changed by somebody who could not do that"
_ALONE = ("person_renamed", "person_disabled", "person_enabled")
"""What one person does who keeps accounts, or a command."""
_ABOUT = (
    *("person_added", *_ALONE),
    *("roles_changed", "roles_refused", "email_changed", "email_refused"),
    *(*_PROPOSALS, _LINKED, _UNLINKED),
)
_JOINED_WITHIN = 2
"""Entries: whom a directory adds it is joined to by the next, but for one that tells of the clock."""


@dataclass(frozen=True)
class _Account:
    """What entries up to `seq` give of a person; a name or address is None once it was erased."""

    seq: int
    roles: frozenset[str]
    is_active: bool
    name: str | None
    email: str | None

    def differs(self, stored: "_Account") -> str | None:
        """What of a stored account is not so, as the end of a sentence about the person."""
        if stored.roles != self.roles:
            return "does not hold the roles that the log gives"
        if stored.is_active != self.is_active:
            return f"is {'disabled' if self.is_active else 'let in'}, which the log does not say"
        known = ((stored.name, self.name), (stored.email, self.email))
        if any(said is not None and held != said for held, said in known):
            return "has not the name and address of the log"
        return None


def check_people(session: Session, log_size: int) -> tuple[Finding, ...]:
    """Whether everybody who may sign in is who the log says, and got what they hold by its rules.

    The log may have grown since the table was read: it is compared as it was at the given size and
    at each entry since.
    """
    check = Check("people")
    stored, told = _stored(session), _Told(check, log_size)
    for event in events_called(session, *_ABOUT):
        try:
            told.take(event)
        except UNREADABLE:
            check.fault("An entry about a person cannot be read", event.seq)
    session.rollback()
    for token, seq in told.unjoined.items():
        check.fault(_UNAGREED.format(token), seq)
    for token in sorted(stored.keys() - told.accounts.keys()):
        check.fault(f"Person {token} may sign in but was never added in the log")
    for token, given in told.accounts.items():
        _compare(check, token, stored.get(token), given, log_size)
    return check.findings(
        "Everybody is who the log says, with the roles it gives, and nobody else is there."
    )


def _stored(session: Session) -> dict[str, _Account]:
    """The rows as they stand, whatever tampering left in them."""
    columns = [type_coerce(_PEOPLE.c[name], NullType()) for name in ("is_active", "name", "email")]
    rows = session.execute(select(_PEOPLE.c.token, *columns)).all()
    join = _PEOPLE.join(_ROLES, _ROLES.c.person_id == _PEOPLE.c.id)
    held = defaultdict(set)
    for token, role in session.execute(select(_PEOPLE.c.token, _ROLES.c.role).select_from(join)):
        held[token].add(role)
    return {token: _Account(0, frozenset(held[token]), *said) for token, *said in rows}


class _Told:
    """What the entries tell of everybody, taken in one after the other.

    `accounts` are how each stood at the size that is judged, and after each entry since; `unjoined`
    whom the directory added, and by which entry, until it is joined to them.
    """

    def __init__(self, check: Check, log_size: int) -> None:
        self.accounts: dict[str, list[_Account]] = {}
        self.unjoined: dict[str, int] = {}
        self._check, self._log_size = check, log_size
        self._proposed: dict[int, Event] = {}
        self._vouched: set[str] = set()

    def take(self, event: Event) -> None:
        """Take the next entry in."""
        token = str(event.stat["person"])
        if event.action in (_LINKED, _UNLINKED):
            self._take_link(token, event)
        elif event.action not in _PROPOSALS:
            self._take_change(token, event)
        elif self._may(event.actor, KEEPERS):
            self._proposed[event.seq] = event

    def _take_link(self, token: str, event: Event) -> None:
        if event.action == _UNLINKED:
            self._vouched.discard(token)
            return
        self._vouched.add(token)
        if event.seq <= self.unjoined.get(token, event.seq) + _JOINED_WITHIN:
            self.unjoined.pop(token, None)

    def _take_change(self, token: str, event: Event) -> None:
        settles: Any = event.stat.get("proposed_in")
        proposal = self._proposed.pop(settles, None)
        known = self.accounts.get(token)
        if known is None and event.action != "person_added":
            self._check.fault(f"Person {token} was changed but never added", event.seq)
            return
        before = known[-1] if known else _Account(event.seq, frozenset(), True, None, None)
        after = _after(before, event)
        gained = after.roles - before.roles
        gives = bool(gained) or event.action == "email_changed"
        if gives and event.actor == SYSTEM:
            self._take_from_system(token, event)
        elif gives and not self._was_agreed(event, proposal, gained):
            self._check.fault(_UNAGREED.format(token), event.seq)
        if event.action in _ALONE and not self._by_who_may(event):
            self._check.fault(_UNALLOWED.format(token), event.seq)
        keeps = event.seq >= self._log_size
        self.accounts[token] = [*(known or ()), after] if keeps else [after]

    def _take_from_system(self, token: str, event: Event) -> None:
        """A command gives what it likes, a directory roles to those whom it vouches for."""
        if event.via == "command" or (event.via == "web" and token in self._vouched):
            return
        if event.via == "web" and event.action == "person_added":
            self.unjoined[token] = event.seq
        else:
            self._check.fault(_UNAGREED.format(token), event.seq)

    def _by_who_may(self, event: Event) -> bool:
        is_command = event.actor == SYSTEM and event.via == "command"
        return is_command or self._may(event.actor, KEEPERS)

    def _was_agreed(self, event: Event, proposal: Event | None, gained: frozenset[str]) -> bool:
        """Whether it was proposed by another who still may, and is for somebody else than who agreed."""
        return (
            proposal is not None
            and proposal.action == event.action.replace("changed", "proposed")
            and proposal.stat["person"] == event.stat["person"]
            and event.actor not in (proposal.actor, event.stat["person"])
            and gained.issubset(proposal.stat.get("roles", ()))
            and _gives_the_address(event, proposal)
            and self._may(proposal.actor, KEEPERS)
            and self._may(event.actor, AGREERS)
        )

    def _may(self, token: str, by: frozenset[str]) -> bool:
        """Whether somebody is let in, and holds one of these roles, as things stand."""
        account = self.accounts.get(token)
        return (
            account is not None and account[-1].is_active and not by.isdisjoint(account[-1].roles)
        )


def _gives_the_address(event: Event, proposal: Event) -> bool:
    """Whether an address that changed is the one proposed; words that were erased do not say."""
    if event.action != "email_changed" or event.is_erased or proposal.is_erased:
        return True
    said = (event.words or {}).get("email")
    return said is not None and said == (proposal.words or {}).get("email")


def _after(before: _Account, event: Event) -> _Account:
    """How somebody's account stands after an entry about them."""
    words, changed = event.words, before
    if event.action in ("person_added", "roles_changed"):
        changed = replace(changed, roles=frozenset(event.stat["roles"]))
    if event.action in ("person_added", "person_renamed"):
        changed = replace(changed, name=words.get("name") if words else None)
    if event.action in ("person_added", "email_changed"):
        changed = replace(changed, email=words.get("email") if words else None)
    if event.action in ("person_disabled", "person_enabled"):
        changed = replace(changed, is_active=event.action == "person_enabled")
    return replace(changed, seq=event.seq)


def _compare(
    check: Check, token: str, stored: _Account | None, given: Sequence[_Account], log_size: int
) -> None:
    """Fault a row that is as none of these accounts: the one of the given log size and later ones."""
    last = given[0]
    if stored is None:
        if last.seq < log_size:
            check.fault(f"Person {token} is in the log but not in the table", last.seq)
        return
    differences = [account.differs(stored) for account in given]
    if all(differences):
        check.fault(f"Person {token} {differences[0]}", last.seq)
