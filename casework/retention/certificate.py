"""The only place that says what the certificate of a disposal holds, all of it read off the log."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.check_codes import check_code
from casework.audit.notes import code_of
from casework.checkpoints.queries import covering
from casework.office_settings import settings_at
from casework.retention.queries import Disposal
from workflows import WORKFLOWS
from workflows.disposal import APPROVE, DUE_ON, ERASE, PROPOSE
from workflows.retention import Rule


@dataclass(frozen=True)
class Covering:
    """The checkpoint that first covers an erasure: how many entries it is over, and its code."""

    size: int
    code: str
    signed_at: datetime


@dataclass(frozen=True)
class Certificate:
    """What was erased of which case, by which rule, who agreed to it, and where the log has it.

    `root` is that of the log with the erasure as its last entry, at position `seq`; `proposed_by`
    and `approved_by` are tokens. Without a `checkpoint` there is none yet.
    """

    office: str
    reference: str
    kind: str
    outcome: str
    closed_on: date
    rule: Rule
    due_on: date
    proposed_by: str
    proposed_on: date
    approved_by: str
    approved_on: date
    erased_on: date
    entries: int
    files: int
    seq: int
    root: str
    code: str
    checkpoint: Covering | None


def certificate_of(session: Session, disposal: Disposal) -> Certificate | None:
    """The certificate of a disposal, None unless the case was erased by it."""
    standing, case = disposal.kept.standing, disposal.case
    proposed, approved = standing.last(PROPOSE.name), standing.last(APPROVE.name)
    erased = standing.last(ERASE.name)
    if not (proposed and approved and erased and case.closed_on):
        return None
    workflow, facts = WORKFLOWS[case.workflow], erased.facts
    root = record.log_root(session, erased.seq + 1).hex()
    return Certificate(
        office=settings_at(session).office_name,
        reference=case.reference,
        kind=workflow.title,
        outcome=workflow.states_by_name[case.state].label,
        closed_on=case.closed_on,
        rule=Rule(
            facts["rule"], facts["trigger"], facts["years"], bool(facts.get("from_year_end"))
        ),
        due_on=facts[DUE_ON.code],
        proposed_by=proposed.actor,
        proposed_on=proposed.effective_on,
        approved_by=approved.actor,
        approved_on=approved.effective_on,
        erased_on=erased.effective_on,
        entries=facts["details"],
        files=facts["files"],
        seq=erased.seq,
        root=root,
        code=check_code(root),
        checkpoint=_covering(session, erased.seq),
    )


def _covering(session: Session, seq: int) -> Covering | None:
    found = covering(session, seq)
    return Covering(found.size, code_of(found.note), found.signed_at) if found else None
