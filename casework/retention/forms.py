"""The only place for what may be asked of the queue of cases that fall due, and how it is read."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import Form, SelectField

from casework.retention.due import Falling
from workflows.retention import OUTCOMES

NOW, ANY, HELD, FREE = "", "any", "held", "free"
YEAR = "year"


class DueFilter(Form):  # type: ignore[misc]
    """The queue as asked for, read from an address: which months, outcomes, and whether held."""

    when = SelectField("Falls due", default=NOW)
    outcome = SelectField("Outcome", default=ANY)
    held = SelectField("Holds", default=ANY)

    @classmethod
    def of(cls, typed: Any, months: Iterable[date]) -> "DueFilter":
        """The filter that `typed` (a MultiDict) asks for; what it cannot read is left at its usual."""
        form = cls(typed)
        form.when.choices = [
            (NOW, "By today"),
            (YEAR, "In the next 12 months"),
            *((f"{month:%Y-%m}", f"In {month:%B %Y}") for month in months),
        ]
        form.outcome.choices = [(ANY, "Any"), *((each.code, each.label) for each in OUTCOMES)]
        form.held.choices = [(ANY, "Held or not"), (FREE, "Not held"), (HELD, "Held")]
        for field in form:
            if field.data not in dict(field.choices):
                field.data = field.default
        return form

    def takes(self, each: Falling, today: date) -> bool:
        """Whether the queue shows this case."""
        return (
            self._is_then(each.due_on, today)
            and self.outcome.data in (ANY, each.outcome)
            and self.held.data in (ANY, HELD if each.is_held else FREE)
        )

    def _is_then(self, due_on: date, today: date) -> bool:
        if self.when.data == NOW:
            return due_on <= today
        return due_on > today and self.when.data in (YEAR, f"{due_on:%Y-%m}")
