"""The only place that counts down to the day by which the self-assessment is to be published.

Within one month beginning with the day on which the IOPC published its annual statistics
(Specified Information Order 2011, Schedule, as amended by SI 2021/547).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.models import Publication
from casework.models.base import table_of
from casework.office_settings import OfficeSettings
from casework.oversight.section import counted
from workflows.calendar import in_words, one_month_beginning_with
from workflows.publication import PUBLISHED, SELF_ASSESSMENT

_TABLE = table_of(Publication).c


@dataclass(frozen=True)
class Countdown:
    """The last day for publishing it, the day on which it was published, and today."""

    due_on: date
    published_on: date | None
    today: date

    @property
    def is_overdue(self) -> bool:
        """Whether the last day has passed without it."""
        return self.published_on is None and self.due_on < self.today

    @property
    def sentence(self) -> str:
        """What there is to say of it."""
        due_on = in_words(self.due_on)
        if self.published_on is not None:
            published_on = in_words(self.published_on)
            return f"The self-assessment was published on {published_on}; it was due by {due_on}."
        left = (self.due_on - self.today).days
        days = counted(abs(left), "day", "days")
        if left < 0:
            return f"Publish the self-assessment: it was due by {due_on}, {days} ago."
        left_in_words = f"{days} left" if left else "today is the last day"
        return f"Publish the self-assessment by {due_on}: {left_in_words}."


def countdown(session: Session, settings: OfficeSettings, today: date) -> Countdown | None:
    """Where the office stands; None until it has entered the day of the IOPC's statistics."""
    if settings.iopc_statistics_on is None:
        return None
    since_then = select(func.min(_TABLE.published_on)).where(
        _TABLE.kind == SELF_ASSESSMENT,
        _TABLE.state == PUBLISHED,
        _TABLE.published_on >= settings.iopc_statistics_on,
    )
    published_on = session.execute(since_then).scalar()
    return Countdown(one_month_beginning_with(settings.iopc_statistics_on), published_on, today)
