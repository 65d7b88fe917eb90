"""The only place for the rules about an application: its days, its review body, extra time."""

from datetime import date

from workflows.calendar import application_made_on, in_words, last_day_to_apply
from workflows.complaint_review_choices import LIMBS
from workflows.definition import Guard, Refusal, Situation, Standing

EXTENDING_TIME = "extend_time"
"""The power that lets somebody decide about extra time for a late application."""
EXTENDED, REFUSED = "extended", "refused"
LIMB_CODES = tuple(f"limb_{limb.code}" for limb in LIMBS)


def made_on(standing: Standing) -> date | None:
    """The day the application was made (reg 29(2) and (3)); None before it was received here."""
    received_on = standing.first_day("log")
    if received_on is None:
        return None
    values = standing.values
    return application_made_on(
        received_on, values.get("first_received_by"), values.get("first_received_on")
    )


def is_late(standing: Standing) -> bool:
    """Whether it was made after the last day (reg 29(2)), by the days that are known."""
    return _days_late(standing, standing.values.get("outcome_provided_on")) is not None


def _days_late(standing: Standing, provided_on: date | None) -> tuple[date, date] | None:
    """The day made and the last day of a late application; None if in time or unknown."""
    made = made_on(standing)
    if provided_on is None or made is None:
        return None
    last_day = last_day_to_apply(provided_on)
    return (made, last_day) if made > last_day else None


def _first_days_come_first(situation: Situation) -> Refusal | None:
    received_on = situation.before.first_day("log") or situation.entry.effective_on
    for code, said in (
        ("complaint_made_on", "complaint was made"),
        ("letter_dated_on", "outcome letter is dated"),
        ("outcome_provided_on", "outcome was provided"),
        ("first_received_on", "application was first received elsewhere"),
    ):
        day = situation.entry.facts.get(code)
        if day is not None and day > received_on:
            return Refusal(
                f"The {said} on {in_words(day)}, after the application reached this office on "
                f"{in_words(received_on)}. Check both days.",
                code,
            )
    return None


def _provided_before_received(situation: Situation) -> Refusal | None:
    day = situation.entry.facts.get("outcome_provided_on")
    received_on = situation.before.first_day("log")
    if day is not None and received_on is not None and day > received_on:
        return Refusal(
            f"The outcome was provided on {in_words(day)}, after the application reached this "
            f"office on {in_words(received_on)}. Check both days.",
            "outcome_provided_on",
        )
    return None


def _office_is_review_body(situation: Situation) -> Refusal | None:
    if situation.value("review_body") == "iopc":
        return Refusal(
            "The office found that the IOPC is the relevant review body, so this office does not "
            "go on with the case. Forward it to the IOPC, or find the review body anew.",
            "review_body",
        )
    return None


def _is_in_time_or_extended(situation: Situation) -> Refusal | None:
    if situation.entry.facts.get("time_extended"):
        return Refusal(
            "Extra time is decided for itself, with reasons. Take the step “Decide about extra "
            "time” first, and leave this out here.",
            "time_extended",
        )
    late = _days_late(situation.before, situation.value("outcome_provided_on"))
    if late is None or situation.before.values.get("extra_time") == EXTENDED:
        return None
    made, last_day = late
    return Refusal(
        f"The application was made on {in_words(made)}; the last day was "
        f"{in_words(last_day)} (reg 29(2)). Decide first whether special circumstances make it "
        "just to extend the time, or find the application invalid."
    )


def _is_late_if_said_to_be(situation: Situation) -> Refusal | None:
    if situation.entry.facts.get("invalid_reason") != "out_of_time":
        return None
    if refusal := _is_late_for_certain(situation, "reason"):
        return refusal
    if situation.before.values.get("extra_time") == REFUSED:
        return None
    return Refusal(
        "A late application needs a reasoned decision on special circumstances (reg 29(4)), and "
        "there is none that refuses extra time. Take the step “Decide about extra time” first.",
        "reason",
    )


def _may_be_extended(situation: Situation) -> Refusal | None:
    return _is_late_for_certain(situation, None)


def _is_late_for_certain(situation: Situation, fact: str | None) -> Refusal | None:
    """Refuses while nobody can say that it is late, or that this office has to say so."""
    provided_on = situation.value("outcome_provided_on")
    if provided_on is None:
        return Refusal(
            "Nobody can say that it is out of time before the day the outcome was provided is "
            "known. Ask the force, and record the office’s finding.",
            "outcome_provided_on",
        )
    if _days_late(situation.before, provided_on) is None:
        return Refusal(
            "The application is in time: the last day was "
            f"{in_words(last_day_to_apply(provided_on))} (reg 29(2)). Nothing has to be extended; "
            "correct the day the outcome was provided if it is wrong.",
            fact,
        )
    if situation.value("review_body") != "lpb":
        return Refusal(
            "Only the relevant review body may decide about extra time. Record the office’s "
            "finding on the review body first.",
            "review_body",
        )
    return None


