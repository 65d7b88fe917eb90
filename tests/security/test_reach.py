"""Whatever object somebody names in a form, they reach none that they may not see."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import select

from casework.models import Case, Item
from tests import factories
from tests.route_office import SIGNED_OUT
from tests.security.conftest import Siege
from tests.security.harm import harm
from tests.security.sending import Sent, honest, send
from tests.security.walking import Form

pytestmark = pytest.mark.one_database
CASE = re.compile("c_[0-9a-f]{32}")


def others(siege: Siege) -> list[str]:
    """What names the case that is full of names, and all that is kept on it."""
    case = siege.office.db.scalars(
        select(Case).where(Case.grounds.contains(siege.name, autoescape=True))
    ).one()
    items = select(Item.token).where(Item.case_token == case.token)
    return [case.token, case.reference, *siege.office.db.scalars(items)]


def of_the_others(siege: Siege, names: list[str]) -> dict[str, set[str]]:
    """Every row that says anything of that case."""
    marks = [siege.name, *names]
    return {
        table: {row for row in map(repr, rows) if any(mark in row for mark in marks)}
        for table, rows in siege.tables().items()
        if table not in ("draft", "search_words", "search_entry")
    }


def reach(siege: Siege, form: Form, names: list[str], before: dict[str, set[str]]) -> list[str]:
    """What is wrong when who may not see a case names it in every box, and in the address."""
    siege.restore()
    client, chance, state = siege.client("contractor"), Random(str(form.kind)), siege.office.state()
    sent: Sent = {name: [chance.choice(names)] for name in form.boxes if name != "req"}
    plain = honest(form, chance)
    kept = chance.sample(sorted(sent), len(sent) // 2)
    sent |= {name: plain[name] for name in kept if name in plain}
    sent["csrf_token"] = [factories.csrf_token(client)]
    wrong = []
    for each in (form, replace(form, action=CASE.sub(names[0], form.action))):
        answer = send(siege, each, sent, client)
        wrong += harm(each.action, answer)
        if siege.name.encode() in answer.data:
            wrong.append(f"{each.action} shows it")
        if each.action != form.action and answer.status_code not in (403, 404):
            wrong.append(f"{each.action} answers {answer.status_code}")
    if siege.office.state() != state and of_the_others(siege, names) != before:
        wrong.append("changed it")
    return wrong


def test_s03_no_box_of_a_form_reaches_a_case_that_its_sender_may_not_see(siege: Siege) -> None:
    """A contractor sends each of the office’s forms, with another case and what is on it named."""
    siege.restore()
    names = others(siege)
    before = of_the_others(siege, names)
    forms = [form for form in siege.firsts if form.role != SIGNED_OUT]
    found = [(str(form), reach(siege, form, names, before)) for form in forms]
    assert [each for each in found if each[1]] == []
    assert len(found) > 40
