"""The only place for the months that are looked at: whole months of London days."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workflows.calendar import midnight

_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month in London, by its first day."""

    first_on: date

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month in which a day falls."""
        return cls(day.replace(day=1))

    @classmethod
    def parse(cls, text: str) -> "Month":
        """The month that `text` names as "2026-10"; ValueError, saying what to write, if none."""
        found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", text)
        if found is None:
            raise ValueError("That is not a month. Write October 2026 as 2026-10.")
        return cls(date(int(found[1]), int(found[2]), 1))

    @property
    def code(self) -> str:
        """As addresses have it: "2026-10"."""
        return f"{self.first_on:%Y-%m}"

    @property
    def label(self) -> str:
        """As people read it: "October 2026"."""
        return f"{self.first_on:%B} {self.first_on.year}"

    @property
    def next(self) -> "Month":
        """The month after."""
        return Month.of(self.first_on.replace(day=28) + 4 * _DAY)

    @property
    def last_on(self) -> date:
        """Its last day."""
        return self.next.first_on - _DAY

    @property
    def previous(self) -> "Month":
        """The month before."""
        return Month.of(self.first_on - _DAY)

    @property
    def began_at(self) -> datetime:
        """The instant with which it begins, in UTC: midnight in London."""
        return midnight(self.first_on)

    @property
    def ended_at(self) -> datetime:
        """The instant at which it is over and the next begins, in UTC."""
        return midnight(self.next.first_on)

    def back_to(self, first: "Month") -> Iterator["Month"]:
        """This month and those before it down to another, the newest first."""
        month = self
        while month >= first:
            yield month
            month = month.previous
