"""The only place that reads recommendations for their pages: of one case, and of the office."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import permissions
from casework.audit.events import entries, events_of_each
from casework.audit.items import KeptItem, items_in
from casework.models import Case, Item
from casework.models.base import table_of
from casework.web.deadlines import DeadlineLine, deadline_line
from casework.web.opened_case import OpenedCase
from workflows import WORKFLOWS
from workflows.complaint_review_choices import RECOMMENDATIONS
from workflows.definition import Due, Entry, Standing
from workflows.observation import ADDRESSEES, OBSERVATION, THEMES
from workflows.recommendation import ANSWERED, DONE, RECOMMENDATION
from workflows.recommendation_rules import respond_by
from workflows.replay import standing_of

_CASES, _ITEMS = table_of(Case), table_of(Item)
_KINDS, _TO, _THEMES = (
    {choice.code: choice.label for choice in choices}
    for choices in (RECOMMENDATIONS, ADDRESSEES, THEMES)
)
MOST = 300
"""How many recommendations the office's list is made from."""
OWED_TO = {"complainant": "the complainant", "interested_persons": "interested persons"}


@dataclass(frozen=True)
class Copy:
    """A copy that is still owed: of the recommendation or the response, and to whom."""

    what: str
    to: tuple[str, ...]

    @property
    def words(self) -> str:
        """As a phrase: "The response, to the complainant and interested persons"."""
        return f"The {self.what}, to {' and '.join(OWED_TO[each] for each in self.to)}"


@dataclass(frozen=True)
class Shown:
    """A recommendation as pages tell of it; `case` is how the case stands that it is on."""

    kept: KeptItem
    case: Standing
    today: date

    @property
    def kind(self) -> str:
        """What is recommended, in words."""
        return _KINDS[self.kept.values["recommendations"]]

    @property
    def made_on(self) -> date:
        """The day it was sent to the force."""
        return self.kept.standing.entries[0].effective_on

    @property
    def response(self) -> Entry | None:
        """The newest response the office recorded, None when it has none."""
        return self.kept.standing.last("respond")

    @property
    def due(self) -> DeadlineLine | None:
        """When the force was or is to respond; None where no response is owed or awaited."""
        first = self.kept.standing.first_day("respond")
        due_on = respond_by(self.kept.standing)
        if due_on is None or (first is None and self.kept.standing.state != "made"):
            return None
        return deadline_line(Due("response_by", "Response", due_on, first, ""), None, self.today)

    @property
    def copies_owed(self) -> tuple[Copy, ...]:
        """The copies not yet sent (reg 30); the decision letter counts as one where it was sent.

        What the register brought was dealt with before, and what is set aside is owed no more.
        """
        entries = self.kept.standing.entries
        if self.kept.standing.state == "set_aside" or entries[0].step == "carry_over":
            return ()
        whats = ("recommendation", "response") if self.response else ("recommendation",)
        owed = (Copy(what, self._not_sent(what)) for what in whats)
        return tuple(copy for copy in owed if copy.to)

    def _not_sent(self, what: str) -> tuple[str, ...]:
        sent = {
            person
            for entry in self.kept.standing.entries
            if entry.step == "copy" and what in entry.facts["copied"]
            for person in entry.facts["copied_to"]
        }
        if what == "recommendation":
            sent |= self._told_by_decision_letter()
        return tuple(person for person in OWED_TO if person not in sent)

    def _told_by_decision_letter(self) -> set[str]:
        made = self.kept.standing.entries[0]
        return {
            person
            for entry in self.case.entries
            if entry.step == "notify" and made.seq < entry.seq
            for person in entry.facts.get("told", ())
        }


@dataclass(frozen=True)
class Point:
    """A learning point as pages tell of it."""

    kept: KeptItem

    @property
    def to(self) -> str:
        """Who it is for, in words."""
        return _TO[self.kept.values["to"]]

    @property
    def themes(self) -> str:
        """Its themes, in words; empty for none."""
        return "; ".join(_THEMES[code] for code in self.kept.values.get("themes", ()))


@dataclass(frozen=True)
class Line:
    """A recommendation of the office's list, with its case's columns."""

    row: Any
    shown: Shown


@dataclass(frozen=True)
class OfficeList:
    """What the office's recommendations want: an answer, being carried out, or copies."""

    awaiting: tuple[Line, ...]
    to_carry_out: tuple[Line, ...]
    copies: tuple[Line, ...]
    is_cut: bool


def of_case(opened: OpenedCase, today: date) -> list[Shown]:
    """The recommendations of a case, in the order they were made."""
    kept = opened.kept(RECOMMENDATION.name)
    return [Shown(item, opened.standing, today) for item in kept]


def points_of(opened: OpenedCase) -> list[Point]:
    """The learning points of a case, in the order they were noted."""
    return [Point(kept) for kept in opened.kept(OBSERVATION.name)]


def of_office(session: Session, person: str, today: date) -> OfficeList:
    """Every recommendation about which something is to be done, that this person may see.

    Most urgent first: by the day something is due, then by the day it was made.
    """
    rows = _rows(session, person)
    lines = sorted(_lines(session, rows[:MOST], today), key=_urgency)
    return OfficeList(
        awaiting=tuple(line for line in lines if line.shown.kept.standing.state == "made"),
        to_carry_out=tuple(
            line
            for line in lines
            if line.shown.kept.standing.state in ("accepted", "partly_accepted")
        ),
        copies=tuple(line for line in lines if line.shown.copies_owed),
        is_cut=len(rows) > MOST,
    )


def _rows(session: Session, person: str) -> list[Any]:
    columns = (_CASES.c.token, _CASES.c.reference, _CASES.c.workflow, _CASES.c.complainant_name)
    query = (
        select(*columns, _ITEMS.c.token.label("item"))
        .join_from(_ITEMS, _CASES, _CASES.c.token == _ITEMS.c.case_token)
        .where(
            _ITEMS.c.workflow == RECOMMENDATION.name,
            _ITEMS.c.state.in_(("made", *ANSWERED, *DONE)),
            permissions.visible_to(person),
        )
        .order_by(_ITEMS.c.state.in_(DONE), _ITEMS.c.began_on.desc(), _ITEMS.c.id)
    )
    return list(session.execute(query.limit(MOST + 1)))


def _lines(session: Session, rows: Iterable[Any], today: date) -> Iterator[Line]:
    rows = list(rows)
    of_cases = events_of_each(session, {row.token for row in rows})
    kept = {item.token: item for events in of_cases.values() for item in items_in(events)}
    for row in rows:
        workflow = WORKFLOWS[row.workflow]
        case = standing_of(workflow, entries(workflow, of_cases[row.token]))
        yield Line(row, Shown(kept[row.item], case, today))


def _urgency(line: Line) -> tuple[date, date]:
    return (line.shown.kept.due_on or date.max, line.shown.made_on)
