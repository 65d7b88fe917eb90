"""The only place that puts on the log, and checks, which cases were read: a digest for each day.

Reads are noted in a table of their own, outside the log (`casework.web.access`). Once a London day
is over, an entry holds how many there were and the SHA-256 of them, so that none can be taken away
or added afterwards. A day without reads has no entry.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit import record
from casework.audit.events import parse
from casework.audit.findings import Check, Finding
from casework.models import AccessRead, AuditEvent
from casework.models.base import table_of
from workflows.calendar import in_words, london_day, midnight

READS_DIGESTED = "reads_digested"
SETTLED = timedelta(hours=1)
"""How long after its end a day is left open, for whoever is just noting a read."""
_READS, _EVENTS = table_of(AccessRead), table_of(AuditEvent)


def digest_finished_days(session: Session) -> int:
    """Record the digest of each day that is over and has none yet, and say how many these were.

    Within the caller's write transaction.
    """
    known = _digested(session)
    since = midnight(max(known) + timedelta(days=1)) if known else None
    until = london_day(clock.now() - SETTLED)
    days = [day for day in _days_with_reads(session, since) if day < until]
    for day in days:
        event = record.NewEvent(READS_DIGESTED, record.SYSTEM, stat=_digest(session, day))
        record.append(session, event, record.Origin("command"))
    return len(days)


def check_reads(session: Session) -> tuple[Finding, ...]:
    """Whether the reads of each day that was digested are still those, and each was digested once."""
    check = Check("reads")
    known = _digested(session)
    days = set(_days_with_reads(session)) if known else set()
    for day, (seq, stat) in known.items():
        if _digest(session, day) != stat:
            check.fault(f"Reads of cases on {in_words(day)} are not those whose digest it has", seq)
    for seq in _out_of_order(session):
        check.fault(
            "A digest of reads is of a day that was digested before, or of one before it", seq
        )
    for day in sorted(day for day in days - known.keys() if day < max(known)):
        check.fault(f"Reads of cases are noted on {in_words(day)}, which had none when it was over")
    return check.findings("Who read which case is as the digests of the days have it.")


def _digests(session: Session) -> Iterator[tuple[date, int, dict[str, object]]]:
    """The day, position and `stat` of each digest, in log order."""
    query = select(_EVENTS.c.body).where(_EVENTS.c.action == READS_DIGESTED)
    for body in session.execute(query.order_by(_EVENTS.c.seq)).scalars():
        event = parse(body)
        yield date.fromisoformat(event.stat["day"]), event.seq, dict(event.stat)


def _digested(session: Session) -> dict[date, tuple[int, dict[str, object]]]:
    """The position and `stat` of each day's first digest, which alone counts, in log order."""
    found: dict[date, tuple[int, dict[str, object]]] = {}
    for day, seq, stat in _digests(session):
        found.setdefault(day, (seq, stat))
    return found


def _out_of_order(session: Session) -> Iterator[int]:
    """The positions of digests that nobody makes who seals each day as it ends."""
    latest = date.min
    for day, seq, _ in _digests(session):
        if day <= latest:
            yield seq
        latest = max(latest, day)


def _days_with_reads(session: Session, since: object = None) -> Iterator[date]:
    query = select(_READS.c.began_at).distinct().order_by(_READS.c.began_at)
    if since is not None:
        query = query.where(_READS.c.began_at >= since)
    for day, _ in groupby(session.execute(query).scalars(), key=london_day):
        yield day


def _digest(session: Session, day: date) -> dict[str, object]:
    """What an entry holds of a day: its reads in order of time, person and case, one line each."""
    at, person, case = _READS.c.began_at, _READS.c.person_token, _READS.c.case_token
    within = (at >= midnight(day), at < midnight(day + timedelta(days=1)))
    reads = session.execute(select(at, person, case).where(*within)).all()
    lines = sorted(f"{record.instant(began_at)} {who} {what}\n" for began_at, who, what in reads)
    digest = sha256("".join(lines).encode()).hexdigest()
    return {"day": day.isoformat(), "reads": len(lines), "digest": digest}
