"""The only place that reads a case as its letters see it, and says which may be taken from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.events import Event, entries, events_of, newest_first
from casework.audit.items import KeptItem, items_in
from casework.audit.versions import versions_of
from casework.models import AuditEvent, Case
from casework.office_settings import OfficeSettings, settings_at
from workflows import WORKFLOWS
from workflows.definition import Letter, Standing, Workflow
from workflows.letters_owed import told_by
from workflows.replay import standing_of


@dataclass(frozen=True)
class CaseLetters:
    """A case as its letters see it: how it stands, its words by entry, what is kept on it."""

    row: Case
    workflow: Workflow
    standing: Standing
    office: OfficeSettings
    words: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    items: tuple[KeptItem, ...] = ()

    def letter(self, name: str) -> Letter | None:
        """The letter of this name, None when the workflow has none."""
        return next((each for each in self.workflow.letters if each.name == name), None)


def offered(
    workflow: Workflow, standing: Standing, items: Iterable[KeptItem]
) -> tuple[Letter, ...]:
    """The letters that may be taken: what they tell has happened, and still stands.

    A decision that was set aside is not sent out again.
    """
    kinds = {"", *(item.workflow.name for item in items if item.is_kept)}
    return tuple(
        letter
        for letter in workflow.letters
        if letter.only_with in kinds and told_by(workflow, standing, letter)
    )


def case_letters(session: Session, token: str) -> CaseLetters | None:
    """The case with this token as its letters see it, None when there is none."""
    row = session.execute(select(Case).where(Case.token == token)).scalar_one_or_none()
    if row is None:
        return None
    workflow = WORKFLOWS[row.workflow]
    events = events_of(session, token)
    log = entries(workflow, events)
    words = versions_of(log, {event.seq: event.words or {} for event in events}).now
    return CaseLetters(
        row,
        workflow,
        standing_of(workflow, log),
        settings_at(session),
        {seq: version.texts for seq, version in words.items()},
        items_in(events),
    )


def recorded_under(session: Session, req: str) -> Event | None:
    """What this very request has already recorded, None when it is new."""
    return next(iter(newest_first(session, [AuditEvent.req == req], limit=1)), None)
