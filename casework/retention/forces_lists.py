"""The only place that takes what named an erased case out of the checks of forces’ lists.

A finding may be about several cases, and its reference that of others: its words go with the last
of them.
"""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import String, cast, delete, or_, select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.erasures import SETTLED
from casework.audit.events import parse
from casework.keys import reference_key
from casework.models import AuditDetail, AuditEvent, Case, Draft, ListCheck, ListFinding


def forget(session: Session, case: Case, references: Collection[str]) -> list[int]:
    """Take a case out of what the checks of lists kept, within the caller's write transaction.

    `references` are the force's, as they were ever recorded on it. Gives the positions of events
    of no one case whose words are to go with it.
    """
    keys = {key for each in references if (key := reference_key(each))}
    for row in _findings(session, case, keys):
        if not _others_of(session, case, [row.subject], [*row.cases, row.same_as or ""]):
            _blank(session, row)
    _forget_matches(session, case)
    return [
        seq
        for seq, named in _settled(session)
        if named & keys and not (_others_of(session, case, sorted(named), ()))
    ]


def _findings(session: Session, case: Case, keys: Collection[str]) -> Sequence[ListFinding]:
    is_named = or_(
        cast(ListFinding.cases, String).contains(case.token),
        ListFinding.same_as == case.token,
        ListFinding.subject.in_(keys),
    )
    return session.scalars(select(ListFinding).where(is_named)).all()


def _others_of(
    session: Session, case: Case, subjects: Sequence[str], tokens: Collection[str]
) -> bool:
    """Whether another case that is not erased has one of these references of the force, or tokens."""
    query = select(Case.id).where(
        Case.token != case.token,
        Case.erased_on.is_(None),
        or_(Case.reference_key.in_(subjects), Case.token.in_(tokens)),
    )
    return session.execute(query.limit(1)).first() is not None


def _blank(session: Session, row: ListFinding) -> None:
    """Leave of a finding what its check counted: its kind, and how many rows it was."""
    row.subject, row.differences = row.token, []
    row.listed = [{"row": each["row"], "reference": "", "told": {}} for each in row.listed]
    row.ended_at = row.ended_at or clock.now()
    session.execute(delete(Draft).where(Draft.form.contains(row.token)))


def _forget_matches(session: Session, case: Case) -> None:
    query = select(ListCheck).where(cast(ListCheck.respelt, String).contains(case.token))
    for check in session.scalars(query):
        check.respelt = [each for each in check.respelt if each[2] != case.token]


def _settled(session: Session) -> Iterator[tuple[int, set[str]]]:
    """The events about findings of no one case that still have words, and the references in them."""
    query = (
        select(AuditEvent.body, AuditDetail.body)
        .join(AuditDetail, AuditDetail.seq == AuditEvent.seq)
        .where(AuditEvent.action == SETTLED, AuditEvent.case_token.is_(None))
    )
    for body, words in session.execute(query):
        event = parse(body, words)
        written = (event.words or {}).get("force_reference", "").split("; ")
        yield event.seq, {key for each in written if (key := reference_key(each))}
