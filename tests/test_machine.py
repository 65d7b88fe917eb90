"""The only place that shows that no path through the pages makes an illegal move.

Hypothesis lets random people take random steps on cases through the web client. What must
come of each post is said by `review_model`, which was written from the contracts alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from werkzeug.test import TestResponse

from casework import clock, create_app, office_settings
from casework.audit import record
from casework.audit.events import events_of, history_of
from casework.audit.verify import verify_log
from casework.counts import milestones
from casework.database import begin_write
from casework.extensions import db
from casework.models import Case
from config import Settings
from tests import factories
from tests import review_model as model
from workflows import WORKFLOWS
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import ROLES, Fact
from workflows.replay import standing_of

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


class ReviewMachine(RuleBasedStateMachine):
    """Cases, the people who work on them, and what the model says of both."""

    new_settings: Callable[[], Settings]

    def __init__(self) -> None:
        super().__init__()
        self.app = create_app(type(self).new_settings())
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
            for engine in db.engines.values():
                engine.dispose()

    @initialize(
        sign_off=st.sampled_from(("second_person", "second_person", "sole", "chief_executive")),
        more=st.lists(
            st.sets(st.sampled_from(ROLES), min_size=1, max_size=3), min_size=2, max_size=2
        ),
    )
    def open_office(self, sign_off: str, more: list[set[str]]) -> None:
        """People with roles, and a rule about who decides."""
        self.sign_off = sign_off
        with self.app.app_context():
            for roles in ({"reviewer"}, {"supervisor"}, {"chief_executive"}, *more):
                self._hire(*sorted(roles))
            begin_write(db.session)
            now = office_settings.settings_at(db.session)
            changed = replace(now, sign_off=sign_off)
            origin = record.Origin("command")
            office_settings.change_settings(db.session, changed, role="system", origin=origin)
            db.session.commit()
            self.size = record.log_size(db.session)

    def _hire(self, *roles: str) -> None:
        who = factories.person(db.session, *roles)
        person = model.Person(who.token, frozenset(roles))
        client = self.app.test_client()
        factories.sign_in(client, who)
        self.people.append(person)
        self.clients[person.token] = client
        self.csrf[person.token] = factories.csrf_token(client)

    # What people do

    @precondition(lambda self: len(self.cases) < MOST_CASES)
    @rule(draws=st.data())
    def log_application(self, draws: st.DataObject) -> None:
        """Somebody logs an application."""
        person = self._somebody(draws, model.WHO["log"])
        day = clock.today() - timedelta(days=draws.draw(st.integers(-1, FIRST_DAY), label="ago"))
        facts, texts, is_whole = self._facts(draws, "log", day)
        new = self._new("log", day, person, facts)
        allowed = model.is_allowed([], new, texts, person, self.sign_off)
        told = Told("", texts={self.size: texts})
        answer = self._post(person, "/cases/log", self._fields("log", day, facts, texts), None)
        if self._comes_out(answer, told, allowed, may=is_whole and day <= clock.today()):
            told.token = answer.location.rpartition("/")[2]
            self.cases.append(told)

    @precondition(lambda self: self.cases)
    @rule(draws=st.data())
    def take_some_steps(self, draws: st.DataObject) -> None:
        """Several people take steps on a case, one after the other."""
        case = draws.draw(st.sampled_from(self.cases), label="case")
        for _ in range(draws.draw(st.integers(1, MOST_AT_ONCE), label="steps")):
            self._take_a_step(draws, case)

    def _take_a_step(self, draws: st.DataObject, case: Told) -> None:
        """Mostly one that is open, mostly on a day after all others."""
        step = self._some_step(draws, case)
        person = self._somebody(draws, model.WHO[step])
        day = self._some_day(draws, case)
        facts, texts, is_whole = self._facts(draws, step, day)
        new = self._new(step, day, person, facts)
        allowed = model.is_allowed(case.entries, new, texts, person, self.sign_off)
        url = f"/cases/{case.token}/steps/{step}"
        offered = model.is_offered(case.entries, step, person, self.sign_off)
        answer = self._post(person, url, self._fields(step, day, facts, texts), case.version)
        case.texts[self.size] = texts
        self._comes_out(answer, case, allowed, may=offered and is_whole and day <= clock.today())

    @precondition(lambda self: any(case.version > 1 for case in self.cases))
    @rule(draws=st.data())
    def take_a_step_too_late(self, draws: st.DataObject) -> None:
        """Somebody posts a form that was opened before the last thing happened."""
        moved = [case for case in self.cases if case.version > 1]
        case = draws.draw(st.sampled_from(moved), label="case")
        step = self._some_step(draws, case)
        person = self._somebody(draws, model.WHO[step])
        day = case.last_day
        facts, texts, is_whole = self._facts(draws, step, day)
        new = self._new(step, day, person, facts)
        would = model.is_allowed(case.entries, new, texts, person, self.sign_off)
        url = f"/cases/{case.token}/steps/{step}"
        answer = self._post(person, url, self._fields(step, day, facts, texts), case.version - 1)
        self._comes_out(answer, case, None)
        if would is not None and is_whole:
            assert answer.status_code == 409

    @precondition(lambda self: self.last)
    @rule()
    def post_again(self) -> None:
        """A double click: the same form again has no second effect and looks like the first."""
        assert self.last is not None
        answer = self.clients[self.last.by].post(self.last.url, data=self.last.fields)
        assert answer.status_code in (302, 303), answer.text
        assert self._log_size() == self.size

    @precondition(lambda self: self.cases)
    @rule(draws=st.data())
    def correct_an_entry(self, draws: st.DataObject) -> None:
        """Somebody corrects a day or a value of an entry."""
        case = draws.draw(st.sampled_from(self.cases), label="case")
        target = draws.draw(st.sampled_from(case.entries), label="entry")
        person = self._somebody(draws, model.DECIDERS)
        now = next((d for d in model.standing(case.entries) if d.seq == target.seq), target)
        code = self._correctable(draws, now)
        value = self._corrected_value(draws, now, code)
        new = self._new("correct", clock.today(), person, {code: value}, target.seq)
        allowed = model.is_amended(case.entries, new, person, self.sign_off)
        fields = self._correction(case, now, code, value)
        url = f"/cases/{case.token}/entries/{target.seq}/correct"
        answer = self._post(person, url, fields, case.version)
        is_future = isinstance(value, date) and value > clock.today()
        self._comes_out(answer, case, new if allowed else None, may=not is_future)

    @precondition(lambda self: self.cases)
    @rule(draws=st.data())
    def annul_an_entry(self, draws: st.DataObject) -> None:
        """Somebody annuls an entry, an amendment perhaps."""
        case = draws.draw(st.sampled_from(self.cases), label="case")
        target = draws.draw(st.sampled_from(case.entries), label="entry")
        person = self._somebody(draws, model.DECIDERS)
        new = self._new("annul", clock.today(), person, {}, target.seq)
        allowed = model.is_amended(case.entries, new, person, self.sign_off)
        url = f"/cases/{case.token}/entries/{target.seq}/annul"
        answer = self._post(person, url, {"reason": "On the wrong case."}, case.version)
        self._comes_out(answer, case, new if allowed else None)

    @precondition(lambda self: self.cases)
    @rule(draws=st.data())
    def look(self, draws: st.DataObject) -> None:
        """Somebody opens a page of a case; looking changes nothing."""
        case = draws.draw(st.sampled_from(self.cases), label="case")
        person = draws.draw(st.sampled_from(self.people), label="person")
        seq = draws.draw(st.sampled_from(case.entries), label="entry").seq
        paths = [f"/steps/{step}" for step in ALL_STEPS]
        paths += ["", "/trail", f"/entries/{seq}/correct", f"/entries/{seq}/annul"]
        path = draws.draw(st.sampled_from(paths), label="page")
        answer = self.clients[person.token].get(f"/cases/{case.token}{path}")
        assert answer.status_code < 500, answer.text
        assert self._log_size() == self.size

    # What must hold after each of them

    @invariant()
    def cases_are_where_the_model_says(self) -> None:
        """Row, last event, replay and model agree on every case, and the version counts entries."""
        with self.app.app_context():
            rows = {row.token: row for row in db.session.execute(select(Case)).scalars()}
            assert rows.keys() == {case.token for case in self.cases}
            for case in self.cases:
                row = rows[case.token]
                history = history_of(db.session, COMPLAINT_REVIEW, case.token)
                replayed = standing_of(COMPLAINT_REVIEW, history).state
                last = events_of(db.session, case.token)[-1].state
                assert (row.state, last, replayed) == (case.state,) * 3
                assert row.version == case.version == len(history)

    @invariant()
    def log_and_counts_agree(self) -> None:
        """The log has grown by what was accepted and nothing else; the milestones are what it gives."""
        with self.app.app_context():
            size = record.log_size(db.session)
            assert size == self.size
            assert milestones.differences(db.session, WORKFLOWS, size) == set()

    # How

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


@pytest.mark.slow
def test_no_path_makes_an_illegal_move(
    database_kind: str,
    new_database_url: Callable[[], str],
    environment: dict[str, str],
) -> None:
    def fresh() -> Settings:
        return Settings.from_environment(
            {**environment, "CASEWORK_DATABASE_URL": new_database_url()}
        )

    machine = type("Machine", (ReviewMachine,), {"new_settings": staticmethod(fresh)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=14 if database_kind == "sqlite" else 5,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
        ),
    )
