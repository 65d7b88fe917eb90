"""The only place that reads cases for triage: one that is opened, and the whole queue in few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework.audit.events import Event, entries, events_of_each
from casework.audit.items import KeptItem, items_in, standings_by_kind
from casework.audit.versions import versions_of
from casework.models import Case
from casework.models.base import table_of
from casework.permissions import visible_to
from casework.web.case_words import ROW
from casework.web.opened_case import OpenedCase
from workflows import WORKFLOWS
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.complaint_review_facts import APPLICATION
from workflows.definition import Entry, OfficeRules, Standing
from workflows.replay import standing_of
from workflows.triage import Assessment, assess

_CASES = table_of(Case)
_ROW = tuple(_CASES.c[name] for name in ROW)
MOST = 200
"""How many new applications the queue is made from, the oldest first; the register has them all."""
_TEXTS = frozenset(fact.name for fact in APPLICATION if fact.is_personal)
_NEW = "received"


@dataclass(frozen=True)
class Read:
    """A case as triage reads it: how it stands, what is kept on it, the words of the application."""

    standing: Standing
    items: tuple[KeptItem, ...]
    words: Mapping[str, str]

    def assessed(self, office: OfficeRules, today: date) -> Assessment | None:
        """What the rules make of it today; None where no application stands."""
        kept = standings_by_kind(self.items)
        return assess(self.standing, kept, self.words.keys(), office, today)


def read(opened: OpenedCase) -> Read:
    """A case that is opened, as triage reads it."""
    return Read(opened.standing, opened.items, application_words(opened.history, opened.events))


def application_words(history: Sequence[Entry], events: Iterable[Event]) -> dict[str, str]:
    """The texts that are known of an application, by name, as corrections left them."""
    versions = versions_of(history, {event.seq: event.words or {} for event in events})
    known: dict[str, str] = {}
    for seq, version in versions.now.items():
        if seq not in versions.annulled_by and version.entry.step in COMPLAINT_REVIEW.steps_by_name:
            known.update(version.texts)
    return {name: text for name, text in known.items() if name in _TEXTS and text}


def words_of(opened: OpenedCase, step: str) -> Mapping[str, str]:
    """The texts of the newest entry of a step as they now stand; none where there is no entry."""
    entry = opened.standing.last(step)
    versions = versions_of(opened.history, {e.seq: e.words or {} for e in opened.events})
    return versions.now[entry.seq].texts if entry else {}


def new_applications(session: Session, person: str, *conditions: Any) -> list[Any]:
    """The cases in which validity is not decided, as far as this person (by token) may see them.

    The oldest first; one more than `MOST` when there are more.
    """
    query = select(*_ROW).where(
        _CASES.c.state == _NEW, _CASES.c.closed_on.is_(None), visible_to(person), *conditions
    )
    return list(session.execute(query.order_by(_CASES.c.received_on, _CASES.c.id).limit(MOST + 1)))


def is_whose(assignee: str | None) -> ColumnElement[bool]:
    """The condition of a case assigned to a person (by token), or with None to nobody."""
    return _CASES.c.assignee.is_(None) if assignee is None else _CASES.c.assignee == assignee


def read_each(session: Session, rows: Sequence[Any]) -> dict[str, Read]:
    """Each of these cases as triage reads it, by token, in one statement."""
    workflows = {row.token: WORKFLOWS[row.workflow] for row in rows}
    found: dict[str, Read] = {}
    for token, events in events_of_each(session, workflows.keys()).items():
        history = entries(workflows[token], events)
        words = application_words(history, events)
        found[token] = Read(standing_of(workflows[token], history), items_in(events), words)
    return found
