"""What may be typed for a setting."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.office import reading
from casework.office.forms import _days_typed
from casework.office.reading import SettingRefused
from casework.office_settings import from_plain
from workflows.calendar import COVERED_FROM, COVERED_TO

ANYTHING = st.text(max_size=80)


@given(ANYTHING | st.text(st.sampled_from("{}yearnumb:03!.[]/ -CR"), max_size=40))
def test_whatever_pattern_is_taken_numbers_two_cases_differently(typed: str) -> None:
    try:
        pattern = reading.read_pattern(typed)
    except SettingRefused:
        return
    made = {pattern.format(year="2026-27", number=number) for number in (1, 2, 10, 999, 1000)}
    assert len(made) == 5
    assert all(0 < len(reference) <= 60 for reference in made)


@pytest.mark.parametrize("typed", ["CR/{year}/{number:03}", "{number}", "OPCC {year}-{number:09}"])
def test_patterns_that_are_taken(typed: str) -> None:
    assert reading.read_pattern(f" {typed} ") == typed


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "CR/{year}",
        "CR/{number",
        "{number}{number}",
        "{number.real}",
        "{number!r}",
        "{number:>9}",
        "{number:99}",
        "{year:3}/{number}",
        "{office}/{number}",
        "{}/{number}",
        "{0}/{number}",
        "<b>{number}",
        "x" * 60 + "{number}",
        "{{number}}",
    ],
)
def test_patterns_that_are_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(SettingRefused, match=r"\.$"):
        reading.read_pattern(typed)


@given(
    st.sets(st.dates(COVERED_FROM, COVERED_TO), max_size=20),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"]),
)
def test_days_are_read_however_they_are_written(days: set[date], form: str) -> None:
    typed = "\n\n".join(f" {day.strftime(form)} " for day in days)
    assert reading.read_holidays(typed) == tuple(sorted(days))
    assert reading.read_holidays(_days_typed(tuple(days))) == tuple(sorted(days))


@given(ANYTHING)
def test_anything_else_is_refused_with_a_sentence(typed: str) -> None:
    for read in (reading.read_holidays, reading.read_target, reading.read_name):
        try:
            read(typed)
        except SettingRefused as refusal:
            said = str(refusal)
        else:
            continue
        assert said.endswith(".")


@pytest.mark.parametrize("typed", ["31/02/2027", "3rd May", "2027-05-03 2027-05-04", "1/1/1999"])
def test_days_that_are_none(typed: str) -> None:
    with pytest.raises(SettingRefused):
        reading.read_holidays(typed)


def test_lines_are_each_once_and_not_too_many() -> None:
    assert reading.read_lines(" Email  us. \r\n\r\nEmail us\nWrite\n.") == ("Email us", "Write")
    for typed in ("\n".join("abcdefghijk"), "x" * 401, "a\0"):
        with pytest.raises(SettingRefused, match="or fewer"):
            reading.read_lines(typed)


def test_a_day_that_has_come_or_none() -> None:
    today = date(2026, 11, 22)
    assert reading.read_past_day(today, " 22/11/2026 ") == today
    assert reading.read_past_day(today, " ") is None
    with pytest.raises(SettingRefused, match="23 November 2026 is in the future"):
        reading.read_past_day(today, "23 November 2026")


@pytest.mark.parametrize("typed", ["0", "366", "-1", "1.5", "", "five", "٥", "1_0", "+5"])
def test_targets_that_are_none(typed: str) -> None:
    with pytest.raises(SettingRefused, match="1 to 365"):
        reading.read_target(typed)


def test_a_target_is_a_number_of_working_days() -> None:
    assert (reading.read_target(" 1 "), reading.read_target("365")) == (1, 365)


def test_no_entry_may_be_without_a_checkpoint_outside_for_longer_than_a_month() -> None:
    assert reading.read_days("31") == 31
    with pytest.raises(SettingRefused, match="1 to 31"):
        reading.read_days("32")
    assert from_plain({"checkpoint_days": 100_000}).checkpoint_days == 31


FORCES = st.dictionaries(
    st.from_regex("[a-z][a-z0-9_]{0,12}", fullmatch=True),
    st.from_regex("[A-Z][a-z]{1,12}", fullmatch=True),
    min_size=1,
    max_size=5,
)


@given(FORCES)
def test_forces_with_codes_and_names_of_their_own_are_kept_in_order(forces: dict[str, str]) -> None:
    rows = list(forces.items())
    if len({name.casefold() for name in forces.values()}) == len(forces):
        assert reading.read_forces([*rows, ("", " ")], (), ()) == tuple(rows)
    else:
        with pytest.raises(SettingRefused, match="Two forces have the name"):
            reading.read_forces(rows, (), ())


@pytest.mark.parametrize(
    ("rows", "used", "said", "row", "part"),
    [
        ([("force", "")], (), "at least one force", 0, "name"),
        ([("force", ""), ("a", "A")], ("force",), "There are cases of the force force", 0, "name"),
        ([("force", "F"), ("a", "")], (), "Give the force a a name", 1, "name"),
        ([("force", "F"), ("West Mids", "W")], (), "Give W a code", 1, "code"),
        ([("force", "F"), ("", "W")], (), "Give W a code", 1, "code"),
        ([("force", "F"), ("force", "W")], (), "Two forces have the code", 1, "code"),
        ([("force", "F"), ("w", "f")], (), "Two forces have the name", 1, "name"),
        ([("force", "F" * 201)], (), "200", 0, "name"),
    ],
)
def test_forces_that_will_not_do_say_which_row(
    rows: list[tuple[str, str]], used: tuple[str, ...], said: str, row: int, part: str
) -> None:
    with pytest.raises(SettingRefused, match=said) as refused:
        reading.read_forces(rows, ("force",), used)
    assert (refused.value.row, refused.value.part) == (row, part)


def test_a_force_that_no_case_has_may_go() -> None:
    rows = [("force", ""), ("borsetshire", "Borsetshire Police")]
    assert reading.read_forces(rows, ("force",), ()) == (("borsetshire", "Borsetshire Police"),)
