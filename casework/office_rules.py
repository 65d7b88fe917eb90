"""The only place that hands the engine the office's rules: its settings, forces and people."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.models import Person, PersonRole
from casework.models.base import table_of
from casework.office_settings import settings_at
from casework.permissions import SEE_CASES, roles_giving
from workflows.attempt import Attempt
from workflows.definition import Choice, OfficeRules, Workflow

_STAFF = table_of(Person).c
_ROLES = table_of(PersonRole).c
# Statements are built once: building one costs several times what running it does.
_SEE_CASES = select(_ROLES.person_id).where(_ROLES.role.in_(roles_giving(SEE_CASES)))
_PEOPLE = (
    select(_STAFF.token, _STAFF.name)
    .where(_STAFF.is_active, _STAFF.id.in_(_SEE_CASES))
    .order_by(_STAFF.name)
)


def office_rules(session: Session) -> OfficeRules:
    """The office's settings now, with the people a case may be assigned to: those who see cases."""
    people = session.execute(_PEOPLE)
    return settings_at(session).rules(tuple(Choice(token, name) for token, name in people))


def rules_for(session: Session, workflow: Workflow, attempt: Attempt) -> OfficeRules:
    """The office's settings now, with its people only where the step may name one of them."""
    step = workflow.steps_by_name.get(attempt.step)
    if step is None or any(fact.choices == "people" for fact in step.facts):
        return office_rules(session)
    return settings_at(session).rules()
