"""The only place for the demonstration's recent cases: what happened, on which day, by whom."""

from dataclasses import dataclass, field, replace
from typing import Any

from casework.cli.demonstration.people import CHIEF, REVIEWER, SUPERVISOR, Colleague


@dataclass(frozen=True)
class Act:
    """A step so many working days after receipt, entered so many working days `late`.

    `target` is the place of the act that it is about.
    """

    step: str
    after: int = 0
    by: Colleague = REVIEWER
    facts: dict[str, Any] = field(default_factory=dict)
    target: int | None = None
    late: int = 0


@dataclass(frozen=True)
class Story:
    """A case received so many days ago; `provided` is how long before that the outcome was."""

    title: str
    days_ago: int
    surname: str
    acts: tuple[Act, ...] = ()
    provided: int = 12
    facts: dict[str, Any] = field(default_factory=dict)


USUAL: dict[str, dict[str, Any]] = {
    "find_valid": {
        "review_body_letter": "lpb",
        "review_body_psd": "lpb",
        "review_body": "lpb",
        "reasons": "The outcome letter is in hand, the applicant is the complainant, and it is in time.",
    },
    "receive_file": {"extent": "complete"},
    "write_review": {
        "finding": "reasonable",
        "reasons": "The force looked into each allegation, explained what it found, and its "
        "conclusion follows from it.",
    },
    "uphold": {"reasons": "The named witness was not spoken to, and the letter does not say why."},
    "not_uphold": {"reasons": "The outcome was reasonable and proportionate."},
    "notify": {"told": ["complainant", "appropriate_authority", "interested_persons"]},
    "forward": {
        "limb": "referred",
        "reasons": "The force’s file shows that the complaint was referred to the IOPC.",
    },
    "withdraw": {"withdrawal_of": "application", "is_in_writing": True},
    "find_invalid": {"reasons": "The applicant was told why, and what would be needed."},
}
NOT_REASONABLE: dict[str, Any] = {
    "finding": "not_reasonable",
    "reasons": "A named witness was not spoken to.",
}
_LATE = "The applicant was in hospital from the day of the letter; a discharge note was sent."


def _act(step: str, after: int, by: Colleague = REVIEWER, **facts: Any) -> Act:
    return Act(step, after, by, facts)


ASSIGNED = (_act("assign", 0, SUPERVISOR, assignee=REVIEWER.email),)
ACKNOWLEDGED = (_act("acknowledge", 2),)
FILE_ASKED = (*ACKNOWLEDGED, _act("request_file", 3))
OURS = _act(
    "find_review_body",
    5,
    review_body_letter="lpb",
    letter_paragraph="6A",
    review_body_psd="lpb",
    review_body="lpb",
)
OURS_AFTER_ALL = replace(OURS, after=20, facts={**OURS.facts, "limb_referred": "no"})
FILE_IN = (*FILE_ASKED, _act("receive_file", 9))
VALID = (*FILE_ASKED, _act("find_valid", 5), _act("receive_file", 9))
REVIEWED = (*VALID, _act("write_review", 18))
FOUND_WANTING = (*VALID, _act("write_review", 18, **NOT_REASONABLE))


def _decided(step: str, after: int = 20, **facts: Any) -> tuple[Act, ...]:
    before = FOUND_WANTING if step == "uphold" else REVIEWED
    return (*ASSIGNED, *before, _act(step, after, SUPERVISOR, **facts), _act("notify", after + 1))


