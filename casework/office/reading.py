"""The only place that judges what was typed for a setting; each refusal says what to mend."""

import re
import string
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime

from casework.office_settings import MOST_CHECKPOINT_DAYS
from workflows.calendar import COVERED_FROM, COVERED_TO, in_words

LONGEST_NAME = 200
LONGEST_LINE = 400
MOST_LINES = 10
LONGEST_REFERENCE = 60
LARGEST_TARGET = 365
MOST_HOLIDAYS = 200
_CODE = re.compile("[a-z][a-z0-9_]{0,39}")
_LITERAL = re.compile("[A-Za-z0-9/._ -]*")
_DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y")


class SettingRefused(Exception):
    """What was typed cannot be the setting's value; the message is a sentence.

    Of forces it says which row is to be mended, and whether its name or its code.
    """

    def __init__(self, sentence: str, row: int = 0, part: str = "name") -> None:
        super().__init__(sentence)
        self.row, self.part = row, part


def read_name(typed: str) -> str:
    """A name in one line."""
    name = " ".join(typed.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise SettingRefused(f"Enter a name of {LONGEST_NAME} characters or fewer.")
    return name


def read_line(typed: str) -> str:
    """Words in one line that pages and letters put into a sentence of theirs, or none."""
    line = " ".join(typed.split()).rstrip(".")
    if len(line) > LONGEST_LINE or not line.isprintable():
        raise SettingRefused(f"Enter {LONGEST_LINE} characters or fewer.")
    return line


def read_lines(typed: str) -> tuple[str, ...]:
    """Lines of words, each once and none empty."""
    lines = dict.fromkeys(read_line(line) for line in typed.splitlines() if line.strip())
    if len(lines) > MOST_LINES:
        raise SettingRefused(f"Enter {MOST_LINES} lines or fewer.")
    return tuple(line for line in lines if line)


def read_choice(codes: Collection[str], typed: str) -> str:
    """One of these codes."""
    if typed not in codes:
        raise SettingRefused("Select one.")
    return typed


def read_choices(codes: Collection[str], typed: Collection[str]) -> tuple[str, ...]:
    """Any of these codes, or none, in their order."""
    if not set(typed) <= set(codes):
        raise SettingRefused("Select among what is there.")
    return tuple(code for code in codes if code in typed)


def read_target(typed: str) -> int:
    """A number of working days."""
    return _whole(typed, "a whole number of working days")


def read_days(typed: str) -> int:
    """For how many days an entry may be without a checkpoint outside."""
    return _whole(typed, "a whole number of days", MOST_CHECKPOINT_DAYS)


def read_smallest(typed: str) -> int:
    """The smallest number that may be published."""
    return _whole(typed, "a whole number")


def _whole(typed: str, what: str, most: int = LARGEST_TARGET) -> int:
    said = typed.strip()
    if not re.fullmatch("[0-9]{1,3}", said) or not 1 <= int(said) <= most:
        raise SettingRefused(f"Enter {what}, 1 to {most}.")
    return int(said)


def read_pattern(typed: str) -> str:
    """A pattern of references: `{year}` and `{number}`, `{number:03}` for at least three digits."""
    pattern = typed.strip()
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError:
        raise SettingRefused("Close every { with a }, as in CR/{year}/{number:03}.") from None
    names = [name for _, name, _, _ in parts if name is not None]
    if names.count("number") != 1 or names.count("year") > 1 or set(names) - {"number", "year"}:
        raise SettingRefused(
            "Give {number} once and {year} at most once, as in CR/{year}/{number:03}."
        )
    for literal, name, how, conversion in parts:
        if not _LITERAL.fullmatch(literal):
            raise SettingRefused("Use letters, digits, spaces and / . _ - around the number.")
        is_width = name == "number" and re.fullmatch("(0[1-9])?", how or "")
        if name is not None and (conversion or not (is_width or how == "")):
            raise SettingRefused("After {number you may say 01 to 09, as in {number:03}.")
    if len(pattern.format(year="2026-27", number=10**9)) > LONGEST_REFERENCE:
        raise SettingRefused(f"References would be longer than {LONGEST_REFERENCE} characters.")
    return pattern


def read_forces(
    typed: Sequence[tuple[str, str]], kept: Collection[str], used: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """Forces from codes and names as typed; a row without a name is left out.

    `kept` are the codes there were, `used` those that cases have: they cannot be left out.
    """
    forces: dict[str, str] = {}
    rows = [(code.strip(), name.strip()) for code, name in typed]
    for row, (code, name) in enumerate(rows):
        if not name and code in used:
            raise SettingRefused(f"There are cases of the force {code}. Give it a name.", row)
        if not name and code and code not in kept:
            raise SettingRefused(f"Give the force {code} a name.", row)
        if not name:
            continue
        if not _CODE.fullmatch(code):
            raise SettingRefused(
                f"Give {name[:LONGEST_NAME]} a code of small letters, digits and _ that begins "
                "with a letter, such as west_midlands.",
                row,
                "code",
            )
        if code in forces:
            raise SettingRefused(
                f"Two forces have the code {code}. Give each its own.", row, "code"
            )
        forces[code] = _force_name(name, forces, row)
    if not forces:
        raise SettingRefused("Give at least one force.")
    return tuple(forces.items())


def _force_name(typed: str, forces: Mapping[str, str], row: int) -> str:
    try:
        name = read_name(typed)
    except SettingRefused as refusal:
        raise SettingRefused(str(refusal), row) from None
    if name.casefold() in {other.casefold() for other in forces.values()}:
        raise SettingRefused(f"Two forces have the name {name}. Give each its own.", row)
    return name


def read_holidays(typed: str) -> tuple[date, ...]:
    """Days, one on each line, sorted; each once."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) > MOST_HOLIDAYS:
        raise SettingRefused(f"Give {MOST_HOLIDAYS} days or fewer.")
    return tuple(sorted({_day(line) for line in lines}))


def read_past_day(today: date, typed: str) -> date | None:
    """A day that has come, or none."""
    if not typed.strip():
        return None
    day = _day(typed.strip())
    if day > today:
        raise SettingRefused(f"{in_words(day)} is in the future. Enter the day it was done.")
    return day


def _day(line: str) -> date:
    for form in _DAY_FORMATS:
        try:
            day = datetime.strptime(line, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        if COVERED_FROM <= day <= COVERED_TO:
            return day
        raise SettingRefused(
            f"{in_words(day)} is outside the years that working days are known for, "
            f"{COVERED_FROM.year} to {COVERED_TO.year}."
        )
    raise SettingRefused(f"{line[:40]!r} is not a day. Write it like 3 May 2027 or 03/05/2027.")
