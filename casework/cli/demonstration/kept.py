"""The only place for what the demonstration's cases have beside their own steps; all of it invented."""

from dataclasses import dataclass, field
from typing import Any

from casework.cli.demonstration.people import CHIEF, CONTRACTOR, REVIEWER, SUPERVISOR, Colleague


@dataclass(frozen=True)
class Taken:
    """A step of a thing so many working days after the case's receipt.

    A day among its facts is a number of working days likewise, a colleague an email address and
    another case the surname of its story. `email` are the words of one that comes with it.
    """

    step: str
    after: int
    facts: dict[str, Any] = field(default_factory=dict)
    by: Colleague = REVIEWER
    email: str = ""


@dataclass(frozen=True)
class Kept:
    """A thing of a kind, and the steps of its life from the first."""

    kind: str
    steps: tuple[Taken, ...]


def _kept(kind: str, *steps: Taken) -> Kept:
    return Kept(kind, steps)


def _heard(after: int, way: str, partner: str, summary: str, **more: Any) -> Kept:
    """A letter, call or meeting in which this office was told something."""
    facts = {"way": way, "direction": "in", "with": partner, "summary": summary, "next": "filed"}
    return _kept("correspondence", Taken("keep_correspondence", after, facts | more))


_AT_RISK = (
    _kept(
        "safeguarding",
        Taken(
            "raise_risk",
            4,
            {
                "at_risk": "complainant",
                "risk": "Said on the telephone that there is no point in going on, and lives alone.",
            },
        ),
        Taken(
            "tell_of_risk",
            4,
            {
                "told": "adult_care",
                "name": "Duty desk of the invented Fenmarch Council",
                "is_urgent": True,
                "note": "They will visit today.",
            },
        ),
        Taken("tell_of_risk", 4, {"told": "supervisor", "name": "Sam Weir"}),
    ),
    _kept(
        "party",
        Taken(
            "add",
            3,
            {
                "kind": "representative",
                "name": "Robin Teal, a sister",
                "identity": "known",
                "is_identified": True,
                "email": "robin.teal@example.org",
                "consent_on": 2,
            },
        ),
    ),
    _kept(
        "contact_plan",
        Taken(
            "plan_contact",
            3,
            {
                "whom": "complainant",
                "channel": "through_representative",
                "language": "English; no interpreter",
                "adjustments": "Letters in large print. No calls before noon.",
            },
        ),
    ),
    _heard(4, "telephone", "complainant", "Rang about the delay, and was in distress."),
    _kept(
        "correspondence",
        Taken(
            "keep_correspondence",
            14,
            {
                "way": "email",
                "direction": "out",
                "with": "force",
                "name": "Professional Standards, Fenmarch Police",
                "summary": "Asked which of the body-worn video is still kept.",
                "next": "reply_awaited",
                "reply_by": 19,
            },
        ),
        Taken("chase_answer", 20, {"note": "Rang the desk as well."}),
    ),
)
_MOTHER = (
    _kept(
        "party",
        Taken(
            "add",
            0,
            {
                "kind": "representative",
                "name": "Robin Moorhen, his mother",
                "is_identified": True,
                "email": "robin.moorhen@example.org",
                "consent_on": -2,
            },
        ),
    ),
    _kept(
        "safeguarding",
        Taken(
            "raise_risk",
            0,
            {"at_risk": "child", "risk": "He says that he will hurt himself if nobody answers."},
        ),
        Taken("tell_of_risk", 0, {"told": "children", "name": "Duty desk of the council"}),
    ),
    _kept(
        "outcome_day",
        Taken("name_outcome_day", 2, {"candidate_on": -38, "says": "force", "basis": "posted"}),
    ),
    _kept(
        "outcome_day",
        Taken(
            "name_outcome_day", 3, {"candidate_on": -21, "says": "carrier", "basis": "sent_again"}
        ),
    ),
    _kept(
        "passed_part",
        Taken("pass_part", 4, {"to": "panel", "part": "That the Commissioner knew of it."}),
    ),
)
_CLAIMED = (
    _kept(
        "pre_action",
        Taken(
            "receive_pre_action",
            42,
            {
                "from": "solicitor",
                "name": "Sluice and Drove, invented solicitors, reference G/114",
                "claim": "That a decision is long overdue, and the delay unlawful.",
            },
        ),
        Taken("note_on_claim", 43, {"note": "Counsel asked for advice."}, SUPERVISOR),
    ),
    _kept(
        "passed_part",
        Taken(
            "pass_part",
            6,
            {"to": "panel", "part": "That the Commissioner spoke about the complaint in public."},
        ),
        Taken("tell_of_part", 7),
    ),
    _kept(
        "contact_plan",
        Taken("plan_contact", 8, {"whom": "complainant", "channel": "email"}),
        Taken(
            "restrict_contact",
            30,
            {
                "restriction": "One email a week, to one address. Applications are always read.",
                "why_restricted": "Forty emails in nine days, several of them abusive.",
                "review_on": 90,
            },
            CHIEF,
        ),
    ),
    _kept(
        "party",
        Taken(
            "add",
            6,
            {"kind": "complained_against", "name": "PC 9901 Shoveler", "identity": "via_psd"},
        ),
    ),
    _kept("party", Taken("add", 6, {"kind": "interested", "name": "Applicant’s neighbour"})),
)
_WRITES_AGAIN = (
    _heard(
        23,
        "letter",
        "complainant",
        "Disagrees with the decision, and sends the same photographs again.",
        next="reply_owed",
        reply_by=33,
    ),
    _kept(
        "information_request",
        Taken(
            "receive_request",
            24,
            {
                "kind": "subject_access",
                "asked_for": "Everything that the office holds on the case.",
            },
        ),
    ),
    _kept(
        "no_further_reply",
        Taken(
            "decide_no_reply",
            26,
            {
                "whom": "complainant",
                "decided_by": SUPERVISOR.email,
                "reasons": "Every point was answered in the decision; nothing in the letter is new.",
                "told_on": 26,
            },
            SUPERVISOR,
        ),
    ),
)
_LINKED = (
    _kept(
        "link",
        Taken(
            "link_case",
            10,
            {"reference": "Grebe", "kind": "together", "note": "Two complainants, one arrest."},
        ),
    ),
)

