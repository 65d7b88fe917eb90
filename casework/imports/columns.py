"""The only place that lists the columns of a register to import: what each holds, and in words.

The importer reads cells by it; the template, the page about the columns and its documentation
are written from it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflows import complaint_review_choices as choices
from workflows.calendar import COVERED_FROM, in_words
from workflows.definition import Choice

ColumnKind = Literal["text", "day", "code", "codes", "number"]
SEPARATOR = ";"
LONGEST_REFERENCE = 60
LONGEST_TEXT = 100_000
MOST_OBSERVATIONS = 9_999
EARLIEST_LETTER_ON = date(1900, 1, 1)
"""Letters may be older than the days on which this office acted, but not of another century."""
_DAY = "A day as YYYY-MM-DD or DD/MM/YYYY"


@dataclass(frozen=True)
class Column:
    """One column: codes between `;` keep their order, and repeat only where `may_repeat`.

    `about` is a sentence or two for whoever fills it in, and `example` a cell of it. A `may_skip`
    list may leave a place blank. `earliest_on` is the first day that is no slip.
    """

    name: str
    about: str
    example: str = ""
    kind: ColumnKind = "text"
    choices: tuple[Choice, ...] = ()
    needed: str = ""
    is_required: bool = False
    may_repeat: bool = False
    may_skip: bool = False
    longest: int = LONGEST_TEXT
    is_one_line: bool = False
    earliest_on: date = COVERED_FROM

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that a cell may hold."""
        return tuple(choice.code for choice in self.choices)

    @property
    def is_needed(self) -> str:
        """Whether a cell must be filled in: “Yes”, where, or nothing."""
        return "Yes" if self.is_required else self.needed

    @property
    def accepted(self) -> str:
        """What a cell may hold, in words; the codes are `choices`."""
        if self.kind == "day":
            return f"{_DAY}, from {in_words(self.earliest_on)} to today"
        if self.kind == "code":
            return "One of these codes"
        if self.kind == "codes":
            order = ", in the order of the recommendations" if self.may_skip else ""
            return f"These codes with “{SEPARATOR}” between{order}"
        if self.kind == "number":
            return f"A whole number from 0 to {MOST_OBSERVATIONS:,}"
        lines = "in one line" if self.is_one_line else "over any number of lines"
        return f"Words {lines}, up to {self.longest:,} characters"

    @property
    def wanted(self) -> str:
        """The sentence that asks for a cell that must be filled in."""
        if self.kind == "day":
            return "Give the day as YYYY-MM-DD or DD/MM/YYYY."
        return "Give the office’s reference of the review."


@dataclass(frozen=True)
class Group:
    """Columns that are about one thing, as they are explained together."""

    title: str
    columns: tuple[Column, ...]


def _day(name: str, about: str, example: str, **rules: object) -> Column:
    return Column(name, about, example, kind="day", **rules)  # type: ignore[arg-type]


def _code(
    name: str, about: str, example: str, listed: tuple[Choice, ...], needed: str = ""
) -> Column:
    return Column(name, about, example, kind="code", choices=listed, needed=needed)


_VALIDITY = (Choice("valid", "Valid"), Choice("invalid", "Invalid"))
_OUTCOMES = (Choice("upheld", "Upheld"), Choice("not_upheld", "Not upheld"))
_EXTENDED = (Choice("yes", "Special circumstances were accepted"),)
_RESPONSES = tuple(choice for choice in choices.RESPONSES if choice.code != "unknown")

