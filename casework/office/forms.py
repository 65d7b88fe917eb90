"""The only place for the fields with which each setting is changed."""

import dataclasses
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovRadioInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from casework import clock
from casework.office import reading, schedule_form
from casework.office.reading import SettingRefused
from casework.office.wording import BY_NAME, CLOCK_START, HELD, SIGN_OFF, WEB_FORM
from casework.office_settings import OfficeSettings
from workflows.calendar import in_words
from workflows.definition import Choice

NEW_FORCES = (1, 2)


class SettingForm(FlaskForm):  # type: ignore[misc]
    """What every setting's form carries: its idempotency key, and the change it was opened on."""

    legends: Mapping[str, str] = {}
    """What stands above fields that belong together, by the name of each."""
    req = HiddenField()
    since = HiddenField()

    def shown(self) -> list[Field]:
        """The fields that people fill in."""
        return [field for field in self if not isinstance(field, HiddenField)]

    def groups(self) -> list[tuple[str, list[Field]]]:
        """The same fields, those that belong together under their legend."""
        found: dict[str, list[Field]] = {}
        for field in self.shown():
            found.setdefault(self.legends.get(field.name, ""), []).append(field)
        return list(found.items())

    def open_on(self, since: int, values: Mapping[str, Any]) -> None:
        """Make this the form of the value there is now; what was typed stays as typed."""
        self.since.data = str(since)
        self.req.data = secrets.token_hex(16)
        for field in self.shown():
            if field.name not in request.form:
                field.data = values.get(field.name, "")


@dataclass(frozen=True)
class Question:
    """How a setting with one field is asked for: the field, its value as typed, and the reader."""

    field: Callable[[str], Field]
    typed: Callable[[Any], Any]
    read: Callable[[str], Any]


def _line(label: str, hint: str = "") -> Field:
    return StringField(label, description=hint, widget=GovTextInput())


def _lines(label: str, hint: str) -> Field:
    return TextAreaField(label, description=hint, widget=GovTextArea())


def _number(label: str, hint: str = "In working days.") -> Field:
    shape = {"classes": "govuk-input--width-3", "inputmode": "numeric"}
    return StringField(label, description=hint, widget=GovTextInput(), render_kw={"params": shape})


def _radios(choices: tuple[Choice, ...], label: str) -> Field:
    return RadioField(
        label,
        choices=[SelectChoice(choice.code, choice.label) for choice in choices],
        widget=GovRadioInput(),
        validate_choice=False,
    )


def _ticks(choices: tuple[Choice, ...], label: str) -> Field:
    return SelectMultipleField(
        label,
        choices=[SelectChoice(choice.code, choice.label) for choice in choices],
        widget=GovCheckboxesInput(),
        validate_choice=False,
    )


def _some_of(choices: tuple[Choice, ...]) -> Question:
    codes = tuple(choice.code for choice in choices)
    return Question(partial(_ticks, choices), list, partial(reading.read_choices, codes))


def _one_of(choices: tuple[Choice, ...]) -> Question:
    codes = tuple(choice.code for choice in choices)
    return Question(partial(_radios, choices), str, partial(reading.read_choice, codes))


def _days_typed(days: tuple[date, ...]) -> str:
    return "\n".join(in_words(day) for day in days)


def _day_typed(day: date | None) -> str:
    return _days_typed((day,) if day else ())


_CONTACT_HINT = (
    "In one line, to follow the words “please get in touch:”. For example: 01632 960123, "
    "reviews@example.org, or Fen House, Market Row, Saltby SB1 1AA."
)
_PATTERN_HINT = (
    "{year} stands for the financial year, {number} for the number of the case in it; "
    "{number:03} has at least three digits."
)
_RETENTION_HINT = (
    "To follow the words “We keep your case”. For example: for six years from the end of the "
    "financial year in which it ended."
)
_DAY_HINT = "Like 3 May 2027 or 03/05/2027."

_QUESTIONS = {
    "office_name": Question(_line, str, reading.read_name),
    "contact_details": Question(partial(_line, hint=_CONTACT_HINT), str, reading.read_line),
    "iopc_address": Question(
        partial(_lines, hint="As on an envelope, or one email address."),
        "\n".join,
        reading.read_lines,
    ),
    "reference_pattern": Question(partial(_line, hint=_PATTERN_HINT), str, reading.read_pattern),
    "acknowledge_target": Question(_number, str, reading.read_target),
    "decide_target": Question(_number, str, reading.read_target),
    "answer_target": Question(_number, str, reading.read_target),
    "clock_start": _one_of(CLOCK_START),
    "sign_off": _one_of(SIGN_OFF),
    "extra_holidays": Question(
        partial(_lines, hint="One day on each line, like 3 May 2027 or 03/05/2027."),
        _days_typed,
        reading.read_holidays,
    ),
    "web_form": _one_of(WEB_FORM),
    "apply_otherwise": Question(
        partial(
            _lines,
            hint="One way on each line. For example: Email reviews@example.org.",
        ),
        "\n".join,
        reading.read_lines,
    ),
    "data_protection_contact": Question(
        partial(_line, hint="In one line: who it is, and how to reach them."),
        str,
        reading.read_line,
    ),
    "retention_period": Question(partial(_line, hint=_RETENTION_HINT), str, reading.read_line),
    "accessibility_contact": Question(
        partial(_line, hint="In one line, to follow the words “please get in touch:”."),
        str,
        reading.read_line,
    ),
    "accessibility_prepared_on": Question(
        partial(_line, hint=_DAY_HINT),
        _day_typed,
        lambda typed: reading.read_past_day(clock.today(), typed),
    ),
    "panel_name": Question(_line, str, reading.read_name),
    "report_from": Question(
        partial(_line, hint="For example: Alex Wold, Chief Executive, the office’s name."),
        str,
        reading.read_line,
    ),
    "contact_officer": Question(_line, str, reading.read_line),
    "contact_officer_details": Question(_line, str, reading.read_line),
    "small_base": Question(partial(_number, hint="50 is usual."), str, reading.read_smallest),
    "small_number": Question(partial(_number, hint="5 is usual."), str, reading.read_smallest),
    "second_factor_roles": _some_of(HELD),
    "checkpoint_days": Question(partial(_number, hint="7 is usual."), str, reading.read_days),
    "iopc_statistics_on": Question(
        partial(_line, hint=_DAY_HINT),
        _day_typed,
        lambda typed: reading.read_past_day(clock.today(), typed),
    ),
}


