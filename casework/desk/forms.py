"""The only place for what may be asked of the register: its filter, order and columns, and how they are read."""

from typing import Any

from wtforms import Field, Form, HiddenField, SelectField, StringField

from casework.desk import columns
from casework.desk.columns import Column
from casework.web.case_words import Teller, choices_of
from casework.web.days import TypedDay
from workflows import WORKFLOWS
from workflows.definition import Choice

ANY, OPEN, CLOSED, NONE, SOME, ME = "", "open", "closed", "none", "any", "me"
LATE, UNACKNOWLEDGED, SOON = "late", "unacknowledged", "soon"
NEWEST_FIRST = "-received_on"
LONGEST_TEXT = 60
DUES = (
    (ANY, "Any"),
    (LATE, "Decision past its target"),
    (SOON, "Decision due in the next 7 days"),
    (UNACKNOWLEDGED, "Acknowledgement past its target"),
)
_HOW_IT_LOOKS = ("sort", "columns")


class CaseFilter(Form):  # type: ignore[misc]
    """The register as asked for, read from an address or a posted form.

    No field takes a name: what is asked for stands in addresses, which are shared and logged.
    """

    text = StringField("Reference", description="This office’s or the force’s, or a part of it")
    state = SelectField("State", default=ANY)
    due = SelectField("Targets", default=ANY)
    force = SelectField("Force", default=ANY)
    route = SelectField("Route", default=ANY)
    assignee = SelectField("Assigned to", default=ANY)
    waiting = SelectField("Waiting for", default=ANY)
    received_from = TypedDay("Received from", description="For example, 1/4/2026")
    received_to = TypedDay("Received to", description="For example, 31/3/2027")
    sort = SelectField("Sorted by", default=NEWEST_FIRST)
    columns = HiddenField("Columns", default="")

    @classmethod
    def of(cls, typed: Any, teller: Teller) -> "CaseFilter":
        """The filter that `typed` (a MultiDict) asks for, with the office's own lists."""
        form, office = cls(typed), teller.office
        people = dict(_pairs(office.lists.get("people", ())))
        if (left := form.assignee.data) in teller.names:
            people.setdefault(left, teller.names[left])
        form.due.choices = list(DUES)
        form.state.choices = [(ANY, "Any"), (OPEN, "Open"), (CLOSED, "Closed"), *_states()]
        form.force.choices = [
            (ANY, "Any"),
            *_pairs(office.lists.get("forces", ())),
            (NONE, "Not recorded"),
        ]
        form.route.choices = [(ANY, "Any"), *choices_of("route"), (NONE, "Not recorded")]
        form.waiting.choices = [
            (ANY, "Any or nobody"),
            (SOME, "Anybody"),
            *choices_of("waiting_for"),
        ]
        form.assignee.choices = [
            (ANY, "Anybody or nobody"),
            (ME, "Me"),
            (NONE, "Nobody"),
            *people.items(),
        ]
        form.sort.choices = [(sign + code, code) for code in columns.BY_CODE for sign in ("", "-")]
        return form

    def is_readable(self) -> bool:
        """Whether the whole filter can be read; otherwise each fault stands at its field."""
        is_valid = self.validate()
        for field in self:
            if field.errors and isinstance(field, SelectField):
                field.errors = [f"Choose “{field.label.text}” from the list."]
        if len(self.text.data or "") > LONGEST_TEXT:
            self.text.errors = [f"Enter at most {LONGEST_TEXT} letters and figures."]
        try:
            columns.chosen(self.columns.data or "")
        except KeyError:
            self.columns.errors = ["Choose the columns from the list."]
        return bool(is_valid) and not self.error_list()

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns asked for; only of a readable filter."""
        return columns.chosen(self.columns.data or "")

    def error_list(self) -> list[dict[str, str]]:
        """Every fault, as the error summary takes them."""
        return [
            {"text": field.errors[0], "href": f"#{field.name}"} for field in self if field.errors
        ]

    def asked(self) -> list[Field]:
        """The fields that narrow the list down."""
        fields = (field for field in self if field.name not in _HOW_IT_LOOKS)
        return [field for field in fields if (field.data or "").strip()]

    def in_words(self) -> list[tuple[str, str]]:
        """What narrows the list down: each field's words, and what was chosen or typed."""
        return [
            (field.label.text, dict(getattr(field, "choices", ())).get(field.data, field.data))
            for field in self.asked()
        ]

    def address(self) -> dict[str, str]:
        """What an address must say to ask for the same again."""
        return {field.name: field.data for field in self if field.data}

    def codes(self) -> dict[str, str | bool]:
        """The filter as the log may hold it: codes and days, and only that words were typed."""
        held: dict[str, str | bool] = {}
        for field in self.asked():
            held[field.name] = True if field.name == "text" else field.data
            if isinstance(field, TypedDay) and field.day is not None:
                held[field.name] = field.day.isoformat()
        return held


def _states() -> list[tuple[str, str]]:
    found = {
        state.name: state.label
        for workflow in WORKFLOWS.values()
        for state in (*workflow.states, workflow.initial)
    }
    return list(found.items())


def _pairs(choices: tuple[Choice, ...]) -> list[tuple[str, str]]:
    return [(choice.code, choice.label) for choice in choices]
