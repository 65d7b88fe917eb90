"""The only place that says who may see and do what: buttons, addresses and exports ask here.

What a person may do to a case is the workflow's to say (`engine.steps_open_to`); this is
about everything else. A role gives what is listed beside it and nothing more: an
administrator keeps accounts and settings and sees no case, and an auditor reads and takes no step.
"""

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, not_, or_, select
from sqlalchemy.orm import Session

from casework.models import Case, Item, Person, PersonRole
from workflows.conflict import CONFLICT, DECLARED
from workflows.instruction import INSTRUCTION, OPEN
from workflows.restriction import RESTRICTED, RESTRICTION

SEE_CASES = "see_cases"
SEE_ALL_CASES = "see_all_cases"
WORK_ON_CASES = "work_on_cases"
"""To open the forms by which something is recorded; which of them, the workflow says by role."""
LOG_APPLICATIONS = "log_applications"
IMPORT_REGISTER = "import_register"
EXPORT_CASES = "export_cases"
COMPARE_LISTS = "compare_lists"
WRITE_LETTERS = "write_letters"
SEND_LETTERS = "send_letters"
READ_OFFICE_TRAIL = "read_office_trail"
SEE_REPORTS = "see_reports"
SEE_PUBLISHED = "see_published"
PREPARE_REPORTS = "prepare_reports"
APPROVE_REPORTS = "approve_reports"
PUBLISH_REPORTS = "publish_reports"
SEE_EXCEPTIONS = "see_exceptions"
SEE_CHECKPOINTS = "see_checkpoints"
SEE_STATUS = "see_status"
SEE_RETENTION = "see_retention"
PROPOSE_ERASURE = "propose_erasure"
APPROVE_ERASURE = "approve_erasure"
SEE_WORKLOAD = "see_workload"
CHANGE_SETTINGS = "change_settings"
KEEP_DELEGATIONS = "keep_delegations"
KEEP_PEOPLE = "keep_people"
AGREE_ACCESS = "agree_access"
"""To agree to what an administrator proposes: a role or another address, never one's own."""

_READS = frozenset({SEE_CASES, SEE_ALL_CASES, EXPORT_CASES, SEE_REPORTS, SEE_PUBLISHED})
_WORKS = frozenset({WORK_ON_CASES, WRITE_LETTERS, SEND_LETTERS, COMPARE_LISTS})
_OF_STAFF = _READS | _WORKS | {PREPARE_REPORTS, PUBLISH_REPORTS}
_GIVEN_TO: dict[str, frozenset[str]] = {
    "reviewer": _OF_STAFF | {LOG_APPLICATIONS},
    "supervisor": _OF_STAFF
    | {LOG_APPLICATIONS, IMPORT_REGISTER, SEE_WORKLOAD}
    | {SEE_RETENTION, PROPOSE_ERASURE},
    "chief_executive": _OF_STAFF
    | {IMPORT_REGISTER, READ_OFFICE_TRAIL, SEE_WORKLOAD, CHANGE_SETTINGS, KEEP_DELEGATIONS}
    | {APPROVE_REPORTS, SEE_EXCEPTIONS, SEE_CHECKPOINTS, AGREE_ACCESS}
    | {SEE_RETENTION, PROPOSE_ERASURE, APPROVE_ERASURE},
    "casework_administrator": _READS | _WORKS | {LOG_APPLICATIONS},
    "contractor": frozenset({SEE_CASES, WORK_ON_CASES, WRITE_LETTERS}),
    "auditor": _READS
    | {READ_OFFICE_TRAIL, SEE_WORKLOAD, SEE_EXCEPTIONS, SEE_CHECKPOINTS, SEE_RETENTION},
    "panel": frozenset({SEE_PUBLISHED}),
    "administrator": frozenset(
        {CHANGE_SETTINGS, SEE_CHECKPOINTS, SEE_STATUS, KEEP_PEOPLE, AGREE_ACCESS}
    ),
}

