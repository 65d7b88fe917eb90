"""The only place that reads what the pages of retention show: what may go, what would go with it, what went."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from casework.audit.events import Event, events_of_each
from casework.audit.items import KeptItem, items_in, standings_by_kind
from casework.models import Case, Item
from casework.models.base import table_of
from casework.permissions import visible_to
from casework.retention.due import Falling, holding
from casework.retention.named_files import named_in
from workflows import ITEMS, WORKFLOWS
from workflows.definition import State
from workflows.disposal import APPROVED, DISPOSAL, ERASED, PROPOSED, REFUSED, holds, open_work
from workflows.ending import Kept
from workflows.hold import REASONS
from workflows.letter import LETTER
from workflows.paper import PAPER

_CASES, _ITEMS = table_of(Case).c, table_of(Item).c


@dataclass(frozen=True)
class Candidate:
    """A case that falls due, as the queue shows it; `why_not` says what bars its disposal."""

    row: Case
    state: State
    falling: Falling
    why_not: tuple[str, ...]


@dataclass(frozen=True)
class Contents:
    """What would be erased of a case: how many entries with words, and the papers, letters and files.

    `size` is how many events the case has: who approves is told when there are more by then.
    """

    size: int
    entries: int
    papers: tuple[str, ...]
    letters: tuple[str, ...]
    files: int
    why_not: tuple[str, ...]


@dataclass(frozen=True)
class Disposal:
    """A disposal on a case: how it stands, who did what on which day, and why it was refused."""

    case: Case
    kept: KeptItem
    contents: Contents

    @property
    def token(self) -> str:
        """The item's token."""
        return self.kept.token

    def by(self, step: str) -> tuple[str, date] | None:
        """Who took a step, by token, and the day; None where nobody did."""
        entry = self.kept.standing.last(step)
        return (entry.actor, entry.effective_on) if entry else None


def candidates(session: Session, found: Sequence[Falling]) -> list[Candidate]:
    """These cases with what bars their disposal, in the same order."""
    tokens = [each.token for each in found]
    rows = {row.token: row for row in session.scalars(select(Case).where(_CASES.token.in_(tokens)))}
    kept = {token: items_in(events) for token, events in events_of_each(session, tokens).items()}
    return [
        Candidate(
            rows[each.token],
            WORKFLOWS[rows[each.token].workflow].states_by_name[rows[each.token].state],
            each,
            _why_not(standings_by_kind(kept[each.token])),
        )
        for each in found
    ]


def in_state(person: str, *states: str) -> Select[Any]:
    """The disposals in these states that a person (by token) may see, with their cases' rows."""
    return (
        select(Case, _ITEMS.token.label("item"))
        .join(Case, _CASES.token == _ITEMS.case_token)
        .select_from(table_of(Item))
        .where(_ITEMS.workflow == DISPOSAL.name, _ITEMS.state.in_(states), visible_to(person))
    )


def waiting(person: str) -> Select[Any]:
    """The disposals that are proposed or approved, those proposed first, the oldest first."""
    return in_state(person, PROPOSED, APPROVED).order_by(_ITEMS.state.desc(), _ITEMS.id)


def proposed_count(session: Session, person: str) -> int:
    """How many disposals are proposed that a person (by token) may see."""
    proposed = in_state(person, PROPOSED).with_only_columns(func.count())
    return session.execute(proposed).scalar_one()


def settled(person: str) -> Select[Any]:
    """The disposals that are over, the newest first: of cases that were erased, and that are kept."""
    return in_state(person, ERASED, REFUSED).order_by(_ITEMS.active_on.desc(), _ITEMS.id.desc())


def disposals(session: Session, rows: Iterable[Any]) -> list[Disposal]:
    """The disposals of these rows, with what their cases hold."""
    listed = list(rows)
    events = events_of_each(session, [row.Case.token for row in listed])
    return [_disposal(row.Case, row.item, events[row.Case.token]) for row in listed]


def disposal(session: Session, item: str, person: str) -> Disposal | None:
    """The disposal with this token, None when there is none that this person (by token) may see."""
    query = in_state(person, *DISPOSAL.states_by_name).where(_ITEMS.token == item)
    return next(iter(disposals(session, session.execute(query))), None)


def holds_placed(person: str) -> Any:
    """What holds cases that a person (by token) may see, what is to be looked at first."""
    return (
        select(Case, Item)
        .join(Case, _CASES.token == _ITEMS.case_token)
        .where(holding(), visible_to(person))
        .order_by(_ITEMS.due_on.is_(None), _ITEMS.due_on, _ITEMS.id)
    )


def why_held(item: Item) -> str:
    """Why an item holds its case, in words."""
    reasons = {choice.code: choice.label for choice in REASONS}
    kind = ITEMS[item.workflow]
    return reasons.get(item.kind or "", f"{kind.title}: {kind.states_by_name[item.state].label}")


def _disposal(case: Case, token: str, events: tuple[Event, ...]) -> Disposal:
    kept = items_in(events)
    item = next(each for each in kept if each.token == token)
    return Disposal(case, item, contents_of(events, kept))


def contents_of(events: tuple[Event, ...], kept: Sequence[KeptItem]) -> Contents:
    """What would be erased of the case that these events are of."""
    return Contents(
        len(events),
        sum(event.words is not None for event in events),
        _named(kept, PAPER.name),
        _named(kept, LETTER.name),
        len(named_in(events)),
        _why_not(standings_by_kind(kept)),
    )


def _named(kept: Sequence[KeptItem], kind: str) -> tuple[str, ...]:
    found = (each for each in kept if each.workflow.name == kind)
    return tuple(_title(each.words) or each.title for each in found)


def _title(words: Mapping[str, str]) -> str:
    return words.get("name") or words.get("title") or ""


def _why_not(kept: Kept) -> tuple[str, ...]:
    held = tuple(f"Held: {words}" for words in holds(kept))
    return (*held, *(f"Not finished: {words}" for words in open_work(kept)))
