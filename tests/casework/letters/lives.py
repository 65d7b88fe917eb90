"""The only place for the lives of cases whose letters are kept word for word in `golden`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from casework.items import items_on
from tests import factories
from tests.casework.letters.conftest import DECIDER, WRITER

APPLICATION: dict[str, Any] = {
    "complainant_name": "Zoë Ångström-Pike",
    "complainant_address": "Flat 2\n14 Long Lane\nAmbridge",
    "force": "borset",
    "force_reference": "CO/123/26",
    "outcome_provided_on": "2026-04-01",
    "complaint_made_on": "2026-01-12",
    "route": "investigation",
    "categories": ["A1"],
}
Do = tuple[str, date, Mapping[str, Any]]
VALID: Do = ("find_valid", date(2026, 4, 27), {"reasons": "In time."})
ASKED: Do = ("request_file", date(2026, 4, 21), {})


@dataclass(frozen=True)
class Life:
    """A case from its first step; the day on which letters are written; which ones, and to whom.

    `after` does what is not a step of the case.
    """

    steps: tuple[Do, ...]
    written_on: date
    letters: tuple[tuple[str, str], ...]
    application: Mapping[str, Any] = field(default_factory=lambda: APPLICATION)
    logged_on: date = date(2026, 4, 20)
    after: Callable[[Session, str], None] | None = None

    def lived(self, session: Session, reference: str) -> str:
        """Live it; the token of the case."""
        case = factories.case(
            session, on=self.logged_on, by=WRITER, reference=reference, **self.application
        )
        for step, on, facts in self.steps:
            decides = step in ("uphold", "not_uphold", "reopen")
            factories.move(session, reference, step, on, facts, by=DECIDER if decides else WRITER)
        if self.after:
            self.after(session, case.case)
        return case.case


def _interested(session: Session, case: str) -> None:
    factories.item(
        session,
        case,
        "party",
        on=date(2026, 4, 22),
        kind="interested",
        name="Rowan Pike",
        identity="known",
        address="3 Mill Row\nAmbridge",
    )


def _answered(session: Session, case: str) -> None:
    """What was recommended is set out; the force takes one and not the other."""
    _interested(session, case)
    factories.item(
        session,
        case,
        "observation",
        on=date(2026, 5, 20),
        by=DECIDER,
        to="professional_standards",
        point="Outcome letters should say who was spoken to.",
    )
    answers = [
        ("View the footage of the custody suite, and decide again.", "accepted", "It was viewed."),
        ("Apologise for the delay.", "rejected", "We apologised in March."),
    ]
    kept = [item.token for item in items_on(session, case) if item.is_kept]
    made = [token for token in kept if "." in token]
    for token, (wording, response, said) in zip(made[:2], answers, strict=True):
        for step, on, facts in (
            ("describe", date(2026, 5, 20), {"wording": wording}),
            ("respond", date(2026, 6, 16), {"response": response, "steps_or_reasons": said}),
        ):
            factories.move_item(session, token, step, on, facts)


REVIEWED: Do = (
    "write_review",
    date(2026, 5, 11),
    {"finding": "not_reasonable", "reasons": "The footage was not viewed."},
)
UPHELD: Do = (
    "uphold",
    date(2026, 5, 20),
    {
        "recommendations": ["reinvestigate", "apology", "notify_dpp"],
        "observations": "1",
        "reasons": "The force did not view the footage:\n- of the gate\n- of the van\n\n"
        "So it could not know.",
    },
)
COMPLAINANT, FORCE, INTERESTED = "complainant", "appropriate_authority", "interested_persons"

LIVES = {
    "waiting": Life(
        (
            ASKED,
            ("chase_file", date(2026, 5, 5), {}),
            (
                "escalate_file",
                date(2026, 5, 12),
                {"escalated_to": "Deputy Chief Constable, Borsetshire Police"},
            ),
            ("receive_file", date(2026, 5, 13), {"extent": "part"}),
            ("wait", date(2026, 5, 13), {"waiting_for": "applicant"}),
        ),
        date(2026, 6, 22),
        (
            ("acknowledgement", COMPLAINANT),
            ("information_request", COMPLAINANT),
            ("file_request", FORCE),
            ("chaser", FORCE),
            ("escalation", FORCE),
            ("progress", COMPLAINANT),
            ("application_notice", INTERESTED),
            ("application_notice", "person_complained_against"),
        ),
        after=_interested,
    ),
    "nothing_known": Life(
        (),
        date(2026, 4, 21),
        (
            ("acknowledgement", COMPLAINANT),
            ("information_request", COMPLAINANT),
            ("file_request", FORCE),
            ("progress", COMPLAINANT),
        ),
        application={"force": None},
    ),
    "upheld": Life(
        (ASKED, VALID, REVIEWED, UPHELD),
        date(2026, 6, 22),
        (
            ("upheld", COMPLAINANT),
            ("outcome_notice", FORCE),
            ("outcome_notice", INTERESTED),
            ("recommendation", FORCE),
            ("response_copied", COMPLAINANT),
            ("response_copied", INTERESTED),
        ),
        after=_answered,
    ),
    "not_upheld": Life(
        (
            VALID,
            (
                "write_review",
                date(2026, 5, 11),
                {"finding": "reasonable", "reasons": "Everything was looked at."},
            ),
            (
                "not_uphold",
                date(2026, 5, 20),
                {"reasons": "The force spoke to every witness.", "observations": "2"},
            ),
        ),
        date(2026, 5, 21),
        (("not_upheld", COMPLAINANT), ("outcome_notice", FORCE)),
        application={**APPLICATION, "route": "otherwise"},
    ),
    "late": Life(
        (
            ("find_review_body", date(2026, 5, 11), {"review_body": "lpb"}),
            (
                "decide_time",
                date(2026, 5, 12),
                {
                    "extra_time": "refused",
                    "special_circumstances": "You told us of a holiday.\nIt was not enough.",
                },
            ),
            (
                "find_invalid",
                date(2026, 5, 12),
                {"reason": "out_of_time", "reasons": "It came eight days late."},
            ),
        ),
        date(2026, 5, 13),
        (("acknowledgement", COMPLAINANT), ("invalid", COMPLAINANT)),
        logged_on=date(2026, 5, 7),
    ),
    "forwarded": Life(
        (("forward", date(2026, 4, 23), {"limb": "referred", "reasons": "Referred in March."}),),
        date(2026, 4, 23),
        (("forwarded", COMPLAINANT), ("forwarding", "iopc")),
    ),
    "through_the_iopc": Life(
        (
            (
                "wait",
                date(2026, 5, 7),
                {
                    "waiting_for": "applicant",
                    "asked_for": ["consent", "complaint_made_on"],
                    "answer_by": "2026-05-21",
                },
            ),
        ),
        date(2026, 5, 7),
        (("acknowledgement", COMPLAINANT), ("information_request", COMPLAINANT)),
        application={
            **APPLICATION,
            "channel": "iopc",
            "first_received_by": "iopc",
            "first_received_on": "2026-04-25",
        },
        logged_on=date(2026, 5, 6),
    ),
    "through_the_force": Life(
        (("forward", date(2026, 5, 8), {"limb": "part_caught", "reasons": "A part is caught."}),),
        date(2026, 5, 8),
        (("acknowledgement", COMPLAINANT), ("forwarding", "iopc")),
        application={
            **APPLICATION,
            "channel": "force",
            "complainant_email": "zoe@example.org",
            "first_received_by": "force",
            "first_received_on": "2026-04-25",
        },
        logged_on=date(2026, 5, 6),
    ),
    "quashed": Life(
        (
            VALID,
            REVIEWED,
            UPHELD,
            ("reopen", date(2026, 6, 1), {"reason": "quashed", "explanation": "By consent."}),
        ),
        date(2026, 6, 2),
        (("reopening", COMPLAINANT), ("progress", COMPLAINANT)),
    ),
}