_RESTRICTS = and_(Item.workflow == RESTRICTION.name, Item.state == RESTRICTED)
Sight = Literal["by_role", "by_name"]
"""How somebody may see a case: as others of their role, or as one of those to whom it is restricted."""


def may(roles: Iterable[str], what: str) -> bool:
    """Whether any of these roles gives this permission."""
    return any(what in _GIVEN_TO.get(role, frozenset()) for role in roles)


def roles_giving(what: str) -> frozenset[str]:
    """Every role that gives this permission."""
    return frozenset(role for role, given in _GIVEN_TO.items() if what in given)


def role_giving(roles: Iterable[str], what: str) -> str | None:
    """The role under which somebody does this, for the audit log; None when none gives it."""
    return next((role for role in _GIVEN_TO if role in set(roles) and may((role,), what)), None)


def visible_to(person: str) -> ColumnElement[bool]:
    """The condition on `Case` that leaves out what this person (by token) may not see.

    A role that sees all cases sees all that are not kept from the person; any other, only those of
    them that are assigned to the person or on which an instruction to them is open.
    """
    return and_(
        Case.token.not_in(kept_from(person)),
        or_(
            _sees_all(person),
            Case.assignee == person,
            Case.token.in_(instructed(person)),
        ),
    )


def _sees_all(person: str) -> ColumnElement[bool]:
    held = select(PersonRole.role).join(Person, Person.id == PersonRole.person_id)
    sees = PersonRole.role.in_(roles_giving(SEE_ALL_CASES))
    return held.where(Person.token == person, sees).correlate(None).exists()


def sight(session: Session, person: str, case: str) -> Sight | None:
    """How this person (by token) may see the case of this token; None when they may not, or there is none."""
    query = select(Case.token.in_(restricted_cases())).where(Case.token == case, visible_to(person))
    by_name = session.execute(query).scalar()
    return None if by_name is None else "by_name" if by_name else "by_role"


def may_see(session: Session, person: str, case: str) -> bool:
    """Whether there is a case of this token that this person (by token) may see."""
    return sight(session, person, case) is not None


def may_write_on(session: Session, person: str, case: str) -> bool:
    """Whether words of this person (by token) may still be kept on the case of this token."""
    query = select(Case.id).where(Case.token == case, Case.erased_on.is_(None), visible_to(person))
    return session.execute(query).first() is not None


def may_learn_of(session: Session, person: str, cases: Iterable[str]) -> bool:
    """Whether none of these cases (by token) is kept from this person (by token)."""
    query = kept_from(person).where(Item.case_token.in_(list(cases)))
    return session.execute(query).first() is None


def kept_from(person: str) -> Select[str]:
    """The tokens of the cases that are kept from a person (by token), whatever their roles.

    They have a declared conflict with it, or it is restricted to others.
    """
    has_conflict = and_(
        Item.workflow == CONFLICT.name, Item.state == DECLARED, Item.person == person
    )
    return select(Item.case_token).where(or_(has_conflict, _restricts_to_others(person)))


def restricted_cases() -> Select[str]:
    """The tokens of the cases that are restricted to people named, whoever they are."""
    return select(Item.case_token).where(_RESTRICTS)


def restricted_to_others(person: str) -> Select[str]:
    """The tokens of the cases that are restricted to people of whom this one (by token) is none."""
    return select(Item.case_token).where(_restricts_to_others(person))


def count_restricted_to_others(session: Session, person: str) -> int:
    """How many cases are restricted to people of whom this one (by token) is none."""
    others = restricted_to_others(person).distinct().subquery()
    return session.execute(select(func.count()).select_from(others)).scalar_one()


def _restricts_to_others(person: str) -> ColumnElement[bool]:
    # Its codes are JSON that names people by tokens, of which none is part of another.
    return and_(_RESTRICTS, not_(cast(Item.codes, Text).contains(person, autoescape=True)))


def instructed(person: str) -> Select[str]:
    """The tokens of the cases on which an instruction to this person (by token) is open."""
    return select(Item.case_token).where(
        Item.workflow == INSTRUCTION.name, Item.state.in_(OPEN), Item.person == person
    )