def form_of(name: str, settings: OfficeSettings) -> SettingForm:
    """The form of a setting, as it was posted or empty."""
    if name in _SHEETS:
        sheet = _SHEETS[name]
        fields: dict[str, Any] = {**dict(sheet.fields(settings)), "legends": sheet.legends}
    else:
        fields = {"value": _QUESTIONS[name].field(BY_NAME[name].label)}
    made: SettingForm = type("OneSettingForm", (SettingForm,), fields)()
    return made


def typed_of(name: str, settings: OfficeSettings) -> Mapping[str, Any]:
    """The value there is, by field, as somebody would type it."""
    if name in _SHEETS:
        return _SHEETS[name].typed(settings)
    return {"value": _QUESTIONS[name].typed(getattr(settings, name))}


def read(
    name: str, form: SettingForm, settings: OfficeSettings, used_forces: frozenset[str]
) -> Any:
    """The value typed. Raises SettingRefused; `used_forces` are those that cases have."""
    if name in _SHEETS:
        return _SHEETS[name].read(form, settings, used_forces)
    value = _QUESTIONS[name].read(form["value"].data or "")
    _refuse_unready_form(settings, name, value)
    return value


def _refuse_unready_form(settings: OfficeSettings, name: str, value: Any) -> None:
    """Refuse a change that would leave the public form switched on without what it needs."""
    changed = replace(settings, **{name: value})
    if changed.web_form != "on" or not changed.missing_for_form:
        return
    if name != "web_form":
        raise SettingRefused("The public form needs this. Switch the form off before you empty it.")
    labels = (f"“{BY_NAME[each].label}”" for each in changed.missing_for_form)
    raise SettingRefused(f"Give these settings before you switch it on: {', '.join(labels)}.")


def field_to_mend(
    name: str, form: SettingForm, settings: OfficeSettings, refusal: SettingRefused
) -> Field:
    """The field that a refusal is about."""
    if name in _SHEETS:
        return form[_SHEETS[name].to_mend(settings, refusal)]
    return form["value"]


def _force_fields(settings: OfficeSettings) -> list[tuple[str, Field]]:
    hint = "To take it away, leave this empty; only while no case is about it."
    fields = [(f"force_{code}", _line(f"Name of {code}", hint)) for code, _ in settings.forces]
    code_hint = "Small letters, digits and _, such as west_midlands. It cannot be changed later."
    for row in NEW_FORCES:
        which = "A new force" if row == 1 else "Another new force"
        fields.append((f"new_name_{row}", _line(f"{which}: name")))
        fields.append((f"new_code_{row}", _line(f"{which}: code", code_hint)))
    return fields


def _read_forces(form: SettingForm, settings: OfficeSettings, used: frozenset[str]) -> Any:
    kept = [code for code, _ in settings.forces]
    typed = [(code, form[f"force_{code}"].data or "") for code in kept]
    typed += [
        (form[f"new_code_{row}"].data or "", form[f"new_name_{row}"].data or "")
        for row in NEW_FORCES
    ]
    return reading.read_forces(typed, kept, used)


def _force_to_mend(settings: OfficeSettings, refusal: SettingRefused) -> str:
    new_row = refusal.row - len(settings.forces)
    if new_row < 0:
        return f"force_{settings.forces[refusal.row][0]}"
    return f"new_{refusal.part}_{NEW_FORCES[new_row]}"


@dataclass(frozen=True)
class Sheet:
    """How a setting of several fields is asked for: its fields, as typed, read, and to mend."""

    fields: Callable[[OfficeSettings], list[tuple[str, Field]]]
    typed: Callable[[OfficeSettings], dict[str, str]]
    read: Callable[[SettingForm, OfficeSettings, frozenset[str]], Any]
    to_mend: Callable[[OfficeSettings, SettingRefused], str]
    legends: Mapping[str, str] = dataclasses.field(default_factory=dict)


_SHEETS = {
    "forces": Sheet(
        _force_fields,
        lambda settings: {f"force_{code}": name for code, name in settings.forces},
        _read_forces,
        _force_to_mend,
    ),
    "retention_schedule": Sheet(
        lambda _: schedule_form.fields(),
        lambda settings: schedule_form.typed(settings.schedule),
        lambda form, _, __: schedule_form.read(form.data),
        lambda _, refusal: schedule_form.field_to_mend(refusal),
        schedule_form.LEGENDS,
    ),
}
