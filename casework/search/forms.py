"""The only place for the form of the search: what may be chosen, and how it is read."""

from collections.abc import Iterable
from typing import Any

from wtforms import Form, SelectField, StringField

from casework.index.places import LABELS
from casework.search.asking import LONGEST_TYPED, terms_of
from casework.search.queries import Asked
from workflows.calendar import FinancialYear

ANY, OPEN, CLOSED = "", "open", "closed"
NOTHING_TYPED = "Enter a word, a name or a reference"
TOO_LONG = f"Enter at most {LONGEST_TYPED} letters and figures"


class SearchForm(Form):  # type: ignore[misc]
    """Words to look for, which are posted, and filters, which stand in the address."""

    words = StringField("Words, names or references")
    place = SelectField("Look in", default=ANY)
    state = SelectField("Cases", default=ANY)
    year = SelectField("Received in the year", default=ANY)

    @classmethod
    def of(cls, typed: Any, years: Iterable[FinancialYear]) -> "SearchForm":
        """The form that `typed` (a MultiDict) fills; `years` are those that have cases."""
        form = cls(typed)
        form.place.choices = [(ANY, "Everything"), *LABELS.items()]
        form.state.choices = [(ANY, "Open and closed"), (OPEN, "Open"), (CLOSED, "Closed")]
        form.year.choices = [(ANY, "Any"), *((year.label, year.label) for year in years)]
        return form

    def is_readable(self) -> bool:
        """Whether there is something to look for; otherwise each fault stands at its field."""
        is_valid = bool(self.validate())
        for field in (self.place, self.state, self.year):
            if field.errors:
                field.errors = [f"Choose “{field.label.text}” from the list"]
        typed = self.words.data or ""
        if len(typed) > LONGEST_TYPED:
            self.words.errors = [TOO_LONG]
        elif not terms_of(typed):
            self.words.errors = [NOTHING_TYPED]
        return is_valid and not self.words.errors

    def filters(self) -> dict[str, Any]:
        """What narrows the search down, as an address says it."""
        chosen = (self.place, self.state, self.year)
        return {field.name: field.data for field in chosen if field.data}

    def asked(self) -> Asked:
        """What is searched for; only of a readable form."""
        return Asked(
            terms=terms_of(self.words.data),
            place=self.place.data or None,
            is_open=self.state.data == OPEN if self.state.data else None,
            year=FinancialYear.parse(self.year.data) if self.year.data else None,
        )

    def error_list(self) -> list[dict[str, str]]:
        """Every fault, as the error summary takes them."""
        return [
            {"text": field.errors[0], "href": f"#{field.name}"} for field in self if field.errors
        ]
