"""The only place for the forms of a list: which it is, what its columns mean, how a finding ends."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField

from casework import clock
from casework.models import ListFinding
from casework.reconciliation.columns import COLUMNS, ORDERS, REFERENCE, Order, read_day
from casework.reconciliation.findings import ANSWERS, APART, LOGGED_AS, NOT_SETTLED, OTHER
from casework.reconciliation.ours import Period
from casework.reconciliation.reading import Look, Reading, guessed
from casework.web.days import DayField
from workflows.calendar import in_words
from workflows.definition import Choice

LONGEST_PERIOD = timedelta(days=366)
MOST_WORDS = 2_000
NOT_IN_LIST = ""


class AskingForm(FlaskForm):  # type: ignore[misc]
    """What the forms of a list share: an idempotency key, and each fault at its field."""

    req = HiddenField()

    def error_list(self) -> list[dict[str, str]]:
        """Every fault with the field it leads to, as the error summary takes them."""
        return [
            {"text": field.errors[0], "href": f"#{first_id(field)}"}
            for field in self
            if field.errors
        ]

    def refuse(self, field: Field, sentence: str) -> None:
        """Put a sentence at a field that has none yet."""
        field.errors = field.errors or [sentence]


def first_id(field: Field) -> str:
    """The id of the element by which a field begins."""
    return f"{field.name}-day" if isinstance(field, DayField) else str(field.name)


class ListForm(AskingForm):
    """A list to be checked: whose, about which days, and the file."""

    kept = HiddenField()
    force = RadioField("Whose list is it?", validate_choice=False)
    from_on = DayField("First day it is about")
    to_on = DayField("Last day it is about")
    file = HiddenField("The list")

    @classmethod
    def of(cls, forces: Mapping[str, str]) -> "ListForm":
        """The form, as it was posted or about the month before this one."""
        last_on = clock.today().replace(day=1) - timedelta(days=1)
        only = next(iter(forces)) if len(forces) == 1 else None
        form = cls(
            data={
                "req": secrets.token_hex(16),
                "force": only,
                "from_on": last_on.replace(day=1),
                "to_on": last_on,
            }
        )
        form.force.choices = list(forces.items())
        return form

    def period(self) -> Period | None:
        """The days that were typed; None with a sentence at the field that is to be mended."""
        first, last = self.from_on.data, self.to_on.data
        for field in (self.from_on, self.to_on):
            if field.data is None:
                self.refuse(
                    field, f"Enter the {field.label.text[0].lower()}{field.label.text[1:]}."
                )
        if first is None or last is None:
            return None
        if first > clock.today():
            self.refuse(self.from_on, "The first day it is about must be past or today.")
        elif last < first:
            self.refuse(self.to_on, "The last day it is about must not be before the first.")
        elif last - first > LONGEST_PERIOD:
            self.refuse(self.to_on, "A list can be about a year at most. Check it in parts.")
        return None if self.from_on.errors or self.to_on.errors else Period(first, last)

    def chosen_force(self) -> str | None:
        """The force that was chosen; None with a sentence at the field."""
        codes = [code for code, _ in self.force.choices]
        if self.force.data not in codes:
            self.refuse(self.force, "Choose whose list it is.")
            return None
        return str(self.force.data)


class ColumnsForm(AskingForm):
    """What the columns of a list mean, and in which order its days are written."""

    day_order = RadioField("How are days written in it?", validate_choice=False)

    @classmethod
    def of(cls, look: Look, last: Reading | None) -> "ColumnsForm":
        """The form, as it was posted; or as the last list was read, or as its titles suggest."""
        titles = [column.title for column in look.columns]
        known = dict(last.columns) if last else guessed(titles)
        fields = {
            column.code: SelectField(column.label, description=column.hint, validate_choice=False)
            for column in COLUMNS
        }
        order = _likely_order(look, known, last)
        opened = {"req": secrets.token_hex(16), "day_order": order, **known}
        form = type("ColumnsOfList", (cls,), fields)(data=opened)
        for column in COLUMNS:
            none = "Choose the column" if column.code == REFERENCE else "Not in this list"
            form[column.code].choices = [(NOT_IN_LIST, none), *((each, each) for each in titles)]
        form.look = look
        return form  # type: ignore[no-any-return]

    look: Look

    def columns(self) -> list[Field]:
        """The fields of our columns, in order."""
        return [self[column.code] for column in COLUMNS]

    def order_items(self) -> list[dict[str, Any]]:
        """Both orders with what they make of a cell of the list; empty where it has none."""
        days = self.look.days_in([column.title for column in self.look.columns])
        cell = next(iter(sorted(days.items(), key=lambda each: -len(each[0]))), (None, ""))[1]
        if not cell:
            return []
        return [
            {
                "value": order,
                "text": "The day first" if order == "day" else "The month first",
                "hint": {"text": _read_as(cell, order)},
                "checked": self.day_order.data == order,
            }
            for order in ORDERS
        ]

    def reading(self) -> Reading | None:
        """What was chosen; None with a sentence at each field that is to be mended."""
        titles = {column.title for column in self.look.columns}
        chosen = {field.name: field.data for field in self.columns() if field.data in titles}
        if REFERENCE not in chosen:
            self.refuse(self[REFERENCE], "Choose the column with the force’s reference.")
        for field in self.columns():
            if list(chosen.values()).count(field.data) > 1:
                self.refuse(field, f"“{field.data}” is chosen twice. Choose each column once.")
        order: Order = "month" if self.day_order.data == "month" else "day"
        if not self.look.is_readable_in(order, chosen.values()):
            self.refuse(self.day_order, _unreadable(self.look, chosen, order))
        return None if self.error_list() else Reading(chosen, order)


def _likely_order(look: Look, known: Mapping[str, str], last: Reading | None) -> Order:
    likely = [last.order] if last else []
    orders = (order for order in (*likely, *ORDERS) if look.is_readable_in(order, known.values()))
    return next(orders, "day")


def _read_as(cell: str, order: Order) -> str:
    try:
        return f"{cell} is {in_words(read_day(cell, order))}"
    except ValueError:
        return f"{cell} is then no day"


def _unreadable(look: Look, chosen: Mapping[str, str], order: Order) -> str:
    days = look.days_in(chosen.values())
    cell = next(cell for orders, cell in days.items() if order not in orders)
    other = "month" if order == "day" else "day"
    return f"With the {order} first, “{cell}” is no day. Choose “The {other} first”."


class SettleForm(AskingForm):
    """How a finding is settled, and why."""

    seen = HiddenField()
    answer = RadioField("What was found out?", validate_choice=False)
    reference = StringField("Reference of the case here", default="")
    note = TextAreaField("Note", default="")

    @classmethod
    def of(cls, row: ListFinding, likely: str) -> "SettleForm":
        """The form, as it was posted or empty; `likely` is the case it may be logged as."""
        opened = {"req": secrets.token_hex(16), "reference": likely, "seen": row.settled_seq}
        form = cls(data=opened)
        form.offered = ANSWERS[row.kind]
        if row.settled_as and row.settled_as != APART:
            again = Choice(NOT_SETTLED, "It is not settled after all", "it is looked at again")
            form.offered = (again, *form.offered)
        return form

    offered: tuple[Choice, ...]

    def items(self) -> list[dict[str, Any]]:
        """The answers as the component takes them."""
        return [
            {
                "value": choice.code,
                "text": choice.label,
                "hint": {"text": choice.hint} if choice.hint else None,
                "checked": choice.code == self.answer.data,
            }
            for choice in self.offered
        ]

    @property
    def asks_for_case(self) -> bool:
        """Whether one of the answers is that it is logged here."""
        return any(choice.code == LOGGED_AS for choice in self.offered)

    def is_readable(self) -> bool:
        """Whether all that the answer needs is there; if not, each fault stands at its field."""
        if self.answer.data not in {choice.code for choice in self.offered}:
            self.refuse(self.answer, "Choose what was found out.")
        if self.answer.data == LOGGED_AS and not (self.reference.data or "").strip():
            self.refuse(self.reference, "Enter the reference of the case here.")
        if self.answer.data == OTHER and not (self.note.data or "").strip():
            self.refuse(self.note, "Say in the note what was found out.")
        if len(self.note.data or "") > MOST_WORDS:
            self.refuse(self.note, f"Enter at most {MOST_WORDS:,} characters.")
        return not self.error_list()
