"""The only place that tells a row of a list of cases in words, on pages and in exports alike."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from casework.cases.deadlines import DeadlineLine, next_deadline, urgency
from casework.cases.forms import label_of
from casework.web.downloads import Cell
from workflows import WORKFLOWS
from workflows.definition import OfficeRules, State

HEADER = (
    "Reference",
    "State",
    "Complainant",
    "Force",
    "Force’s reference",
    "Route",
    "Received on",
    "Acknowledged on",
    "Found valid on",
    "Closed on",
    "Waiting for",
    "Assigned to",
    "Next deadline",
    "Due on",
)


@dataclass(frozen=True)
class CaseRow:
    """A case of a list with its words. `row` holds the columns of `queries.LISTED`."""

    row: Any
    office: OfficeRules
    names: Mapping[str, str]
    today: date

    @property
    def state(self) -> State:
        """The state, with its label and colour."""
        return WORKFLOWS[self.row.workflow].states_by_name[self.row.state]

    @cached_property
    def deadline(self) -> DeadlineLine | None:
        """What is due next, None when nothing is."""
        return next_deadline(self.row, self.office, self.today)

    @property
    def force(self) -> str | None:
        """The force by name."""
        force: str | None = self.row.force
        forces = self.office.lists.get("forces", ())
        return next((each.label for each in forces if each.code == force), force)

    @property
    def route(self) -> str | None:
        """How the force handled the complaint, in words."""
        return label_of("route", self.row.route)

    @property
    def waiting_for(self) -> str | None:
        """Who the office waits for, in words."""
        return label_of("waiting_for", self.row.waiting_for)

    @property
    def assignee(self) -> str | None:
        """Who works on it, by name."""
        assignee: str | None = self.row.assignee
        return self.names.get(assignee, assignee) if assignee else None

    def cells(self) -> tuple[Cell, ...]:
        """The row as an export has it, under `HEADER`."""
        row, deadline = self.row, self.deadline
        return (
            row.reference,
            self.state.label,
            row.complainant_name,
            self.force,
            row.force_reference,
            self.route,
            row.received_on,
            row.acknowledged_on,
            row.validated_on,
            row.closed_on,
            self.waiting_for,
            self.assignee,
            deadline.label if deadline else None,
            deadline.due_on if deadline else None,
        )


@dataclass(frozen=True)
class Teller:
    """Tells rows in words, all with the same names, office and day."""

    office: OfficeRules
    names: Mapping[str, str]
    today: date

    def tell(self, rows: Iterable[Any]) -> Iterator[CaseRow]:
        """Each row with its words, in the same order."""
        return (CaseRow(row, self.office, self.names, self.today) for row in rows)

    def by_urgency(self, rows: Iterable[Any]) -> list[CaseRow]:
        """The rows as they are best worked through: overdue first, then by the day due."""
        return sorted(self.tell(rows), key=lambda each: urgency(each.deadline))