def _applicant_was_asked(situation: Situation) -> Refusal | None:
    if situation.entry.facts.get("invalid_reason") != "incomplete":
        return None
    waits = [entry for entry in situation.before.entries if entry.step == "wait"]
    if any(entry.facts.get("waiting_for") == "applicant" for entry in waits):
        return None
    return Refusal(
        "What is missing makes an application invalid only once the applicant was asked and did "
        "not answer. Ask first, and record that the office waits for the applicant.",
        "reason",
    )


def _only_of_the_applicant(situation: Situation) -> Refusal | None:
    facts = situation.entry.facts
    if facts.get("waiting_for") in (None, "applicant") or not facts.get("asked_for"):
        return None
    return Refusal(
        "These are things to ask the applicant for. Choose the applicant, or leave them out.",
        "asked_for",
    )


def _limbs_agree(situation: Situation) -> Refusal | None:
    body = situation.entry.facts.get("review_body")
    met = [code for code in LIMB_CODES if situation.value(code) == "yes"]
    if body == "lpb" and met:
        return Refusal(
            "A limb of the test is met, and one sends the whole case to the IOPC. Find that the "
            "IOPC is the body, or answer that limb differently.",
            met[0],
        )
    if body == "iopc" and not met:
        return Refusal(
            "The IOPC is the body only where a limb of the test is met. Answer “Yes” to the limb "
            "that is.",
            "review_body",
        )
    return None


def _difference_is_explained(situation: Situation) -> Refusal | None:
    facts = situation.entry.facts
    said = {situation.value(code) for code in ("review_body_letter", "review_body_psd")}
    others = said & {"lpb", "iopc"} - {facts.get("review_body")}
    if not others or situation.texts.get("reasons"):
        return None
    return Refusal(
        "The letter or Professional Standards named another body. The office decides when they "
        "differ: enter the reasons.",
        "reasons",
    )


def _may_decide_about_time(situation: Situation) -> Refusal | None:
    actor, office = situation.actor, situation.office
    if actor is None or office.sign_off == "sole":
        return None
    if office.is_delegated(EXTENDING_TIME, actor.token, situation.entry.effective_on):
        return None
    is_chief = "chief_executive" in actor.roles
    if is_chief or (office.sign_off == "second_person" and "supervisor" in actor.roles):
        return None
    return Refusal(
        "Extra time is decided by whoever the office’s delegation names. Ask a supervisor or the "
        "Chief Executive."
    )


FIRST_DAYS_COME_FIRST = Guard(
    "first_days_come_first",
    "What came before the application cannot be dated after it.",
    _first_days_come_first,
)
PROVIDED_BEFORE_RECEIVED = Guard(
    "provided_before_received",
    "The outcome was provided before the application arrived.",
    _provided_before_received,
)
OFFICE_IS_REVIEW_BODY = Guard(
    "office_is_review_body",
    "The Commissioner is the relevant review body (para 30, reg 32).",
    _office_is_review_body,
    about="judgement",
)
STILL_THE_OFFICES = Guard(
    "still_the_offices",
    "What the office found to be the IOPC’s is neither reviewed nor decided here (para 30).",
    _office_is_review_body,
    about="case",
)
IS_IN_TIME_OR_EXTENDED = Guard(
    "is_in_time_or_extended",
    "Made within 28 days, or time extended for special circumstances (reg 29(2) and (4)).",
    _is_in_time_or_extended,
    about="judgement",
)
IS_LATE_IF_SAID_TO_BE = Guard(
    "is_late_if_said_to_be",
    "Out of time only when late, the review body is settled and time was refused (reg 29(4)).",
    _is_late_if_said_to_be,
    about="judgement",
)
MAY_BE_EXTENDED = Guard(
    "may_be_extended",
    "Only a late application of which this office is the review body (reg 29(4)).",
    _may_be_extended,
    about="case",
)
MAY_DECIDE_ABOUT_TIME = Guard(
    "may_decide_about_time",
    "Whoever the delegation names decides about extra time.",
    _may_decide_about_time,
    about="who",
)
APPLICANT_WAS_ASKED = Guard(
    "applicant_was_asked",
    "Incomplete only once the applicant was asked.",
    _applicant_was_asked,
    about="judgement",
)
ONLY_OF_THE_APPLICANT = Guard(
    "only_of_the_applicant",
    "What was asked for was asked of the applicant.",
    _only_of_the_applicant,
    about="judgement",
)
LIMBS_AGREE = Guard(
    "limbs_agree",
    "One limb of the test sends the whole case to the IOPC (para 30, reg 32).",
    _limbs_agree,
    about="judgement",
)
DIFFERENCE_IS_EXPLAINED = Guard(
    "difference_is_explained",
    "A finding that differs from the letter or Professional Standards has reasons.",
    _difference_is_explained,
    about="judgement",
)
