"""How tests work an office through its pages: cases as told, drawn facts, forms as posted."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
)
from werkzeug.test import TestResponse

from casework import clock
from casework.audit import record
from casework.audit.verify import verify_log
from casework.extensions import db
from config import Settings
from tests import factories
from tests import review_model as model
from tests.applications import application
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import Fact

ALL_STEPS = tuple(model.TABLE)
ONWARD = ("log", "find_valid", "write_review", "uphold", "not_uphold", "reopen")
REFUSED = {400, 403, 404, 409, 422}
MOST_CASES = 2
MOST_AT_ONCE = 5
FIRST_DAY = 60
"""How many days before today a case may begin."""
CORRECTABLE = (
    "effective_on",
    "route",
    "outcome_provided_on",
    "first_received_by",
    "recommendations",
    "waiting_for",
    "invalid_reason",
    "reopen_reason",
)
SPOKEN = ("Seen.", "Grounds = 1+1; <b>bold</b>\nand “more”", "Café naïve 𝔘")


@dataclass
class Told:
    """A case as the test has been told of it."""

    token: str
    entries: list[model.Did] = field(default_factory=list)
    texts: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """How many entries the case has in the log."""
        return len(self.entries)

    @property
    def state(self) -> str:
        """The state the case must be in."""
        return model.state_of(self.entries)

    @property
    def last_day(self) -> date:
        """The last day on which anything stands."""
        return max((did.day for did in model.standing(self.entries)), default=clock.today())


@dataclass(frozen=True)
class Posted:
    """A post that had its effect, to be made again."""

    by: str
    url: str
    fields: dict[str, Any]


class ReviewDriver(RuleBasedStateMachine):
    """People, their browsers, and what a machine of rules needs to post as they would."""

    new_settings: Callable[[], Settings]

    def __init__(self) -> None:
        super().__init__()
        self.lending = application(type(self).new_settings())
        self.app = self.lending.__enter__()
        self.cases: list[Told] = []
        self.people: list[model.Person] = []
        self.clients: dict[str, FlaskClient] = {}
        self.csrf: dict[str, str] = {}
        self.last: Posted | None = None
        self.size = 0

    def teardown(self) -> None:
        """At the end the log verifies, by everything it says; then the database may go."""
        with self.app.app_context():
            assert [found for found in verify_log(db.session) if not found.holds] == []
        self.lending.__exit__(None, None, None)

    def _hire(self, *roles: str) -> None:
        who = factories.person(db.session, *roles)
        person = model.Person(who.token, frozenset(roles))
        client = self.app.test_client()
        factories.sign_in(client, who)
        self.people.append(person)
        self.clients[person.token] = client
        self.csrf[person.token] = factories.csrf_token(client)

    def _somebody(self, draws: st.DataObject, roles: frozenset[str]) -> model.Person:
        """Anybody, but two times in three somebody who holds one of the roles."""
        fit = [person for person in self.people if person.roles & roles]
        chosen = draws.draw(st.integers(0, 2), label="anybody?")
        return draws.draw(st.sampled_from(self.people if chosen == 0 else fit), label="person")

    def _some_step(self, draws: st.DataObject, case: Told) -> str:
        """Any step, but mostly one that the table allows now, and mostly one towards a decision."""
        life = model.live(model.standing(case.entries))
        state = life.state if life else None
        fit = [step for step, moves in model.TABLE.items() if state in moves]
        onward = [step for step in fit if step in ONWARD] or fit
        pools = (ALL_STEPS, fit, onward, onward)
        pool = pools[draws.draw(st.integers(0, 3), label="which steps?")]
        return draws.draw(st.sampled_from(pool), label="step")

    def _some_day(self, draws: st.DataObject, case: Told) -> date:
        """Any day, tomorrow too; mostly not before what already stands."""
        today = clock.today()
        is_any = draws.draw(st.integers(0, 3), label="any day?") == 0
        first = today - timedelta(days=FIRST_DAY) if is_any else case.last_day
        last = today + timedelta(days=1) if is_any else today
        return draws.draw(st.dates(first, max(first, last)), label="day")

    def _facts(
        self, draws: st.DataObject, step: str, day: date
    ) -> tuple[dict[str, Any], dict[str, str], bool]:
        """Coded facts by code and texts by name for a step, and whether nothing needed is absent."""
        facts: dict[str, Any] = {}
        texts: dict[str, str] = {}
        is_whole = True
        for fact in COMPLAINT_REVIEW.steps_by_name[step].facts:
            if fact.is_for_import:
                continue
            odds = 15 if fact.required else 2
            value = None
            if draws.draw(st.integers(0, odds), label=f"{fact.name}?") > (not fact.required):
                value = draws.draw(self._value(fact, day), label=fact.name)
            if value in (None, (), False):
                is_whole = is_whole and not fact.required
            elif fact.is_personal:
                texts[fact.name] = value
            else:
                facts[fact.code] = value
        return facts, texts, is_whole

    def _value(self, fact: Fact, day: date) -> st.SearchStrategy[Any]:
        if fact.kind == "text":
            return st.sampled_from(SPOKEN)
        if fact.kind == "day":
            return st.integers(-2, 45).map(lambda ago: min(day - timedelta(ago), clock.today()))
        if fact.kind == "flag":
            return st.booleans()
        if fact.kind == "number":
            return st.integers(0, 3)
        codes = self._codes(fact)
        if fact.kind == "choice":
            return st.sampled_from(codes)
        return st.lists(st.sampled_from(codes), max_size=2, unique=True).map(
            lambda chosen: tuple(sorted(chosen, key=codes.index))
        )

    def _codes(self, fact: Fact) -> list[str]:
        if fact.choices == "people":
            return [person.token for person in self.people]
        if fact.choices == "forces":
            return ["force"]
        assert not isinstance(fact.choices, str)
        return [choice.code for choice in fact.choices]

    def _new(
        self,
        step: str,
        day: date,
        person: model.Person,
        facts: dict[str, Any],
        target: int | None = None,
    ) -> model.Did:
        return model.Did(self.size, step, day, person.token, facts, target)

    def _fields(
        self, step: str, day: date, facts: dict[str, Any], texts: dict[str, str]
    ) -> dict[str, Any]:
        by_code = COMPLAINT_REVIEW.steps_by_name[step].facts_by_code
        fields: dict[str, Any] = {**texts, **typed_day("effective_on", day)}
        for code, value in facts.items():
            fields |= typed(by_code[code].name, value)
        return fields

    def _correctable(self, draws: st.DataObject, now: model.Did) -> str:
        held = () if now.step in model.AMENDMENTS else now.facts
        codes = [code for code in CORRECTABLE if code == "effective_on" or code in held]
        return draws.draw(st.sampled_from(codes), label="what is corrected")

    def _corrected_value(self, draws: st.DataObject, now: model.Did, code: str) -> Any:
        if code == "effective_on":
            days = st.integers(-4, 4).map(lambda by: now.day + timedelta(by))
            return draws.draw(days, label="to")
        step = COMPLAINT_REVIEW.steps_by_name[now.step]
        return draws.draw(self._value(step.facts_by_code[code], now.day), label="to")

    def _correction(self, case: Told, now: model.Did, code: str, value: Any) -> dict[str, Any]:
        """The correction form as a browser sends it: everything as it stands but one thing."""
        facts = {"effective_on": now.day, **now.facts, code: value}
        fields: dict[str, Any] = dict(case.texts.get(now.seq, {}))
        for name, held in facts.items():
            fields |= typed(name, held)
        return {**fields, "reason": "Mistyped."}

    def _post(
        self, person: model.Person, url: str, fields: dict[str, Any], version: int | None
    ) -> TestResponse:
        sent = {"csrf_token": self.csrf[person.token], "req": secrets.token_hex(16), **fields}
        if version is not None:
            sent["version"] = str(version)
        answer = self.clients[person.token].post(url, data=sent)
        if answer.status_code in (302, 303):
            self.last = Posted(person.token, url, sent)
        return answer

    def _comes_out(
        self, answer: TestResponse, case: Told, expected: model.Did | None, *, may: bool = True
    ) -> bool:
        """Whether the post was accepted, which it must have been exactly when the model says so."""
        is_accepted = expected is not None and may
        grown = self._log_size() - self.size
        if is_accepted:
            assert answer.status_code in (302, 303), answer.text
            assert grown == 1
            assert expected is not None
            case.entries.append(expected)
            self.size += 1
        else:
            assert answer.status_code in REFUSED, (answer.status_code, answer.location)
            assert grown == 0
        return is_accepted

    def _log_size(self) -> int:
        with self.app.app_context():
            return record.log_size(db.session)


def typed(name: str, value: Any) -> dict[str, Any]:
    """A value as a browser sends it."""
    if isinstance(value, date):
        return typed_day(name, value)
    if isinstance(value, bool):
        return {name: "y"} if value else {}
    if isinstance(value, tuple):
        return {name: list(value)}
    return {name: str(value)}


def typed_day(name: str, day: date) -> dict[str, str]:
    """A day in its three boxes."""
    return {
        f"{name}-day": str(day.day),
        f"{name}-month": str(day.month),
        f"{name}-year": str(day.year),
    }
