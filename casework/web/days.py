"""The only place for days typed in three boxes or in one: what was typed is kept, faults are said."""

import calendar
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import Field, Form, StringField, ValidationError

PARTS = ("day", "month", "year")
_ONE_BOX = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}


class DayField(Field):  # type: ignore[misc]
    """A day in the boxes `<name>-day`, `<name>-month` and `<name>-year`; `data` is a date or None."""

    data: date | None
    typed: Mapping[str, str]

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Take the default, then what was typed when a form was posted."""
        super().process(None, *args, **kwargs)
        self.typed = dict(zip(PARTS, _written(self.data), strict=True))
        if formdata is None:
            return
        self.typed = {part: formdata.get(f"{self.name}-{part}", "").strip() for part in PARTS}
        try:
            self.data = read_day(self.typed)
        except ValueError as fault:
            self.data = None
            self.process_errors = [f"{self.label.text} {fault}"]
            self.errors = self.process_errors


def _written(day: date | None) -> tuple[str, str, str]:
    return (str(day.day), str(day.month), str(day.year)) if day else ("", "", "")


def read_day(typed: Mapping[str, str]) -> date | None:
    """The day in the three boxes, None when all are empty.

    Raises ValueError with the end of a sentence that begins with the field's label.
    """
    absent = [part for part in PARTS if not typed[part]]
    if len(absent) == len(PARTS):
        return None
    if absent:
        raise ValueError(f"must include a {' and a '.join(absent)}.")
    if not re.fullmatch("[0-9]{4}", typed["year"]):
        raise ValueError("must have a year of four figures, such as 2026.")
    month = _MONTHS.get(typed["month"][:3].lower(), typed["month"])
    try:
        return date(_number(typed["year"]), _number(month), _number(typed["day"]))
    except ValueError:
        raise ValueError("must be a real day, such as 27 3 2026.") from None


def _number(typed: str | int) -> int:
    if isinstance(typed, str) and not re.fullmatch("[0-9]{1,4}", typed):
        raise ValueError(typed)
    return int(typed)


class TypedDay(StringField):  # type: ignore[misc]
    """A day typed in one box, as 27/3/2026 or 2026-03-27; `day` is the date or None."""

    day: date | None = None

    def process_data(self, value: date | str | None) -> None:
        """Take a default, which may be a day."""
        super().process_data(f"{value:%d/%m/%Y}" if isinstance(value, date) else value)

    def pre_validate(self, form: Form) -> None:
        """Read the day; ValidationError, which WTForms shows at the field, when it is none."""
        typed = (self.data or "").strip()
        if not typed:
            return
        found = _ONE_BOX.fullmatch(typed)
        try:
            written = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else typed
            self.day = date.fromisoformat(written)
        except ValueError:
            message = f"{self.label.text} must be a real day, such as 27/3/2026."
            raise ValidationError(message) from None
