"""The only place that takes an application in: one service for staff, public form, register and commands.

Whichever way it came, the case begins by the same step, is judged by the same rules, runs on the
same clocks and leaves the same events; only the channel, and who acted, tell them apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from casework.audit.record import Origin
from casework.items import begin_item
from casework.progress import Batch, Moved, begin_case
from workflows import ITEMS
from workflows.attempt import Attempt
from workflows.definition import Actor, OfficeRules
from workflows.roles import PUBLIC

APPLICANT = Actor("system", frozenset({PUBLIC}))
"""Whoever applies on the web form: the log knows nobody by it but an applicant."""


@dataclass(frozen=True)
class Attached:
    """What came with an application and is kept on the case: its kind, and what is known of it.

    `step` is the one that it begins with, where its kind can begin in several ways.
    """

    kind: str
    facts: Mapping[str, Any]
    step: str = ""


def receive(
    session: Session,
    attempt: Attempt,
    origin: Origin,
    *,
    attached: Iterable[Attached] = (),
    since: Sequence[Attempt] = (),
    reference: str | None = None,
    office: OfficeRules | None = None,
    batch: Batch | None = None,
) -> Moved:
    """Begin a case by its first step, with what came with it; all of it or nothing.

    What was done `since`, as a register tells, is taken on; `batch` writes many cases together,
    and such bring nothing that is to be attached.

    Within the caller's write transaction; the caller commits. Raises StepRefused, or CaseRefused
    when the reference is taken.
    """
    moved = begin_case(
        session, attempt, origin, since=since, reference=reference, office=office, batch=batch
    )
    for each in attached:
        kind = ITEMS[each.kind]
        begins = Attempt(
            each.step or kind.begins_with.name, attempt.effective_on, each.facts, attempt.actor
        )
        begin_item(session, moved.case, kind, begins, origin)
    return moved
