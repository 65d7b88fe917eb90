"""The kinds of things kept on a case: what each refuses, when it is due, what it wants next."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.lives import CHIEF, SECOND, SOLE, TODAY, WRITER
from workflows import ITEMS
from workflows.attempt import Attempt, StepRefused
from workflows.definition import Actor, Entry, Fact, Standing, Step, Workflow
from workflows.engine import take_step
from workflows.replay import standing_of

ON = date(2026, 3, 30)
CONTRACTOR = Actor("u_contractor", frozenset({"contractor"}))
FROM: dict[str, Any] = {"from": "solicitor"}
BY_THEMSELVES = [kind for kind in ITEMS.values() if kind.arises is None]


class Thing:
    """Something of a kind, and what happened to it."""

    def __init__(self, kind: str) -> None:
        self.kind: Workflow = ITEMS[kind]
        self.log: tuple[Entry, ...] = ()

    def take(self, step: str, on: date = ON, by: Actor = WRITER, **facts: Any) -> "Thing":
        move = take_step(self.kind, self.log, Attempt(step, on, facts, by), SOLE, TODAY)
        self.log += (Entry(len(self.log), step, on, move.facts, by.token),)
        return self

    @property
    def standing(self) -> Standing:
        return standing_of(self.kind, self.log)

    @property
    def state(self) -> str:
        return self.standing.state

    @property
    def flag(self) -> str:
        return self.kind.states_by_name[self.state].flag

    @property
    def due_on(self) -> Any:
        assert self.kind.due is not None
        return self.kind.due(self.standing)

    @property
    def wanted(self) -> dict[str, date]:
        since = {prompt.step: prompt.since(self.standing) for prompt in self.kind.prompts}
        return {step: on for step, on in since.items() if on is not None}


def some(fact: Fact) -> st.SearchStrategy[Any]:
    if fact.kind in ("choice", "choices"):
        codes = st.sampled_from([choice.code for choice in SOLE.choices_of(fact)])
        return codes if fact.kind == "choice" else st.lists(codes, unique=True, max_size=3)
    return {
        "day": st.integers(-9, 40).map(lambda days: ON + timedelta(days=days)),
        "text": st.just("Words."),
        "flag": st.booleans(),
        "number": st.integers(1, 9),
        "file": st.just("a" * 64),
    }[fact.kind]


def some_facts(step: Step) -> st.SearchStrategy[dict[str, Any]]:
    required = {fact.name: some(fact) for fact in step.facts if fact.required}
    optional = {fact.name: some(fact) for fact in step.facts if not fact.required}
    return st.fixed_dictionaries(required, optional=optional)


@given(st.sampled_from(BY_THEMSELVES), st.data())
def test_what_is_wanted_next_of_a_thing_can_be_done(kind: Workflow, draws: st.DataObject) -> None:
    thing = Thing(kind.name)
    for place in range(draws.draw(st.integers(1, 5))):
        step = draws.draw(st.sampled_from(kind.steps)) if place else kind.begins_with
        try:
            thing.take(
                step.name,
                ON,
                draws.draw(st.sampled_from((WRITER, SECOND, CHIEF))),
                **draws.draw(some_facts(step)),
            )
        except StepRefused:
            continue
        if not kind.states_by_name[thing.state].is_closed:
            assert all(kind.steps_by_name[name].leads_from(thing.state) for name in thing.wanted)
            assert kind.due is None or thing.due_on is None or isinstance(thing.due_on, date)
            assert kind.awaits is None or kind.awaits(thing.standing) is None or thing.log


def refused(thing: Thing, step: str, on: date = ON, by: Actor = WRITER, **facts: Any) -> set[str]:
    with pytest.raises(StepRefused) as refusal:
        thing.take(step, on, by, **facts)
    return {each.fact or "" for each in refusal.value.refusals}


def letter(**facts: Any) -> Thing:
    given: dict[str, Any] = {
        "way": "letter",
        "direction": "in",
        "with": "force",
        "summary": "Words.",
        **facts,
    }
    return Thing("correspondence").take("keep_correspondence", **given)


def test_a_letter_waits_for_whoever_is_to_answer_it() -> None:
    filed, owed = letter(next="filed"), letter(next="reply_owed", reply_by=date(2027, 1, 4))
    awaited = letter(next="reply_awaited")
    assert [each.state for each in (filed, owed, awaited)] == [
        "filed",
        "reply_owed",
        "reply_awaited",
    ]
    assert (owed.wanted, owed.due_on) == ({"answer_correspondence": ON}, date(2027, 1, 4))
    assert awaited.wanted == {"chase_answer": ON + timedelta(days=14)}
    awaited.take("chase_answer", ON + timedelta(days=20), reply_by=date(2026, 5, 1))
    assert awaited.wanted == {"chase_answer": date(2026, 5, 1)}
    assert awaited.kind.awaits is not None
    wait = awaited.kind.awaits(awaited.standing)
    assert wait is not None
    assert (wait.whom, wait.what) == ("The force", "an answer")
    awaited.take("answer_correspondence", date(2026, 5, 2))
    assert (awaited.state, awaited.wanted) == ("filed", {})


def test_a_day_for_an_answer_goes_with_somebody_who_answers() -> None:
    with pytest.raises(StepRefused, match="who is to answer it by then"):
        letter(next="filed", reply_by=TODAY)


@pytest.mark.parametrize(
    ("law", "came_on", "due_on"),
    [
        ("foi", date(2026, 3, 30), date(2026, 4, 29)),  # over Easter
        ("foi", date(2026, 9, 4), date(2026, 10, 2)),
        ("subject_access", date(2026, 9, 3), date(2026, 10, 3)),  # a Saturday
        ("subject_access", date(2026, 1, 31), date(2026, 2, 28)),
        ("subject_access", date(2024, 1, 30), date(2024, 2, 29)),
    ],
)
def test_a_request_is_due_as_the_law_has_it(law: str, came_on: date, due_on: date) -> None:
    request = Thing("information_request")
    request.take("receive_request", came_on, kind=law, asked_for="All of it.")
    assert request.due_on == due_on
    later = date(2027, 2, 1)
    assert refused(request, "extend_request", TODAY) == {"answer_by", "why_extended"}
    request.take("extend_request", came_on, answer_by=later, why_extended="It is complex.")
    assert request.due_on == later
    assert request.take("refuse_request", TODAY, why_refused="s 14(1)").due_on is None


def test_a_claim_holds_the_case_until_somebody_in_charge_ends_it() -> None:
    claim = Thing("pre_action").take("receive_pre_action", **FROM)
    assert claim.due_on == ON + timedelta(days=14)
    assert "destroy nothing" in claim.flag
    claim.take("reply_pre_action", date(2026, 4, 1))
    assert (claim.due_on, "destroy nothing" in claim.flag) == (None, True)
    assert refused(claim, "end_hold", outcome="Dropped.") == {""}
    assert claim.take("end_hold", TODAY, SECOND, outcome="Dropped.").flag == ""
    asked = Thing("pre_action")
    asked.take("receive_pre_action", **FROM, respond_by=date(2027, 1, 1))
    assert asked.due_on == date(2027, 1, 1)


def test_a_risk_is_flagged_until_it_ends_and_wants_telling_at_once() -> None:
    risk = Thing("safeguarding").take("raise_risk", at_risk="child", risk="Alone at night.")
    assert (risk.flag, risk.wanted) == ("Safeguarding", {"tell_of_risk": ON})
    risk.take("tell_of_risk", told="police", is_urgent=True)
    assert (risk.flag, risk.wanted) == ("Safeguarding", {})
    risk.take("end_risk", TODAY, why_ended="They moved.")
    assert (risk.flag, risk.state) == ("", "ended")
    risk.take("tell_of_risk", TODAY, told="supervisor")  # whoever was told is recorded even then


def test_only_the_chief_executive_restricts_contact_and_to_a_day() -> None:
    plan = Thing("contact_plan").take("plan_contact", whom="complainant", channel="email")
    words: dict[str, Any] = {"restriction": "One email a week.", "why_restricted": "Abuse."}
    for actor in (WRITER, SECOND):
        assert refused(plan, "restrict_contact", by=actor, **words, review_on=TODAY) == {""}
    assert refused(plan, "restrict_contact", by=CHIEF, **words) == {"review_on"}
    ahead = date(2027, 1, 15)
    plan.take("restrict_contact", by=CHIEF, **words, review_on=ahead)
    assert (plan.flag, plan.due_on) == ("Contact is restricted", ahead)
    plan.take("change_plan", channel="post")
    assert plan.due_on == ahead
    plan.take("lift_restriction", TODAY, CHIEF)
    assert (plan.flag, plan.due_on, plan.state) == ("", None, "kept")


def test_consent_is_for_whoever_acts_for_the_complainant() -> None:
    assert refused(Thing("party"), "add", kind="interested", consent_on=ON) == {"consent_on"}
    acts = Thing("party").take("add", kind="representative", consent_on=ON)
    assert refused(acts, "change", kind="other", consent_on=ON) == {"consent_on"}
    assert acts.take("change", consent_on=ON).state == "in_case"


def test_the_applicant_is_told_of_a_part_that_went_elsewhere() -> None:
    part = Thing("passed_part").take("pass_part", to="panel", part="What was said in public.")
    assert (part.due_on, part.wanted) == (ON, {"tell_of_part": ON})
    assert part.take("tell_of_part", TODAY).wanted == {}
    assert part.take("hear_of_part", TODAY, result="No breach.").state == "told"


def test_a_contractors_work_is_returned_looked_at_and_may_go_back() -> None:
    by: dict[str, Any] = {"asked": "The review", "return_by": ON + timedelta(days=10)}
    refused_for = refused(Thing("instruction"), "instruct", person=CONTRACTOR.token, **by)
    assert refused_for == {"is_eligible"}
    by = {**by, "person": CONTRACTOR.token, "is_eligible": True}
    too_early = {**by, "return_by": ON - timedelta(days=1)}
    assert refused(Thing("instruction"), "instruct", **too_early) == {"return_by"}
    work = Thing("instruction").take("instruct", **by)
    assert (work.due_on, work.wanted["chase_work"]) == (by["return_by"], ON + timedelta(days=11))
    work.take("chase_work", ON + timedelta(days=12))
    assert work.wanted["chase_work"] == ON + timedelta(days=19)
    another = Actor("u_other", CONTRACTOR.roles)
    assert refused(work, "return_work", ON + timedelta(days=13), another) == {""}
    work.take("return_work", ON + timedelta(days=13), CONTRACTOR)
    assert (work.due_on, set(work.wanted)) == (None, {"accept_work"})
    assert refused(work, "accept_work", ON + timedelta(days=14), CONTRACTOR) == {""}
    again: dict[str, Any] = {
        "reasons": "Two points are open.",
        "return_by": ON + timedelta(days=20),
    }
    work.take("send_back", ON + timedelta(days=14), **again)
    assert work.due_on == ON + timedelta(days=20)
    assert work.wanted["chase_work"] == ON + timedelta(days=21)
    work.take("return_work", ON + timedelta(days=15), CONTRACTOR)
    assert work.take("accept_work", ON + timedelta(days=16)).state == "accepted"
