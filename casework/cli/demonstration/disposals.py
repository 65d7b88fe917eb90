"""The only place for the demonstration's old cases: one on hold, one kept, one erased, one proposed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from casework import items
from casework.audit.record import Origin
from casework.cli.demonstration import people
from casework.cli.demonstration.past import AFTERNOON, MORNING, Life, on
from casework.office_settings import settings_at
from casework.retention import erasing
from casework.retention.due import falling_due
from casework.retention.named_files import NamedFiles
from workflows.attempt import Attempt
from workflows.definition import Actor, Step
from workflows.disposal import APPROVE, DISPOSAL, PROPOSE, REFUSE
from workflows.hold import HOLD, PLACE

LATER = timedelta(days=150)
INQUIRY = "The Saltby Custody Inquiry asked all bodies to keep their records of those years."
STILL_WANTED = "The force’s new head of Professional Standards asked to learn from it."


@dataclass(frozen=True)
class Taken:
    """A step taken so many days ago, by whom, and what it says."""

    step: Step
    days_ago: int
    by: people.Colleague
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Disposals:
    """The old cases of the office, as seen on a day."""

    session: Session
    actors: Mapping[str, Actor]
    today: date

    def lives(self) -> Iterator[Life]:
        """What became of the first cases that fell due; the others are left to be proposed."""
        schedule, person = settings_at(self.session).schedule, self.actors[people.SUPERVISOR.email]
        found = falling_due(self.session, schedule, self.today, person.token)
        held, kept, erased, proposed, *_ = (each.token for each in found)
        until = self.today + LATER
        why_held = {"kind": "inquiry", "why": INQUIRY, "review_on": until}
        why_kept = {"reason": STILL_WANTED, "keep_until": until}
        yield self._through(held, Taken(PLACE, 60, people.REVIEWER, why_held))
        yield self._through(kept, _proposed(30), Taken(REFUSE, 29, people.CHIEF, why_kept))
        yield self._erased(erased, _proposed(20), Taken(APPROVE, 19, people.CHIEF, {}))
        yield self._through(proposed, _proposed(4))

    def _through(self, case: str, *steps: Taken) -> Life:
        """An item of a case, through these steps."""
        item = ""
        for taken in steps:
            day = self.today - timedelta(days=taken.days_ago)
            yield on(day, MORNING)
            item = self._take(case, item, taken, day)

    def _erased(self, case: str, *steps: Taken) -> Life:
        yield from self._through(case, *steps)
        yield on(self.today - timedelta(days=steps[-1].days_ago), AFTERNOON)
        named = NamedFiles()
        for disposal in erasing.approved(self.session):
            erasing.erase(self.session, disposal, named)

    def _take(self, case: str, item: str, taken: Taken, day: date) -> str:
        actor = self.actors[taken.by.email]
        attempt = Attempt(taken.step.name, day, taken.facts, actor)
        origin = Origin("command", actor.token)
        ref = items.item_ref(self.session, item)
        if ref is None:
            kind = HOLD if taken.step is PLACE else DISPOSAL
            return items.begin_item(self.session, case, kind, attempt, origin).item
        return items.move_item(self.session, ref, attempt, origin).item


def _proposed(days_ago: int) -> Taken:
    return Taken(PROPOSE, days_ago, people.SUPERVISOR, {})
