"""The only place that makes reports up: counted in truth, from lives that no database has."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from casework.counts.figures import Part
from casework.counts.lives import Life, Period, Span
from casework.counts.report import Report, with_settings
from casework.office_settings import OfficeSettings
from workflows.calendar import FinancialYear, in_words

YEAR, STATUS_ON = FinancialYear(2022), date(2023, 7, 6)
ROOT = "3f" * 32
OFFICE = OfficeSettings(office_name="Office of the Police and Crime Commissioner for Fenmarch")
ENDS = ("upheld", "not_upheld", "invalid", "forwarded", "withdrawn", "")
BASES = st.sampled_from((1, 5, 50))
"""From how many on an office says a percentage."""
_CODES = ("A1", "A3", "B4", "F2", "F6", "H3", "L")
_KINDS = ("apology", "refer_to_iopc", "reflective_practice")
_ROUTES = ("otherwise", "investigation", "")


def life(
    number: int,
    received_on: date,
    took: Sequence[int] = (7, 28, 30),
    ends: str = "",
    *,
    is_valid: bool = True,
    is_estimated: bool = False,
    codes: Sequence[str] = (),
    kinds: Sequence[str] = (),
    route: str = "",
) -> Life:
    """A case: when it came, after how many days it was valid, closed and told, and how it ended."""
    case = f"c_{number}"
    valid_on, closed_on, told_on = (received_on + timedelta(days=days) for days in took)

    def span(code: str, on: date, item: str = "") -> Span:
        return Span(item, code, on, None, is_estimated)

    spans: dict[str, tuple[Span, ...]] = {"received": (span("", received_on),)}
    spans["categories"] = tuple(span(code, received_on, code) for code in codes)
    if is_valid and ends not in ("invalid", "forwarded"):
        spans["validity"] = (span("valid", valid_on),)
    if ends:
        spans["closure"] = (span(ends, closed_on),)
        spans["notified"] = (span("", told_on),)
    if ends == "invalid":
        spans["invalid_reason"] = (span("out_of_time" if number % 2 else "other", closed_on),)
    if ends == "upheld":
        made = [(kind, f"i_{place}_{case}") for place, kind in enumerate(kinds)]
        spans["recommendations"] = tuple(span(kind, closed_on, item) for kind, item in made)
        spans["responses"] = tuple(span("accepted", told_on, item) for _, item in made[:1])
    if route:
        spans["route"] = (span(route, received_on),)
    return Life(case, spans["received"][0], spans)


def some(cases: int) -> list[Life]:
    """So many cases, the same each time: one a week from April 2022, ending in every way."""
    return [
        life(
            number,
            YEAR.first_on + timedelta(days=7 * number),
            (3 + number % 5, 20 + number % 31, 24 + number % 31),
            ENDS[number % len(ENDS)],
            codes=_CODES[number % 3 : number % 7],
            kinds=_KINDS[: number % 4],
            route=_ROUTES[number % 3],
        )
        for number in range(cases)
    ]


def lives() -> st.SearchStrategy[list[Life]]:
    """Cases of the year and of the one before, none to thirty."""
    days = st.dates(YEAR.first_on - timedelta(days=365), YEAR.last_on)
    took = st.lists(st.integers(0, 120), min_size=3, max_size=3).map(sorted)
    one = st.builds(
        life,
        st.integers(0, 10**9),
        days,
        took,
        st.sampled_from(ENDS),
        is_valid=st.booleans(),
        is_estimated=st.booleans(),
        codes=st.lists(st.sampled_from(_CODES), max_size=3, unique=True),
        kinds=st.lists(st.sampled_from(_KINDS), max_size=2),
        route=st.sampled_from(_ROUTES),
    )
    return st.lists(one, max_size=30, unique_by=lambda each: each.case)


def report(
    of: Sequence[Life], settings: OfficeSettings = OFFICE, period: Period | None = None
) -> Report:
    """The report of the year 2022-23, or of the days given, that counts these lives."""
    year, days = (None, period) if period else (YEAR, Period(YEAR.first_on, YEAR.last_on))
    quarters = year.quarters if year else ()
    uncounted = Report(
        year=year,
        status_on=STATUS_ON,
        log_size=412,
        log_root=ROOT,
        settings=settings,
        whole=Part("", days, {}),
        lives={each.case: each for each in sorted(of, key=lambda one: one.received.from_on)},
        quarters=tuple(
            Part(each.label, Period(each.first_on, each.last_on), {}) for each in quarters
        ),
        year_to_date=tuple(
            Part(f"To {in_words(each.last_on)}", Period(YEAR.first_on, each.last_on), {})
            for each in quarters
        ),
    )
    previous = replace(
        uncounted,
        year=FinancialYear(year.starts_in - 1) if year else None,
        status_on=STATUS_ON.replace(year=2022),
        whole=Part("", Period(*(_year_before(day) for day in (days.from_on, days.to_on))), {}),
        quarters=(),
        year_to_date=(),
    )
    return with_settings(replace(uncounted, previous=previous), settings)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1)
