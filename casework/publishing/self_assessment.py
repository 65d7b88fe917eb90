"""The only place that begins the office's assessment of its own reviews, from what was recorded.

The Elected Local Policing Bodies (Specified Information) Order 2011, Schedule, paragraph
7C(b)(ii) (inserted by SI 2021/547) has a local policing body publish “an assessment by the elected
local policing body of its performance in exercising its functions under paragraph 30(1)(b) of
Schedule 3 to the Police Reform Act 2002 (reviews: the relevant review body)”. The parts are those
that the guidance on the Order asks for; people write on in each before it is approved.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.events import histories_of
from casework.audit.words import SIGN_OFF
from casework.counts.narrative import narrative, number, the_office
from casework.counts.report import Report
from casework.delegations import FUNCTIONS, register
from casework.documents import annual
from casework.documents.model import Document
from casework.documents.naming import short_name
from casework.documents.parts import Field, Standing
from casework.letters.rendering.body import gap, literal
from casework.models import Item
from casework.models.base import table_of
from casework.oversight.decisions import standing_decisions
from workflows.calendar import in_words
from workflows.complaint_review import COMPLAINT_REVIEW, COMPLETE, LOG
from workflows.complaint_review_choices import CHANNELS
from workflows.conflict import CONFLICT
from workflows.definition import Entry
from workflows.history import standing_entries

_ITEMS = table_of(Item).c
FIELDS = (
    Field("about", "About this assessment"),
    Field("delegated", "Delegated functions", "Who reviews and decides for the office, by post."),
    Field("timeliness", "Timeliness", "Say what held reviews up, and what was done about it."),
    Field(
        "quality",
        "Quality, integrity and impartiality",
        "Training, legal advice, sampling of decided reviews, and what they showed.",
    ),
    Field("administration", "Administration", "Staff, help with applying, and IT."),
    Field("learning", "Recommendations and learning", "What changed because of them."),
    Field("assessment", "Our assessment", "What went well, what did not, and what will change."),
)
"""What people write before it is approved, in the order it is printed."""


@dataclass(frozen=True)
class _Basis:
    """What the words are made from."""

    session: Session
    report: Report

    @property
    def from_on(self) -> date:
        """The first day of the year."""
        return self.report.whole.period.from_on

    @property
    def last_on(self) -> date:
        """The last day that is counted."""
        return self.report.whole.period.last_day(self.report.status_on)

    def plain(self, block: str) -> Any:
        """A block of the report by its published names."""
        return self.report.edition.block(block).plain(self.report.whole, self.report.settings)

    def cases(self, figure: str) -> list[str]:
        """The tokens of the cases that a figure counts."""
        return [counted.case for counted in self.report.whole.figures[figure]]


def prefilled(session: Session, report: Report) -> dict[str, str]:
    """The words with which each field begins, by its name, in the plain text of letters."""
    basis = _Basis(session, report)
    return {name: "\n\n".join(said(basis)) for name, said in _SAID.items()}


def document(report: Report, typed: Mapping[str, str], standing: Standing) -> Document:
    """The assessment as a document, with the figures that it rests on."""
    title = f"Assessment of our own complaint reviews, {short_name(report)}"
    return annual.document(report, typed, standing, fields=FIELDS, title=title)


def _about(basis: _Basis) -> list[str]:
    days = f"{in_words(basis.from_on)} to {in_words(basis.last_on)}"
    office = the_office(basis.report.settings.office_name)
    return [
        f"This is the assessment by {office} of its own performance, from {days}, as the body that "
        "reviews how complaints about the police were handled (Police Reform Act 2002, Schedule 3, "
        "paragraph 30(1)(b)).",
        "It is published under the Elected Local Policing Bodies (Specified Information) Order 2011, "
        "Schedule, paragraph 7C(b)(ii).",
    ]


def _delegated(basis: _Basis) -> list[str]:
    held = [
        each.delegation
        for each in register(basis.session)
        if each.delegation.from_on <= basis.last_on
        and (each.delegation.until_on is None or each.delegation.until_on >= basis.from_on)
    ]
    by_function = (
        (function, {each.person for each in held if function.code in each.functions})
        for function in FUNCTIONS
    )
    lines = [
        f"- {function.label}: {number(len(people))} {'person' if len(people) == 1 else 'people'}"
        for function, people in by_function
        if people
    ]
    when = f"between {in_words(basis.from_on)} and {in_words(basis.last_on)}"
    if not lines:
        return [f"No function of reviewing complaints was delegated in writing {when}."]
    return [
        f"These functions were delegated in writing {when} (regulation 50 of the Police "
        "(Complaints and Misconduct) Regulations 2020), to so many people:",
        "\n".join(lines),
        "Nobody to whom a function is delegated is a constable or works for another local policing "
        "body, and each was declared to be somebody whose impartiality cannot reasonably be "
        "doubted.",
    ]


def _timeliness(basis: _Basis) -> list[str]:
    decided, notified = basis.plain("timeliness")
    acknowledged = basis.plain("acknowledgement")
    return [
        f"The office’s targets are {acknowledged['target_working_days']} working days to "
        f"acknowledge an application and {decided['target_working_days']} to decide it. "
        f"{_clock(basis.report.settings.clock_start)} Nothing is taken off for waiting.",
        f"Acknowledged in time: {_of(acknowledged)}. Decided within the target, from receipt: "
        f"{_of(decided)}.",
        _how_long("decision", decided),
        _how_long("decision letter", notified),
        _left_open(basis.last_on, basis.plain("open_cases")),
    ]


def _clock(start: str) -> str:
    if start == "received":
        return "Both run from receipt."
    return (
        f"The office’s own clock for deciding starts when an application is {start}; the figures "
        "here, like those of every report, run from receipt."
    )


def _of(counts: Mapping[str, Any]) -> str:
    """How many were in time: "4 of the 34 whose days are known"."""
    if not counts["known"]:
        return "none whose days are known"
    return f"{counts['within_target']} of the {counts['known']} whose days are known"


def _how_long(end: str, spread: Mapping[str, Any]) -> str:
    if not spread["known"]:
        return f"No decision of the year has known days from receipt to the {end}."
    return (
        f"From receipt to the {end}: {spread['mean_working_days']:g} working days on average, a "
        f"median of {spread['median_working_days']:g}, nine in ten within "
        f"{spread['p90_working_days']} and the longest {spread['max_working_days']} "
        f"(of {spread['known']} with both days known)."
    )


def _left_open(last_on: date, left: Mapping[str, Any]) -> str:
    day, count = in_words(last_on), left["open"]
    if not count:
        return f"On {day} no review was open."
    said = f"On {day} {number(count)} {'review was' if count == 1 else 'reviews were'} open"
    over = f"{number(left['over_target'])} of them over target from receipt"
    if left["oldest_working_days"] is None:
        return f"{said}, {over}."
    return (
        f"{said}, {over}; the oldest had been open for {left['oldest_working_days']} working days."
    )


def _quality(basis: _Basis) -> list[str]:
    return [
        f"The office’s rule is that {SIGN_OFF[basis.report.settings.sign_off]}. {_signed_off(basis)}",
        f"Conflicts of interest declared: {_conflicts(basis)}. Whoever has a conflict can neither see "
        "nor change the case from then on.",
        "Each step is recorded in a log that shows when an entry is altered afterwards. These figures "
        f"were counted from its first {basis.report.log_size:,} entries, and can be counted again from "
        "them.",
    ]


def _signed_off(basis: _Basis) -> str:
    cases = basis.cases("activity.completed")
    taken = list(standing_decisions(basis.session, cases, basis.report.log_size))
    known = [each for each in taken if each.event.via != "import"]
    if not known:
        return "No decision of the year was recorded step by step."
    seconded = sum(not each.is_alone for each in known)
    returned = sum(each.times_returned > 0 for each in known)
    return (
        f"Decisions recorded step by step: {len(known)}. Of these, taken by somebody other than the "
        f"writer of the review: {seconded}. Sent back to be written again before they were taken: "
        f"{returned}."
    )


def _conflicts(basis: _Basis) -> int:
    query = select(_ITEMS.token).where(
        _ITEMS.workflow == CONFLICT.name,
        _ITEMS.state != CONFLICT.initial.name,
        _ITEMS.began_on >= basis.from_on,
        _ITEMS.began_on <= basis.last_on,
    )
    return len(basis.session.execute(query).all())


def _administration(basis: _Basis) -> list[str]:
    activity = basis.plain("activity")
    return [
        literal(narrative(basis.report)),
        f"Received: {activity['received']}. Decided, whenever received: {activity['completed']}. Open "
        f"at the end: {activity['carried_forward']}.",
        _channels(basis),
        gap("how many staff review complaints, and help with applying"),
    ]


def _channels(basis: _Basis) -> str:
    cases, log_size = basis.cases("cohort.received"), basis.report.log_size
    histories = histories_of(basis.session, COMPLAINT_REVIEW, cases).values()
    came = Counter(
        _channel(entry for entry in history if entry.seq < log_size) for history in histories
    )
    known = [f"{each.label.lower()} {came[each.code]}" for each in CHANNELS if came[each.code]]
    unknown = [f"not recorded {came[None]}"] if came[None] else []
    told = "; ".join((*known, *unknown))
    return f"How applications came: {told}." if told else "No application came in the year."


def _channel(history: Iterable[Entry]) -> Any:
    """How an application came, as its entries stand; None when that is not recorded."""
    said = (each for each in standing_entries(history) if each.step in (LOG.name, COMPLETE.name))
    newest = {code: value for entry in said for code, value in entry.facts.items()}
    return newest.get("channel")


def _learning(basis: _Basis) -> list[str]:
    made, learning = basis.plain("recommendations"), basis.plain("learning")
    if not made["made"]:
        said = "No recommendation was made to the force in the year."
    else:
        said = (
            f"Recommendations made to the force: {made['made']}. Accepted: {made['accepted']}; in part: "
            f"{made['partly_accepted']}; not accepted: {made['rejected']}; awaiting a response: "
            f"{made['awaiting']}; response not known: {made['unknown']}. Carried out: "
            f"{made['implemented']}."
        )
    points = (
        f"Learning points that decisions state: {made['observations']}. Noted one by one: "
        f"{learning['noted']}, of which fed back: {learning['fed_back']}."
    )
    return [said, points]


_SAID: dict[str, Callable[[_Basis], list[str]]] = {
    "about": _about,
    "delegated": _delegated,
    "timeliness": _timeliness,
    "quality": _quality,
    "administration": _administration,
    "learning": _learning,
    "assessment": lambda _: [gap("what went well, what did not, and what will change")],
}
