"""The only place that tells which cases and actions changed published figures, to whom may know."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.events import Event
from casework.audit.timeline import Line
from casework.counts.figures import Counted
from casework.counts.restatement import Change, Restatement
from casework.models import Case
from casework.permissions import visible_to
from casework.publishing.restating import name_of
from casework.web.log_lines import lines_by_seq
from workflows.calendar import london_day


@dataclass(frozen=True)
class Action:
    """An action that changed a published figure, and the day on which it became known."""

    line: Line
    known_on: date


@dataclass(frozen=True)
class Responsible:
    """A case that figures of the period count otherwise than when they were published.

    `left`, `joined` and `otherwise` are titles of figures: the last count it with another day or
    length.
    """

    token: str
    reference: str
    actions: tuple[Action, ...]
    left: tuple[str, ...]
    joined: tuple[str, ...]
    otherwise: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """What is responsible as far as a person may know it; `unseen` cases are counted and not told."""

    cases: tuple[Responsible, ...]
    settings: tuple[Action, ...]
    unseen: int

    @property
    def of_unseen(self) -> str:
        """How many more cases are responsible, as a sentence."""
        cases = "One more case is" if self.unseen == 1 else f"{self.unseen} more cases are"
        return f"{cases} responsible, which you may not see."


def told(session: Session, restatement: Restatement, person: str) -> Told:
    """What was responsible, to a person (by token) who may see cases."""
    causes = restatement.causes
    query = select(Case.token, Case.reference).where(
        Case.token.in_(list(causes)), visible_to(person)
    )
    references = {row.token: row.reference for row in session.execute(query)}
    seen = [event for event in restatement.events if event.case in (None, *references)]
    lines = lines_by_seq(session, seen, person)
    cases = tuple(
        Responsible(
            case, references[case], _actions(causes[case], lines), *_moves(restatement, case)
        )
        for case in causes
        if case in references
    )
    settings = _actions(restatement.settings, lines)
    return Told(cases, settings, len(causes) - len(cases))


def _actions(events: Iterable[Event], lines: dict[int, Line]) -> tuple[Action, ...]:
    return tuple(Action(lines[event.seq], london_day(event.at)) for event in events)


def _moves(restatement: Restatement, case: str) -> Iterator[tuple[str, ...]]:
    """The titles of the figures that a case left, joined, and is counted otherwise in."""
    of_period = [each for each in restatement.changes if each.part is restatement.now.whole]
    left = {each.figure for each in of_period if _has(each.left, case)}
    joined = {each.figure for each in of_period if _has(each.joined, case)}
    for figures in (left - joined, joined - left, left & joined):
        yield _titles(restatement, of_period, figures)


def _has(counted: Iterable[Counted], case: str) -> bool:
    return any(one.case == case for one in counted)


def _titles(
    restatement: Restatement, changes: Iterable[Change], figures: Collection[str]
) -> tuple[str, ...]:
    now = restatement.now
    return tuple(str(name_of(now, each.figure)) for each in changes if each.figure in figures)
