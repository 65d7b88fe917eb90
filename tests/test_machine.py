"""The only place that shows that no path through the pages makes an illegal move.

Hypothesis lets random people take random steps on cases through the web client. What must
come of each post is said by `review_model`, which was written from the contracts alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from casework import clock, office_settings
from casework.audit import record
from casework.audit.events import events_of, history_of
from casework.counts import milestones
from casework.database import begin_write
from casework.extensions import db
from casework.models import Case
from config import Settings
from tests import review_model as model
from tests.review_driver import ALL_STEPS, FIRST_DAY, MOST_AT_ONCE, MOST_CASES, ReviewDriver, Told
from workflows import WORKFLOWS
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.replay import standing_of
from workflows.roles import ALONE, ROLES

TOGETHER = tuple(role for role in ROLES if role not in ALONE)
"""The roles that somebody may hold together."""


class ReviewMachine(ReviewDriver):
    """Cases, the people who work on them, and what the model says of both."""

    @initialize(
        sign_off=st.sampled_from(("second_person", "second_person", "sole", "chief_executive")),
        more=st.lists(
            st.sets(st.sampled_from(TOGETHER), min_size=1, max_size=3), min_size=2, max_size=2
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


@pytest.mark.slow
def test_s05_no_path_makes_an_illegal_move(
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
            max_examples=settings().max_examples // (5 if database_kind == "sqlite" else 16),
            stateful_step_count=25,
            phases=(Phase.explicit, Phase.generate),  # looking for a shorter story takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
