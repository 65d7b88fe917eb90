"""The only place that looks at how the record was kept: late, changed afterwards, begun again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median

from sqlalchemy.orm import Session

from casework.audit.events import Event
from casework.audit.timeline import WORKING_DAYS_TO_ENTER, is_entered_late
from casework.oversight.reading import MonthRead, as_told, particulars, reasons
from casework.oversight.section import Exceptional, Section, Shares, Topic, counted, section
from casework.web.filters import short_day
from workflows import ITEMS, WORKFLOWS
from workflows.amendments import EVENTS as AMENDMENTS
from workflows.calendar import Calendar, london_day
from workflows.complaint_review import REOPEN

LATE_AFTER = 5
"""Entries made more working days than this after their day are listed one by one."""
_DONE = {
    step.event: step.done
    for workflow in (*WORKFLOWS.values(), *ITEMS.values())
    for step in workflow.steps
}
LATE = Topic(
    "late",
    "Entered late",
    f"Entries made more than {LATE_AFTER} working days after the day they are about. The audit "
    f"trail marks those made more than {WORKING_DAYS_TO_ENTER} working day after it; they are "
    "counted here too.",
    "What is written down late is written from memory, and until then nobody else could see it.",
    "How was the day known, and why could it not be entered then?",
    f"No entry was made more than {LATE_AFTER} working days late.",
    ("What", "Its day", "Working days later"),
)
AMENDED = Topic(
    "amended",
    "Corrected and annulled",
    "Entries that somebody corrected or took back. What was first entered stays in the log.",
    "Mistakes happen and are to be put right. A day or an outcome that moves across a target, or "
    "many by one person, is worth a look.",
    "What showed that the entry was wrong?",
    "Nothing was corrected or annulled.",
    ("What", "Change", "Reason given"),
)
REOPENED = Topic(
    "reopened",
    "Reopened cases",
    "Closed cases that were opened again.",
    "A closure that does not hold costs the applicant time, and published figures may change.",
    "Could it have been seen before the case was closed?",
    "No case was reopened.",
    ("Why", "What happened"),
)


def late(seen: MonthRead) -> Section:
    """Entries made long after their day, the latest first; how late entries were, by person."""
    calendar = seen.settings.calendar
    dated = [event for event in seen.events if event.effective_on and event.action in _DONE]
    days = {event.seq: _working_days_after(calendar, event) for event in dated}
    listed = [event for event in dated if days[event.seq] > LATE_AFTER]
    listed.sort(key=lambda event: (-days[event.seq], -event.seq))
    found = [_late(event, days[event.seq]) for event in listed]
    marked = [event for event in dated if _is_marked(calendar, event)]
    shares = _by_person(dated, marked, days) if marked else None
    return section(
        LATE, found, _how_late(len(dated), [days[event.seq] for event in marked]), shares
    )


def _working_days_after(calendar: Calendar, event: Event) -> int:
    """How many working days after its day an event was entered; calendar days in unknown years."""
    entered_on = london_day(event.at)
    effective_on = min(event.effective_on or entered_on, entered_on)
    try:
        return calendar.working_days_between(effective_on, entered_on)
    except ValueError:
        return (entered_on - effective_on).days


def _is_marked(calendar: Calendar, event: Event) -> bool:
    entered_on = london_day(event.at)
    return is_entered_late(calendar, event.effective_on or entered_on, entered_on)


def _late(event: Event, days: int) -> Exceptional:
    told = (_DONE[event.action], short_day(event.effective_on), str(days))
    return Exceptional(told, event.case, event.actor, event.at, event.seq)


def _how_late(dated: int, days: Sequence[int]) -> str:
    entries = counted(dated, "entry that is about a day", "entries that are about a day")
    if not days:
        return f"Of {entries}, none was made late."
    return (
        f"Of {entries}, {len(days):,} were made more than {WORKING_DAYS_TO_ENTER} working day "
        f"after it. Of those the median is {median(days):g} working days, and the worst {max(days)}."
    )


def _by_person(dated: Sequence[Event], marked: Sequence[Event], days: Mapping[int, int]) -> Shares:
    made: dict[str, int] = defaultdict(int)
    late_by: dict[str, list[int]] = defaultdict(list)
    for event in dated:
        made[event.actor] += 1
    for event in marked:
        late_by[event.actor].append(days[event.seq])
    lines = (
        (who, (f"{made[who]:,}", f"{len(own):,}", f"{median(own):g}", f"{max(own)}"))
        for who, own in sorted(late_by.items(), key=lambda each: -len(each[1]))
    )
    return Shares(("Entries", "Late", "Median", "Worst"), tuple(lines))


def amended(session: Session, seen: MonthRead) -> Section:
    """Corrections and annulments: what was, what is, and the reason given."""
    return as_told(
        session,
        seen,
        AMENDED,
        seen.of(*AMENDMENTS.values()),
        lambda line: (line.title, particulars(line), reasons(line)),
    )


def reopened(session: Session, seen: MonthRead) -> Section:
    """Cases that were opened again, with the reason."""
    events = seen.of(REOPEN.event)
    return as_told(session, seen, REOPENED, events, lambda line: (particulars(line), reasons(line)))
