"""The only place that says who may see and do what: buttons, addresses and exports ask here.

What a person may do to a case is the workflow's to say (`engine.steps_open_to`); this is
about everything else. A role gives what is listed beside it and nothing more: an
administrator keeps accounts and settings and sees no case, and an auditor reads and takes no step.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from casework.models import Case, Item, Person, PersonRole
from workflows.conflict import CONFLICT, DECLARED
from workflows.instruction import INSTRUCTION, OPEN

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
SEE_RETENTION = "see_retention"
PROPOSE_ERASURE = "propose_erasure"
APPROVE_ERASURE = "approve_erasure"
SEE_WORKLOAD = "see_workload"
CHANGE_SETTINGS = "change_settings"
KEEP_DELEGATIONS = "keep_delegations"

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
    | {APPROVE_REPORTS, SEE_EXCEPTIONS, SEE_CHECKPOINTS}
    | {SEE_RETENTION, PROPOSE_ERASURE, APPROVE_ERASURE},
    "casework_administrator": _READS | _WORKS | {LOG_APPLICATIONS},
    "contractor": frozenset({SEE_CASES, WORK_ON_CASES, WRITE_LETTERS}),
    "auditor": _READS
    | {READ_OFFICE_TRAIL, SEE_WORKLOAD, SEE_EXCEPTIONS, SEE_CHECKPOINTS, SEE_RETENTION},
    "panel": frozenset({SEE_PUBLISHED}),
    "administrator": frozenset({CHANGE_SETTINGS, SEE_CHECKPOINTS}),
}


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

    A role that sees all cases sees all but those with a declared conflict; any other, only those
    that are assigned to the person or on which an instruction to them is open.
    """
    return and_(
        Case.token.not_in(conflicted(person)),
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


def may_see(session: Session, person: str, case: str) -> bool:
    """Whether there is a case of this token that this person (by token) may see."""
    query = select(Case.id).where(Case.token == case, visible_to(person))
    return session.execute(query).first() is not None


def may_write_on(session: Session, person: str, case: str) -> bool:
    """Whether words of this person (by token) may still be kept on the case of this token."""
    query = select(Case.id).where(Case.token == case, Case.erased_on.is_(None), visible_to(person))
    return session.execute(query).first() is not None


def may_learn_of(session: Session, person: str, cases: Iterable[str]) -> bool:
    """Whether this person (by token) has no declared conflict with any of these cases (tokens)."""
    query = conflicted(person).where(Item.case_token.in_(list(cases)))
    return session.execute(query).first() is None


def conflicted(person: str) -> Select[str]:
    """The tokens of the cases with which this person (by token) has a declared conflict."""
    return select(Item.case_token).where(
        Item.workflow == CONFLICT.name, Item.state == DECLARED, Item.person == person
    )


def instructed(person: str) -> Select[str]:
    """The tokens of the cases on which an instruction to this person (by token) is open."""
    return select(Item.case_token).where(
        Item.workflow == INSTRUCTION.name, Item.state.in_(OPEN), Item.person == person
    )
