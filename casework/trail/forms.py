"""The only place for the filter of the office's audit trail: what may be asked, and how it is read."""

from collections.abc import Mapping
from typing import Any

from wtforms import Field, Form, SelectField, StringField
from wtforms.validators import Length

from casework.audit.record import SYSTEM
from casework.audit.words import TITLES, who
from casework.web.days import TypedDay
from workflows import WORKFLOWS

ANY = ""
LONGEST_REFERENCE = 60


class TrailFilter(Form):  # type: ignore[misc]
    """Who, what, which case, and on which London days it was entered."""

    person = SelectField("Person", default=ANY)
    action = SelectField("Action", default=ANY)
    reference = StringField(
        "Case reference",
        description="In full",
        filters=[lambda typed: (typed or "").strip()],
        validators=[Length(max=LONGEST_REFERENCE, message="No reference is that long.")],
    )
    entered_from = TypedDay("Entered from", description="For example, 1/4/2026")
    entered_to = TypedDay("Entered to", description="For example, 31/3/2027")

    @classmethod
    def of(cls, typed: Any, names: Mapping[str, str]) -> "TrailFilter":
        """The filter that `typed` (a MultiDict) asks for; `names` are people's by token."""
        form = cls(typed)
        people = sorted(names.items(), key=lambda item: item[1].casefold())
        form.person.choices = [(ANY, "Anybody"), *people, (SYSTEM, who(SYSTEM, names))]
        form.action.choices = [(ANY, "Anything"), *_actions()]
        return form

    def is_readable(self) -> bool:
        """Whether the filter can be read; otherwise each fault stands at its field."""
        is_valid = bool(self.validate())
        for field in (self.person, self.action):
            if field.errors:
                field.errors = [f"Choose “{field.label.text}” from the list."]
        first, last = self.entered_from.day, self.entered_to.day
        if first and last and last < first:
            self.entered_to.errors = ["Entered to must not be before “Entered from”."]
            return False
        return is_valid

    def error_list(self) -> list[dict[str, str]]:
        """Every fault, as the error summary takes them."""
        return [
            {"text": field.errors[0], "href": f"#{field.name}"} for field in self if field.errors
        ]

    def asked(self) -> list[tuple[str, str]]:
        """What narrows the list down, as (label, words)."""
        return [(field.label.text, _in_words(field)) for field in self if field.data]


def _actions() -> list[tuple[str, str]]:
    titles = {step.event: step.done for workflow in WORKFLOWS.values() for step in workflow.steps}
    return sorted({**titles, **TITLES}.items(), key=lambda item: item[1].casefold())


def _in_words(field: Field) -> str:
    if isinstance(field, SelectField):
        return str(dict(field.choices).get(field.data, field.data))
    return str(field.data).strip()
