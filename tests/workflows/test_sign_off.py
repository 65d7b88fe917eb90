"""Whoever is in the office, no decision is made but by somebody the sign-off rule allows."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.lives import CHIEF_DECIDES, OFFICES, SECOND_PERSON, Life, day
from workflows.attempt import StepRefused
from workflows.definition import Actor, OfficeRules
from workflows.delegation import Delegation

FUNCTIONS = ("decide", "find_validity")
TOKENS = ("u_1", "u_2", "u_3", "u_4")
ROLES = ("reviewer", "supervisor", "chief_executive")
DECIDED_ON, DECIDED_AGAIN_ON = day(5), day(9)

people = st.fixed_dictionaries(
    {token: st.frozensets(st.sampled_from(ROLES), min_size=1) for token in TOKENS}
)
delegations = st.lists(
    st.builds(
        Delegation,
        st.sampled_from(TOKENS),
        st.frozensets(st.sampled_from(FUNCTIONS), min_size=1),
        st.sampled_from([day(0), day(5), day(6)]),
        st.sampled_from([None, day(5), day(8), day(9)]),
    ),
    max_size=3,
)


def may_decide(
    office: OfficeRules, person: Actor, on: date, writer: str, set_aside: str | None
) -> bool:
    """The rule in plain words, beside the engine's."""
    if office.sign_off == "sole":
        return True
    if person.token == set_aside:
        return False
    stands_in = any(
        held.person == person.token
        and "decide" in held.functions
        and held.from_on <= on <= (held.until_on or date.max)
        for held in office.delegations
    )
    is_chief = "chief_executive" in person.roles
    if office.sign_off == "chief_executive":
        return is_chief or (stands_in and person.token != writer)
    in_charge = is_chief or "supervisor" in person.roles
    return person.token != writer and (in_charge or stands_in)


@given(
    office=st.sampled_from(OFFICES),
    held=delegations,
    roles=people,
    writers=st.tuples(st.sampled_from(TOKENS), st.sampled_from(TOKENS)),
    deciders=st.tuples(st.sampled_from(TOKENS), st.sampled_from(TOKENS)),
    reason=st.sampled_from(["quashed", "conceded", "own_error", "new_information"]),
    steps=st.tuples(*[st.sampled_from(["uphold", "not_uphold"])] * 2),
)
def test_no_outcome_against_the_rule_by_any_set_of_people(
    office: OfficeRules,
    held: list[Delegation],
    roles: dict[str, frozenset[str]],
    writers: tuple[str, str],
    deciders: tuple[str, str],
    reason: str,
    steps: tuple[str, str],
) -> None:
    life = Life("log", "find_valid", office=replace(office, delegations=tuple(held)))
    life.take("write_review", day(3), Actor(writers[0], frozenset({"reviewer"})))
    first = Actor(deciders[0], roles[deciders[0]])
    expected = may_decide(life.office, first, DECIDED_ON, writers[0], None)
    assert (life.refusal(steps[0], DECIDED_ON, first) is None) == expected

    life.take(steps[0], DECIDED_ON, first, is_import=True)
    life.take("reopen", day(6), Actor("u_9", frozenset({"chief_executive"})), reason=reason)
    life.take("write_review", day(7), Actor(writers[1], frozenset({"reviewer"})))
    second = Actor(deciders[1], roles[deciders[1]])
    set_aside = None if reason == "new_information" else deciders[0]
    expected = may_decide(life.office, second, DECIDED_AGAIN_ON, writers[1], set_aside)
    assert (life.refusal(steps[1], DECIDED_AGAIN_ON, second) is None) == expected


@pytest.mark.parametrize("office", [SECOND_PERSON, CHIEF_DECIDES], ids=lambda each: each.sign_off)
def test_a_delegation_of_deciding_covers_leave_on_its_days_only(office: OfficeRules) -> None:
    away = Delegation("u_5", frozenset({"decide"}), day(4), day(6))
    life = Life("log", "find_valid", office=replace(office, delegations=(away,)))
    life.take("write_review", day(3))
    stand_in = Actor("u_5", frozenset({"reviewer"}))
    assert life.take("uphold", day(6), stand_in).after.state == "upheld"
    again = Life("log", "find_valid", "write_review", office=life.office)
    with pytest.raises(StepRefused, match="decides"):
        again.attempt("uphold", day(7), stand_in)
