"""The only place that proposes and approves disposals, many at once: all of them or none."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.items import begin_item, item_ref, move_item
from casework.models import AuditEvent, Case
from workflows.attempt import Attempt, StepRefused
from workflows.definition import Actor
from workflows.disposal import APPROVE, DISPOSAL, PROPOSE


@dataclass(frozen=True)
class Approval:
    """A disposal to approve, by its token, as whoever approves saw it: `size` events on its case."""

    item: str
    size: int
    erase_reference: bool


class SomeRefused(Exception):
    """Some of what was asked is refused, so nothing was recorded; `sentences` by what was ticked."""

    def __init__(self, sentences: dict[str, str]) -> None:
        super().__init__(" ".join(sentences.values()))
        self.sentences = sentences


def propose(session: Session, cases: Iterable[str], actor: Actor, origin: record.Origin) -> int:
    """Propose to erase these cases, by token; how many. The caller commits.

    Raises SomeRefused.
    """
    attempt = Attempt(PROPOSE.name, clock.today(), {}, actor)

    def take(case: str) -> None:
        begin_item(session, case, DISPOSAL, attempt, origin)

    return _each(session, {case: case for case in cases}, take)


def approve(
    session: Session, approvals: Iterable[Approval], actor: Actor, origin: record.Origin
) -> int:
    """Approve these disposals; how many. The caller commits.

    Raises SomeRefused, also for a case on which something was recorded since it was shown.
    """
    by_item = {each.item: each for each in approvals}
    refs = {token: ref for token in by_item if (ref := item_ref(session, token)) is not None}

    def take(token: str) -> None:
        if _size(session, refs[token].case) != by_item[token].size:
            raise StepRefused.because("Something was recorded on it since. Look at it again.")
        facts = {"erase_reference": by_item[token].erase_reference or None}
        move_item(session, refs[token], Attempt(APPROVE.name, clock.today(), facts, actor), origin)

    return _each(session, {token: ref.case for token, ref in refs.items()}, take)


def _each(session: Session, cases: dict[str, str], take: Callable[[str], None]) -> int:
    """Take a step on each of what was ticked, whose cases these are; how many."""
    refused = {}
    for ticked, case in cases.items():
        try:
            take(ticked)
        except StepRefused as refusal:
            query = select(Case.reference).where(Case.token == case)
            refused[ticked] = f"{session.execute(query).scalar_one()}: {refusal.sentence}"
    if refused:
        raise SomeRefused(refused)
    return len(cases)


def _size(session: Session, case: str) -> int:
    counted = select(func.count()).select_from(AuditEvent).where(AuditEvent.case_token == case)
    return session.execute(counted).scalar_one()