_REVIEW = Group(
    "The review",
    (
        Column(
            "reference",
            "The office’s own reference of the review. No two rows, and no two cases, share one.",
            "CR/2022-23/001",
            is_required=True,
            longest=LONGEST_REFERENCE,
            is_one_line=True,
        ),
        Column(
            "force",
            "The force that the complaint was about, by its code or name in the office’s settings. "
            "Blank means the only one there is.",
            needed="Where the office has several forces",
        ),
        Column("force_reference", "The force’s reference of the complaint.", "CO/1234/22"),
        _code("route", "How the force handled the complaint.", "otherwise", choices.ROUTES),
        Column(
            "categories",
            "The allegations by national category: a letter, or a letter and a number.",
            "A1;B4",
            kind="codes",
            choices=choices.CATEGORIES,
        ),
    ),
)
_APPLICATION = Group(
    "The application",
    (
        _day("received_on", "The day this office received it.", "2022-04-06", is_required=True),
        _day(
            "letter_dated_on",
            "The date on the outcome letter.",
            "2022-03-14",
            earliest_on=EARLIEST_LETTER_ON,
        ),
        _day(
            "outcome_provided_on",
            "The day the outcome was provided to the complainant, from which the 28 days run.",
            "2022-03-15",
            earliest_on=EARLIEST_LETTER_ON,
        ),
        _day(
            "first_received_on",
            "The day it was first received, where it went to another body before.",
            "2022-04-04",
            earliest_on=EARLIEST_LETTER_ON,
        ),
        _code("first_received_by", "Which body that was.", "iopc", choices.FIRST_RECEIVERS),
        _code("channel", "How it came.", "email", choices.CHANNELS),
        Column("complainant_name", "Who the complainant is.", "Rosa Mensah"),
        Column("complainant_email", "Their email address.", "rosa.mensah@example.org"),
        Column("complainant_address", "Their postal address.", "4 Mill Lane, Fenmarch"),
        Column("grounds", "Why they apply, in their words.", "Nobody watched the video."),
    ),
)
_WORK = Group(
    "What the office did",
    (
        _day("acknowledged_on", "The day the application was acknowledged.", "2022-04-07"),
        _day("file_requested_on", "The day the force was asked for its file.", "2022-04-08"),
        _day("file_received_on", "The day the file came.", "2022-04-20"),
        _code(
            "validity",
            "Whether the application was found valid. Blank with an outcome means valid.",
            "valid",
            _VALIDITY,
        ),
        _day(
            "validity_on",
            "The day of that. Blank for a valid one means the earliest day that needs it "
            "(reviewed, decided, withdrawn, forwarded), or else the latest before it; that day then "
            "counts as a best guess.",
            "2022-04-11",
            needed="Where it is invalid",
        ),
        _code(
            "invalid_reason",
            "Why it is invalid.",
            "",
            choices.INVALID_REASONS,
            "Where it is invalid",
        ),
        _code("time_extended", "Whether a late application was taken all the same.", "", _EXTENDED),
        _day(
            "reviewed_on",
            "The day the review was written. Blank for a decided one means the day of the "
            "decision; that day then counts as a best guess.",
            "2022-05-16",
        ),
    ),
)
_ENDING = Group(
    "How it ended",
    (
        _day("forwarded_on", "The day it was forwarded to the IOPC.", ""),
        _code("outcome", "What was decided.", "upheld", _OUTCOMES, "Where there is a decision day"),
        _day(
            "decided_on",
            "The day of the decision.",
            "2022-05-18",
            needed="Where there is an outcome",
        ),
        _day("notified_on", "The day the decision letter was sent.", "2022-05-19"),
        _day("withdrawn_on", "The day it was withdrawn.", ""),
        Column(
            "recommendations",
            "What was recommended to the force, on upholding. notify_dpp alone may also be given "
            "where an investigation is not upheld.",
            "apology;investigate",
            kind="codes",
            choices=choices.RECOMMENDATIONS,
            may_repeat=True,
        ),
        Column(
            "responses",
            "What the force answered to each. A blank place means that no answer is known.",
            "accepted;",
            kind="codes",
            choices=_RESPONSES,
            may_repeat=True,
            may_skip=True,
        ),
        Column("observations", "How many learning points were fed back.", "2", kind="number"),
    ),
)
_LISTED = (_REVIEW, _APPLICATION, _WORK, _ENDING)
DAYS = tuple(column.name for group in _LISTED for column in group.columns if column.kind == "day")
_SURENESS = Group(
    "How sure the days are",
    (
        Column(
            "estimated",
            "Which days of the row are a best guess. They count for how a case stood and are left "
            "out of timeliness.",
            "acknowledged_on",
            kind="codes",
            choices=tuple(Choice(name, "") for name in DAYS),
        ),
    ),
)
GROUPS = (*_LISTED, _SURENESS)
COLUMNS = {column.name: column for group in GROUPS for column in group.columns}

BEFORE_RECEIPT = ("letter_dated_on", "outcome_provided_on", "first_received_on")
AFTER_RECEIPT = tuple(name for name in DAYS if name not in ("received_on", *BEFORE_RECEIPT))
IN_ORDER = (
    ("validity_on", "reviewed_on", "decided_on", "notified_on"),
    ("file_requested_on", "file_received_on"),
    ("validity_on", "withdrawn_on"),
    ("reviewed_on", "withdrawn_on"),
    ("validity_on", "forwarded_on"),
)
"""Days that may not come before the ones named to their left, where both are known."""
