"""The only place that says what published reports would say now: figure by figure, and why.

A published report stays as it was published. Breaks by personal characteristics are not told
again: what is withheld in a report could be worked out from another of the same cases.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.events import Event
from casework.counts.narrative import number
from casework.counts.report import Report, annual_report, period_report
from casework.counts.restatement import Restatement, may_differ, restate
from casework.documents.cells import Cell, Column, column, said, whole
from casework.documents.naming import short_name
from casework.documents.parts import Changes
from casework.documents.tables import Row, Table
from casework.publishing.counting import count
from casework.publishing.history import Published, published_before
from workflows.calendar import in_words, london_day
from workflows.complaint_review import REOPEN

KINDS = {
    "late": ("entry made after it was counted", "entries made after it was counted"),
    "corrected": ("correction", "corrections"),
    "annulled": ("annulment", "annulments"),
    REOPEN.event: ("reopening", "reopenings"),
    "setting_changed": ("change of a setting", "changes of settings"),
}
"""What may change a published figure, as one and as many: by the action, or `late` for any other."""


TITLE = "Changes to earlier reports"


@dataclass(frozen=True)
class Named:
    """What a figure is called: the title of its part of the report, and its own."""

    block: str
    title: str

    def __str__(self) -> str:
        return f"{self.block}: {self.title[:1].lower()}{self.title[1:]}"


@dataclass(frozen=True)
class Figure:
    """A figure that is no longer as published. `part` is the column that it stands in, if any."""

    named: Named
    part: str
    published: Cell
    now: Cell

    @property
    def in_full(self) -> str:
        """What it is called, with its column: "Cohort: received (Quarter 1)"."""
        return f"{self.named} ({self.part})" if self.part else str(self.named)

    @property
    def difference(self) -> Cell:
        """By how much, with its sign; a dash between what are not both printed as numbers."""
        was, now = self.published.number, self.now.number
        if was is None or now is None:
            return replace(self.now, value=None, text="–", is_list=False)
        by = round(now - was, 1)
        text = f"{'+' if by > 0 else '−'}{said(abs(by))}"
        return replace(self.now, value=by, text=text, is_list=False)


@dataclass(frozen=True)
class Restated:
    """A published report beside what it would say now: `figures` of its period, then of columns."""

    published: Published
    restatement: Restatement
    figures: tuple[Figure, ...]

    @property
    def of_period(self) -> tuple[Figure, ...]:
        """The figures of its whole period."""
        return tuple(figure for figure in self.figures if not figure.part)

    @property
    def of_columns(self) -> tuple[Figure, ...]:
        """The figures of its quarters, its year to date and the year before."""
        return tuple(figure for figure in self.figures if figure.part)

    @property
    def in_words(self) -> str:
        """How much has changed and what is responsible, as one sentence."""
        count = len(self.figures)
        are = "figure is" if count == 1 else "figures are"
        which = "which" if len(self.restatement.events) == 1 else "the last of which"
        return (
            f"{number(count).capitalize()} {are} different, because of {self.why}, {which} became "
            f"known on {in_words(self.known_on)}."
        )

    @property
    def why(self) -> str:
        """What is responsible, by kind: "one correction and two reopenings"."""
        found = Counter(kind_of(event) for event in self.restatement.events)
        told = [
            f"{number(found[kind])} {words[found[kind] > 1]}"
            for kind, words in KINDS.items()
            if found[kind]
        ]
        return " and ".join(filter(None, (", ".join(told[:-1]), *told[-1:])))

    @property
    def known_on(self) -> date:
        """The last day on which something responsible was recorded."""
        return max(london_day(event.at) for event in self.restatement.events)


@dataclass(frozen=True)
class Untold:
    """The published reports whose changes no report before has told; the newest first.

    `told_in` is the newest report that told of changes, empty without one.
    """

    restated: tuple[Restated, ...]
    told_in: str


def kind_of(event: Event) -> str:
    """What kind of change an action is, one of `KINDS`."""
    return event.action if event.action in KINDS else "late"


def restated(
    session: Session, published: Published, log_size: int | None = None, since: int | None = None
) -> Restated | None:
    """What a published report would say at a log size, now by default; None when the same.

    With `since`, a log size, None too when nothing recorded from there on is responsible. It is
    counted, twice, only when something was recorded that may be.
    """
    size = record.log_size(session) if log_size is None else log_size
    basis = published.basis
    status_on = basis.status_on or basis.period.to_on
    if not may_differ(session, status_on, since or basis.log_size or 0, size):
        return None
    then = count(session, basis).report
    now = _later(session, then, size)
    figures = tuple(_figures(then, now))
    if not figures:
        return None
    found = restate(session, then, now)
    is_new = since is None or any(event.seq >= since for event in found.events)
    return Restated(published, found, figures) if is_new else None


def _later(session: Session, then: Report, size: int) -> Report:
    """The same report at another log size, with the blocks that it was published with."""
    if then.year:
        return annual_report(session, then.year, then.status_on, size, then.edition)
    period = then.whole.period
    return period_report(session, period.from_on, period.to_on, then.status_on, size, then.edition)


def restatements(session: Session, year: str) -> tuple[Restated, ...]:
    """The reports numbered in a year that would say something else now; the newest first."""
    size = record.log_size(session)
    found = (restated(session, each, size) for each in published_before(session, size, year)[::-1])
    return tuple(each for each in found if each is not None)


def untold(session: Session, log_size: int) -> Untold:
    """What a report counted at this log size tells of those that were published before it.

    All of it follows from the log up to there. So it is the same for who drafts, approves and
    publishes, whatever is published in the meantime; and two reports that were counted before
    either was published both tell a change.
    """
    before = published_before(session, log_size)
    found = (restated(session, each, log_size, _told_up_to(each, before)) for each in before[::-1])
    told_in = next((each.cited_as for each in before[::-1] if each.recounted.earlier), "")
    return Untold(tuple(each for each in found if each is not None), told_in)


def _told_up_to(published: Published, reports: Iterable[Published]) -> int | None:
    """The log size up to which changes of a report are told in later ones; None without any."""
    sizes = (each.basis.log_size or 0 for each in reports)
    return max((size for size in sizes if size > published.event.seq), default=None)


def as_changes(found: Sequence[Restated]) -> Changes | None:
    """What a report tells of earlier ones, figure by figure; None when nothing changed."""
    rows = tuple(
        Row(
            f"{each.published.cited_as}: {figure.in_full}",
            (figure.published, figure.now, figure.difference),
        )
        for each in found
        for figure in each.figures
    )
    if not rows:
        return None
    why = tuple(f"{each.published.cited_as}: {each.in_words}" for each in found)
    columns = ("Published", "Now", "Difference")
    return Changes(Table("changes", TITLE, "Figure of an earlier report", columns, rows), why)


def _figures(then: Report, now: Report) -> Iterator[Figure]:
    for (was, blocks), (part, _) in zip(then.parts, now.parts, strict=True):
        yield from _of_part(column(then, was, blocks), column(now, part, blocks), part.label)
    if then.previous and now.previous:
        yield from _of_part(whole(then.previous), whole(now.previous), short_name(now.previous))


def _of_part(then: Column, now: Column, label: str) -> Iterator[Figure]:
    for name in dict.fromkeys((*then.values, *now.values)):
        block = now.report.edition.block(name.partition(".")[0])
        if not block.is_of_years and then.values.get(name, 0) != now.values.get(name, 0):
            named = name_of(now.report, name)
            yield Figure(named, label, then.cell(name), now.cell(name))


def name_of(report: Report, figure: str) -> Named:
    """What a figure is called, by its whole name, such as `by_force.fenmarch.received`."""
    title = report.edition.words_of(figure).title
    what, joint, code = title.rpartition(": ")
    forces = dict(report.settings.forces)
    named = f"{what}{joint}{forces.get(code, code)}" if joint else title
    return Named(report.edition.block(figure.partition(".")[0]).title, named)
