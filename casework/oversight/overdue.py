"""The only place that looks at what was open at a month's end and past the office's target."""

from datetime import date

from sqlalchemy.orm import Session

from casework import clock
from casework.counts.blocks import open_cases
from casework.counts.figures import Lives, Source
from casework.counts.lives import Period, load
from casework.oversight.reading import MonthRead
from casework.oversight.section import Exceptional, Section, Topic, section
from casework.permissions import kept_from
from casework.web.filters import short_day
from workflows.calendar import in_words

_OVER = f"{open_cases.NAME}.{open_cases.OVER_TARGET.name}"
OVERDUE = Topic(
    "overdue",
    "Open over target (from receipt)",
    "Cases open at the end of the month for more working days since receipt than the office’s "
    "target for deciding, as reports count them; the desk counts from where the office’s own clock "
    "starts. The oldest stand first.",
    "An applicant waits, and an average of what was decided does not show it.",
    "What does each wait for, and who moves it on?",
    "No open case was over target (from receipt).",
    ("Received", "Working days open"),
)


def overdue(session: Session, seen: MonthRead) -> Section:
    """The cases open over target on the month's last day, or today while the month goes on."""
    last_on = min(seen.month.last_on, clock.today())
    period, settings = Period(last_on, last_on), seen.settings
    lives = Lives(load(session, period, last_on, seen.log_size))
    figures = open_cases.count(Source(lives, period, last_on, settings))
    hidden = set(session.execute(kept_from(seen.reader)).scalars())
    found = [
        Exceptional((short_day(counted.on), str(counted.days)), counted.case)
        for counted in figures[_OVER]
        if counted.case not in hidden
    ]
    return section(OVERDUE, found, _target(last_on, settings.decide_target))


def _target(last_on: date, target: int) -> str:
    return f"On {in_words(last_on)} the target was {target} working days."
