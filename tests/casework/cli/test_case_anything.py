"""Anything at all as lines of `case apply`: an answer for each, and no half of anything."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from casework.audit import record
from casework.audit.verify import verify_log
from casework.cli.case_lines import KEYS, _answer
from casework.counts import milestones
from casework.models import Case
from tests import factories
from tests.casework.imports.registers import office
from workflows import WORKFLOWS

pytestmark = pytest.mark.one_database

WORKFLOW = WORKFLOWS["complaint_review"]
FACTS = sorted({fact.name for step in WORKFLOW.steps for fact in step.facts} | {"effective_on"})
CODES = sorted(
    {
        c.code
        for s in WORKFLOW.steps
        for f in s.facts
        if isinstance(f.choices, tuple)
        for c in f.choices
    }
)
DAYS = st.sampled_from(("2026-04-01", "2026-04-02", "2026-05-09", "2011-01-01", "2026-02-30", "x"))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | DAYS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)
VALUES = ANYTHING | st.sampled_from(CODES) | st.lists(st.sampled_from(CODES), max_size=2)
PLAUSIBLE = st.fixed_dictionaries(
    {
        "as": st.just("ria@office.example"),
        "step": st.sampled_from([*WORKFLOW.steps_by_name, "correct", "annul"]),
    },
    optional={
        "reference": st.sampled_from(("CR/1", "CR/2")) | ANYTHING,
        "on": DAYS | ANYTHING,
        "set": st.dictionaries(st.sampled_from(FACTS), VALUES, max_size=4) | ANYTHING,
        "target": st.integers(0, 6) | ANYTHING,
        "version": st.integers(0, 4) | ANYTHING,
    },
)
LINES = st.one_of(
    st.binary(max_size=30),
    ANYTHING.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(st.sampled_from(KEYS), VALUES).map(lambda value: json.dumps(value).encode()),
    PLAUSIBLE.map(lambda value: json.dumps(value).encode()),
)


@given(lines=st.lists(LINES, min_size=1, max_size=8))
def test_a_line_is_kept_whole_or_refused_whole(lines: list[bytes]) -> None:
    with office() as session:
        factories.person(session, "reviewer", email="ria@office.example")
        factories.case(session, reference="CR/1")
        for line in lines:
            before = told(session)
            answer = _answer(session, line)
            after = told(session)
            if answer["ok"]:
                assert answer["seq"] == [before[0]]
                assert after[0] == before[0] + 1
            else:
                assert after == before
                assert answer["message"].strip()
        assert [finding for finding in verify_log(session) if not finding.holds] == []
        assert milestones.differences(session, WORKFLOWS, record.log_size(session)) == set()


def told(session: Any) -> tuple[int, list[Any]]:
    """The size of the log and every case as its row stands."""
    session.rollback()
    rows = session.execute(select(Case.__table__).order_by(Case.id)).all()
    return record.log_size(session), [tuple(row) for row in rows]
