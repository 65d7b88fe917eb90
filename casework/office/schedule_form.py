"""The only place for the fields with which the retention schedule is changed, a rule for each outcome."""

import re
from collections.abc import Mapping
from typing import Any, cast

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextInput
from wtforms import Field, RadioField, SelectChoice, SelectField, StringField

from casework.office.reading import SettingRefused
from workflows.retention import (
    FEWEST_YEARS,
    MOST_YEARS,
    OUTCOMES,
    TRIGGERS,
    Rule,
    Schedule,
    Trigger,
)

YEARS, TRIGGER, START = "years", "trigger", "start"
DAY, YEAR_END = "day", "year_end"
STARTS = (
    SelectChoice(DAY, "That day"),
    SelectChoice(YEAR_END, "The end of its financial year, 31 March"),
)
LEGENDS = {
    f"{part}_{outcome.code}": outcome.label
    for outcome in OUTCOMES
    for part in (YEARS, TRIGGER, START)
}


def fields() -> list[tuple[str, Field]]:
    """The fields of every rule, by name, in the order of the outcomes."""
    made = []
    for outcome in OUTCOMES:
        number = {"params": {"classes": "govuk-input--width-3", "inputmode": "numeric"}}
        triggers = [SelectChoice(trigger.code, trigger.label) for trigger in TRIGGERS]
        made += [
            (
                f"{YEARS}_{outcome.code}",
                StringField("Years kept", widget=GovTextInput(), render_kw=number),
            ),
            (
                f"{TRIGGER}_{outcome.code}",
                SelectField(
                    "What starts the time",
                    choices=triggers,
                    widget=GovSelect(),
                    validate_choice=False,
                ),
            ),
            (
                f"{START}_{outcome.code}",
                RadioField(
                    "Counted from",
                    choices=list(STARTS),
                    widget=GovRadioInput(),
                    validate_choice=False,
                ),
            ),
        ]
    return made


def typed(schedule: Schedule) -> dict[str, str]:
    """A schedule, by field, as somebody would type it."""
    shown = {}
    for rule in schedule:
        shown[f"{YEARS}_{rule.outcome}"] = str(rule.years)
        shown[f"{TRIGGER}_{rule.outcome}"] = rule.trigger
        shown[f"{START}_{rule.outcome}"] = YEAR_END if rule.from_year_end else DAY
    return shown


def read(given: Mapping[str, Any]) -> Schedule:
    """The schedule typed into these fields, by name. Raises SettingRefused."""
    return tuple(_rule(row, given) for row in range(len(OUTCOMES)))


def field_to_mend(refusal: SettingRefused) -> str:
    """The name of the field that a refusal is about."""
    return f"{refusal.part}_{OUTCOMES[refusal.row].code}"


def _rule(row: int, given: Mapping[str, Any]) -> Rule:
    outcome = OUTCOMES[row]
    said = {part: given.get(f"{part}_{outcome.code}") or "" for part in (YEARS, TRIGGER, START)}
    years = said[YEARS].strip()
    is_number = re.fullmatch("[0-9]{1,3}", years) is not None
    if not is_number or not FEWEST_YEARS <= int(years) <= MOST_YEARS:
        raise SettingRefused(
            f"{outcome.label}: enter a whole number of years, {FEWEST_YEARS} to {MOST_YEARS}.",
            row,
            YEARS,
        )
    is_from_year_end = said[START] == YEAR_END
    known = {TRIGGER: {choice.code for choice in TRIGGERS}, START: {DAY, YEAR_END}}
    for part, codes in known.items():
        if said[part] not in codes:
            raise SettingRefused(f"{outcome.label}: select one.", row, part)
    trigger = cast("Trigger", said[TRIGGER])
    return Rule(outcome.code, trigger, int(years), is_from_year_end)
