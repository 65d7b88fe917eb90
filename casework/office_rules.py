"""The only place that hands the engine the office's rules: settings, people, delegations."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.delegations import in_register
from casework.models import Case, Person, PersonRole
from casework.models.base import table_of
from casework.office_settings import settings_at
from casework.permissions import SEE_CASES, WORK_ON_CASES, roles_giving, visible_to
from workflows.attempt import Attempt
from workflows.definition import Choice, OfficeRules, Step, Workflow
from workflows.link import CASES, LINK
from workflows.roles import CONTRACTOR

_STAFF = table_of(Person).c
_ROLES = table_of(PersonRole).c
# Statements are built once: building one costs several times what running it does.
_WORKING = roles_giving(WORK_ON_CASES)
_READERS = (
    select(_STAFF.token, _STAFF.name, _ROLES.role)
    .where(
        _STAFF.is_active, _ROLES.person_id == _STAFF.id, _ROLES.role.in_(roles_giving(SEE_CASES))
    )
    .order_by(_STAFF.name, _STAFF.id)
)


def office_rules(session: Session) -> OfficeRules:
    """The office's settings now, who may be assigned a case, and what is delegated to whom."""
    held = list(session.execute(_READERS))
    rules = settings_at(session).rules(_choices(held, _WORKING))
    contractors, readers = _choices(held, {CONTRACTOR}), _choices(held, roles_giving(SEE_CASES))
    return replace(
        rules,
        lists={**rules.lists, "contractors": contractors, "readers": readers},
        delegations=in_register(session),
    )


def _choices(held: Sequence[Any], roles: Collection[str]) -> tuple[Choice, ...]:
    """Those who hold one of these roles, once each, in the order given."""
    return tuple(
        {row.token: Choice(row.token, row.name) for row in held if row.role in roles}.values()
    )


def rules_for(session: Session, workflow: Workflow, attempt: Attempt) -> OfficeRules:
    """The office's rules now: people, delegations and cases only where the step may turn on them."""
    step = workflow.steps_by_name.get(attempt.step)
    if step is None or _asks_for_people(step):
        return office_rules(session)
    rules = settings_at(session).rules()
    if workflow is LINK:
        return replace(rules, lists={**rules.lists, CASES: _case_named(session, attempt)})
    return rules


def _case_named(session: Session, attempt: Attempt) -> tuple[Choice, ...]:
    """The case of the reference that is given, where whoever acts may see it."""
    reference = str(attempt.facts.get("reference") or "").strip()
    query = select(Case.reference).where(
        Case.reference == reference, visible_to(attempt.actor.token)
    )
    return tuple(Choice(found, found) for found in session.execute(query).scalars())


def _asks_for_people(step: Step) -> bool:
    names_one = any(fact.is_person for fact in step.facts)
    return names_one or any(guard.about == "who" for guard in step.guards)
