"""The only place for the words of the settings: what each is called, what it does, its values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework import clock
from casework.audit.words import role_of, spelt_out
from workflows.calendar import financial_year_of, in_words
from workflows.definition import Choice
from workflows.retention import DEFAULT, OUTCOMES, Rule
from workflows.roles import ROLES

SIGN_OFF = (
    Choice("second_person", "A second person: whoever wrote the review does not decide it"),
    Choice("chief_executive", "The Chief Executive decides every review"),
    Choice("sole", "The reviewer may decide alone"),
)
CLOCK_START = (
    Choice("received", "The day the application was received"),
    Choice("acknowledged", "The day the application was acknowledged"),
    Choice("validated", "The day the application was found valid"),
)
WEB_FORM = (
    Choice("on", "On: anybody may apply on the web form"),
    Choice("off", "Off: its pages say how else to apply"),
)
HELD = tuple(Choice(role, spelt_out(role_of(role))) for role in ROLES)


@dataclass(frozen=True)
class Setting:
    """What a setting is called and does; `lines` writes a value, as events hold it, in words."""

    name: str
    label: str
    purpose: str
    lines: Callable[[Any], tuple[str, ...]]


@dataclass(frozen=True)
class Group:
    """Settings that belong together on the page."""

    name: str
    title: str
    settings: tuple[Setting, ...]


def example_reference(pattern: str) -> str:
    """The reference that the first case of this financial year would get."""
    return pattern.format(year=financial_year_of(clock.today()).label, number=1)


def _as_it_is(value: Any) -> tuple[str, ...]:
    return (str(value),)


def _if_any(value: str) -> tuple[str, ...]:
    return (value or "None",)


def _lines(value: list[str]) -> tuple[str, ...]:
    return tuple(value) or ("None",)


def _pattern(value: str) -> tuple[str, ...]:
    return (f"{value}, which gives {example_reference(value)}",)


def _forces(value: list[list[str]]) -> tuple[str, ...]:
    return tuple(f"{name} ({code})" for code, name in value)


def _days(value: list[str]) -> tuple[str, ...]:
    return tuple(in_words(date.fromisoformat(day)) for day in value) or ("None",)


def _day(value: str | None) -> tuple[str, ...]:
    return _days([value] if value else [])


def _roles(value: list[str]) -> tuple[str, ...]:
    return tuple(role.label for role in HELD if role.code in value) or ("Nobody has to",)


def _working_days(value: int) -> tuple[str, ...]:
    return (f"{value} working day{'' if value == 1 else 's'}",)


def _schedule(value: list[list[Any]]) -> tuple[str, ...]:
    outcomes = {choice.code: choice.label for choice in OUTCOMES}
    rules = tuple(Rule(*each) for each in value)
    lines = tuple(f"{outcomes[rule.outcome]}: {rule.words}" for rule in rules or DEFAULT)
    return lines if rules else ("Default, confirm yours:", *lines)


def _days_counted(value: int) -> tuple[str, ...]:
    return (f"{value} day{'' if value == 1 else 's'}",)


def _one_of(choices: tuple[Choice, ...]) -> Callable[[str], tuple[str, ...]]:
    labels = {choice.code: choice.label for choice in choices}
    return lambda value: (labels[value],)


GROUPS = (
    Group(
        "office",
        "The office",
        (
            Setting(
                "office_name",
                "Name of the office",
                "Stands at the top of every page, in letters and in reports.",
                _as_it_is,
            ),
            Setting(
                "contact_details",
                "Contact details",
                "Telephone, email and address of the office, as letters give them. While there are none, "
                "each letter leaves them to be completed.",
                _if_any,
            ),
            Setting(
                "forces",
                "Police forces",
                "The forces whose outcomes this office reviews. A force’s code is in the log and in "
                "registers, so it stays; its name may change.",
                _forces,
            ),
            Setting(
                "iopc_address",
                "Address of the IOPC",
                "Where applications are forwarded to, as the letter to the IOPC gives it. While there is "
                "none, each letter leaves it to be completed.",
                _lines,
            ),
            Setting(
                "reference_pattern",
                "Pattern of references",
                "How a new case is numbered. Cases that have a reference keep it.",
                _pattern,
            ),
        ),
    ),
    Group(
        "time",
        "Time limits and decisions",
        (
            Setting(
                "acknowledge_target",
                "Target for acknowledging",
                "Working days after receipt by which an application should be acknowledged.",
                _working_days,
            ),
            Setting(
                "decide_target",
                "Target for deciding",
                "Working days by which a review should be decided. Reports count how many were.",
                _working_days,
            ),
            Setting(
                "answer_target",
                "Time for an applicant to answer",
                "Working days that an applicant is given when something is asked. Whoever asks may give "
                "more or less.",
                _working_days,
            ),
            Setting(
                "clock_start",
                "When the clock for deciding starts",
                "The day from which the target for deciding is counted. Every report prints which.",
                _one_of(CLOCK_START),
            ),
            Setting(
                "sign_off",
                "Who decides",
                "The office’s written delegation. It holds for each case, whoever has which roles.",
                _one_of(SIGN_OFF),
            ),
            Setting(
                "extra_holidays",
                "Extra bank holidays",
                "Days that are bank holidays in England and Wales and are not yet in this release. They "
                "are not working days.",
                _days,
            ),
        ),
    ),
    Group(
        "public_form",
        "The public form",
        (
            Setting(
                "web_form",
                "Public form",
                "Whether the public may ask for a review on the web form of this installation. It can be "
                "switched on once the office has given what its pages and notices have to say.",
                _one_of(WEB_FORM),
            ),
            Setting(
                "apply_otherwise",
                "Other ways to apply",
                "How to ask for a review without the web form. Its pages say so, also while it is off.",
                _lines,
            ),
            Setting(
                "data_protection_contact",
                "Data protection contact",
                "The data protection officer, or whoever answers for personal data, in the privacy notice.",
                _if_any,
            ),
            Setting(
                "retention_period",
                "How long cases are kept",
                "The office’s retention schedule, as the privacy notice tells it.",
                _if_any,
            ),
            Setting(
                "accessibility_contact",
                "Accessibility contact",
                "Whom to tell when a page cannot be used, in the accessibility statement. While there is "
                "none, the contact details of the office stand there.",
                _if_any,
            ),
            Setting(
                "accessibility_prepared_on",
                "Day of the accessibility statement",
                "The day on which the office last checked the accessibility statement of the public form. "
                "Look at it again every year.",
                _day,
            ),
        ),
    ),
    Group(
        "retention",
        "Keeping and erasing",
        (
            Setting(
                "retention_schedule",
                "Retention schedule",
                "How long a case is kept after it ended, by its outcome. What is past it may be "
                "proposed to be erased, and is erased once a second person approves. Casework comes "
                "with six years from the end of the financial year: most claims can be brought for "
                "six years (Limitation Act 1980), and other offices have published as much.",
                _schedule,
            ),
        ),
    ),
    Group(
        "reports",
        "Reports",
        (
            Setting(
                "panel_name",
                "Name of the panel",
                "The police and crime panel, as it stands at the head of reports to it.",
                _as_it_is,
            ),
            Setting(
                "report_from",
                "Who reports to the panel",
                "Name, post and body, after the words “Report of”. Whoever prepares a report may change it.",
                _if_any,
            ),
            Setting(
                "contact_officer",
                "Contact officer",
                "Whom members of the panel may ask about a report.",
                _if_any,
            ),
            Setting(
                "contact_officer_details",
                "How to reach the contact officer",
                "Email and telephone, as reports to the panel give them.",
                _if_any,
            ),
            Setting(
                "small_base",
                "Smallest base of a percentage",
                "Where fewer were decided, documents say “4 of 34” and give no percentage.",
                _as_it_is,
            ),
            Setting(
                "small_number",
                "Smallest number in breaks by personal characteristics",
                "Smaller counts, but for none, are withheld there, and others with them, so that nobody can "
                "be recognised. Totals and outcomes are always given.",
                _as_it_is,
            ),
            Setting(
                "iopc_statistics_on",
                "Day of the IOPC’s annual statistics",
                "The office’s assessment of its own performance has to be published within one month "
                "beginning with this day.",
                _day,
            ),
        ),
    ),
    Group(
        "sign_in",
        "Signing in",
        (
            Setting(
                "second_factor_roles",
                "Who signs in with a second factor",
                "Whoever holds one of these roles is asked for a code from their phone besides the "
                "password, and sets that up when they next sign in. Anybody else may set one up. Whom "
                "your organisation’s directory has asked for one is not asked again.",
                _roles,
            ),
        ),
    ),
    Group(
        "log",
        "The log",
        (
            Setting(
                "checkpoint_days",
                "Days an entry may wait for a checkpoint outside",
                "What is newer than the newest checkpoint held outside the office, nobody outside can "
                "vouch for. Older than this, the page of checkpoints and the verification warn.",
                _days_counted,
            ),
        ),
    ),
)
"""Every setting, in the order of the page."""
SETTINGS = tuple(setting for group in GROUPS for setting in group.settings)
BY_NAME = {setting.name: setting for setting in SETTINGS}
