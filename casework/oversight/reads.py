"""The only place that looks at who read a sensitive file without having a part in the case.

Reads are noted outside the log (`casework.web.access`), those of restricted cases on it as well, so
this is the one section that the log cannot give again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.events import Event, events_of_each
from casework.audit.items import KeptItem, items_in
from casework.models import AccessRead, Item
from casework.models.base import table_of
from casework.oversight.reading import MonthRead
from casework.oversight.section import Exceptional, Section, Topic, counted, section
from casework.permissions import kept_from
from casework.web.access import HALF_HOUR
from casework.web.filters import moment
from workflows import ITEMS, WORKFLOWS
from workflows.amendments import EVENTS as AMENDMENTS
from workflows.conflict import CONFLICT
from workflows.contact_plan import CONTACT_PLAN
from workflows.instruction import INSTRUCT
from workflows.paper import MARKS, PAPER
from workflows.pre_action import PRE_ACTION
from workflows.restriction import PEOPLE, RESTRICTION
from workflows.safeguarding import SAFEGUARDING

_READS, _ITEMS = table_of(AccessRead).c, table_of(Item).c
CLOSE_MARKS = ("force_sensitive", "privileged")
"""The marks of a paper that make its file a sensitive one; most files are about third parties."""
_SENSITIVE = tuple(
    each.name for each in (SAFEGUARDING, CONTACT_PLAN, PRE_ACTION, CONFLICT, RESTRICTION, PAPER)
)
_HANDED_OVER = ("paper_downloaded", "letter_opened", "letter_taken")
_WORK = {
    event
    for workflow in (*WORKFLOWS.values(), *ITEMS.values())
    if workflow not in (CONFLICT, RESTRICTION)
    for event in workflow.steps_by_event
} | set(AMENDMENTS.values())
READS = Topic(
    "reads",
    "Sensitive files read by somebody not on the case",
    "A file is sensitive while it has a safeguarding flag, a restriction of contact, a legal "
    "hold, a declared conflict of interest, a restriction to people named, or a paper marked "
    "force-sensitive or legally privileged. On the case is who was assigned to it, instructed on it, "
    "named by somebody else as one of those who may see it, or made an entry on it, by the end of "
    "the month.",
    "These files hold what does most harm in the wrong hands. A supervisor’s look, or cover for a "
    "colleague, is a good reason.",
    "What was the file needed for?",
    "No sensitive file was read by somebody not on the case.",
    ("Why it is sensitive", "Read in", "First read", "Papers and letters opened"),
)


@dataclass(frozen=True)
class _Reader:
    """A person who read a case, by tokens, and the half hours in which they did, by their starts."""

    person: str
    case: str
    began_at: tuple[datetime, ...]


def reads(session: Session, seen: MonthRead) -> Section:
    """Sensitive files and who read them without a part in them, the most often read first."""
    readers = _readers(session, seen)
    histories = events_of_each(session, {each.case for each in readers})
    found: list[Exceptional] = []
    for each in readers:
        history = [event for event in histories[each.case] if event.seq < seen.log_size]
        if each.person not in _on_the_case(history, seen.month.ended_at):
            found += _exceptional(each, history)
    return section(READS, found)


def _readers(session: Session, seen: MonthRead) -> list[_Reader]:
    """Who read what in the month, of the cases on which something sensitive was ever kept."""
    kept = select(_ITEMS.case_token).where(_ITEMS.workflow.in_(_SENSITIVE))
    query = select(_READS.person_token, _READS.case_token, _READS.began_at).where(
        _READS.began_at >= seen.month.began_at,
        _READS.began_at < seen.month.ended_at,
        _READS.case_token.in_(kept),
        _READS.case_token.not_in(kept_from(seen.reader)),
    )
    began_at: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for person, case, at in session.execute(query):
        began_at[person, case].append(at)
    found = (_Reader(*who, tuple(sorted(times))) for who, times in began_at.items())
    return sorted(found, key=lambda each: (-len(each.began_at), each.began_at[0], each.person))


def _on_the_case(history: Sequence[Event], until: datetime) -> set[str | None]:
    """The tokens of everybody who had a part in a case before an instant.

    Opening a paper is no part, nor is declaring a conflict, nor to be named as one who may see it
    by nobody else than oneself.
    """
    found: set[str | None] = set()
    for event in history:
        if event.at >= until:
            continue
        if event.action in _WORK:
            found |= {event.actor, event.stat.get("assignee")}
        if event.action == INSTRUCT.event:
            found.add(event.stat["person"])
        if event.action in RESTRICTION.steps_by_event:
            found |= set(event.stat.get(PEOPLE.code, ())) - {event.actor}
    return found


def _exceptional(reader: _Reader, history: Sequence[Event]) -> Iterator[Exceptional]:
    """The reads that fell in a time in which the file was sensitive, as the office knew it then."""
    at = [at for at in reader.began_at if _reasons(_known(history, at + HALF_HOUR))]
    if not at:
        return
    why = _reasons(_known(history, at[-1] + HALF_HOUR))
    opened = [
        event
        for event in history
        if event.action in _HANDED_OVER
        and event.actor == reader.person
        and at[0] <= event.at < at[-1] + HALF_HOUR
    ]
    told = (
        "; ".join(why),
        counted(len(at), "half hour", "half hours"),
        moment(at[0]),
        str(len(opened)),
    )
    yield Exceptional(told, reader.case, reader.person)


def _known(history: Sequence[Event], at: datetime) -> Sequence[Event]:
    return [event for event in history if event.at < at]


def _reasons(known: Sequence[Event]) -> Collection[str]:
    """Why a file is sensitive, by the events that the office knew; nothing when it is not."""
    if not known:
        return ()
    return dict.fromkeys(why for item in items_in(known) if item.is_kept for why in _why(item))


def _why(item: KeptItem) -> Iterator[str]:
    if item.state.flag:
        yield item.workflow.title
    elif item.workflow is CONFLICT and item.is_open:
        yield "Declared conflict"
    elif item.workflow is PAPER:
        labels = {mark.code: mark.label.lower() for mark in MARKS if mark.code in CLOSE_MARKS}
        for mark in item.values.get("marks") or ():
            if mark in labels:
                yield f"Paper marked {labels[mark]}"
