"""The only place that lists what a force's list may tell of a review, and how its cells are read."""

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflows import complaint_review_choices as choices

Order = Literal["day", "month"]
"""Whether 3/4/2026 begins with the day or with the month."""
ORDERS: tuple[Order, ...] = ("day", "month")
REFERENCE = "reference"
_NUMBERS = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_NAMED = re.compile(
    r"(?:[a-z]+,? )?([0-9]{1,2})(?:st|nd|rd|th)?[ \-/]([a-z]{3,9})[ \-/,]+([0-9]{4}|[0-9]{2})"
)
_MONTH_NAMED = re.compile(r"([a-z]{3,9}) ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_TIME = re.compile(r"[ t][0-9]{1,2}:[0-9][0-9](:[0-9][0-9](\.[0-9]+)?)?( ?[ap]m)?z?$")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True)
class Column:
    """Something a list may tell: `headings` are words by which a force's own column is guessed.

    `words` are patterns of what a cell of codes may hold, the first that begins a word in it
    decides; `labels` are these codes in words. Columns of days have neither.
    """

    code: str
    label: str
    hint: str
    headings: tuple[str, ...]
    words: tuple[tuple[str, str], ...] = ()
    labels: Mapping[str, str] | None = None

    @property
    def is_day(self) -> bool:
        """Whether its cells hold days."""
        return self.labels is None and self.code != REFERENCE

    def read(self, text: str, order: Order) -> str | None:
        """A cell as a code or as a day (2026-04-03); None when it says nothing. Or ValueError."""
        if self.labels is None:
            return read_day(text, order).isoformat()
        words = text.casefold()
        if words in _SAYS_NOTHING:
            return None
        found = (code for part, code in self.words if re.search(rf"\b{part}", words))
        code = next(found, "")
        if not code:
            raise ValueError(text)
        return code


_SAYS_NOTHING = frozenset(
    [
        "-",
        "–",
        "?",
        "n/a",
        "na",
        "tbc",
        "none",
        "unknown",
        "open",
        "live",
        "ongoing",
        "pending",
        "awaiting",
    ]
) | {"not known", "in progress", "awaiting outcome", "not yet decided"}
OUTCOMES = {
    "upheld": "Upheld",
    "not_upheld": "Not upheld",
    "invalid": "Invalid",
    "forwarded": "Forwarded to the IOPC",
    "withdrawn": "Withdrawn",
}
_BODIES = {choice.code: choice.label for choice in choices.REVIEW_BODIES}
_ROUTES = {choice.code: choice.label for choice in choices.ROUTES}

COLUMNS = (
    Column(
        REFERENCE,
        "The force’s reference of the complaint",
        "By this the list and the cases here are compared.",
        ("reference", "complaint ref", "case ref", "ref no", "ref", "complaint number", "number"),
    ),
    Column(
        "requested_on",
        "Day the review was asked for",
        "Compared with the day of first receipt, here or elsewhere.",
        ("review requested", "date requested", "requested", "request date", "review received"),
    ),
    Column(
        "passed_on",
        "Day the force passed it on",
        "Compared with the day it reached this office.",
        ("passed", "forwarded", "sent to opcc", "sent to pcc", "sent to lpb", "notified"),
    ),
    Column(
        "letter_dated_on",
        "Date on the outcome letter",
        "",
        ("letter", "date of outcome", "final letter"),
    ),
    Column(
        "outcome_provided_on",
        "Day the outcome was provided",
        "The 28 days run from the day after this one.",
        ("provided", "outcome sent", "outcome date", "date finalised", "notification of outcome"),
    ),
    Column(
        "review_body",
        "Review body named",
        "",
        ("review body", "rrb", "relevant review", "body"),
        words=(
            ("iopc", "iopc"),
            ("independent", "iopc"),
            ("o?pf?cc", "lpb"),
            ("lpb", "lpb"),
            ("local polic", "lpb"),
            ("police", "lpb"),
            ("commissioner", "lpb"),
            ("mayor", "lpb"),
            ("mopac", "lpb"),
        ),
        labels=_BODIES,
    ),
    Column(
        "route",
        "How the force handled the complaint",
        "",
        ("handled", "route", "handling", "investigated", "how dealt"),
        words=(
            ("otherwise", "otherwise"),
            ("otbi", "otherwise"),
            ("not investigated", "otherwise"),
            ("6", "otherwise"),
            ("investigat", "investigation"),
            ("25", "investigation"),
        ),
        labels=_ROUTES,
    ),
    Column(
        "outcome",
        "Outcome of the review",
        "",
        ("review outcome", "review result", "review decision", "outcome of review", "result"),
        words=(
            ("not upheld", "not_upheld"),
            ("upheld", "upheld"),
            ("invalid", "invalid"),
            ("not valid", "invalid"),
            ("out of time", "invalid"),
            ("withdrawn", "withdrawn"),
            ("forwarded", "forwarded"),
            ("iopc", "forwarded"),
        ),
        labels=OUTCOMES,
    ),
)
BY_CODE = {column.code: column for column in COLUMNS}
COMPARED = tuple(column for column in COLUMNS if column.code != REFERENCE)


def read_day(text: str, order: Order) -> date:
    """A day as lists write it: 2026-04-03, 03/04/26, 3 April 2026, with or without a time.

    Raises ValueError when it is none.
    """
    words = _TIME.sub("", " ".join(text.casefold().split()))
    for pattern, parts in _WRITTEN:
        found = pattern.fullmatch(words)
        if found:
            return _real(*parts(found, order))
    raise ValueError(text)


def order_of(text: str) -> frozenset[Order]:
    """The orders in which a cell of three numbers is a day; empty when it is no such cell."""
    if not _NUMBERS.fullmatch(_TIME.sub("", " ".join(text.casefold().split()))):
        return frozenset()
    return frozenset(order for order in ORDERS if _is_day(text, order))


def _is_day(text: str, order: Order) -> bool:
    try:
        read_day(text, order)
    except ValueError:
        return False
    return True


def _real(year: str, month: str, day: str) -> date:
    full = int(year) + 2000 if len(year) == 2 else int(year)
    if not FIRST_YEAR <= full <= LAST_YEAR:
        raise ValueError(year)
    number = _MONTHS.get(month[:3], 0) if month.isalpha() else int(month)
    return date(full, number, int(day))


_Parts = Callable[[re.Match[str], Order], tuple[str, str, str]]
"""Year, month and day as they are written."""
_WRITTEN: tuple[tuple[re.Pattern[str], _Parts], ...] = (
    (_ISO, lambda found, _: (found[1], found[2], found[3])),
    (
        _NUMBERS,
        lambda found, order: (
            (found[3], found[2], found[1]) if order == "day" else (found[3], found[1], found[2])
        ),
    ),
    (_DAY_NAMED, lambda found, _: (found[3], found[2], found[1])),
    (_MONTH_NAMED, lambda found, _: (found[3], found[1], found[2])),
)
