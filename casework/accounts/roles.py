"""The only place that changes which roles somebody holds who was added before.

Who may do so, and by whose leave, is for `proposals` to say where people do it on pages. A command
and the organisation's directory act as the system, and need nobody else.
"""

from collections.abc import Collection

from sqlalchemy.orm import Session

from casework.accounts import people, sessions
from casework.accounts.people import PersonRefused
from casework.audit import record
from casework.models import Person, PersonRole
from workflows.roles import ROLES


def hold(
    session: Session,
    person: Person,
    roles: Collection[str],
    origin: record.Origin,
    *,
    role: str = record.SYSTEM,
    proposed_in: int | None = None,
) -> None:
    """Let a person hold exactly these roles from here on, or none; their sessions end.

    Where they hold just these and nobody proposed it, nothing is recorded. `role` is that under which somebody says so,
    `proposed_in` the position of the proposal that two people agreed on. Raises PersonRefused.
    """
    if roles:
        people.require_roles(roles)
    if frozenset(roles) == person.role_names and proposed_in is None:
        return
    held = [each for each in ROLES if each in roles]
    kept = {each.role: each for each in person.roles}
    person.roles = [kept.get(each) or PersonRole(role=each) for each in held]
    session.flush()
    sessions.end_all(session, person.token, "roles_changed")
    stat = {"person": person.token, "roles": held, "proposed_in": proposed_in}
    record.append(session, record.NewEvent("roles_changed", role, stat=stat), origin)


def take_away(
    session: Session, person: Person, taken: Collection[str], origin: record.Origin, *, role: str
) -> None:
    """Take roles from a person, at once. Raises PersonRefused."""
    people.require_keeper(session, origin)
    if not taken or not person.role_names.issuperset(taken):
        raise PersonRefused("Choose from the roles that this person holds.", "roles")
    if origin.actor == person.token:
        raise PersonRefused("Nobody takes roles from themselves. Ask another administrator.")
    hold(session, person, person.role_names - set(taken), origin, role=role)
