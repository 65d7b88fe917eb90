"""What triage says of an application is what the engine then accepts, and what the law says of its days."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.lives import SECOND, TODAY, WRITER, Life
from workflows import triage_reasons as reasons
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.complaint_review_choices import LIMBS
from workflows.complaint_review_prompts import PROMPTS
from workflows.definition import Standing
from workflows.letters_owed import owed
from workflows.triage import ASK, EXTRA_TIME, READY, SETTLE, UNANSWERED, WAITING, Assessment, assess
from workflows.triage_content import Kept

RECEIVED = date(2026, 5, 11)
NO_LIMB = {f"limb_{limb.code}": "no" for limb in LIMBS}
WORDS = frozenset({"complainant_name", "complaint", "why_late"})
DAYS = st.integers(-60, 0).map(lambda by: RECEIVED + timedelta(days=by))
ANSWERS = st.sampled_from(["yes", "no", "not_known"])
APPLICATIONS = st.fixed_dictionaries(
    {},
    optional={
        "outcome_provided_on": DAYS,
        "letter_dated_on": DAYS,
        "first_received_by": st.sampled_from(["iopc", "force", "other"]),
        "first_received_on": DAYS,
        "reviewed_before": ANSWERS,
        "applicant": st.sampled_from(["complainant", "representative"]),
        "channel": st.sampled_from(["email", "telephone", "iopc"]),
    },
)
LATER = st.lists(
    st.one_of(
        st.tuples(st.just("find_outcome_day"), st.builds(dict, outcome_provided_on=DAYS)),
        st.tuples(
            st.just("find_review_body"),
            st.sampled_from(
                [
                    {"review_body": "lpb", **NO_LIMB},
                    {"review_body": "iopc", "limb_referred": "yes", "reasons": "Referred."},
                ]
            ),
        ),
        st.tuples(
            st.just("decide_time"),
            st.builds(dict, extra_time=st.sampled_from(["extended", "refused"])),
        ),
        st.tuples(
            st.just("wait"),
            st.builds(
                dict,
                waiting_for=st.just("applicant"),
                asked_for=st.just(["consent", "outcome_provided_on"]),
                answer_by=st.sampled_from([TODAY - timedelta(days=1), TODAY]),
            ),
        ),
        st.tuples(st.sampled_from(["resume", "forward", "reopen"]), st.just({})),
    ),
    max_size=7,
)
CANDIDATES = st.lists(DAYS, max_size=2)


def candidates(days: list[date]) -> Kept:
    """Days that the applicant names."""
    named = ({"candidate_on": day, "says": "applicant"} for day in days)
    return {"outcome_day": tuple(Standing("candidate", values=values) for values in named)}


def lived(application: dict[str, Any], later: list[tuple[str, dict[str, Any]]]) -> Life:
    """An application with whatever of the later steps the engine takes."""
    life = Life()
    life.take("log", RECEIVED, given=application)
    for number, (step, facts) in enumerate(later, start=1):
        on = RECEIVED + timedelta(days=number)
        given = {"reason": "returned_by_iopc"} if step == "reopen" else facts
        if life.refusal(step, on, SECOND, given=given) is None:
            life.take(step, on, SECOND, given=given)
    return life


def assessed(life: Life, kept: Kept | None = None, words: frozenset[str] = WORDS) -> Assessment:
    found = assess(life.standing(), kept or {}, words, life.office, TODAY)
    assert found is not None
    return found


def offered(found: Assessment) -> dict[str, Any]:
    """What the page of the decision would begin the suggested step with."""
    begun: dict[str, dict[str, Any]] = {
        "find_valid": {"reasons": reasons.for_valid(found)},
        "find_invalid": {"reason": found.invalid_for, "reasons": reasons.for_invalid(found)},
        "forward": {"limb": found.body.met, "reasons": reasons.for_forwarding(found)},
        "decide_time": {"special_circumstances": reasons.for_extra_time(found, "I was ill.")},
        ASK: {"waiting_for": "applicant", "asked_for": found.to_ask, "answer_by": TODAY},
    }
    return begun[found.suggests or ""]


@settings(max_examples=100)
@given(application=APPLICATIONS, later=LATER, days=CANDIDATES)
def test_what_triage_says_is_what_the_engine_does(
    application: dict[str, Any], later: list[tuple[str, dict[str, Any]]], days: list[date]
) -> None:
    first, by = application.get("first_received_on"), application.get("first_received_by")
    life = lived(application, later)
    found, state = assessed(life, candidates(days)), life.standing().state
    if state == "received":
        tries: dict[str, tuple[str, dict[str, Any]]] = {
            "find_valid": ("find_valid", {}),
            "decide_time": ("decide_time", {}),
            "out_of_time": ("find_invalid", {"reason": "out_of_time"}),
            "incomplete": ("find_invalid", {"reason": "incomplete"}),
        }
        for code, (step, facts) in tries.items():
            refusal = life.refusal(step, TODAY, SECOND, **facts)
            assert (refusal.sentence if refusal else None) == found.refusals.get(code)
    if found.suggests is not None and state != "forwarded":
        step = "wait" if found.suggests == ASK else found.suggests
        assert life.refusal(step, TODAY, SECOND, given=offered(found)) is None

    # The days, told a second time: from the day after, whole days, whoever had it in between.
    made = min(first, RECEIVED) if by == "iopc" and first else RECEIVED
    assert found.time.made_on == made
    provided = life.standing().values.get("outcome_provided_on")
    assert found.time.days_late == ((made - provided).days - 28 if provided else None)
    for candidate in found.time.candidates:
        assert candidate.days_late == (made - candidate.on).days - 28
    assert {day.on for day in found.time.candidates} >= set(days)
    is_split = {day.days_late > 0 for day in found.time.candidates} == {True, False}
    assert found.time.is_in_dispute == (is_split and not found.time.is_found)


def stage_of(life: Life, **more: Any) -> tuple[str, str | None]:
    found = assessed(life, **more)
    return found.stage, found.suggests


def received(**facts: Any) -> Life:
    life = Life()
    life.take("log", RECEIVED, given={"outcome_provided_on": date(2026, 4, 20), **facts})
    return life


def test_an_application_goes_from_stage_to_stage() -> None:
    life = received()
    assert stage_of(life) == (SETTLE, None)
    life.take("find_review_body", RECEIVED, given=NO_LIMB)
    assert stage_of(life) == (READY, "find_valid")
    said = reasons.for_valid(assessed(life))
    assert "the last day to apply was 18 May 2026" in said
    assert "in time" in said
    assert "no limb of the test is met" in said
    late = received(outcome_provided_on=date(2026, 4, 1))
    assert stage_of(late) == (SETTLE, None)
    late.take("find_review_body", RECEIVED)
    assert stage_of(late, words=frozenset({"complainant_name"})) == (SETTLE, ASK)
    assert stage_of(late) == (EXTRA_TIME, "decide_time")
    late.take("decide_time", RECEIVED, SECOND, extra_time="refused")
    assert (*stage_of(late), assessed(late).invalid_for) == (READY, "find_invalid", "out_of_time")
    late.take("decide_time", RECEIVED, SECOND)
    assert stage_of(late) == (READY, "find_valid")
    assert "special circumstances made it just" in reasons.for_valid(assessed(late))


def test_an_answer_is_waited_for_until_its_day_has_passed() -> None:
    life = received(applicant="representative")
    assert stage_of(life) == (SETTLE, ASK)
    asked = {"waiting_for": "applicant", "asked_for": ["consent"]}
    life.take("wait", RECEIVED, given={**asked, "answer_by": TODAY})
    assert stage_of(life)[0] == WAITING
    life.take("wait", RECEIVED, given={**asked, "answer_by": TODAY - timedelta(days=1)})
    assert stage_of(life) == (UNANSWERED, "find_invalid")
    assert "asked for the complainant’s written consent" in reasons.for_invalid(assessed(life))
    wanted = {prompt.says: prompt.since(life.standing()) for prompt in PROMPTS}
    assert wanted["Go on without the applicant’s answer, or ask again"] == TODAY
    life.take("resume", RECEIVED)
    assert stage_of(life, kept=consent())[0] == SETTLE
    assert assessed(life, consent()).missing_from("applicant") != []


def consent() -> Kept:
    return {"paper": (Standing("on_file", values={"kind": "consent"}),)}


def test_whose_answers_differ_and_where_to_look_is_told() -> None:
    life = received(
        about_senior_officer="yes", categories=["B5"], review_body_letter="lpb", route="otherwise"
    )
    life.take(
        "find_review_body",
        RECEIVED,
        given={
            "review_body_psd": "iopc",
            "letter_paragraph": "25",
            "reasons": "It was not referred.",
        },
    )
    body = assessed(life, {"passed_part": (Standing("passed"),)}).body
    assert (body.differ, body.paragraph_differs) == (True, True)
    points = {limb.code: limb.points for limb in body.limbs if limb.points}
    assert points.keys() == {
        "senior_officer",
        "proceedings_or_article_2_or_3",
        "referred",
        "part_caught",
    }


@pytest.mark.parametrize("channel", ["telephone", "in_person"])
def test_what_was_said_by_word_of_mouth_has_to_be_written_down(channel: str) -> None:
    life = received(channel=channel)
    assert assessed(life).to_ask[0] == "in_writing"
    written: Kept = {"paper": (Standing("on_file", values={"kind": "application"}),)}
    assert "in_writing" not in assessed(life, written).to_ask


def test_what_the_letter_on_file_says_is_asked_of_nobody() -> None:
    letter: Kept = {"paper": (Standing("on_file", values={"kind": "outcome_letter"}),)}
    missing = assessed(received(), letter, frozenset({"complainant_name"}))
    assert {each.code for each in missing.missing_from("office")} >= {"complaint_made_on", "force"}
    assert missing.to_ask == []


def owed_to(life: Life, *issued: Standing) -> set[tuple[str, str]]:
    letters = owed(COMPLAINT_REVIEW, life.standing(), issued)
    return {(each.letter.name, each.to) for each in letters}


def test_a_case_sent_to_the_iopc_owes_two_letters_until_both_went() -> None:
    life = received()
    life.take("forward", RECEIVED)
    both = {("forwarding", "iopc"), ("forwarded", "complainant")}
    prompt = next(prompt for prompt in PROMPTS if prompt.step == "notify")
    assert owed_to(life) == both
    life.take("notify", RECEIVED, given={"told": ["complainant"]})
    assert (owed_to(life), prompt.since(life.standing())) == ({("forwarding", "iopc")}, RECEIVED)
    life.take("notify", RECEIVED, given={"told": ["iopc"]})
    assert (owed_to(life), prompt.since(life.standing())) == (set(), None)
    said_nothing = received()
    said_nothing.take("forward", RECEIVED)
    said_nothing.take("notify", RECEIVED)
    assert owed_to(said_nothing) == set()


def test_what_came_back_is_found_anew_and_judged_by_its_first_day() -> None:
    life = received(outcome_provided_on=date(2026, 4, 15))
    iopc = {"review_body": "iopc", "limb_referred": "yes", "reasons": "Referred."}
    life.take("find_review_body", RECEIVED, given=iopc)
    assert stage_of(life) == (READY, "forward")
    life.take("forward", RECEIVED, limb="referred")
    back = RECEIVED + timedelta(days=30)
    life.take("reopen", back, SECOND, reason="returned_by_iopc")
    found = assessed(life)
    assert (found.body.found, found.body.is_returned, found.suggests) == (None, True, None)
    assert (found.time.status, owed_to(life)) == ("in_time", set())
    life.take("find_review_body", back, WRITER, given={**NO_LIMB, "reasons": "Not referred."})
    assert stage_of(life) == (READY, "find_valid")
