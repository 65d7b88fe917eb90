"""The only place that says whose account here somebody has whom the directory vouches for.

Everything is within the caller's write transaction; the caller commits, also where nobody is let
in: that the directory gives no role any more has taken away those held.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts import directory, people, roles
from casework.accounts.people import PersonRefused
from casework.audit.record import Origin
from casework.models import Person
from casework.single_sign_on.claims import Vouched
from casework.single_sign_on.refusals import (
    DISABLED,
    NAMELESS,
    NO_ACCOUNT,
    NO_ROLE,
    TAKEN,
    UNFIT_ROLES,
    UNVERIFIED,
    Refusal,
)
from config import SingleSignOn


def arrive(session: Session, who: Vouched, settings: SingleSignOn) -> Person | Refusal:
    """The person who may come in now, with the roles that the directory gives; else why not."""
    origin = Origin("web")
    person = directory.linked(session, who.issuer, who.subject)
    if person is None:
        found = _join(session, who, settings, origin)
        if isinstance(found, Refusal):
            return found
        person = found
    if not person.is_active:
        return DISABLED
    if who.roles is None:
        return person
    try:
        roles.hold(session, person, who.roles, origin)
    except PersonRefused:
        roles.hold(session, person, (), origin)
        return UNFIT_ROLES
    return person if who.roles else NO_ROLE


def _join(
    session: Session, who: Vouched, settings: SingleSignOn, origin: Origin
) -> Person | Refusal:
    """The account of somebody who comes for the first time, joined to who they are there."""
    here = _of_address(session, who)
    if here is not None and not _may_join(session, here, who, settings):
        return TAKEN
    person = here or _add(session, who, origin)
    if isinstance(person, Person):
        directory.link(session, person, who.issuer, who.subject, origin)
    return person


def _of_address(session: Session, who: Vouched) -> Person | None:
    if who.email is None:
        return None
    query = select(Person).where(Person.email == people.email_as_kept(who.email))
    return session.execute(query).scalar_one_or_none()


def _may_join(session: Session, person: Person, who: Vouched, settings: SingleSignOn) -> bool:
    """Whether an account that was here before is theirs, by its address.

    Where it is joined already, the address was somebody else's before. An account for emergencies
    has nothing to do with the directory, or would be lost with it.
    """
    return (
        settings.links_by_email
        and who.is_email_verified
        and person.is_active
        and person.email not in settings.break_glass
        and not directory.is_linked(session, person)
    )


def _add(session: Session, who: Vouched, origin: Origin) -> Person | Refusal:
    """A new account, made of what the directory says: with a role, or there is none.

    Nor by an address that nobody verified: in some directories people set it themselves, and mail
    to an account goes there.
    """
    if who.roles is None:
        return NO_ACCOUNT
    if not who.roles:
        return NO_ROLE
    try:
        people.require_roles(who.roles)
    except PersonRefused:
        return UNFIT_ROLES
    if who.email is not None and not who.is_email_verified:
        return UNVERIFIED
    try:
        return people.add_person(session, who.email or "", who.name, who.roles, origin)
    except PersonRefused:
        return NAMELESS