STORIES = (
    Story("Just arrived", 0, "Bittern"),
    Story("Arrived, not yet acknowledged and past the target", 16, "Avocet"),
    Story("Acknowledged, the file asked for", 9, "Bunting", (*ASSIGNED, *FILE_ASKED)),
    Story(
        "Waiting for the force, which was reminded",
        37,
        "Coot",
        (
            _act("assign", 0, assignee=REVIEWER.email),
            *FILE_ASKED,
            _act("wait", 3, waiting_for="force"),
            _act("chase_file", 14),
            _act("chase_file", 20),
            _act("escalate_file", 21, escalated_to="Head of Professional Standards"),
        ),
    ),
    Story(
        "Waiting for the applicant’s consent",
        20,
        "Crake",
        (
            *ASSIGNED,
            *ACKNOWLEDGED,
            _act("wait", 3, waiting_for="applicant", asked_for=["consent"], answer_by=20),
        ),
        facts={"applicant": "representative"},
    ),
    Story(
        "Asked for consent, and no answer came",
        27,
        "Dotterel",
        (
            *ASSIGNED,
            *ACKNOWLEDGED,
            _act("wait", 2, waiting_for="applicant", asked_for=["consent"], answer_by=10),
        ),
        facts={"applicant": "other"},
    ),
    Story(
        "Late, and nobody has decided about extra time yet",
        14,
        "Fieldfare",
        (*ASSIGNED, *ACKNOWLEDGED, OURS),
        provided=36,
        facts={"why_late": _LATE, "channel": "post"},
    ),
    Story(
        "Late by the letter’s date, in time by the day the applicant names",
        10,
        "Sanderling",
        ACKNOWLEDGED,
        provided=28,
        facts={"about_senior_officer": "yes", "categories": ["B5"], "channel": "force"},
    ),
    Story(
        "Part of the file is in",
        23,
        "Curlew",
        (
            *FILE_ASKED,
            _act("complete_application", 4, complaint="Nobody came after the burglary."),
            replace(
                _act("receive_file", 8, extent="part", note="The custody record is missing."),
                late=6,
            ),
        ),
    ),
    Story(
        "Valid and assigned",
        28,
        "Dunlin",
        (*VALID, _act("assign", 10, SUPERVISOR, assignee=REVIEWER.email)),
    ),
    Story(
        "Late, and extended for special circumstances",
        33,
        "Egret",
        (
            *FILE_ASKED,
            OURS,
            _act("decide_time", 6, SUPERVISOR, extra_time="extended", special_circumstances=_LATE),
            _act("find_valid", 6, SUPERVISOR),
        ),
        provided=41,
    ),
    Story(
        "The decision is overdue",
        75,
        "Gadwall",
        (
            *ASSIGNED,
            *VALID,
            _act("wait", 16, waiting_for="legal"),
            replace(_act("resume", 30), late=6),
        ),
        facts={"route": "investigation", "categories": ["B4", "B5"]},
    ),
    Story("Written, waiting for a second person", 36, "Godwit", (*ASSIGNED, *REVIEWED)),
    Story(
        "Returned to its writer, and written again",
        50,
        "Goosander",
        (
            *REVIEWED,
            _act("return_review", 20, SUPERVISOR, comments="Say which messages were read."),
            _act("write_review", 23),
        ),
        facts={"route": "otherwise", "categories": ["A4", "F6"]},
    ),
    Story(
        "Upheld, the force has not answered yet",
        43,
        "Grebe",
        _decided("uphold", recommendations=["apology", "investigate"], observations=1),
    ),
    Story(
        "Upheld, and the force’s answer is overdue",
        95,
        "Harrier",
        _decided("uphold", 24, recommendations=["reinvestigate", "case_to_answer"]),
        facts={"route": "investigation", "categories": ["B3", "H5"]},
    ),
    Story(
        "Not upheld, with learning fed back", 48, "Heron", _decided("not_uphold", observations=2)
    ),
    Story(
        "Decided, the letter is not sent yet",
        34,
        "Knot",
        (*ASSIGNED, *REVIEWED, _act("not_uphold", 20, CHIEF)),
    ),
    Story(
        "Sent to the IOPC",
        41,
        "Lapwing",
        (*FILE_IN, _act("forward", 11, SUPERVISOR)),
        facts={"route": "investigation", "categories": ["B4"]},
    ),
    Story(
        "First to the force, on a letter sent twice; then to the IOPC, which sent it back",
        60,
        "Moorhen",
        (
            *FILE_ASKED,
            _act(
                "find_outcome_day",
                4,
                outcome_provided_on=-21,
                outcome_day_basis="sent_again",
                reasons="The first letter went to a flat that they had left, and came back.",
            ),
            OURS,
            replace(_act("receive_file", 9), late=1),
            _act(
                "find_review_body",
                10,
                limb_referred="yes",
                review_body="iopc",
                reasons="The file shows that the force referred the complaint.",
            ),
            _act("forward", 11, SUPERVISOR),
            _act("notify", 11, told=["complainant", "iopc"]),
            _act("reopen", 19, SUPERVISOR, reason="returned_by_iopc"),
            OURS_AFTER_ALL,
            _act("find_valid", 20),
        ),
        provided=40,
        facts={
            "applicant": "representative",
            "about_senior_officer": "no",
            "channel": "force",
            "first_received_by": "force",
            "first_received_on": -4,
            "complaint": "Strip-searched in custody, aged 17, with nobody there for him.",
            "grounds": "The assistant chief constable should have stopped such searches.",
        },
    ),
    Story("Withdrawn in writing", 30, "Pintail", (*ACKNOWLEDGED, _act("withdraw", 8))),
    Story(
        "Out of time, and not extended",
        26,
        "Plover",
        (
            *ACKNOWLEDGED,
            OURS,
            _act(
                "find_outcome_day",
                6,
                outcome_provided_on=-57,
                outcome_day_basis="email",
                reasons="The force’s mail server shows that the email was delivered on that day.",
            ),
            _act(
                "decide_time",
                7,
                SUPERVISOR,
                extra_time="refused",
                special_circumstances="A holiday of two weeks was given as the reason.",
            ),
            _act("find_invalid", 7, SUPERVISOR, reason="out_of_time"),
            _act("notify", 8),
        ),
        provided=57,
    ),
    Story(
        "Invalid until the outcome letter came",
        45,
        "Redshank",
        (
            *ACKNOWLEDGED,
            _act("find_invalid", 6, reason="no_outcome_letter"),
            _act("reopen", 14, SUPERVISOR, reason="new_information"),
            _act("find_valid", 15),
        ),
    ),
    Story(
        "A day was corrected",
        31,
        "Ruff",
        (
            *VALID,
            Act(
                "correct",
                facts={"effective_on": 6, "reason": "The note of the day was misread."},
                target=3,
            ),
        ),
    ),
    Story(
        "An entry made on the wrong case was annulled",
        22,
        "Sandpiper",
        (
            *FILE_IN,
            _act("withdraw", 10),
            Act("annul", facts={"reason": "This letter belongs to another case."}, target=4),
        ),
    ),
    Story(
        "Decided, set aside, and decided again by somebody else",
        88,
        "Shelduck",
        (
            *_decided("not_uphold"),
            _act(
                "reopen",
                30,
                CHIEF,
                reason="own_error",
                explanation="A second letter was overlooked.",
            ),
            _act("write_review", 40, **NOT_REASONABLE),
            _act("uphold", 44, CHIEF, recommendations=["apology"]),
            _act("notify", 45),
        ),
    ),
    Story(
        "Decided two days after the file came",
        38,
        "Whimbrel",
        (
            *ASSIGNED,
            *VALID,
            _act("write_review", 10),
            _act("not_uphold", 11, SUPERVISOR),
            _act("notify", 12),
        ),
    ),
)
