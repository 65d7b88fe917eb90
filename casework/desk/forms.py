"""The only place for the filter of the list of cases: what may be asked, and how it is read."""

from typing import Any

from wtforms import Field, Form, SelectField, StringField

from casework.web.case_words import choices_of
from casework.web.days import TypedDay
from workflows import WORKFLOWS
from workflows.definition import Choice, OfficeRules

ANY, OPEN, CLOSED, NONE, SOME, ME = "", "open", "closed", "none", "any", "me"
SORTS = ("received", "reference", "state", "closed")
NEWEST_FIRST = "-received"
LONGEST_TEXT = 200


class CaseFilter(Form):  # type: ignore[misc]
    """The filter of the list of cases, read from an address or a posted form."""

    text = StringField("Reference or name", description="Or the force’s reference")
    state = SelectField("State", default=ANY)
    force = SelectField("Force", default=ANY)
    route = SelectField("Route", default=ANY)
    assignee = SelectField("Assigned to", default=ANY)
    waiting = SelectField("Waiting for", default=ANY)
    received_from = TypedDay("Received from", description="For example, 1/4/2026")
    received_to = TypedDay("Received to", description="For example, 31/3/2027")
    sort = SelectField("Sorted by", default=NEWEST_FIRST)

    @classmethod
    def of(cls, typed: Any, office: OfficeRules) -> "CaseFilter":
        """The filter that `typed` (a MultiDict) asks for, with the office's own lists."""
        form = cls(typed)
        people = _pairs(office.lists.get("people", ()))
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
        form.assignee.choices = [(ANY, "Anybody or nobody"), (ME, "Me"), (NONE, "Nobody"), *people]
        form.sort.choices = [(f"{sign}{name}", name) for name in SORTS for sign in ("", "-")]
        return form

    def is_readable(self) -> bool:
        """Whether the whole filter can be read; otherwise each fault stands at its field."""
        is_valid = self.validate()
        for field in self:
            if field.errors and isinstance(field, SelectField):
                field.errors = [f"Choose “{field.label.text}” from the list."]
        if "\0" in (self.text.data or "") or len(self.text.data or "") > LONGEST_TEXT:
            self.text.errors = [f"Enter at most {LONGEST_TEXT} letters and figures."]
            return False
        return bool(is_valid)

    def error_list(self) -> list[dict[str, str]]:
        """Every fault, as the error summary takes them."""
        return [
            {"text": field.errors[0], "href": f"#{field.name}"} for field in self if field.errors
        ]

    def asked(self) -> list[Field]:
        """The fields that narrow the list down."""
        return [field for field in self if field.name != "sort" and (field.data or "").strip()]

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
