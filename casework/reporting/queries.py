"""The only place that looks up what the pages of reports need beside the figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from casework.counts.figures import Counted
from casework.counts.lives import Life, Period
from casework.counts.report import Report
from casework.models import Case, Publication
from casework.models.base import table_of
from casework.permissions import kept_from
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import State
from workflows.publication import PUBLISHED

_PUBLICATION = table_of(Publication).c
_NEWEST = 3


@dataclass(frozen=True)
class Listed:
    """A case behind a figure: `state` is how it stood on the status day, `on` why it counts."""

    token: str
    reference: str
    received_on: date
    state: State
    on: date
    detail: str


def seen_by(session: Session, person: str, counted: Iterable[Counted]) -> tuple[Counted, ...]:
    """What of this is not kept from this person (by token), whose role sees all cases."""
    hidden = set(session.execute(kept_from(person)).scalars())
    return tuple(one for one in counted if one.case not in hidden)


def listed(session: Session, report: Report, counted: Iterable[Counted]) -> tuple[Listed, ...]:
    """What a figure counts with its references, in the order given."""
    counted = tuple(counted)
    tokens = {one.case for one in counted}
    query = select(Case.token, Case.reference).where(Case.token.in_(tokens))
    references = {row.token: row.reference for row in session.execute(query)}
    return tuple(
        Listed(
            one.case,
            references[one.case],
            report.lives[one.case].received.from_on,
            _state(report.lives[one.case], report.status_on),
            one.on,
            _detail(report, one),
        )
        for one in counted
    )


def _state(life: Life, status_on: date) -> State:
    case = life.on(status_on)
    name = case.closure.code if case.closure else "valid" if case.validity else "received"
    return COMPLAINT_REVIEW.states_by_name[name]


def _detail(report: Report, counted: Counted) -> str:
    if counted.days is not None:
        return f"{counted.days:,} working day{'' if counted.days == 1 else 's'}"
    kinds = report.edition.block("recommendations").labels["by_kind"]
    return kinds.get(counted.what, "A learning point" if counted.what else "")


def published_of(session: Session, period: Period) -> Sequence[Publication]:
    """The reports of exactly this period that were published, the newest first."""
    query = _published().where(
        _PUBLICATION.from_on == period.from_on, _PUBLICATION.to_on == period.to_on
    )
    return session.scalars(query).all()


def newest_published(session: Session) -> Sequence[Publication]:
    """The few reports that were published last, the newest first."""
    return session.scalars(_published().limit(_NEWEST)).all()


def _published() -> Select[Publication]:
    query = select(Publication).where(_PUBLICATION.state == PUBLISHED)
    return query.order_by(_PUBLICATION.since_seq.desc())
