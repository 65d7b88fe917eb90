"""The only place that keeps words on a case from somebody who may see the case itself.

They are the words of a link to another case, which are for those who may see both: a reference,
and why two cases belong together, tell of a case that this person is to meet nowhere. So do the words
with which somebody settled a finding of a force's list that is about several cases.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, not_, select
from sqlalchemy.orm import Session, aliased

from casework.audit.erasures import SETTLED
from casework.audit.events import ITEM, PINNED, Event, events_of_each
from casework.index.places import place_of
from casework.models import AuditEvent, Case, Item, ListFinding, SearchEntry
from casework.models.search import PARTS
from casework.permissions import visible_to
from workflows.link import LINK

_OF_SEVERAL = frozenset({"close", "uneven"})
"""The kinds of findings that may be about several cases."""


def events_read_by(
    session: Session, person: str, cases: Collection[str]
) -> dict[str, tuple[Event, ...]]:
    """The events of these cases, each in log order, with the words that this person may read.

    One statement, and one more where there are links, or findings that were settled. Whoever asks
    has seen to it that the person (by token) may see the cases.
    """
    of_each = events_of_each(session, cases)
    everything = [event for events in of_each.values() for event in events]
    named, settled = _named(everything), settled_about(session, person, everything)
    seen = _seen(session, person, set().union(*named.values())) if named else set()
    hidden = {item for item, references in named.items() if not references <= seen}
    return {
        case: tuple(
            replace(event, words=None, is_withheld=True)
            if event.stat.get(ITEM) in hidden or _is_partly_hidden(settled.get(event.seq))
            else event
            for event in events
        )
        for case, events in of_each.items()
    }


@dataclass(frozen=True)
class About:
    """Those of an entry's cases that somebody may see, by token, and whether there are no others."""

    seen: frozenset[str]
    is_all: bool


def settled_about(session: Session, person: str, events: Iterable[Event]) -> dict[int, About]:
    """What entries that settled findings about several cases are about, to a person, by position.

    Which cases these were is known of the newest entry about a finding. Any other may be about every
    case that the person (by token) may not see.
    """
    settled = [
        event
        for event in events
        if event.action == SETTLED and event.stat["finding"] in _OF_SEVERAL
    ]
    if not settled:
        return {}
    of_row = ListFinding.settled_seq.in_([event.seq for event in settled])
    known = {row.settled_seq: row for row in session.scalars(select(ListFinding).where(of_row))}
    cases = {event.seq: _cases(event, known.get(event.seq)) for event in settled}
    is_one = Case.token.in_(set().union(*cases.values()))
    seen = set(session.scalars(select(Case.token).where(is_one, visible_to(person))))
    hidden = select(Case.id).where(not_(visible_to(person))).limit(1)
    sees_every = session.execute(hidden).first() is None
    return {
        seq: About(frozenset(of & seen), sees_every or (seq in known and of <= seen))
        for seq, of in cases.items()
    }


def _cases(event: Event, row: ListFinding | None) -> set[str]:
    named = [event.case, *((*row.cases, row.same_as) if row else ())]
    return {case for case in named if case is not None}


def _is_partly_hidden(about: About | None) -> bool:
    return about is not None and not about.is_all


def _named(events: Iterable[Event]) -> dict[str, set[str]]:
    """The references that each link ever bore, before corrections too, by item."""
    found: dict[str, set[str]] = {}
    for event in events:
        item = event.stat.get(ITEM, "")
        if event.stat.get(PINNED[0]) == LINK.name:
            found[item] = set()
        if item in found and "reference" in (event.words or {}):
            found[item].add((event.words or {})["reference"])
    return found


def _seen(session: Session, person: str, references: Collection[str]) -> set[str]:
    query = select(Case.reference).where(Case.reference.in_(references), visible_to(person))
    return set(session.execute(query).scalars())


def is_read_by(person: str) -> ColumnElement[bool]:
    """The condition on `SearchEntry` that leaves out the words of links this person may not read.

    An entry does not say which item it is about: of a case with such a link, no link's words are
    found.
    """
    link = aliased(Item)
    other = link.words["reference"].as_string()
    seen = select(Case.id).where(Case.reference == other, visible_to(person)).correlate(link)
    has_hidden = select(link.id).where(
        link.case_token == SearchEntry.case_token,
        link.workflow == LINK.name,
        other.is_not(None),
        not_(seen.exists()),
    )
    of_link = select(AuditEvent.seq).where(
        AuditEvent.seq == SearchEntry.id // PARTS, AuditEvent.action.in_(LINK.steps_by_event)
    )
    is_note = SearchEntry.place == place_of(LINK.name)
    return not_(
        and_(
            is_note,
            has_hidden.correlate(SearchEntry).exists(),
            of_link.correlate(SearchEntry).exists(),
        )
    )
