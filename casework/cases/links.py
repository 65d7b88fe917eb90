"""The only place that reads which cases are linked with a case: by links kept on it or on them."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.models import Case, Item
from casework.permissions import visible_to
from workflows import WORKFLOWS
from workflows.definition import State
from workflows.link import KINDS, LINK, LINKED

_WHY = {choice.code: choice.label for choice in KINDS}
_TO = Item.words["reference"].as_string()


@dataclass(frozen=True)
class LinkedCase:
    """Another case, how it stands, and why it is linked; `item` is the link itself."""

    token: str
    reference: str
    state: State
    why: str
    item: str
    is_kept_here: bool


def linked_cases(session: Session, row: Case, person: str) -> list[LinkedCase]:
    """The cases linked with a case, from either side, that this person (by token) may see."""
    is_kept_here = Item.case_token == row.token
    other = or_(
        is_kept_here & (Case.reference == _TO),
        (row.reference == _TO) & (Case.token == Item.case_token),
    )
    query = (
        select(
            Case.token,
            Case.reference,
            Case.workflow,
            Case.state,
            Item.kind,
            Item.token,
            is_kept_here,
        )
        .join(Item, other)
        .where(
            Item.workflow == LINK.name,
            Item.state == LINKED,
            Case.token != row.token,
            visible_to(person),
        )
        .order_by(Case.reference, Item.id)
    )
    return [
        LinkedCase(
            token,
            reference,
            WORKFLOWS[workflow].states_by_name[state],
            _WHY.get(kind or "", ""),
            item,
            bool(is_here),
        )
        for token, reference, workflow, state, kind, item, is_here in session.execute(query)
    ]
