"""The only place for what can be done to the tables that follow from the log, the log left as it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, Date, Integer, String, delete, insert, select, update
from sqlalchemy.types import JSON

from casework.models import (
    Base,
    Case,
    DirectoryLink,
    Erasure,
    Item,
    LetterTemplate,
    ListCheck,
    ListFinding,
    Milestone,
    OfficeSetting,
    Person,
    PersonRole,
    Publication,
    SecondFactor,
)
from casework.models.base import table_of
from tests.tampering.deeds import Attack, Deed
from tests.tampering.offices import DAY, Office

LEFT_ALONE = {
    "case": {"id"},
    "item": {"id"},
    "erasure": {"files", "finished_at"},
    "person": {"id", "password_hash"},
    "milestone": {"id"},
    "list_check": {"token", "findings", "met", "unread", "respelt"},
    "list_finding": {
        *("token", "check_token", "subject", "listed", "cases", "differences", "found_at"),
        *("same_as", "ended_at"),
    },
    "publication": {"changed_at", "version", "written_by", "words"},
}
"""Columns of which the log does not tell, by table."""
CHECK_OF = {
    "case": "cases",
    "item": "items",
    "erasure": "erasure table",
    "milestone": "milestones",
    "office_setting": "settings",
    "letter_template": "letter templates",
    "person": "people",
    "person_role": "people",
    "directory_link": "directory links",
    "second_factor": "second factors",
    "publication": "published reports",
    "list_check": "lists",
    "list_finding": "lists",
}
"""The check that has to tell of an altered table."""
NOT_EXPORTED = {"directory_link", "second_factor"}
"""Tables of which strangers get nothing."""
NOT_REPLAYED = "item.due_on"
"""A day that follows from the office’s rules, which strangers do not have."""


def edited(model: type[Base]) -> Attack:
    """One value of one row of a table."""
    table = table_of(model)

    def attack(connection: Connection, chance: Random, office: Office) -> Deed | None:
        query = select(table)
        if model is ListFinding:  # the log tells of none that nobody settled
            query = query.where(table.c.settled_seq.is_not(None))
        rows = connection.execute(query).mappings().all()
        if not rows:
            return None
        row = chance.choice(rows)
        columns = [c for c in table.c if c.name not in LEFT_ALONE.get(table.name, set())]
        columns = [c for c in columns if not c.foreign_keys or c.name == "force"]
        if row.get("erased_on") is not None:
            columns = [c for c in columns if c.name != "reference"]
        column = chance.choice(columns)
        here = [each == row[each.name] for each in table.primary_key]
        value = _other(column.type, row[column.name], column.name)
        connection.execute(update(table).where(*here).values({column.name: value}))
        deed = _deed(table.name)
        is_judged = not column.name.endswith("_key") and str(column) != NOT_REPLAYED
        return replace(deed, is_exported=deed.is_exported and is_judged)

    attack.__name__ = f"{table.name}_edited"
    return attack


def row_deleted(model: type[Base]) -> Attack:
    """One row of a table."""
    table = table_of(model)

    def attack(connection: Connection, chance: Random, office: Office) -> Deed | None:
        rows = connection.execute(select(table)).mappings().all()
        if not rows:
            return None
        row = chance.choice(rows)
        here = [each == row[each.name] for each in table.primary_key]
        connection.execute(delete(table).where(*here))
        return _deed(table.name)

    attack.__name__ = f"{table.name}_row_deleted"
    return attack


def row_added(model: type[Base]) -> Attack:
    """A row of a table, like another but for what names it."""
    table = table_of(model)

    def attack(connection: Connection, chance: Random, office: Office) -> Deed | None:
        rows = connection.execute(select(table)).mappings().all()
        if not rows:
            return None
        row = dict(chance.choice(rows))
        for column in table.c:
            if (
                column.primary_key
                or column.unique
                or column.name in ("number", "from_on", "subject")
            ):
                row[column.name] = _other(column.type, row[column.name], column.name)
        if table.name == "person_role":
            row |= {"person_id": row["person_id"] - 1000, "role": "panel"}
            held = {(each["person_id"], each["role"]) for each in rows}
            row["person_id"] = next(p for p, _ in sorted(held) if (p, "panel") not in held)
        connection.execute(insert(table), row)
        return _deed(table.name)

    attack.__name__ = f"{table.name}_row_added"
    return attack


def _deed(table: str) -> Deed:
    return Deed(checks=frozenset({CHECK_OF[table]}), is_exported=table not in NOT_EXPORTED)


def _other(kind: Any, value: Any, name: str) -> Any:
    """Another value of a column's type."""
    if isinstance(kind, JSON):
        return {"other": 1} if isinstance(value, dict) else ["other"]
    if isinstance(kind, Date):
        return DAY if value != DAY else DAY + timedelta(days=1)
    if isinstance(value, bool):
        return not value
    if isinstance(kind, Integer):
        return (value or 0) + 1000
    if isinstance(kind, String):
        return f"other {value or name}"[: kind.length or 200]
    return datetime(2021, 1, 4, 12, tzinfo=UTC)


EDITED = (
    *(Case, Item, Milestone, OfficeSetting, LetterTemplate, Person, PersonRole),
    *(Publication, ListCheck, ListFinding, Erasure, DirectoryLink),
)
DELETED = (
    *(Case, Item, Milestone, OfficeSetting, Person, PersonRole, Publication, ListCheck),
    *(Erasure, DirectoryLink, SecondFactor),
)
ADDED = DELETED
ATTACKS: Sequence[Attack] = (
    *(edited(model) for model in EDITED),
    *(row_deleted(model) for model in DELETED),
    *(row_added(model) for model in ADDED),
)
