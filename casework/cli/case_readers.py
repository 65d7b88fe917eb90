"""The only place for `casework case admit`: one more person for a case that only those named may see."""

import click
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.record import SYSTEM, Origin
from casework.cli.installation import open_office
from casework.cli.people_lookup import NobodyThere, People
from casework.cli.program import Refused
from casework.database import begin_write
from casework.items import ItemRef, items_on, move_item
from casework.office_rules import office_rules
from casework.permissions import may_see
from casework.progress import case_ref
from workflows.attempt import Attempt, StepRefused
from workflows.definition import Actor
from workflows.restriction import NAME, PEOPLE, RESTRICTED, RESTRICTION, WHY
from workflows.roles import SYSTEM as BY_COMMAND


@click.command(
    short_help="Name one more person for a restricted case.",
    epilog="Example: casework case admit CR/2026-27/001 sam@example.org --why 'All named have left.'",
)
@click.argument("reference")
@click.argument("email")
@click.option("--why", required=True, help="Kept with the case, as what anybody types there.")
def admit(reference: str, email: str, why: str) -> None:
    """Let one more person see a restricted case, where nobody who is named can do it any more.

    Who may sign in no longer is named no longer. The trail of the case tells who may see it from
    here on, and that a command said so.
    """
    with open_office() as session:
        begin_write(session)
        try:
            person = People.of(session).actor(email).token
            item, named = _restriction(session, reference)
            readers = {choice.code for choice in office_rules(session).lists["readers"]}
            if person not in readers:
                raise Refused(f"{email} may not sign in, or holds no role that sees cases.")
            facts = {PEOPLE.name: sorted({*named & readers, person}), WHY.name: why}
            attempt = Attempt(
                NAME.name, clock.today(), facts, Actor(SYSTEM, frozenset({BY_COMMAND}))
            )
            move_item(session, item, attempt, Origin("command"))
            if not may_see(session, person, item.case):
                raise Refused(
                    f"{email} would still not see {reference}, so nothing was changed: a conflict is "
                    "declared, or the role asks that the case is assigned, or an instruction given."
                )
        except (NobodyThere, StepRefused) as refused:
            raise Refused(str(refused)) from None
        session.commit()
    click.echo(f"{email} may see {reference} from now on.")


def _restriction(session: Session, reference: str) -> tuple[ItemRef, frozenset[str]]:
    """What restricts the case of this reference, and who is named, by token. Raises Refused."""
    case = case_ref(session, reference)
    if case is None:
        raise Refused(f"There is no case {reference}. Check the reference.")
    for kept in items_on(session, case.token):
        if kept.workflow is RESTRICTION and kept.standing.state == RESTRICTED:
            ref = ItemRef(
                kept.token, kept.case, RESTRICTION.name, kept.standing.state, kept.version
            )
            return ref, frozenset(kept.values[PEOPLE.code])
    raise Refused(f"{reference} is not restricted, so who may see it hangs on roles alone.")