_PAPERS = (
    _kept(
        "paper",
        Taken(
            "add",
            4,
            {
                "kind": "correspondence",
                "origin": "force",
                "name": "Email from Professional Standards with the officer’s account",
                "dated_on": 4,
                "marks": ["third_party", "force_sensitive"],
            },
            email="The officer says that the gate was open and that no warden was in sight.",
        ),
        Taken(
            "replace",
            6,
            {"note": "The whole account; the first email left out its end."},
            email="The officer says that the gate was open, that no warden was in sight, and that "
            "he closed it when he left.",
        ),
    ),
    _kept(
        "paper",
        Taken(
            "hold",
            4,
            {
                "kind": "footage",
                "origin": "force",
                "name": "Body-worn video of the officer at the gate",
                "place": "body_worn",
                "found_under": "FEN-BWV-20417",
            },
        ),
        Taken(
            "view",
            7,
            {"viewer": REVIEWER.email, "part_viewed": "00:03:10 to 00:07:45, the conversation"},
        ),
    ),
)
_INSTRUCTED = (
    _kept(
        "instruction",
        Taken(
            "instruct",
            11,
            {
                "person": CONTRACTOR.email,
                "asked": "Write the review from the force’s file, and draft the decision letter.",
                "return_by": 25,
                "is_eligible": True,
            },
            SUPERVISOR,
        ),
    ),
)
_KNOWN_TO_THE_FORCE = (
    _kept(
        "conflict",
        Taken(
            "declare_conflict",
            1,
            {"person": CONTRACTOR.email, "why": "Worked for the force until last year."},
            SUPERVISOR,
        ),
    ),
)
_WELL_KNOWN = (
    _kept(
        "restriction",
        Taken(
            "restrict_case",
            1,
            {
                "people": (SUPERVISOR.email, CHIEF.email, REVIEWER.email),
                "why": "The complainant’s sister works in this office.",
            },
            SUPERVISOR,
        ),
    ),
)


def _learnt(point: str, *themes: str) -> Kept:
    """A learning point from the review, fed back to the force with the outcome."""
    facts = {"to": "professional_standards", "themes": themes, "point": point}
    return _kept("observation", Taken("observe", 18, facts), Taken("feed_back", 21))


_LEARNT_FROM_UPHOLDING = (
    _learnt(
        "Say in the outcome letter what was looked at, not only what was found.", "explanation"
    ),
)
_LEARNT_ALTHOUGH_NOT_UPHELD = (
    _learnt("Tell people when the answer will be late.", "communication", "timeliness"),
    _learnt("The officer’s notes were a model of their kind.", "good_practice"),
)
KEPT: dict[str, tuple[Kept, ...]] = {
    "Bunting": _WELL_KNOWN,
    "Coot": _AT_RISK,
    "Dunlin": _INSTRUCTED,
    "Gadwall": _CLAIMED,
    "Godwit": _PAPERS,
    "Grebe": _LEARNT_FROM_UPHOLDING,
    "Heron": (*_LEARNT_ALTHOUGH_NOT_UPHELD, *_WRITES_AGAIN),
    "Knot": _KNOWN_TO_THE_FORCE,
    "Moorhen": _MOTHER,
    "Harrier": _LINKED,
}
"""What is kept on the case of a story, by its surname."""
LOOKED_AT = (("Coot", SUPERVISOR, 8), ("Coot", SUPERVISOR, 9))
"""Who looked at which case, and how many working days after its receipt, without a part in it."""
