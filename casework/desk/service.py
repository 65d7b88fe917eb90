"""The only place that puts together a person's work and the chase list, from what cases want next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from casework.desk import queries
from casework.desk.lines import Line, Reader
from casework.web.case_words import Teller
from workflows.definition import Actor, Standing

FILE_ASKED, FILE_CHASED, FILE_CAME = "request_file", "chase_file", "receive_file"


@dataclass(frozen=True)
class Work:
    """A person's work, each part with the most pressing first.

    When it `is_cut`, there are more cases than a list is made from, and the oldest are here.
    """

    overdue: list[Line]
    ready: list[Line]
    waiting: list[Line]
    unassigned: list[Line]
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all rests with this person."""
        return not (self.overdue or self.ready or self.waiting)


@dataclass(frozen=True)
class FileAwaited:
    """The force's file as it was asked for: when, and when and how often the force was reminded."""

    line: Line
    asked_on: date
    days: int
    reminded_on: date | None
    reminders: int
    is_part_in: bool


@dataclass(frozen=True)
class Chase:
    """What others owe the office, the longest awaited first; `is_cut` as of `Work`."""

    files: list[FileAwaited]
    responses: list[Line]
    unacknowledged: list[Line]
    waiting: list[Line]
    is_cut: bool = False


def work_of(session: Session, actor: Actor, teller: Teller) -> Work:
    """What a person has to do: their cases, what is kept on them, and decisions they may take."""
    me, reader = actor.token, Reader(actor, teller.office, teller.today)
    mine = queries.cases_of(session, actor, teller.today)
    free = queries.unassigned(session, me)
    deciding = queries.awaiting_decision(session, me)
    standings = queries.standings(session, (*mine, *free, *deciding))
    lines = _lines(reader, teller, standings, mine)
    taken = {row.token for row in mine}
    lines += [
        line
        for line in _lines(reader, teller, standings, deciding)
        if line.is_ready and line.case.row.token not in taken
    ]
    lines += _items(reader, teller, queries.items_wanted(session, me, queries.is_with(actor)))
    shown = {line.case.row.token for line in lines}
    lines.sort(key=lambda line: line.place)
    left = [row for row in free if row.token not in shown]
    return Work(
        overdue=[line for line in lines if line.is_overdue],
        ready=[line for line in lines if line.is_ready and not line.is_overdue],
        waiting=[line for line in lines if not (line.is_ready or line.is_overdue)],
        unassigned=sorted(_lines(reader, teller, standings, left), key=lambda line: line.place),
        is_cut=_is_cut(mine, free, deciding),
    )


def chase_list(session: Session, actor: Actor, teller: Teller, *, is_mine: bool) -> Chase:
    """What others owe the office, on all cases or on those of this person alone."""
    me, reader = actor.token, Reader(actor, teller.office, teller.today)
    conditions = (queries.is_with(actor),) if is_mine else ()
    asked = queries.with_file_asked_for(session, me, *conditions)
    waiting = queries.waiting(session, me, *conditions)
    unacknowledged = queries.unacknowledged(session, me, *conditions)
    standings = queries.standings(session, (*asked, *waiting, *unacknowledged))
    awaited = (
        _file_awaited(line, standings[line.case.row.token], teller.today)
        for line in _lines(reader, teller, standings, asked)
    )
    kept = _items(reader, teller, queries.items_wanted(session, me, *conditions))
    return Chase(
        files=sorted((each for each in awaited if each), key=lambda each: each.asked_on),
        responses=[line for line in kept if line.due or line.wait],
        unacknowledged=_lines(reader, teller, standings, unacknowledged),
        waiting=sorted(_lines(reader, teller, standings, waiting), key=_since),
        is_cut=_is_cut(asked, waiting, unacknowledged),
    )


def _is_cut(*read: list[Any]) -> bool:
    return any(len(rows) > queries.MOST for rows in read)


def _lines(
    reader: Reader, teller: Teller, standings: dict[str, Standing], rows: Iterable[Any]
) -> list[Line]:
    found = (reader.of_case(case, standings[case.row.token]) for case in teller.tell(rows))
    return [line for line in found if line is not None]


def _items(reader: Reader, teller: Teller, found: Iterable[Any]) -> list[Line]:
    lines = (
        reader.of_item(case, item, standing)
        for row, item, standing in found
        for case in teller.tell([row])
    )
    return [line for line in lines if line is not None]


def _since(line: Line) -> date:
    return line.wait.since if line.wait else date.max


def _file_awaited(line: Line, standing: Standing, today: date) -> FileAwaited | None:
    """How long the file was asked for, None when it is in or was never asked for."""
    asked, came = standing.last(FILE_ASKED), standing.last(FILE_CAME)
    is_part_in = came is not None and came.facts.get("extent") == "part"
    if asked is None or (came is not None and not is_part_in):
        return None
    reminders = [entry for entry in standing.entries if entry.step == FILE_CHASED]
    last = reminders[-1].effective_on if reminders else None
    days = (today - asked.effective_on).days
    return FileAwaited(line, asked.effective_on, days, last, len(reminders), is_part_in)
