"""The only place for the sentences that a decision on a new application is begun with, from what triage found.

Whoever decides reads and changes them: they are offered, and nothing is recorded by them.
"""

from collections.abc import Iterator

from workflows.calendar import in_words
from workflows.complaint_review_choices import CONTENT, LIMBS
from workflows.complaint_review_validity_guards import EXTENDED, REFUSED
from workflows.triage import Assessment
from workflows.triage_body import LPB
from workflows.triage_time import IN_TIME, LATE, NOT_KNOWN, Timeliness

_CONTENT = {choice.code: choice.label[0].lower() + choice.label[1:] for choice in CONTENT}
_LIMBS = {choice.code: choice.label for choice in LIMBS}


def for_valid(found: Assessment) -> str:
    """Why it is valid, as far as that is settled."""
    return " ".join((*_about_time(found.time), *_about_body(found), *_about_content(found)))


def for_invalid(found: Assessment, decided: str = "") -> str:
    """Why it is invalid, for the reason that the rules lead to; empty where they lead to none.

    `decided` are the words of the decision about extra time.
    """
    if found.invalid_for == "out_of_time":
        return " ".join((*_about_time(found.time), decided)).strip()
    if found.invalid_for == "already_reviewed":
        return "The outcome of the complaint has been reviewed before, and there is one review."
    if found.invalid_for == "incomplete" and found.asked is not None:
        asked, by = found.asked, found.asked.answer_by
        what = _listed([_CONTENT[code] for code in asked.what]) or "what is missing"
        until = f", to answer by {in_words(by)}" if by else ""
        return (
            f"On {in_words(asked.on)} the applicant was asked for {what}{until}. "
            "There was no answer, and the office cannot go on without it."
        )
    return ""


def for_forwarding(found: Assessment) -> str:
    """Why the IOPC is the body; empty while no limb of the test is met."""
    if found.body.met is None:
        return ""
    limb = _LIMBS[found.body.met]
    return (
        "The complaint, as it was made to the force, meets a limb of the test (para 30, reg 32): "
        f"{limb[0].lower()}{limb[1:]}. One limb sends the whole case to the IOPC."
    )


def for_extra_time(found: Assessment, why_late: str = "") -> str:
    """What is to be weighed, in words that the applicant is told; `why_late` are their own."""
    time = found.time
    if time.last_day is None or time.days_late is None:
        return ""
    said = [
        f"The last day to apply was {in_words(time.last_day)}. Your application was made on "
        f"{in_words(time.made_on)}, {_days(time.days_late)} later."
    ]
    if time.first_by not in (None, "iopc") and time.first_on:
        said.append(
            f"You had sent it elsewhere first, where it arrived on {in_words(time.first_on)}."
        )
    said.append(f"You told us: “{why_late}”" if why_late else "You gave no reason for this.")
    return " ".join(said)


def _about_time(time: Timeliness) -> Iterator[str]:
    if time.status == NOT_KNOWN or time.provided_on is None or time.last_day is None:
        yield "The day on which the outcome was provided is not known."
        return
    yield (
        f"The outcome was provided on {in_words(time.provided_on)}, so the last day to apply was "
        f"{in_words(time.last_day)} (reg 29(2))."
    )
    made = f"The application was made on {in_words(time.made_on)}"
    if time.status == IN_TIME:
        yield f"{made}, in time."
        return
    late = f"{made}, {_days(time.days_late or 0)} late"
    yield {
        LATE: f"{late}.",
        EXTENDED: f"{late}; special circumstances made it just to extend the time (reg 29(4)).",
        REFUSED: f"{late}, and it was not just to extend the time (reg 29(4)).",
    }[time.status]


def _about_body(found: Assessment) -> Iterator[str]:
    if found.body.found != LPB:
        return
    answers = {limb.answer for limb in found.body.limbs}
    none_met = ": no limb of the test is met" if answers == {"no"} else ""
    yield f"The Commissioner is the relevant review body (para 30, reg 32){none_met}."


def _about_content(found: Assessment) -> Iterator[str]:
    missing = [_CONTENT[each.code] for each in found.content if each.is_law and each.is_missing]
    if missing:
        yield (
            f"The application does not give {_listed(missing)}; the office goes on in spite of "
            "that (reg 29(6))."
        )
    else:
        yield "It gives what the law asks for (reg 29(5))."


def _listed(words: list[str]) -> str:
    """Several things in a sentence: "a, b and c"."""
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
