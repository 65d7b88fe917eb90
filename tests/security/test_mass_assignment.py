"""Whatever is posted beside what a form shows changes nothing."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from random import Random

import pytest
import time_machine
from sqlalchemy import Boolean, Date, DateTime, Integer

from casework import clock
from casework.models import Base
from tests.security.conftest import Siege
from tests.security.sending import Sent, honest, send
from tests.security.walking import Form
from workflows import ITEMS, OFFICE, WORKFLOWS
from workflows.history import EFFECTIVE_ON

pytestmark = pytest.mark.one_database
TELLING = {
    "role": "administrator",
    "roles": "administrator",
    "permissions": "see_all_cases",
    "is_admin": "1",
    "state": "upheld",
    "via": "system",
    "actor": "system",
}
NOT_COMPARED = {
    *("held_file", "waiting_application", "second_factor", "recovery_code", "limited_use"),
    "draft",
}
"""Tables of bytes that are never the same twice, and of what is kept as it was sent."""
HASH = re.compile(r"\$argon2id\$[^']+")
ENOUGH = 15
"""How many forms must be taken for this to say anything."""
OF_A_LIST = {"desk.export"}
"""Forms that carry the whole question of a list, of which they show what was asked."""


@pytest.fixture
def same_each_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Random]:
    """Time stands still, and chance is the same again once it is seeded."""
    chance = Random(0)
    monkeypatch.setattr(secrets, "token_hex", lambda n=32: chance.randbytes(n).hex())
    monkeypatch.setattr(secrets, "token_bytes", lambda n=32: chance.randbytes(n))
    monkeypatch.setattr(secrets, "token_urlsafe", lambda n=32: chance.randbytes(n).hex())
    with time_machine.travel(clock.now(), tick=False):
        yield chance


def names(siege: Siege) -> dict[str, str]:
    """Every name of a column or a fact, and what somebody might wish it to be."""
    wished: dict[str, str] = dict(TELLING)
    other = siege.office.people["contractor"].token
    for column in (column for table in Base.metadata.sorted_tables for column in table.columns):
        kinds = {Boolean: "false", Integer: "7", Date: "2020-01-02", DateTime: "2020-01-02T03:04"}
        found = [value for kind, value in kinds.items() if isinstance(column.type, kind)]
        is_person = column.name in {"assignee", "person", "person_token"}
        wished.setdefault(column.name, other if is_person else (found or ["zqmass"])[0])
    for workflow in (*WORKFLOWS.values(), *ITEMS.values(), *OFFICE.values()):
        for fact in (fact for step in workflow.steps for fact in step.facts):
            wished.setdefault(fact.name, "zqmass")
    return wished


def outcome(
    siege: Siege, chance: Random, form: Form, sent: Sent
) -> tuple[int, dict[str, set[str]]]:
    """What comes of a form in the office as it was: the answer's status, and what rows come or go."""
    siege.restore()
    chance.seed(0)
    answer = send(siege, form, sent)
    tables = {
        name: {HASH.sub("", repr(row)) for row in rows ^ siege.before[name]}
        for name, rows in siege.tables().items()
        if name not in NOT_COMPARED
    }
    return answer.status_code, tables


def beside(form: Form, wished: dict[str, str]) -> dict[str, str]:
    """What the form does not ask for."""
    asked = {*form.boxes, *form.form.xpath(".//@name"), EFFECTIVE_ON}
    stems = {name.partition("-")[0] for name in asked}
    return {name: value for name, value in wished.items() if name not in asked | stems}


def attack(siege: Siege, chance: Random, form: Form, wished: dict[str, str], seed: int = 0) -> int:
    """Send a form plainly and, where it is taken, with all that it does not ask for; the status."""
    sent = honest(form, Random(seed))
    plain = outcome(siege, chance, form, sent)
    if plain[0] >= 400:
        return plain[0]
    more: Sent = {name: [value] for name, value in beside(form, wished).items()}
    status, tables = outcome(siege, chance, form, {**sent, **more})
    assert status == plain[0], (str(form), status, plain[0])
    differ = {name: tables[name] ^ plain[1][name] for name in tables}
    assert not any(differ.values()), (str(form), {k: v for k, v in differ.items() if v})
    return status


def test_s07_what_no_form_asks_for_changes_nothing(siege: Siege, same_each_time: Random) -> None:
    wished = names(siege)
    mine = [form for form in siege.firsts if form.endpoint not in OF_A_LIST]
    told = [attack(siege, same_each_time, form, wished) for form in mine]
    assert len([status for status in told if status < 400]) > ENOUGH, told


@pytest.mark.thorough
def test_s07_what_no_form_asks_for_changes_nothing_of_any_kind(
    siege: Siege, same_each_time: Random, record_property: Callable[[str, object], None]
) -> None:
    wished = names(siege)
    mine = [form for form in siege.forms if form.endpoint not in OF_A_LIST]
    told = [attack(siege, same_each_time, form, wished, n) for form in mine for n in range(3)]
    record_property("forms", len(mine))
    record_property("taken", len([status for status in told if status < 400]))
    record_property("names", len(wished))
