"""The only place for what a case asks of the office: deadlines, what is wanted next, letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflows.situation import OfficeRules, Standing


@dataclass(frozen=True)
class Due:
    """A deadline of one case: when, how it was computed, and when it was met."""

    name: str
    label: str
    due_on: date | None
    met_on: date | None
    how: str


@dataclass(frozen=True)
class Deadline:
    """A time limit or target: `work_out` gives the Due of a case, None where none applies."""

    name: str
    work_out: Callable[[Standing, OfficeRules], Due | None]


@dataclass(frozen=True)
class Prompt:
    """What a case wants done next, and the step that does it.

    `since` gives the day from which it is wanted: in the future for what may rest till then,
    None for what is not wanted at all. `deadline` names the time limit that it meets. What is
    of use `while_waiting` is wanted although the office waits for somebody. With `roles` it is
    said to whoever holds one of them, and to nobody else.
    """

    step: str
    says: str
    since: Callable[[Standing], date | None]
    deadline: str = ""
    while_waiting: bool = False
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wait:
    """That the office waits for somebody: whom, since which day, and for what.

    When work on the case `rests` till they answer, only prompts of use `while_waiting` remain.
    """

    whom: str
    since: date
    what: str = ""
    rests: bool = False


Recipient = Literal[
    "complainant",
    "appropriate_authority",
    "interested_persons",
    "person_complained_against",
    "iopc",
]
"""Whom a letter tells."""


@dataclass(frozen=True)
class Letter:
    """A letter that may be taken from a case once one of `after` has happened to it.

    `to` says whom it may go to, the usual one first. `only_with` names a kind of item of which
    the case must have one; a letter that is `while_open` makes no sense once the case is closed.
    `records` is the step of the case that sending it is, offered to be recorded with it. One that
    `is_owed` has to go to everybody in `to` as soon as what it tells has happened.
    """

    name: str
    label: str
    to: tuple[Recipient, ...]
    after: tuple[str, ...]
    only_with: str = ""
    while_open: bool = False
    records: str = ""
    is_owed: bool = False
