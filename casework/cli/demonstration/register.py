"""The only place for the demonstration's closed cases of earlier months, as a register to import.

They come as an office's own old register would: imported, so that nothing pretends to have
been known earlier than it was.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta

from casework.imports.columns import COLUMNS
from workflows.calendar import Calendar, financial_year_of

_CALENDAR = Calendar()
_TREES = [
    "Alder",
    "Ash",
    "Aspen",
    "Beech",
    "Birch",
    "Blackthorn",
    "Box",
    "Cedar",
    "Cherry",
    "Elder",
    "Elm",
    "Fir",
    "Hawthorn",
    "Hazel",
    "Holly",
    "Hornbeam",
    "Juniper",
    "Larch",
    "Lime",
    "Maple",
    "Oak",
    "Pine",
    "Poplar",
    "Rowan",
    "Spindle",
    "Willow",
    "Yew",
    "Medlar",
    "Quince",
    "Sallow",
    "Walnut",
]
_GROUNDS = (
    "Nobody spoke to the witness I named.",
    "The letter answers a different complaint from mine.",
    "It took nine months, and nobody told me why.",
    "The officer’s account was accepted without checks.",
    "The body-worn video was not viewed.",
)


@dataclass(frozen=True)
class Past:
    """A case that ended: received so many days ago, ended so many working days later."""

    days_ago: int
    ending: str
    after: int
    route: str = "otherwise"
    categories: str = "A1"
    force: str = "fenmarch"
    provided: int = 14
    extra: tuple[tuple[str, str], ...] = ()


PAST = (
    Past(548, "not_upheld", 21),
    Past(
        541,
        "upheld",
        27,
        categories="A4;H3",
        extra=(("recommendations", "apology"), ("responses", "accepted")),
    ),
    Past(530, "out_of_time", 8, provided=61),
    Past(519, "not_upheld", 33, "investigation", "B4"),
    Past(505, "not_upheld", 19, categories="H4"),
    Past(492, "no_outcome_letter", 4, force="saltby"),
    Past(480, "withdrawn", 15),
    Past(
        466,
        "upheld",
        41,
        "investigation",
        "B3;B5",
        extra=(
            ("recommendations", "reinvestigate;apology"),
            ("responses", "rejected;accepted"),
            ("observations", "2"),
        ),
    ),
    Past(451, "not_upheld", 24, "", "D2"),
    Past(437, "forwarded", 9, "investigation", "B4;F6"),
    Past(422, "not_upheld", 28, force="saltby"),
    Past(401, "not_upheld", 17, categories="E", extra=(("observations", "1"),)),
    Past(388, "already_reviewed", 6),
    Past(370, "not_upheld", 36, provided=40, extra=(("time_extended", "yes"),)),
    Past(
        352,
        "upheld",
        25,
        categories="C",
        extra=(("recommendations", "return_property"), ("responses", "accepted")),
    ),
    Past(333, "not_upheld", 22, categories="A2", extra=(("estimated", "decided_on"),)),
    Past(310, "not_schedule_3", 5, "", "L"),
    Past(288, "not_upheld", 30, "investigation", "G1", extra=(("recommendations", "notify_dpp"),)),
    Past(262, "not_upheld", 26, force="saltby", categories="A3"),
    Past(
        240,
        "upheld",
        38,
        categories="B1;F6",
        extra=(("recommendations", "investigate"), ("responses", "partly_accepted")),
    ),
    Past(215, "not_upheld", 23),
    Past(190, "withdrawn", 7, force="saltby"),
    Past(168, "not_upheld", 29, categories="H1;H3"),
    Past(150, "handling_unfinished", 6),
    Past(1820, "withdrawn", 9),
    Past(1797, "out_of_time", 12, provided=55),
    Past(1771, "no_outcome_letter", 5),
    Past(1746, "forwarded", 11, "investigation", "B4"),
    Past(1722, "withdrawn", 20, force="saltby"),
    Past(1700, "out_of_time", 7, provided=70),
    Past(1688, "not_schedule_3", 6, "", "L"),
)


def register(today: date) -> bytes:
    """The earlier months as a CSV register whose days lie before `today`."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS), restval="")
    writer.writeheader()
    numbers: dict[str, int] = {}
    for place, past in enumerate(PAST):
        received_on = working_day(today - timedelta(days=past.days_ago))
        year = financial_year_of(received_on).label
        numbers[year] = numbers.get(year, 0) + 1
        reference = f"CR/{year}/{numbers[year]:03}"
        writer.writerow(_row(past, place, reference, received_on))
    return text.getvalue().encode()


def working_day(day: date) -> date:
    """The day itself, or the last working day before it."""
    while not _CALENDAR.is_working_day(day):
        day -= timedelta(days=1)
    return day


def _row(past: Past, place: int, reference: str, received_on: date) -> dict[str, str]:
    def after(days: int) -> str:
        return _CALENDAR.add_working_days(received_on, days).isoformat()

    tree = _TREES[place]
    return {
        "reference": reference,
        "force": past.force,
        "force_reference": f"CO/{4000 + 37 * place}/{received_on:%y}",
        "received_on": received_on.isoformat(),
        "outcome_provided_on": (received_on - timedelta(days=past.provided)).isoformat(),
        "channel": ("web", "email", "post", "telephone")[place % 4],
        "route": past.route,
        "categories": past.categories,
        "complainant_name": f"Applicant {tree}",
        "complainant_email": f"applicant.{tree.lower()}@example.org",
        "complainant_address": f"{place + 1} Example Road, Fenmarch",
        "grounds": _GROUNDS[place % len(_GROUNDS)],
        "acknowledged_on": after(min(3 + place % 4, past.after)),
        **_ending(past, after(past.after), after(past.after + 1), after(past.after - 2)),
        **({"validity": "valid", "validity_on": after(5)} if _was_reviewed(past) else {}),
        **(
            {"file_requested_on": after(4), "file_received_on": after(12)}
            if _was_reviewed(past)
            else {}
        ),
        **dict(past.extra),
    }


def _was_reviewed(past: Past) -> bool:
    return past.ending in ("upheld", "not_upheld")


def _ending(past: Past, ended_on: str, told_on: str, reviewed_on: str) -> dict[str, str]:
    if _was_reviewed(past):
        decision = {"outcome": past.ending, "decided_on": ended_on}
        return {**decision, "reviewed_on": reviewed_on, "notified_on": told_on}
    if past.ending in ("forwarded", "withdrawn"):
        return {f"{past.ending}_on": ended_on, "notified_on": told_on}
    invalid = {"validity": "invalid", "validity_on": ended_on, "invalid_reason": past.ending}
    return {**invalid, "notified_on": told_on}
