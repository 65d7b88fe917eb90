"""The only place for a day typed in three boxes: what was typed is kept, what is wrong is said."""

import calendar
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import Field

PARTS = ("day", "month", "year")
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
