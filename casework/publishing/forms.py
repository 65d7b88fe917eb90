"""The only place for the forms of reports to be published: which one, its words, why it goes back."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from casework.counts.lives import Period
from casework.documents.parts import Field
from casework.publishing.counting import YEARLY, Basis
from casework.web.days import DayField
from casework.web.step_forms import Refusing
from workflows.calendar import FinancialYear, financial_year_of
from workflows.definition import Refusal


class BasisForm(Refusing, FlaskForm):  # type: ignore[misc]
    """What a report is to be counted of: a financial year, or whole days, and the status day."""

    status_on = DayField("Status day", description="Cases are counted as they stand on this day.")

    kind: str

    def basis(self) -> Basis | None:
        """What was asked for; None with a sentence at each field that is to be mended."""
        period = self._period()
        if self.status_on.data is None and not self.status_on.errors:
            self.refuse([Refusal("Enter the status day.", "status_on")])
        if period is None or self.status_on.data is None:
            return None
        return Basis(self.kind, period, self.status_on.data)

    def _period(self) -> Period | None:
        raise NotImplementedError


class YearForm(BasisForm):
    """A report of a financial year."""

    year = SelectField("Financial year")

    def _period(self) -> Period | None:
        if not self.validate_year():
            return None
        year = FinancialYear.parse(self.year.data)
        return Period(year.first_on, year.last_on)

    def validate_year(self) -> bool:
        """Whether one of the years that are offered was chosen."""
        known = {code for code, _ in self.year.choices}
        if self.year.data not in known:
            self.refuse([Refusal("Choose a financial year.", "year")])
        return self.year.data in known

    def in_page_order(self) -> tuple[Any, ...]:
        """The year, then the status day."""
        return (self.year, self.status_on)


class DaysForm(BasisForm):
    """A report of whole days, both included."""

    from_on = DayField("First day")
    to_on = DayField("Last day", description="It is included.")

    def _period(self) -> Period | None:
        for field, sentence in (
            (self.from_on, "Enter the first day."),
            (self.to_on, "Enter the last day."),
        ):
            if field.data is None and not field.errors:
                self.refuse([Refusal(sentence, field.name)])
        if self.from_on.data is None or self.to_on.data is None:
            return None
        return Period(self.from_on.data, self.to_on.data)

    def in_page_order(self) -> tuple[Any, ...]:
        """The days as they come, then the status day."""
        return (self.from_on, self.to_on, self.status_on)


def basis_form(
    kind: str,
    years: tuple[FinancialYear, ...],
    next_on: date | None,
    today: date,
    address: Mapping[str, str],
) -> BasisForm:
    """The form of a kind of report, as it was posted or with the days that are likely wanted.

    Those are what a link asks for in the address, if it does. `next_on` is the day after the last
    period that such a report was published of.
    """
    asked = _days_asked(address)
    opened: dict[str, Any] = {"status_on": today, **asked}
    form: BasisForm
    if kind in YEARLY:
        last = FinancialYear(financial_year_of(today).starts_in - 1)
        year = financial_year_of(asked["from_on"]) if "from_on" in asked else last
        form = YearForm(data={**opened, "year": year.label})
        form.year.choices = [(year.label, year.label) for year in years]
    else:
        days = _days_wanted(next_on, today)
        form = DaysForm(data={"from_on": days.from_on, "to_on": days.to_on, **opened})
    form.kind, form.general_errors = kind, []
    return form


def _days_asked(address: Mapping[str, str]) -> dict[str, date]:
    """The days that an address names, each as `from_on=2026-04-01`."""
    days: dict[str, date] = {}
    for name in ("from_on", "to_on", "status_on"):
        with suppress(ValueError):
            days[name] = date.fromisoformat(address.get(name, ""))
    return days


def _days_wanted(next_on: date | None, today: date) -> Period:
    """From the day after the last report to yesterday; where there was none, the last quarter."""
    if next_on is not None:
        return Period(next_on, max(next_on, today - timedelta(days=1)))
    year = financial_year_of(today)
    quarters = (*FinancialYear(year.starts_in - 1).quarters, *year.quarters)
    ended = [quarter for quarter in quarters if quarter.last_on < today]
    return Period(ended[-1].first_on, ended[-1].last_on)


class WordsForm(Refusing, FlaskForm):  # type: ignore[misc]
    """The words of a report, a field for each part."""

    version = HiddenField()

    parts: tuple[Field, ...]

    @classmethod
    def of(
        cls, parts: tuple[Field, ...], words: Mapping[str, str], version: int, kept: Any = None
    ) -> "WordsForm":
        """The form, filled with what was posted, else kept, else the words that there are."""
        fields: dict[str, Any] = {
            part.name: (TextAreaField if part.is_long else StringField)(
                part.title, description=part.hint
            )
            for part in parts
        }
        formdata = {"formdata": kept} if kept else {}
        form = type("FormOfWords", (cls,), fields)(data={**words, "version": version}, **formdata)
        form.parts, form.general_errors = parts, []
        return form  # type: ignore[no-any-return]

    def words(self) -> dict[str, str]:
        """What was typed, by name of the part."""
        return {part.name: self[part.name].data or "" for part in self.parts}


class ReasonForm(Refusing, FlaskForm):  # type: ignore[misc]
    """Why a report goes back, or is dropped."""

    req = HiddenField()
    version = HiddenField()
    reason = TextAreaField("What is to be changed")

    @classmethod
    def of(cls, version: int) -> "ReasonForm":
        """The form of a report as it is at this version."""
        form = cls(data={"req": secrets.token_hex(16), "version": version})
        form.general_errors = []
        return form
