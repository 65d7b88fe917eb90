"""Recommendations arise from decisions, end with them, and keep to the regulations between."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.workflows.lives import CHIEF, SECOND, SECOND_PERSON, SOLE, TODAY, WRITER, Life, day
from workflows import ITEMS
from workflows.attempt import Attempt, StepRefused
from workflows.checker import check
from workflows.complaint_review_choices import RECOMMENDATIONS
from workflows.definition import Actor, Entry, OfficeRules
from workflows.engine import steps_open_to, take_step
from workflows.recommendation import RECOMMENDATION
from workflows.recommendation_arising import arises
from workflows.replay import standing_of

DECIDED = 4
"""The number of the day of the decision in these lives."""


def decided(step: str = "uphold", route: str = "otherwise", *kinds: str) -> Life:
    """A case decided on day 4 by a second person, with these recommendations."""
    life = Life(office=SECOND_PERSON)
    life.take("log", day(0), route=route, outcome_provided_on=day(-3))
    life.take("find_valid", day(1))
    life.take("write_review", day(2))
    life.take(step, day(DECIDED), SECOND, **({"recommendations": kinds} if kinds else {}))
    return life


def log_of(life: Life) -> tuple[Entry, ...]:
    return tuple(replace(entry, token=f"e{entry.seq}") for entry in life.log)


class Kept:
    """One recommendation on a case: its own entries, judged with those of the case."""

    def __init__(self, life: Life, token: str = "e3.0") -> None:
        self.life, self.token = life, token
        self.own: tuple[Entry, ...] = ()

    @property
    def history(self) -> tuple[Entry, ...]:
        return arises(log_of(self.life), {self.token: self.own}).get(self.token, ())

    def attempt(
        self,
        step: str,
        on: date,
        by: Actor = WRITER,
        office: OfficeRules = SECOND_PERSON,
        **facts: Any,
    ) -> None:
        given: Mapping[str, Any] = {**LEAST.get(step, {}), **facts}
        tried = Attempt(step, on, given, by, case=self.life.standing())
        move = take_step(RECOMMENDATION, self.history, tried, office, TODAY)
        seq = 100 + len(self.own)
        self.own += (Entry(seq, step, on, move.facts, by.token, target=move.target),)

    @property
    def state(self) -> str:
        return standing_of(RECOMMENDATION, self.history).state

    @property
    def due_on(self) -> date | None:
        assert RECOMMENDATION.due is not None
        return RECOMMENDATION.due(standing_of(RECOMMENDATION, self.history))


LEAST: dict[str, dict[str, Any]] = {
    "recommend": {"kind": "apology", "wording": "Apologise."},
    "respond": {"response": "accepted"},
    "extend": {"respond_by": day(60), "reason": "The officer is ill."},
    "lapse": {"reason": "Overtaken."},
    "copy": {"copied": ["recommendation"], "copied_to": ["complainant"]},
}


@pytest.mark.parametrize("kind", ITEMS.values(), ids=lambda kind: str(kind.name))
def test_what_is_kept_on_cases_runs_by_sound_definitions(kind: Any) -> None:
    assert check(kind) == ()


def test_a_response_is_due_28_days_after_it_was_made_or_as_extended() -> None:
    kept = Kept(decided("uphold", "otherwise", "apology"))
    assert (kept.state, kept.due_on) == ("made", date(2026, 5, 3))  # a Sunday, and so it stays
    with pytest.raises(StepRefused, match="due on 3 May 2026 already"):
        kept.attempt("extend", day(6), respond_by=date(2026, 5, 3))
    kept.attempt("extend", day(6), respond_by=date(2026, 5, 4))
    assert kept.due_on == date(2026, 5, 4)
    kept.attempt("respond", day(50), follow_up_on=TODAY + timedelta(days=9))
    assert (kept.state, kept.due_on) == ("accepted", TODAY + timedelta(days=9))


def test_a_life_to_the_end_and_what_comes_too_soon() -> None:
    kept = Kept(decided("uphold", "otherwise", "apology"))
    with pytest.raises(StepRefused, match="has not responded yet"):
        kept.attempt("implement", day(6))
    with pytest.raises(StepRefused, match="no response to copy"):
        kept.attempt("copy", day(6), copied=["response"])
    kept.attempt("respond", day(6), response="rejected")
    kept.attempt("respond", day(8), response="partly_accepted")
    kept.attempt("copy", day(9), copied=["recommendation", "response"])
    kept.attempt("implement", day(20))
    assert kept.state == "implemented"
    with pytest.raises(StepRefused, match="“carried out”"):
        kept.attempt("respond", day(21))


def test_the_duty_to_notify_the_director_awaits_no_response() -> None:
    kept = Kept(decided("not_uphold", "investigation", "notify_dpp"))
    assert kept.due_on is None
    for step in ("respond", "extend", "remind"):
        with pytest.raises(StepRefused, match="needs no response"):
            kept.attempt(step, day(6))
    kept.attempt("implement", day(6))
    assert kept.state == "implemented"


def test_a_registers_responses_come_with_the_decision() -> None:
    life = decided()
    changes = {"recommendations": ("apology", "investigate"), "responses": ("rejected",)}
    life.log[-1] = replace(life.log[-1], facts=changes)
    assert [Kept(life, f"e3.{place}").state for place in range(3)] == [
        "rejected",
        "made",
        "annulled",
    ]
    life.log[-1] = replace(life.log[-1], facts={**changes, "responses": ("unknown", "accepted")})
    kept = Kept(life)
    assert kept.state == "unknown"
    kept.attempt("respond", day(40))
    assert kept.state == "accepted"


def test_what_arose_follows_its_decision() -> None:
    life = decided("uphold", "otherwise", "apology", "investigate")
    kept, other = Kept(life), Kept(life, "e3.1")
    kept.attempt("respond", day(10))
    life.take(
        "correct",
        given={"effective_on": day(5), "recommendations": ["apology"]},
        target=3,
        by=SECOND,
    )
    assert (kept.state, kept.history[0].effective_on, other.history) == ("accepted", day(5), ())
    life.take("annul", target=3, by=SECOND)
    assert kept.history == ()
    life.take("annul", target=5, by=SECOND)
    assert kept.state == "accepted"


def test_reopening_sets_aside_what_was_sent_under_the_decision_and_no_more() -> None:
    life = decided("uphold", "otherwise", "apology")
    first, later = Kept(life), Kept(life, "i_1")
    later.attempt("recommend", day(6), SECOND, kind="other_remedy")
    life.take("reopen", day(9), SECOND)
    assert [first.state, later.state] == ["set_aside", "set_aside"]
    with pytest.raises(StepRefused, match="“set aside with the decision”"):
        first.attempt("respond", day(10))
    first.attempt("respond", day(7))
    assert first.state == "set_aside"
    life.take("write_review", day(10))
    life.take("uphold", day(11), CHIEF, recommendations=["investigate"])
    assert [first.state, Kept(life, "e6.0").state] == ["set_aside", "made"]


ALLOWED = {
    "otherwise": {"refer_to_iopc", "investigate"},
    "investigation": {"refer_to_iopc", "reinvestigate", "case_to_answer", "performance"},
}
REMEDIES = {"apology", "return_property", "reflective_practice", "other_remedy"}


@pytest.mark.parametrize("route", ["otherwise", "investigation"])
@pytest.mark.parametrize("step", ["uphold", "not_uphold"])
def test_a_later_recommendation_is_held_to_the_routes_powers(step: str, route: str) -> None:
    duty = {"notify_dpp"} if route == "investigation" else set()
    allowed = (ALLOWED[route] | REMEDIES | duty) if step == "uphold" else duty
    life = decided(step, route)
    kept = set()
    for choice in RECOMMENDATIONS:
        try:
            Kept(life, "i_1").attempt("recommend", day(8), SECOND, kind=choice.code)
        except StepRefused:
            continue
        kept.add(choice.code)
    assert kept == allowed


@pytest.mark.parametrize(
    ("by", "office", "on", "says"),
    [
        (WRITER, SECOND_PERSON, day(8), "You wrote the review"),
        (WRITER, SOLE, day(8), None),
        (SECOND, SECOND_PERSON, day(DECIDED), None),
        (SECOND, SECOND_PERSON, day(DECIDED - 1), "cannot have been sent before"),
    ],
)
def test_who_may_recommend_later_and_from_which_day(
    by: Actor, office: OfficeRules, on: date, says: str | None
) -> None:
    kept = Kept(decided(), "i_1")
    if says is None:
        kept.attempt("recommend", on, by, office)
        assert (kept.state, kept.due_on) == ("made", on + timedelta(days=28))
    else:
        with pytest.raises(StepRefused, match=says):
            kept.attempt("recommend", on, by, office)


def test_nothing_is_recommended_before_a_decision() -> None:
    life = decided()
    life.take("reopen", day(9), SECOND)
    with pytest.raises(StepRefused, match="once a review is decided"):
        Kept(life, "i_1").attempt("recommend", day(10), SECOND)
    (first, *_) = steps_open_to(
        RECOMMENDATION,
        standing_of(RECOMMENDATION, ()),
        SECOND,
        SECOND_PERSON,
        TODAY,
        life.standing(),
    )
    assert first.barred is not None
