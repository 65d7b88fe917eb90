"""The only place that tells what the row of a case holds in words, on pages and in exports alike."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

from casework.web.deadlines import DeadlineLine, deadlines_of_row
from workflows import WORKFLOWS
from workflows.calendar import in_words
from workflows.definition import OfficeRules, State

ROW = (
    "token",
    "reference",
    "workflow",
    "state",
    "received_on",
    "acknowledged_on",
    "validated_on",
    "closed_on",
    "force",
    "route",
    "waiting_for",
    "assignee",
    "force_reference",
    "complainant_name",
    "erased_on",
)
"""The columns of a case that its line in a list is told from."""


@cache
def choices_of(code: str) -> tuple[tuple[str, str], ...]:
    """Codes and words of a fact, from whichever step of a workflow asks for it."""
    steps = (step for workflow in WORKFLOWS.values() for step in workflow.steps)
    facts = (step.facts_by_code[code] for step in steps if code in step.facts_by_code)
    found = (fact.choices for fact in facts if isinstance(fact.choices, tuple))
    return tuple((choice.code, choice.label) for choice in next(found, ()))


def label_of(code: str, value: str | None) -> str | None:
    """The words for a value of a coded column of a case; the code itself when it is unknown."""
    return dict(choices_of(code)).get(value, value) if value else None


@dataclass(frozen=True)
class CaseRow:
    """A case of a list with its words. `row` holds the columns of `ROW`."""

    row: Any
    office: OfficeRules
    names: Mapping[str, str]
    today: date

    @property
    def state(self) -> State:
        """The state, with its label and colour."""
        return WORKFLOWS[self.row.workflow].states_by_name[self.row.state]

    @cached_property
    def deadlines(self) -> Mapping[str, DeadlineLine]:
        """What an open case must still do, by the deadline's name."""
        return deadlines_of_row(self.row, self.office, self.today)

    @property
    def deadline(self) -> DeadlineLine | None:
        """What is due next, None when nothing is."""
        lines = self.deadlines.values()
        return min(lines, key=lambda line: line.due_on or date.max, default=None)

    @property
    def complainant(self) -> str | None:
        """Who complains; where that was erased, that and when."""
        name: str | None = self.row.complainant_name
        return f"Erased on {in_words(self.row.erased_on)}" if self.row.erased_on else name

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


@dataclass(frozen=True)
class Teller:
    """Tells rows in words, all with the same names, office and day."""

    office: OfficeRules
    names: Mapping[str, str]
    today: date

    @property
    def forces(self) -> Mapping[str, str]:
        """The forces by name, by their codes."""
        return {each.code: each.label for each in self.office.lists.get("forces", ())}

    def tell(self, rows: Iterable[Any]) -> Iterator[CaseRow]:
        """Each row with its words, in the same order."""
        return (CaseRow(row, self.office, self.names, self.today) for row in rows)
