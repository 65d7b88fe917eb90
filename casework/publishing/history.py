"""The only place that reads off the log what happened to reports on their way to being published."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from operator import attrgetter

import orjson
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from casework.audit.events import Event, entries, exact, newest_first, parse
from casework.counts.lives import Period
from casework.documents.trust import Recounted
from casework.models import AuditEvent
from casework.models.publication import cited_as
from casework.publishing.counting import Basis, content_hash
from workflows.attempt import StepRefused
from workflows.calendar import financial_year_of
from workflows.definition import Entry, Standing
from workflows.publication import COUNTERSIGN, FORMATS, PUBLICATION, PUBLISH
from workflows.replay import standing_of

PUBLICATION_TOKEN = "publication"
"""What `stat` of each event holds: which report it is about."""
FIGURES, WORDS = "figures", "words"
"""What is kept beside the event of a published report: its canonical figures, and its words."""
MOST = 100_000
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NoResultFound,
    StepRefused,
    TypeError,
    ValueError,
)
"""What reading an event that was tampered with may raise."""


class RecordUnreadable(Exception):
    """What is stored of a published report is damaged, so that it cannot be read as its record."""


@dataclass(frozen=True)
class Published:
    """A published report as the log has it. `files` are SHA-256 by format."""

    event: Event

    @property
    def token(self) -> str:
        """Its own token."""
        return str(self.event.stat[PUBLICATION_TOKEN])

    @property
    def published_on(self) -> date:
        """The day it was published on."""
        on = self.event.effective_on
        if on is None:
            raise ValueError(f"Entry {self.event.seq} has no day.")
        return on

    @property
    def year(self) -> str:
        """The financial year within which it is numbered: "2026-27"."""
        return financial_year_of(self.published_on).label

    @property
    def number(self) -> int:
        """Its number in that year, from 1, without gaps."""
        return int(self.event.stat["number"])

    @property
    def cited_as(self) -> str:
        """What it is cited by: "R/2026-27/3"."""
        return cited_as(self.year, self.number)

    @property
    def basis(self) -> Basis:
        """What fixes its figures."""
        stat = self.event.stat
        days = (date.fromisoformat(stat[name]) for name in ("from_on", "to_on"))
        return Basis(
            kind=stat["kind"],
            period=Period(*days),
            status_on=date.fromisoformat(stat["status_on"]),
            log_size=self.log_size,
            edition=stat["edition"],
        )

    @property
    def log_size(self) -> int:
        """How many recorded actions it was counted from."""
        return int(self.event.stat["log_size"])

    @property
    def log_root(self) -> str:
        """The root of the log that it was counted from, hex."""
        return str(self.event.stat["log_root"])

    @property
    def digest(self) -> str:
        """The SHA-256 of its figures, hex."""
        return str(self.event.stat[FIGURES])

    @property
    def recounted(self) -> Recounted:
        """What its last page says of how far it can be trusted, as it was published."""
        stat = self.event.stat
        return Recounted(
            on=self.published_on,
            log_size=self.log_size,
            digest=self.digest,
            earlier=stat["earlier"],
            table=stat["earlier_table"],
            told_in=stat["earlier_told_in"],
        )

    @property
    def figures(self) -> bytes:
        """The canonical bytes of its figures, empty where they are no longer beside the event."""
        return (self.event.words or {}).get(FIGURES, "").encode()

    @property
    def words(self) -> Mapping[str, str]:
        """What people wrote in it, by name of the part."""
        words: Mapping[str, str] = orjson.loads((self.event.words or {}).get(WORDS, "{}"))
        return words

    @property
    def content(self) -> str:
        """The hash of the words and figures that were published."""
        return str(self.event.stat["content"])

    @property
    def has_its_figures(self) -> bool:
        """Whether the figures kept beside the event are those that it commits to."""
        return sha256(self.figures).hexdigest() == self.digest

    @property
    def has_its_words(self) -> bool:
        """Whether the words kept beside the event are those that it commits to."""
        try:
            found = content_hash(self.event.stat["kind"], self.digest, self.words)
        except (TypeError, ValueError):
            return False
        return found == self.content

    @property
    def is_kept(self) -> bool:
        """Whether its figures and words are kept as they were published."""
        return self.has_its_figures and self.has_its_words

    @property
    def files(self) -> Mapping[str, str]:
        """The SHA-256 of each file it was published as, by format."""
        return {form: self.event.stat[form] for form in FORMATS if form in self.event.stat}


_EVERY_PART = attrgetter(
    "token", "cited_as", "basis", "log_root", "recounted", "content", "files", "is_kept"
)


def history_of(session: Session, token: str) -> tuple[Entry, ...]:
    """The entries of one report in log order, without words: what the engine judges by."""
    return entries(PUBLICATION, _events_of(session).get(token, ()))


def is_taken_by(session: Session, req: str, event: str, token: str) -> bool:
    """Whether the request with this idempotency key recorded this event of this report."""
    query = select(AuditEvent.body).where(AuditEvent.req == req, AuditEvent.action == event)
    bodies = session.execute(query).scalars()
    return any(parse(body).stat.get(PUBLICATION_TOKEN) == token for body in bodies)


def standings(session: Session) -> dict[str, Standing]:
    """How every report stands by its entries, by token."""
    return {
        token: standing_of(PUBLICATION, entries(PUBLICATION, found))
        for token, found in _events_of(session).items()
    }


def _events_of(session: Session) -> dict[str, list[Event]]:
    """The events of each report in log order, without their words, which are long."""
    query = select(AuditEvent.body).where(AuditEvent.action.in_(list(PUBLICATION.steps_by_event)))
    found: dict[str, list[Event]] = {}
    for body in session.execute(query.order_by(AuditEvent.seq)).scalars():
        event = parse(body)
        found.setdefault(str(event.stat.get(PUBLICATION_TOKEN)), []).append(event)
    return found


def told(session: Session, token: str) -> tuple[Event, ...]:
    """What happened to one report, with the reasons that people gave, the newest first."""
    seqs = [event.seq for event in _events_of(session).get(token, ())]
    return newest_first(session, [AuditEvent.seq.in_(seqs)], len(seqs))


def published_by(session: Session, seq: int) -> Published:
    """The report that was published by the event at this position, whose bytes have their hash.

    Raises RecordUnreadable.
    """
    try:
        exact(session, seq)
        (event,) = newest_first(session, [AuditEvent.seq == seq], 1)
        found = Published(event)
        _EVERY_PART(found)
    except UNREADABLE as fault:
        raise RecordUnreadable(f"entry {seq:,}") from fault
    return found


def published_last_before(session: Session, seq: int) -> int | None:
    """Where in the log the report before this entry was published; None without one."""
    query = select(func.max(AuditEvent.seq)).where(
        AuditEvent.action == PUBLISH.event, AuditEvent.seq < seq
    )
    return session.execute(query).scalar()


def countersigned(session: Session, published: Published) -> Event | None:
    """The event by which a report was countersigned; None if it was not, or that is damaged."""
    query = select(AuditEvent.body).where(
        AuditEvent.action == COUNTERSIGN.event, AuditEvent.seq > published.event.seq
    )
    for body in session.execute(query.order_by(AuditEvent.seq)).scalars():
        with suppress(*UNREADABLE):
            event = parse(body)
            if event.stat[PUBLICATION_TOKEN] == published.token:
                return event
    return None


def published_before(
    session: Session, log_size: int, year: str | None = None
) -> tuple[Published, ...]:
    """Every report published before this log size, without its words, in the order published.

    With a financial year, such as "2026-27", those that are numbered in it.
    """
    query = select(AuditEvent.body).where(
        AuditEvent.action == PUBLISH.event, AuditEvent.seq < log_size
    )
    bodies = session.execute(query.order_by(AuditEvent.seq)).scalars()
    every = (Published(parse(body)) for body in bodies)
    return tuple(each for each in every if year is None or each.year == year)


def all_published(session: Session) -> tuple[Published, ...]:
    """Every published report, in the order they were published."""
    condition = AuditEvent.action == PUBLISH.event
    return tuple(map(Published, newest_first(session, [condition], MOST)[::-1]))
