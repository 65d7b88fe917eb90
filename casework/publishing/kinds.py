"""The only place that says what each kind of report is called, begins with and is put together as."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from casework.counts.report import Report
from casework.documents import annual, panel
from casework.documents.model import Document
from casework.documents.parts import Field, Standing
from casework.publishing import self_assessment
from casework.publishing.counting import YEARLY, Counted
from workflows.calendar import financial_year_of, in_words
from workflows.publication import KINDS

Words = Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """A kind of report: its name, what people write in it, its first words, and its document."""

    label: str
    fields: tuple[Field, ...]
    prefilled: Callable[[Session, Report], dict[str, str]]
    document: Callable[[Report, Words, Standing], Document]


_LABELS = {kind.code: kind.label for kind in KINDS}
_OF_PERIOD = (
    annual.FIELDS,
    lambda _, report: annual.prefilled(report),
    annual.document,
)
BY_CODE = {
    "annual": Kind(_LABELS["annual"], *_OF_PERIOD),
    "period": Kind(_LABELS["period"], *_OF_PERIOD),
    "panel": Kind(
        _LABELS["panel"],
        panel.FIELDS,
        lambda _, report: panel.prefilled(report, report.settings),
        panel.document,
    ),
    "self_assessment": Kind(
        _LABELS["self_assessment"],
        self_assessment.FIELDS,
        self_assessment.prefilled,
        self_assessment.document,
    ),
}
"""Every kind of report by the code that the log has it under."""


def title_of(kind: str, from_on: date, to_on: date) -> str:
    """What a report is called in lists: its kind, and its year or its days."""
    if kind in YEARLY:
        return f"{_LABELS[kind]} {financial_year_of(from_on).label}"
    return f"{_LABELS[kind]}, {in_words(from_on)} to {in_words(to_on)}"


def prefilled(session: Session, counted: Counted) -> dict[str, str]:
    """The words with which a report begins, by name of the field."""
    return BY_CODE[counted.kind].prefilled(session, counted.report)


def renewed(words: Words, was: Words, now: Words) -> dict[str, str]:
    """Words after the figures were counted again: what nobody touched follows the figures."""
    return {
        name: begun if words.get(name, "") == was.get(name, "") else words[name]
        for name, begun in now.items()
    }
