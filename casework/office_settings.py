"""The only place for the settings that staff change: what they are, and as the log has them.

Every change is an event, so a report asked for at an older log size uses the settings of then.
"""

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.models import OfficeSetting
from casework.models.base import table_of
from workflows.calendar import Calendar
from workflows.definition import Choice, OfficeRules
from workflows.retention import DEFAULT, Schedule, schedule_of

_TABLE = table_of(OfficeSetting)
_SETTINGS = select(_TABLE.c.name, _TABLE.c.value).order_by(_TABLE.c.since_seq)


@dataclass(frozen=True)
class OfficeSettings:
    """The office's settings at a log size; targets are in working days.

    `contact_details` is one line of telephone, email and address for letters, empty while the
    office has not given it. In `reference_pattern`, `{year}` is the financial year ("2026-27") and `{number}` counts
    within it. `iopc_address` is where applications are forwarded to, its lines below each other.
    `forces` pairs codes with names. `extra_holidays` are days added to the base
    calendar of bank holidays. From `web_form` on it is what the public form and its notices say,
    from `panel_name` on what published reports say: no percentage is printed of fewer than
    `small_base`, and no cell of 1 or more below `small_number` in a break by personal
    characteristics. `iopc_statistics_on` is the day of the IOPC's last annual statistics. An
    entry of the log may be `checkpoint_days` old before a checkpoint outside covers it, which is at
    most `MOST_CHECKPOINT_DAYS`, whatever an event says.
    Whoever holds one of `second_factor_roles` signs in with a second factor.
    `retention_schedule` is empty until the office confirms one.
    """

    office_name: str = "Office of the Police and Crime Commissioner"
    contact_details: str = ""
    iopc_address: tuple[str, ...] = ()
    reference_pattern: str = "CR/{year}/{number:03}"
    forces: tuple[tuple[str, str], ...] = (("force", "The police force"),)
    sign_off: str = "second_person"
    clock_start: str = "received"
    acknowledge_target: int = 5
    decide_target: int = 28
    answer_target: int = 10
    extra_holidays: tuple[date, ...] = ()
    web_form: str = "off"
    apply_otherwise: tuple[str, ...] = ()
    data_protection_contact: str = ""
    retention_period: str = ""
    accessibility_contact: str = ""
    accessibility_prepared_on: date | None = None
    panel_name: str = "Police and Crime Panel"
    report_from: str = ""
    contact_officer: str = ""
    contact_officer_details: str = ""
    small_base: int = 50
    small_number: int = 5
    iopc_statistics_on: date | None = None
    checkpoint_days: int = 7
    second_factor_roles: tuple[str, ...] = ()
    retention_schedule: Schedule = ()

    @property
    def schedule(self) -> Schedule:
        """How long cases are kept: by the office's own schedule, until there is one the default."""
        return self.retention_schedule or DEFAULT

    @property
    def missing_for_form(self) -> tuple[str, ...]:
        """The settings that have to be given before the public may be asked for personal data.

        The privacy notice is given when data is collected (UK GDPR, article 13), and the
        accessibility statement stands beside the pages (SI 2018/952).
        """
        return tuple(name for name in NEEDED_BY_FORM if not getattr(self, name))

    @property
    def is_form_open(self) -> bool:
        """Whether the public may apply on the web form."""
        return self.web_form == "on" and not self.missing_for_form

    @cached_property
    def calendar(self) -> Calendar:
        """Working days, with the office's extra holidays."""
        return Calendar(frozenset(self.extra_holidays))

    def rules(self, people: tuple[Choice, ...] = ()) -> OfficeRules:
        """What a workflow may ask of the office; `people` are those a case may be assigned to."""
        forces = tuple(Choice(code, name) for code, name in self.forces)
        return OfficeRules(
            sign_off=self.sign_off,  # type: ignore[arg-type]
            clock_start=self.clock_start,  # type: ignore[arg-type]
            acknowledge_target=self.acknowledge_target,
            decide_target=self.decide_target,
            answer_target=self.answer_target,
            calendar=self.calendar,
            lists={"forces": forces, "people": people},
            retention=self.schedule,
        )


NEEDED_BY_FORM = (
    "contact_details",
    "apply_otherwise",
    "data_protection_contact",
    "retention_period",
    "accessibility_prepared_on",
)
NAMES = tuple(OfficeSettings.__dataclass_fields__)
MOST_CHECKPOINT_DAYS = 31
_LISTS = {"iopc_address", "apply_otherwise", "second_factor_roles"}
_DAYS = {"accessibility_prepared_on", "iopc_statistics_on"}


def settings_at(session: Session, log_size: int | None = None) -> OfficeSettings:
    """The office's settings as the log has them now, or at an older log size."""
    query = _SETTINGS
    if log_size is not None:
        query = query.where(_TABLE.c.since_seq < log_size)
    return from_plain({name: json.loads(value) for name, value in session.execute(query)})


def from_plain(values: Mapping[str, Any]) -> OfficeSettings:
    """Settings from the plain values that events hold; what is absent has its default."""
    typed: dict[str, Any] = {name: value for name, value in values.items() if name in NAMES}
    if "forces" in typed:
        typed["forces"] = tuple((code, name) for code, name in typed["forces"])
    if "extra_holidays" in typed:
        typed["extra_holidays"] = tuple(map(date.fromisoformat, typed["extra_holidays"]))
    if "retention_schedule" in typed:
        typed["retention_schedule"] = schedule_of(typed["retention_schedule"])
    if "checkpoint_days" in typed:
        typed["checkpoint_days"] = min(typed["checkpoint_days"], MOST_CHECKPOINT_DAYS)
    for name in _LISTS & typed.keys():
        typed[name] = tuple(typed[name])
    for name in _DAYS & typed.keys():
        typed[name] = date.fromisoformat(typed[name]) if typed[name] else None
    return OfficeSettings(**typed)


def to_plain(settings: OfficeSettings) -> dict[str, Any]:
    """Settings as the plain values that events hold; the inverse of `from_plain`."""
    plain: dict[str, Any] = {name: getattr(settings, name) for name in NAMES}
    plain["forces"] = [list(force) for force in settings.forces]
    plain["extra_holidays"] = [day.isoformat() for day in settings.extra_holidays]
    plain["retention_schedule"] = [list(astuple(rule)) for rule in settings.retention_schedule]
    plain |= {name: list(plain[name]) for name in _LISTS}
    plain |= {name: plain[name].isoformat() for name in _DAYS if plain[name]}
    return plain


def change_settings(
    session: Session, changed: OfficeSettings, *, role: str, origin: record.Origin
) -> tuple[int, ...]:
    """Record each setting that differs from what the log has; the positions of the events.

    Within the caller's write transaction; the caller commits.
    """
    before, after = to_plain(settings_at(session)), to_plain(changed)
    positions = []
    for name, value in after.items():
        if value != before[name]:
            stat = {"setting": name, "value": value}
            event = record.NewEvent("setting_changed", role, stat=stat)
            recorded = record.append(session, event, origin)
            session.add(OfficeSetting(name=name, since_seq=recorded.seq, value=json.dumps(value)))
            positions.append(recorded.seq)
    session.flush()
    return tuple(positions)
