"""The only place for what a section of the exceptions page is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workflows.calendar import london_day

LISTED = 20
"""How many of a section's exceptions the page lists; all are counted, and the trail has the rest."""


@dataclass(frozen=True)
class Topic:
    """What a section is about, in the words of the page.

    `what` says by which rule something is listed, `why` why it might matter, `ask` what to ask of
    whoever did it, and `none` that there is nothing. `columns` head what is told of each one. What is
    not about cases, a restricted one cannot have hidden.
    """

    name: str
    title: str
    what: str
    why: str
    ask: str
    none: str
    columns: tuple[str, ...]
    is_about_cases: bool = True


@dataclass(frozen=True)
class Exceptional:
    """One thing out of the ordinary: what is told of it, and where to look it up.

    `who` and `case` are tokens, `at` in UTC, `seq` its position in the log; None where it has none.
    """

    told: tuple[str, ...]
    case: str | None = None
    who: str | None = None
    at: datetime | None = None
    seq: int | None = None

    @property
    def recorded_on(self) -> date | None:
        """The London day on which it was recorded."""
        return london_day(self.at) if self.at else None


@dataclass(frozen=True)
class Shares:
    """How much of something falls to each person: the heads of its columns, and a line for each."""

    columns: tuple[str, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Section:
    """A topic with what was found in a month: how many in all, and those that are listed.

    `summary` are whole sentences.
    """

    topic: Topic
    total: int
    listed: tuple[Exceptional, ...]
    summary: str = ""
    shares: Shares | None = None


def section(
    topic: Topic,
    found: Sequence[Exceptional],
    summary: str = "",
    shares: Shares | None = None,
) -> Section:
    """A section of all that was found, of which the first are listed."""
    return Section(topic, len(found), tuple(found[:LISTED]), summary, shares)


def counted(number: int, one: str, many: str) -> str:
    """So many of something: "1 case", "4 cases"."""
    return f"{number:,} {one if number == 1 else many}"
