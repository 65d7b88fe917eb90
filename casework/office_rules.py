"""The only place that hands the engine the office's rules: settings, people and delegations."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.delegations import in_register
from casework.models import Person, PersonRole
from casework.models.base import table_of
from casework.office_settings import settings_at
from casework.permissions import SEE_CASES, roles_giving
from workflows.attempt import Attempt
from workflows.definition import Choice, OfficeRules, Step, Workflow

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
    """The office's settings now, who may be assigned a case, and what is delegated to whom."""
    people = session.execute(_PEOPLE)
    rules = settings_at(session).rules(tuple(Choice(token, name) for token, name in people))
    return replace(rules, delegations=in_register(session))


def rules_for(session: Session, workflow: Workflow, attempt: Attempt) -> OfficeRules:
    """The office's rules now: people and delegations only where the step may turn on them."""
    step = workflow.steps_by_name.get(attempt.step)
    if step is None or _asks_for_people(step):
        return office_rules(session)
    return settings_at(session).rules()


def _asks_for_people(step: Step) -> bool:
    names_one = any(fact.choices == "people" for fact in step.facts)
    return names_one or any(guard.about == "who" for guard in step.guards)
