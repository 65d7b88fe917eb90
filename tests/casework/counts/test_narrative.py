"""The sentence of a report reads as English at 0, 1 and many, and names what it is about."""

from datetime import date

import pytest

from casework.counts.figures import Counted, Part
from casework.counts.lives import Period
from casework.counts.narrative import narrative, number, the_office
from casework.counts.report import Report
from casework.office_settings import OfficeSettings
from workflows.calendar import FinancialYear

YEAR = Period(date(2022, 4, 1), date(2023, 3, 31))
STATUS_ON = date(2023, 7, 6)


def said(counts: dict[str, int], status_on: date = STATUS_ON, period: Period = YEAR) -> str:
    figures = {
        f"cohort.{name}": [Counted(f"c_{place}", YEAR.from_on) for place in range(count)]
        for name, count in counts.items()
    }
    report = Report(
        year=FinancialYear(2022),
        status_on=status_on,
        log_size=0,
        log_root="",
        settings=OfficeSettings(office_name="MOPAC"),
        whole=Part("", period, figures),
        lives={},
    )
    return narrative(report).partition(" These figures are")[0]


BEGINS = "Between April 2022 and March 2023, MOPAC considered "
ONE = BEGINS + "one complaint review from the public. "


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, BEGINS + "no complaint reviews from the public."),
        (
            {
                "received": 53,
                "valid": 38,
                "invalid": 15,
                "upheld": 4,
                "not_upheld": 30,
                "ongoing": 4,
            },
            BEGINS + "53 complaint reviews from the public. 38 of these were valid, and 4 of the "
            "34 decided by 6 July 2023 were upheld. 15 were invalid. Four complaint reviews "
            "remain ongoing.",
        ),
        (
            {"received": 36, "valid": 36, "not_upheld": 36},
            BEGINS + "36 complaint reviews from the public. All of these were valid, and none of "
            "the 36 decided by 6 July 2023 was upheld. None remains ongoing.",
        ),
        (
            {"received": 2, "valid": 1, "upheld": 1, "undetermined": 1},
            BEGINS + "two complaint reviews from the public. One of these was valid, and the one "
            "decided by 6 July 2023 was upheld. One awaits a decision on validity.",
        ),
        (
            {"received": 5, "valid": 2, "upheld": 2, "invalid": 1, "forwarded": 1, "withdrawn": 1},
            BEGINS + "five complaint reviews from the public. Two of these were valid, and both "
            "decided by 6 July 2023 were upheld. One was invalid, one forwarded to the IOPC and "
            "one withdrawn. None remains ongoing.",
        ),
        (
            {"received": 3, "valid": 1, "ongoing": 1, "undetermined": 2},
            BEGINS + "three complaint reviews from the public. One of these was valid, and none "
            "had been decided by 6 July 2023. One complaint review remains ongoing. Two await a "
            "decision on validity.",
        ),
        (
            {"received": 1000, "withdrawn": 2, "undetermined": 998},
            BEGINS + "1,000 complaint reviews from the public. None of these was valid. Two were "
            "withdrawn. 998 await a decision on validity.",
        ),
        ({"received": 1, "invalid": 1}, ONE + "It was invalid."),
        ({"received": 1, "valid": 1, "ongoing": 1}, ONE + "It was valid and remains ongoing."),
        (
            {"received": 1, "undetermined": 1},
            ONE + "It has not yet been determined whether it is valid.",
        ),
        (
            {"received": 1, "valid": 1, "upheld": 1},
            ONE + "It was valid, and had been decided by 6 July 2023: it was upheld.",
        ),
    ],
)
def test_the_sentence_is_english(counts: dict[str, int], expected: str) -> None:
    assert said(counts) == expected


@pytest.mark.parametrize(
    ("period", "status_on", "begins"),
    [
        (YEAR, date(2022, 11, 22), "Between 1 April 2022 and 22 November 2022, "),
        (Period(date(2022, 4, 1), date(2022, 4, 30)), STATUS_ON, "In April 2022, "),
        (Period(date(2022, 4, 1), date(2022, 6, 30)), STATUS_ON, "Between April 2022 and June"),
        (Period(date(2022, 4, 2), date(2022, 4, 2)), STATUS_ON, "On 2 April 2022, "),
        (YEAR, date(2022, 3, 1), "On 1 March 2022 the period had not begun: "),
    ],
)
def test_the_sentence_says_its_time(period: Period, status_on: date, begins: str) -> None:
    assert said({"received": 0}, status_on, period).startswith(begins)


def test_the_sentence_says_its_basis() -> None:
    part = Part("", YEAR, {})
    report = Report(FinancialYear(2022), STATUS_ON, 0, "", OfficeSettings(), part, {})
    assert narrative(report).endswith(
        "These figures are of the applications received in that period, as they stood on 6 July "
        "2023; reviews received before it are not among them."
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("MOPAC", "MOPAC"),
        ("The Kent office", "the Kent office"),
        ("Office of the Commissioner", "the Office of the Commissioner"),
    ],
)
def test_the_office_stands_in_a_sentence(name: str, expected: str) -> None:
    assert the_office(name) == expected


def test_small_numbers_are_words() -> None:
    assert [number(count) for count in (0, 1, 9, 10, 1204)] == [
        "none",
        "one",
        "nine",
        "10",
        "1,204",
    ]
