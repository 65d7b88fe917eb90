"""The only place that says what people write in each kind of report, and with which words it begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from casework.counts.narrative import narrative
from casework.publishing import self_assessment
from casework.publishing.counting import YEARLY, Counted
from workflows.calendar import financial_year_of, in_words
from workflows.publication import KINDS, SELF_ASSESSMENT

LABELS = {kind.code: kind.label for kind in KINDS}


@dataclass(frozen=True)
class Part:
    """A part of a report that people write: its name, its title, and what belongs there."""

    name: str
    title: str
    hint: str = ""
    is_long: bool = True


SUMMARY = Part("summary", "Summary", "The paragraph that others quote.")
PARTS = (
    SUMMARY,
    Part("commentary", "What the figures tell", "Left out when nothing is written here."),
)
ASSESSED = tuple(Part(*field) for field in self_assessment.FIELDS)


def title_of(kind: str, from_on: date, to_on: date) -> str:
    """What a report is called in lists: its kind, and its year or its days."""
    if kind in YEARLY:
        return f"{LABELS[kind]} {financial_year_of(from_on).label}"
    return f"{LABELS[kind]}, {in_words(from_on)} to {in_words(to_on)}"


def parts_of(kind: str) -> tuple[Part, ...]:
    """What people write in a report of this kind, in the order it is printed."""
    return ASSESSED if kind == SELF_ASSESSMENT else PARTS


def prefilled(session: Session, counted: Counted) -> dict[str, str]:
    """The words with which a report begins, by name of the part."""
    if counted.kind == SELF_ASSESSMENT:
        return self_assessment.prefilled(session, counted.report)
    return {part.name: "" for part in parts_of(counted.kind)} | {
        SUMMARY.name: narrative(counted.report)
    }


def renewed(
    words: Mapping[str, str], was: Mapping[str, str], now: Mapping[str, str]
) -> dict[str, str]:
    """Words after the figures were counted again: what nobody touched follows the figures."""
    return {
        name: begun if words.get(name, "") == was.get(name, "") else words[name]
        for name, begun in now.items()
    }
