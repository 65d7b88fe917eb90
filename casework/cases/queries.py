"""The only place that reads cases for their pages: one case with its history."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.events import Event, entries, events_of
from casework.models import Case
from casework.office_rules import office_rules
from casework.progress import CaseRef
from casework.web.identity import names
from workflows import WORKFLOWS
from workflows.definition import Entry, OfficeRules, Standing, Workflow
from workflows.replay import standing_of

_TOKEN = re.compile("c_[0-9a-f]{32}")


@dataclass(frozen=True)
class OpenedCase:
    """One case with all that its pages are made of."""

    row: Case
    workflow: Workflow
    events: tuple[Event, ...]
    history: tuple[Entry, ...]
    standing: Standing
    office: OfficeRules
    names: Mapping[str, str]

    @property
    def ref(self) -> CaseRef:
        """Enough of the case to move it, at the version it was read."""
        row = self.row
        return CaseRef(row.id, row.token, row.reference, row.workflow, row.version)

    def entry(self, seq: int) -> Entry | None:
        """The entry at a position of the log, None when the case has none there."""
        return next((entry for entry in self.history if entry.seq == seq), None)


def open_case(session: Session, token: str) -> OpenedCase | None:
    """The case with this token, None when there is none."""
    if not _TOKEN.fullmatch(token):
        return None
    row = session.execute(select(Case).where(Case.token == token)).scalar_one_or_none()
    if row is None:
        return None
    workflow = WORKFLOWS[row.workflow]
    events = events_of(session, token)
    history = entries(workflow, events)
    return OpenedCase(
        row,
        workflow,
        events,
        history,
        standing_of(workflow, history),
        office_rules(session),
        names(session),
    )
