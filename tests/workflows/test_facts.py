"""Whatever a person or a script gives is read or refused in sentences, and survives the log."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.lives import LEAST, SECOND, SOLE, TODAY, Life
from workflows.attempt import StepRefused
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import Fact, Step
from workflows.facts import LONGEST_TEXT, from_stat, read_fact, read_facts, to_stat

STEPS = COMPLAINT_REVIEW.steps
FACTS = [fact for step in STEPS for fact in step.facts]
CODES = sorted({choice.code for fact in FACTS for choice in SOLE.choices_of(fact)})

scraps = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["2026-04-03", "2026-02-30", "9999-12-31", "0001-01-01", "", " ", "\ud800"])
    | st.sampled_from(CODES)
)
anything = st.recursive(
    scraps,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def attempts(draw: st.DrawFn) -> tuple[Step, dict[str, Any]]:
    """A step with anything at all for its facts, and sometimes for facts it has not."""
    step = draw(st.sampled_from(STEPS))
    names = st.sampled_from([fact.name for fact in step.facts]) | st.text(max_size=5)
    return step, draw(st.dictionaries(names, anything, max_size=6))


@st.composite
def good_values(draw: st.DrawFn, fact: Fact) -> Any:
    codes = [choice.code for choice in SOLE.choices_of(fact)]
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "day": st.dates(date(2015, 1, 1), TODAY),
        "text": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        "choice": st.sampled_from(codes or [""]),
        "choices": st.lists(st.sampled_from(codes or [""]), max_size=4),
        "flag": st.booleans(),
        "number": st.integers(0, 9_999),
    }
    return draw(kinds[fact.kind] | st.none())


@st.composite
def filled_in(draw: st.DrawFn) -> tuple[Step, dict[str, Any]]:
    step = draw(st.sampled_from(STEPS))
    return step, {fact.name: draw(good_values(fact)) for fact in step.facts}


@given(attempt=attempts(), is_strict=st.booleans())
def test_anything_is_read_or_refused_in_sentences(
    attempt: tuple[Step, dict[str, Any]], is_strict: bool
) -> None:
    step, given_facts = attempt
    try:
        facts, texts = read_facts(step, given_facts, SOLE, TODAY, is_strict=is_strict)
    except StepRefused as refused:
        sentences = [refusal.sentence for refusal in refused.refusals]
        named = {refusal.fact for refusal in refused.refusals if refusal.fact}
        told = bool(sentences) and all(sentence.endswith(".") for sentence in sentences)
        known = named <= step.facts_by_name.keys()
        if not (told and known):
            raise
    else:
        json.dumps(to_stat(facts), allow_nan=False)
        "".join(texts.values()).encode()
        assert facts.keys() <= {fact.code for fact in step.facts if not fact.is_personal}


@given(attempt=attempts(), target=st.integers(-2, 6), on=st.dates())
def test_no_attempt_ends_in_anything_but_a_move_or_a_refusal(
    attempt: tuple[Step, dict[str, Any]], target: int, on: date
) -> None:
    step, facts = attempt
    life = Life("log", "find_valid", "write_review")
    life.take("uphold", TODAY, SECOND)
    for name in (step.name, "correct", "annul"):
        life.refusal(name, on, SECOND, target=target, given=facts)


@given(facts=st.dictionaries(st.sampled_from(["reason", "effective_on", "route"]), anything))
def test_corrections_take_anything_and_say_what_is_wrong(facts: dict[str, Any]) -> None:
    refusal = Life("log", "find_valid").refusal("correct", target=1, given=facts)
    assert refusal is None or refusal.sentence.endswith(".")


@given(known=filled_in())
def test_what_the_log_holds_reads_back_as_it_was(known: tuple[Step, dict[str, Any]]) -> None:
    step, given_facts = known
    facts, _ = read_facts(step, given_facts, SOLE, TODAY, is_strict=False)
    stored = json.loads(json.dumps(to_stat(facts)))
    assert from_stat(step, stored) == facts
    again = {fact.name: stored[fact.code] for fact in step.facts if fact.code in stored}
    assert read_facts(step, again, SOLE, TODAY, is_strict=False) == (facts, {})


@given(known=filled_in())
def test_words_never_enter_the_log_and_codes_never_leave_it(
    known: tuple[Step, dict[str, Any]],
) -> None:
    step, given_facts = known
    facts, texts = read_facts(step, given_facts, SOLE, TODAY, is_strict=False)
    for fact in step.facts:
        held = texts.get(fact.name) if fact.is_personal else facts.get(fact.code)
        assert (fact.code in facts) <= (not fact.is_personal)
        assert (fact.name in texts) <= fact.is_personal
        assert bool(held) <= bool(given_facts[fact.name]) or held == 0


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_each_required_fact_is_asked_for_by_its_label(step: Step) -> None:
    for fact in step.facts:
        if not fact.required:
            continue
        without = {name: value for name, value in LEAST[step.name].items() if name != fact.name}
        for blank in ({}, {fact.name: ""}, {fact.name: None}):
            with pytest.raises(StepRefused) as refused:
                read_facts(step, {**without, **blank}, SOLE, TODAY, is_strict=True)
            (refusal,) = refused.value.refusals
            assert refusal.fact == fact.name
            assert fact.label[1:].rstrip("?") in refusal.sentence


def test_every_fault_is_told_at_once() -> None:
    step = COMPLAINT_REVIEW.steps_by_name["find_invalid"]
    wrong = {"reason": "bored", "outcome_provided_on": "tomorrow", "colour": "red"}
    with pytest.raises(StepRefused) as refused:
        read_facts(step, wrong, SOLE, TODAY, is_strict=True)
    assert {refusal.fact for refusal in refused.value.refusals} == {
        None,
        "reason",
        "outcome_provided_on",
        "reasons",
    }


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("day", "2026-02-30", "real day"),
        ("day", "2026-11-21", "future"),
        ("day", 20260403, "real day"),
        ("text", "a\0b", "cannot be kept"),
        ("text", "x" * (LONGEST_TEXT + 1), "100,000 characters or fewer"),
        ("flag", "yes", "true or false"),
        ("flag", 1, "true or false"),
        ("number", "two", "whole number"),
        ("number", True, "whole number"),
        ("number", 2.0, "whole number"),
        ("number", -1, "between 0 and 9,999"),
        ("number", 10_000, "between 0 and 9,999"),
        ("choice", "southshire", "must be one of: northshire"),
        ("choices", "northshire", "takes a list"),
        ("choices", ["northshire", "southshire"], "must be one of: northshire"),
    ],
)
def test_a_wrong_value_is_refused_with_what_would_do(kind: Any, value: Any, said: str) -> None:
    fact = Fact("thing", kind, "The thing", choices="forces" if "choice" in kind else ())
    with pytest.raises(ValueError, match=said) as refused:
        read_fact(fact, value, SOLE, TODAY)
    assert str(refused.value).startswith("The thing")


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_words_are_kept_as_written_but_for_form_and_edges(text: str) -> None:
    kept = read_fact(Fact("note", "text", "Note"), text, SOLE, TODAY)
    again = read_fact(Fact("note", "text", "Note"), kept, SOLE, TODAY)
    assert again == kept
    assert kept is None or kept == kept.strip()


@pytest.mark.parametrize(
    "written", ["20260403", "2026-W14-5", "2026-4-3", "٢٠٢٦-04-03", " 2026-04-03"]
)
def test_a_day_has_one_form(written: str) -> None:
    with pytest.raises(ValueError, match="real day"):
        read_fact(Fact("met_on", "day", "Day they met"), written, SOLE, TODAY)


def test_the_state_is_spoken_of_before_what_is_missing() -> None:
    refused = Life("log", "withdraw").refusal("uphold", given={"reasons": ""})
    assert refused is not None
    assert "withdrawn" in refused.sentence


def test_an_unknown_fact_is_answered_with_those_there_are() -> None:
    refused = Life("log").refusal("receive_file", nope="x")
    assert refused is not None
    assert "extent, note" in refused.sentence


def test_only_what_names_another_entry_takes_a_target() -> None:
    refused = Life("log").refusal("acknowledge", target=0)
    assert refused is not None
    assert "target" in refused.sentence
