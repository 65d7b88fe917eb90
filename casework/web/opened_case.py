"""The only place that opens a case for its pages: the row, its history, and what is kept on it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from flask import abort, make_response, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.events import Event, entries
from casework.audit.items import KeptItem, items_in, standings_by_kind
from casework.audit.timeline import Line, lines
from casework.extensions import db
from casework.items import ItemRef
from casework.models import Case
from casework.office_rules import office_rules
from casework.permissions import visible_to
from casework.progress import CaseRef
from casework.web.identity import me, names
from casework.withheld import events_read_by
from workflows import WORKFLOWS
from workflows.definition import Entry, OfficeRules, Standing, Workflow
from workflows.replay import standing_of

_TOKEN = re.compile("c_[0-9a-f]{32}")
GONE = 410


class Subject(Protocol):
    """What runs by a workflow, as its pages see it: a case, or an item kept on one.

    `version` is how many entries it has; `case` how the case stands that an item is kept on.
    """

    @property
    def workflow(self) -> Workflow:
        """The definition it runs by."""

    @property
    def events(self) -> Sequence[Event]:
        """Its events, in log order."""

    @property
    def history(self) -> Sequence[Entry]:
        """Its entries, in log order."""

    @property
    def standing(self) -> Standing:
        """How it stands."""

    @property
    def office(self) -> OfficeRules:
        """The office's rules now."""

    @property
    def names(self) -> Mapping[str, str]:
        """People's names by token."""

    @property
    def version(self) -> int:
        """How many entries it has."""

    @property
    def case(self) -> Standing | None:
        """How the case stands that an item is kept on."""

    @property
    def kept_with(self) -> Mapping[str, tuple[Standing, ...]]:
        """How everything kept on that case stands, by kind, where the workflow asks for it."""

    @property
    def is_erased(self) -> bool:
        """Whether the case was erased, so that nothing more is recorded on it."""


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

    @property
    def version(self) -> int:
        """How many entries the case has, as its row says now."""
        return self.row.version

    @property
    def case(self) -> None:
        """A case is kept on none."""

    @property
    def kept_with(self) -> Mapping[str, tuple[Standing, ...]]:
        """A case is kept with nothing."""
        return {}

    @property
    def is_erased(self) -> bool:
        """Whether it was erased."""
        return self.row.erased_on is not None

    @cached_property
    def standings(self) -> Mapping[str, tuple[Standing, ...]]:
        """How everything kept on the case stands, by kind."""
        return standings_by_kind(self.items)

    @cached_property
    def items(self) -> tuple[KeptItem, ...]:
        """Everything kept on the case, in the order it was begun."""
        return items_in(self.events)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Everything that happened to the case and to what is kept on it, in words, in log order."""
        return lines(self.workflow, self.events, self.names, self.office)

    def kept(self, *workflows: str) -> list[KeptItem]:
        """The items of these kinds that stand and may be read, in the order they were begun."""
        found = (item for item in self.items if item.workflow.name in workflows)
        return [item for item in found if item.is_kept and not item.is_withheld]

    def item(self, token: str) -> "OpenedItem | None":
        """The item with this token, None when the case has none that may be read."""
        found = (item for item in self.items if item.token == token and not item.is_withheld)
        return next((OpenedItem(self, item) for item in found), None)


@dataclass(frozen=True)
class _OnCase:
    """What every item has from the case that it is kept on."""

    opened: OpenedCase

    @property
    def office(self) -> OfficeRules:
        """The office's rules now."""
        return self.opened.office

    @property
    def names(self) -> Mapping[str, str]:
        """People's names by token."""
        return self.opened.names

    @property
    def case(self) -> Standing:
        """How the case stands that it is kept on."""
        return self.opened.standing

    @property
    def is_erased(self) -> bool:
        """Whether the case was erased that it is kept on."""
        return self.opened.is_erased

    def _kept_with(self, workflow: Workflow) -> Mapping[str, tuple[Standing, ...]]:
        return self.opened.standings if workflow.sees_kept else {}


@dataclass(frozen=True)
class OpenedItem(_OnCase):
    """One item of an opened case, with all that its pages are made of."""

    kept: KeptItem

    @property
    def ref(self) -> ItemRef:
        """Enough of the item to move it, at the version it was read."""
        kept = self.kept
        return ItemRef(kept.token, kept.case, kept.workflow.name, kept.standing.state, kept.version)

    @property
    def workflow(self) -> Workflow:
        """The small workflow it runs by."""
        return self.kept.workflow

    @property
    def kept_with(self) -> Mapping[str, tuple[Standing, ...]]:
        """How everything kept on the case stands, by kind, where the workflow asks for it."""
        return self._kept_with(self.workflow)

    @property
    def events(self) -> Sequence[Event]:
        """Its events, in log order."""
        return self.kept.events

    @property
    def history(self) -> Sequence[Entry]:
        """Its entries, in log order."""
        return self.kept.history

    @property
    def standing(self) -> Standing:
        """How it stands."""
        return self.kept.standing

    @property
    def version(self) -> int:
        """How many entries it has."""
        return self.kept.version


@dataclass(frozen=True)
class BegunItem(_OnCase):
    """An item that is about to be begun on a case: nothing of it stands yet."""

    workflow: Workflow
    events: Sequence[Event] = ()
    history: Sequence[Entry] = ()
    version: int = 0

    @property
    def kept_with(self) -> Mapping[str, tuple[Standing, ...]]:
        """How everything kept on the case stands, by kind, where the workflow asks for it."""
        return self._kept_with(self.workflow)

    @property
    def standing(self) -> Standing:
        """Nothing yet."""
        return Standing(self.workflow.initial.name)


def open_case(session: Session, token: str, person: str) -> OpenedCase | None:
    """The case with this token, None when there is none that this person (by token) may see."""
    if not _TOKEN.fullmatch(token):
        return None
    query = select(Case).where(Case.token == token, visible_to(person))
    row = session.execute(query).scalar_one_or_none()
    if row is None:
        return None
    workflow = WORKFLOWS[row.workflow]
    events = events_read_by(session, person, [token])[token]
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


def opened_or_404(token: str, *, is_told: bool = False) -> OpenedCase:
    """The case that an address names, for who is signed in; 404 when they may not see it.

    Of a case that was erased there is only what happened, on pages that tell that (`is_told`).
    Any other, with a form or a file, answers 410 and says so.
    """
    opened = open_case(db.session, token, me().token) or abort(404)
    if opened.is_erased and not is_told:
        abort(make_response(render_template("cases/gone.html", opened=opened), GONE))
    return opened


def item_or_404(opened: OpenedCase, token: str) -> OpenedItem:
    """The item of a case that an address names; 404 when the case has none of that token."""
    return opened.item(token) or abort(404)
