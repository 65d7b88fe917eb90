"""The rules of a complaint review with exact edges, each refused in a sentence that helps."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.lives import (
    CHIEF,
    CHIEF_DECIDES,
    SECOND,
    SECOND_PERSON,
    SOLE,
    TODAY,
    WRITER,
    Life,
    day,
)
from workflows.attempt import StepRefused
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import Actor, Due, OfficeRules
from workflows.delegation import Delegation
from workflows.engine import deadlines_of

LETTER = date(2026, 4, 1)
LATE = date(2026, 4, 30)


def applied(made: date, **facts: Any) -> Life:
    """An application that reached the office on a day, about an outcome of 1 April 2026."""
    life = Life()
    life.take("log", made, outcome_provided_on=LETTER, **facts)
    return life


def refused(life: Life, step: str, **facts: Any) -> tuple[str, str | None]:
    """The sentence of a refusal and the fact it is about; it says something to do."""
    refusal = life.refusal(step, **facts)
    assert refusal is not None, f"{step} was accepted"
    assert refusal.sentence.endswith(".")
    assert refusal.sentence.count(". ") >= 1, refusal.sentence  # what is wrong, then what to do
    return refusal.sentence, refusal.fact


def due(life: Life, name: str, office: OfficeRules | None = None) -> Due:
    dues = deadlines_of(COMPLAINT_REVIEW, life.standing(), office or life.office)
    return next(due for due in dues if due.name == name)


# Rule 1: 28 days starting with the day after


def test_the_last_day_is_in_time_and_the_next_is_not() -> None:
    assert applied(date(2026, 4, 29)).refusal("find_valid") is None
    sentence, fact = refused(applied(LATE), "find_valid")
    assert "30 April 2026" in sentence
    assert "29 April 2026" in sentence
    assert fact is None


def test_the_last_day_stands_on_christmas_day_too() -> None:
    life = Life()
    letter = date(2025, 11, 27)
    life.take("log", date(2025, 12, 26), outcome_provided_on=letter)
    assert due(life, "apply_by").due_on == date(2025, 12, 25)
    assert "25 December 2025" in refused(life, "find_valid")[0]


@given(provided=st.dates(date(2020, 2, 1), date(2026, 9, 1)), gap=st.integers(0, 60))
def test_an_application_is_late_after_28_days_whatever_the_weekday(
    provided: date, gap: int
) -> None:
    life = Life()
    life.take("log", date.fromordinal(provided.toordinal() + gap), outcome_provided_on=provided)
    assert (life.refusal("find_valid") is None) == (gap <= 28)


def test_the_outcome_is_not_provided_after_the_application() -> None:
    refusal = Life().refusal("log", day(0), outcome_provided_on=day(1))
    assert refusal is not None
    assert refusal.fact == "outcome_provided_on"
    assert Life().refusal("log", day(1), outcome_provided_on=day(1)) is None
    life = Life("log")
    assert refused(life, "find_valid", outcome_provided_on=day(1))[1] == "outcome_provided_on"


@pytest.mark.parametrize("fact", ["complaint_made_on", "letter_dated_on", "first_received_on"])
def test_what_came_first_is_not_dated_later(fact: str) -> None:
    assert refused(Life(), "log", on=day(0), **{fact: day(1)})[1] == fact


# Rules 1 and 4: only the review body extends, and gives its reasons


def decided(life: Life, extra_time: str) -> Life:
    """The same case, found to be for this office, with a decision about extra time."""
    life.take("find_review_body")
    life.take("decide_time", by=SECOND, extra_time=extra_time)
    return life


def test_time_is_extended_by_a_reasoned_decision_of_the_review_body() -> None:
    life = applied(LATE)
    assert refused(life, "decide_time", by=SECOND)[1] == "review_body"
    life.take("find_review_body")
    unreasoned = life.refusal("decide_time", by=SECOND, special_circumstances="")
    assert unreasoned is not None
    assert unreasoned.fact == "special_circumstances"
    assert "extend the time" in refused(life, "find_valid")[0]
    assert decided(life, "extended").refusal("find_valid") is None
    assert refused(decided(life, "refused"), "find_valid")[1] is None
    assert refused(life, "find_valid", time_extended=True)[1] == "time_extended"


def test_extra_time_is_decided_by_whoever_the_delegation_names() -> None:
    held = Delegation("u_1", frozenset({"extend_time"}), day(0))
    for office, by, is_theirs in (
        (SECOND_PERSON, WRITER, False),
        (SECOND_PERSON, SECOND, True),
        (SECOND_PERSON, CHIEF, True),
        (CHIEF_DECIDES, SECOND, False),
        (CHIEF_DECIDES, CHIEF, True),
        (SOLE, WRITER, True),
        (replace(CHIEF_DECIDES, delegations=(held,)), WRITER, True),
        (replace(SECOND_PERSON, delegations=(held,)), Actor("u_9", WRITER.roles), False),
    ):
        life = applied(LATE)
        life.office = office
        life.take("find_review_body")
        assert (life.refusal("decide_time", by=by) is None) == is_theirs, (office.sign_off, by)


def test_nothing_is_extended_that_is_in_time() -> None:
    life = applied(day(0))
    life.take("find_review_body")
    assert "in time" in refused(life, "decide_time", by=SECOND)[0]


def test_out_of_time_needs_the_review_body_and_a_decision_on_circumstances() -> None:
    life, late = applied(LATE), {"reason": "out_of_time"}
    assert refused(life, "find_invalid", **late)[1] == "review_body"
    assert refused(life, "find_invalid", **late, review_body="iopc")[1] == "review_body"
    assert refused(life, "find_invalid", **late, review_body="lpb")[1] == "reason"
    assert refused(decided(life, "extended"), "find_invalid", **late)[1] == "reason"
    assert decided(life, "refused").refusal("find_invalid", **late) is None


def test_out_of_time_needs_a_known_day_and_lateness() -> None:
    late = {"reason": "out_of_time", "review_body": "lpb"}
    assert refused(Life("log"), "find_invalid", **late)[1] == "outcome_provided_on"
    sentence, fact = refused(applied(date(2026, 4, 29)), "find_invalid", **late)
    assert fact == "reason"
    assert "29 April 2026" in sentence


def test_what_is_missing_makes_it_invalid_only_once_the_applicant_was_asked() -> None:
    life = Life("log")
    life.take("wait", waiting_for="force")
    assert refused(life, "find_invalid", reason="incomplete")[1] == "reason"
    assert refused(life, "wait", waiting_for="legal", asked_for=["consent"])[1] == "asked_for"
    life.take("wait", waiting_for="applicant", asked_for=["consent"], answer_by=day(300))
    assert life.refusal("find_invalid", reason="incomplete") is None


# Rule 2: time with the IOPC is left out, time with the force is not


@pytest.mark.parametrize(
    ("first", "is_in_time"), [("iopc", True), ("force", False), ("other", False), (None, False)]
)
def test_where_an_application_went_first(first: str | None, is_in_time: bool) -> None:
    known = {"first_received_by": first, "first_received_on": date(2026, 4, 25)} if first else {}
    life = applied(date(2026, 5, 6), **known)
    assert (life.refusal("find_valid") is None) == is_in_time
    life.take("find_review_body")
    assert (life.refusal("decide_time", by=SECOND) is None) != is_in_time
    met_on = due(life, "apply_by").met_on
    assert met_on == (date(2026, 4, 25) if is_in_time else date(2026, 5, 6))


def test_the_force_first_can_still_be_extended() -> None:
    life = applied(date(2026, 5, 6), first_received_by="force", first_received_on=date(2026, 4, 25))
    assert decided(life, "extended").refusal("find_valid") is None


def test_the_iopc_too_late_is_late() -> None:
    life = applied(date(2026, 5, 6), first_received_by="iopc", first_received_on=LATE)
    assert "30 April 2026" in refused(life, "find_valid")[0]


# Rule 4: the relevant review body


def test_the_iopcs_case_is_not_found_valid_here() -> None:
    life = applied(day(9))
    sentence, fact = refused(life, "find_valid", review_body="iopc")
    assert fact == "review_body"
    assert "Forward it" in sentence
    for psd, letter in product(["lpb", "iopc", "not_stated"], repeat=2):
        known = {"review_body_psd": psd, "review_body_letter": letter}
        assert life.refusal("find_valid", review_body="lpb", **known) is None


def test_one_limb_sends_the_whole_case_and_the_office_decides_when_answers_differ() -> None:
    life = applied(day(9))
    assert refused(life, "find_review_body", limb_referred="yes")[1] == "limb_referred"
    iopc = {"review_body": "iopc", "limb_referred": "yes"}
    assert life.refusal("find_review_body", **iopc) is None
    assert refused(life, "find_review_body", review_body="iopc")[1] == "review_body"
    for psd, letter in product(["lpb", "iopc", "not_stated", None], repeat=2):
        said = {"review_body_psd": psd, "review_body_letter": letter}
        refusal = life.refusal("find_review_body", **said)
        assert (refusal is not None) == ("iopc" in (psd, letter))
        assert refusal is None or refusal.fact == "reasons"
        assert life.refusal("find_review_body", **said, reasons="Nothing was referred.") is None


def test_what_was_found_to_be_the_iopcs_is_neither_reviewed_nor_decided_here() -> None:
    life = Life("log", "find_valid")
    iopc: dict[str, Any] = {"review_body": "iopc", "limb_referred": "yes"}
    life.take("find_review_body", day(3), **iopc)
    assert "Forward it" in refused(life, "write_review")[0]
    life = reviewed("otherwise")
    life.take("find_review_body", day(4), **iopc)
    for step in ("uphold", "not_uphold"):
        assert "Forward it" in refused(life, step, by=SECOND)[0]
    assert life.refusal("return_review", by=SECOND) is None
    life.take("forward", day(5))
    life.take("reopen", day(6), SECOND, reason="returned_by_iopc")
    assert "find the review body anew" in refused(life, "find_valid")[0]
    life.take("find_review_body", day(7), review_body="lpb", limb_referred="no")
    life.take("find_valid", day(7))
    assert life.refusal("write_review") is None


def test_a_case_that_lost_its_extension_wants_the_decision_again() -> None:
    life = applied(LATE)
    wanted = next(prompt for prompt in COMPLAINT_REVIEW.prompts if prompt.step == "decide_time")
    assert wanted.since(life.standing()) is None
    decided(life, "extended").take("find_valid")
    assert wanted.since(life.standing()) is None
    life.take("annul", by=SECOND, target=life.seq_of("decide_time"))
    assert life.standing().state == "valid"
    assert wanted.since(life.standing()) is not None


# Rule 5: the route decides what may be recommended

ANY_ROUTE = {"refer_to_iopc", "apology", "return_property", "reflective_practice", "other_remedy"}
POWERS: dict[tuple[str, str], set[str]] = {
    ("otherwise", "uphold"): ANY_ROUTE | {"investigate"},
    ("investigation", "uphold"): ANY_ROUTE
    | {"reinvestigate", "case_to_answer", "performance", "notify_dpp"},
    ("otherwise", "not_uphold"): set(),
    ("investigation", "not_uphold"): {"notify_dpp"},
}
EVERY_POWER = sorted(set().union(*POWERS.values()))


def reviewed(route: str | None) -> Life:
    life = Life("log", "find_valid")
    life.take("write_review", day(3), given={"route": route} if route else {})
    return life


@pytest.mark.parametrize(("route", "step"), POWERS)
def test_only_what_the_route_allows_is_recommended(route: str, step: str) -> None:
    life, allowed = reviewed(route), POWERS[route, step]
    for code in EVERY_POWER:
        refusal = life.refusal(step, by=SECOND, recommendations=[code])
        assert (refusal is None) == (code in allowed), code
        assert refusal is None or refusal.fact == "recommendations"
    together = sorted(allowed)
    assert life.refusal(step, by=SECOND, recommendations=together) is None


def test_the_import_and_corrections_are_held_to_the_route_as_well() -> None:
    life = reviewed("investigation")
    life.take("uphold", day(4), SECOND, recommendations=["reinvestigate"])
    sentence, _ = refused(life, "correct", target=2, given={"route": "otherwise"})
    assert "reinvestigate" in sentence
    with pytest.raises(StepRefused, match="does not allow investigate"):
        reviewed("investigation").attempt("uphold", is_import=True, recommendations=["investigate"])


def test_an_unknown_route_recommends_nothing() -> None:
    life = reviewed(None)
    sentence, _ = refused(life, "uphold", by=SECOND, recommendations=["apology"])
    assert "not recorded" in sentence
    assert life.refusal("uphold", by=SECOND) is None


def test_compensation_is_nothing_that_can_be_recommended() -> None:
    with pytest.raises(StepRefused, match="must be one of"):
        reviewed("otherwise").attempt("uphold", by=SECOND, recommendations=["compensation"])


# Rules 8 and 9: targets in working days


@pytest.mark.parametrize(
    ("received", "by"),
    [(date(2025, 4, 16), date(2025, 4, 25)), (date(2025, 12, 19), date(2025, 12, 30))],
)
def test_acknowledge_within_five_working_days(received: date, by: date) -> None:
    life = Life()
    life.take("log", received)
    assert due(life, "acknowledge_by").due_on == by
    assert due(life, "acknowledge_by").met_on is None
    life.take("acknowledge", TODAY)
    assert due(life, "acknowledge_by").met_on == TODAY


@pytest.mark.parametrize(
    ("start", "by"),
    [
        ("received", date(2026, 7, 13)),
        ("validated", date(2026, 7, 14)),
        ("acknowledged", date(2026, 7, 15)),
    ],
)
def test_the_clock_starts_as_the_office_says(start: Any, by: date) -> None:
    office = OfficeRules(clock_start=start, decide_target=28)
    life = Life()
    life.take("log", date(2026, 6, 3))
    life.take("find_valid", date(2026, 6, 4))
    life.take("acknowledge", date(2026, 6, 5))
    found = due(life, "decide_by", office)
    assert found.due_on == by
    assert start in found.how


def test_a_case_found_valid_again_starts_the_validated_clock_anew() -> None:
    office = OfficeRules(clock_start="validated", decide_target=28)
    life = Life()
    life.take("log", date(2026, 6, 1))
    life.take("find_valid", date(2026, 6, 2))
    life.take("find_invalid", date(2026, 6, 3))
    life.take("reopen", date(2026, 6, 4))
    life.take("find_valid", date(2026, 6, 4))
    assert due(life, "decide_by", office).due_on == date(2026, 7, 14)
