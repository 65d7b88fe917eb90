"""The only place for the demonstration's reports: two that are published, and one that is drafted.

The second tells what was learnt since the first was published.
"""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from casework import clock
from casework.audit.record import Origin
from casework.cli.demonstration import people
from casework.cli.demonstration.learnt_later import learn
from casework.counts.lives import Period
from casework.files.store import Store
from casework.models import Publication
from casework.publishing import kinds, pack, service, showing
from casework.publishing.counting import Basis, count
from casework.publishing.service import Who
from workflows.calendar import FinancialYear, financial_year_of, in_words
from workflows.definition import Actor

COMMENTARY = (
    "The file took longest to come where body-worn video had to be asked for a second time. The "
    "force has named one person who answers for it since."
)


def publish_reports(session: Session, files: Store, actors: Mapping[str, Actor]) -> None:
    """Publish last year's report and one to the panel; draft a self-assessment, to be approved.

    Within the caller's write transaction, in which nobody else waits for the files to be made.
    """
    year = FinancialYear(financial_year_of(clock.today()).starts_in - 1)
    whole = Period(year.first_on, year.last_on)
    annual = _draft(session, Basis("annual", whole), {"commentary": COMMENTARY}, actors)
    _publish(session, files, annual, actors)
    learn(session, showing.counted(session, annual).report, actors)
    panel = _draft(session, Basis("panel", _last_quarter()), _meeting(), actors)
    _publish(session, files, panel, actors)
    _draft(session, Basis("self_assessment", whole), {}, actors)


def _draft(
    session: Session, basis: Basis, typed: Mapping[str, str], actors: Mapping[str, Actor]
) -> Publication:
    counted, who = count(session, basis), _who(actors, people.REVIEWER)
    words = {**kinds.prefilled(session, counted), **typed}
    token = f"p_{who.origin.req}"
    service.begin(session, token, counted, words, who)
    return session.get_one(Publication, token)


def _publish(session: Session, files: Store, row: Publication, actors: Mapping[str, Actor]) -> None:
    content = service.content_of(row)
    service.approve(session, row, row.version, content, _who(actors, people.CHIEF))
    number = service.next_number(session, financial_year_of(clock.today()).label)
    made = pack.make(files, showing.paper(session, row, number), number)
    service.publish(session, row, row.version, made, _who(actors, people.SUPERVISOR))


def _who(actors: Mapping[str, Actor], colleague: people.Colleague) -> Who:
    actor = actors[colleague.email]
    return Who(actor, Origin("command", actor.token))


def _last_quarter() -> Period:
    """The last whole quarter that has ended."""
    year = financial_year_of(clock.today())
    quarters = (*FinancialYear(year.starts_in - 1).quarters, *year.quarters)
    last = [quarter for quarter in quarters if quarter.last_on < clock.today()][-1]
    return Period(last.first_on, last.last_on)


def _meeting() -> dict[str, str]:
    """What the panel’s form asks about its next meeting."""
    return {"agenda_item": "5", "meeting_on": in_words(clock.today() + timedelta(days=10))}
