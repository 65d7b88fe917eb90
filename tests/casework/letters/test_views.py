"""Letters from a case: filled in with what it knows, recorded before they are handed over."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.events import Event, newest_first
from casework.models import AuditEvent
from casework.office_settings import OfficeSettings
from tests.casework.letters.conftest import Live, Step, Taken
from tests.factories import post

APPLICATION: dict[str, Any] = {
    "complainant_name": "Zoë Ångström-Pike",
    "complainant_address": "Flat 2\n14 Long Lane\nAmbridge",
    "force": "borset",
    "force_reference": "CO/123/26",
    "outcome_provided_on": "2026-04-01",
    "route": "otherwise",
    "categories": ["A1"],
}
LOG: Step = ("log", date(2026, 4, 20), APPLICATION)
VALID: Step = ("find_valid", date(2026, 4, 27), {"reasons": "In time."})
REVIEW: Step = (
    "write_review",
    date(2026, 5, 11),
    {"finding": "not_reasonable", "reasons": "The footage was not viewed."},
)
UPHELD: Step = (
    "uphold",
    date(2026, 5, 20),
    {
        "recommendations": ["apology", "investigate"],
        "observations": "1",
        "reasons": "The force did not view the footage.\n\nSo it could not know.",
    },
)
NO_FAULT = {"finding": "reasonable", "reasons": "Everything was looked at."}

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def reviewer(sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in("reviewer")


def take(client: FlaskClient, case: str, name: str, **form: str) -> Taken:
    return Taken(post(client, f"/cases/{case}/letters/{name}", **form))


def takings(db: Session) -> list[Event]:
    return list(newest_first(db, [AuditEvent.action == "letter_taken"], limit=100))


def test_an_acknowledgement_says_who_when_and_what_next(
    live: Live, reviewer: FlaskClient, office: OfficeSettings
) -> None:
    letter = take(reviewer, live(LOG), "acknowledgement")
    assert letter.lines[:5] == [
        office.office_name,
        "Zoë Ångström-Pike",
        "Flat 2",
        "14 Long Lane",
        "Ambridge",
    ]
    assert "Our reference: CR/2026-27/001" in letter.lines
    assert "The force’s reference: CO/123/26" in letter.lines
    assert "Dear Zoë Ångström-Pike" in letter.lines
    assert "reached this office on 20 April 2026" in letter.text
    assert "the last day to apply was 29 April 2026" in letter.text
    assert "your application is in time" in letter.text
    assert "aims to decide within 28 working days, which for your application is" in letter.text
    assert f"please get in touch: {office.contact_details}." in letter.text
    assert letter.lines[-2:] == ["Ann O’Neill", office.office_name]


def test_a_late_application_is_told_of_special_circumstances(
    live: Live, reviewer: FlaskClient
) -> None:
    letter = take(reviewer, live(("log", date(2026, 4, 30), APPLICATION)), "acknowledgement")
    assert "the last day to apply was 29 April 2026" in letter.text
    assert "special circumstances" in letter.text
    assert "is in time" not in letter.text


def test_what_is_not_known_is_left_to_be_completed_and_never_none(
    live: Live, reviewer: FlaskClient
) -> None:
    case = live(("log", date(2026, 4, 20), {"force": None}))
    for name in ("acknowledgement", "file_request"):
        letter = take(reviewer, case, name)
        assert "None" not in letter.text
        assert "[to be completed: the complainant’s name]" in letter.text
        assert "[to be completed: the police force]" in letter.text
        assert "[to be completed: the force’s reference]" in letter.text
    assert "We do not have that day yet." in take(reviewer, case, "acknowledgement").text


def test_the_force_is_asked_for_its_file(live: Live, reviewer: FlaskClient) -> None:
    letter = take(reviewer, live(LOG), "file_request")
    assert letter.lines[1:3] == ["Professional Standards Department", "Borsetshire Police"]
    assert "Dear colleague" in letter.lines
    assert "Zoë Ångström-Pike has applied" in letter.text
    assert "Our record says: otherwise than by investigation." in letter.text
    assert "Our record says 1 April 2026." in letter.text


def test_a_chaser_knows_what_came_and_when_it_was_asked(live: Live, reviewer: FlaskClient) -> None:
    asked: Step = ("request_file", date(2026, 4, 21), {})
    part: Step = ("receive_file", date(2026, 5, 5), {"extent": "part"})
    nothing = take(reviewer, live(LOG, asked, reference="A/1"), "chaser")
    assert "On 21 April 2026 we asked for your file" in nothing.text
    assert "we have received nothing so far" in nothing.text
    some = take(reviewer, live(LOG, asked, part, reference="A/2"), "chaser")
    assert "We received a part of the file on 5 May 2026" in some.text
    assert "nothing so far" not in some.text


def test_an_invalid_application_is_told_why_with_the_days(
    live: Live, reviewer: FlaskClient
) -> None:
    late: Step = ("log", date(2026, 5, 7), APPLICATION)
    found: Step = (
        "find_invalid",
        date(2026, 5, 12),
        {
            "reason": "out_of_time",
            "review_body": "lpb",
            "reasons": "It came eight days late.",
            "special_circumstances": "You told us of a holiday.\nWe did not find that enough.",
        },
    )
    letter = take(reviewer, live(late, found), "invalid")
    assert "on 12 May 2026 we found that your application is not valid" in letter.text
    assert "Out of time, and time was not extended" in letter.text
    assert "It came eight days late." in letter.lines
    assert "the last day to apply was 29 April 2026" in letter.text
    assert "Your application was made on 7 May 2026." in letter.text
    assert "You told us of a holiday.\nWe did not find that enough." in letter.lines
    assert "judicial review" in letter.text


def test_a_forwarded_application_is_told_both_things(live: Live, reviewer: FlaskClient) -> None:
    sent: Step = (
        "forward",
        date(2026, 4, 23),
        {"limb": "referred", "reasons": "Referred in March."},
    )
    letter = take(reviewer, live(LOG, sent), "forwarded")
    assert "The body that must decide your review is the Independent Office" in letter.text
    assert "We sent your application to the IOPC on 23 April 2026." in letter.lines
    assert "It was or must be referred to the IOPC" in letter.text
    assert "Referred in March." in letter.lines


def test_an_upheld_decision_tells_reasons_recommendations_and_the_days_for_the_reply(
    live: Live, reviewer: FlaskClient
) -> None:
    letter = take(reviewer, live(LOG, VALID, REVIEW, UPHELD), "decision")
    assert "We decided on 20 May 2026 that the outcome was not reasonable" in letter.text
    assert "Your review is upheld." in letter.text
    assert "The force did not view the footage." in letter.lines
    assert "So it could not know." in letter.lines
    assert {"Apology", "Investigate"} <= set(letter.lines)
    assert "within 28 days, starting with the day after" in letter.text
    assert "The last day for its reply is 17 June 2026" in letter.text
    assert "fed back 1 point from which" in letter.text
    assert "no further review of it and no appeal" in letter.text
    assert "Director of Public Prosecutions" not in letter.text


def test_a_decision_not_upheld_has_no_recommendations(live: Live, reviewer: FlaskClient) -> None:
    reviewed: Step = ("write_review", date(2026, 5, 11), NO_FAULT)
    decided: Step = ("not_uphold", date(2026, 5, 20), {"reasons": "We agree with the force."})
    letter = take(reviewer, live(LOG, VALID, reviewed, decided), "decision")
    assert "Your review is not upheld." in letter.text
    assert "recommend" not in letter.text
    assert "We agree with the force." in letter.lines


def test_the_duty_to_notify_is_no_recommendation(live: Live, reviewer: FlaskClient) -> None:
    log: Step = ("log", date(2026, 4, 20), {**APPLICATION, "route": "investigation"})
    decided: Step = (
        "not_uphold",
        date(2026, 5, 20),
        {"reasons": "We agree.", "recommendations": ["notify_dpp"]},
    )
    reviewed: Step = ("write_review", date(2026, 5, 11), NO_FAULT)
    letter = take(reviewer, live(log, VALID, reviewed, decided), "decision")
    assert "requires us to notify the Director of Public Prosecutions" in letter.text
    assert "We have recommended" not in letter.text


HOSTILE = [
    "{{7*7}} {% for x in y %} {# gone? #}",
    "<w:p>&amp; \"quoted\" 'single' ]]>",
    "ﷺ مرحبا بالعالم",
    "👩🏽‍⚖️ naïve Łódź",
    "tab\there",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_was_typed_is_text_and_nothing_else(
    live: Live, reviewer: FlaskClient, typed: str
) -> None:
    given = {**APPLICATION, "complainant_name": typed, "complainant_address": f"1\n{typed}\n3"}
    reasons: Step = ("find_invalid", date(2026, 5, 12), {"reason": "other", "reasons": typed})
    letter = take(reviewer, live(("log", date(2026, 4, 20), given), reasons), "invalid")
    assert f"Dear {typed}" in letter.lines
    assert letter.lines.count(typed) == 3  # the name, a line of the address, the reasons
    assert "49" not in letter.text


def test_a_letter_is_an_event_with_the_name_of_the_letter(
    live: Live, reviewer: FlaskClient, db: Session
) -> None:
    case = live(LOG)
    letter = take(reviewer, case, "acknowledgement", req="ab" * 16)
    (event,) = takings(db)
    assert (event.case, event.role, dict(event.stat)) == (
        case,
        "reviewer",
        {"letter": "acknowledgement"},
    )
    headers = letter.response.headers
    assert headers["Content-Disposition"].startswith("attachment;")
    assert '"CR-2026-27-001 acknowledgement.docx"' in headers["Content-Disposition"]
    assert "wordprocessingml" in headers["Content-Type"]
    assert headers["Cache-Control"] == "no-store"


def test_the_same_form_twice_is_one_taking(live: Live, reviewer: FlaskClient, db: Session) -> None:
    case = live(LOG)
    first = take(reviewer, case, "acknowledgement", req="cd" * 16)
    again = take(reviewer, case, "acknowledgement", req="cd" * 16)
    assert first.lines == again.lines
    assert len(takings(db)) == 1


def test_a_used_form_takes_nothing_else(live: Live, reviewer: FlaskClient, db: Session) -> None:
    case = live(LOG)
    take(reviewer, case, "acknowledgement", req="cd" * 16)
    other = post(reviewer, f"/cases/{case}/letters/file_request", req="cd" * 16)
    assert other.status_code == 409
    assert len(takings(db)) == 1


def test_without_its_event_there_is_no_letter(
    live: Live, reviewer: FlaskClient, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = live(LOG)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(record, "append", fail)
    with pytest.raises(OSError, match="disk full"):
        post(reviewer, f"/cases/{case}/letters/acknowledgement")
    assert takings(db) == []


@pytest.mark.parametrize("name", ["chaser", "invalid", "forwarded", "decision"])
def test_a_letter_about_what_has_not_happened_is_refused(
    live: Live, reviewer: FlaskClient, db: Session, name: str
) -> None:
    answer = post(reviewer, f"/cases/{live(LOG)}/letters/{name}")
    assert answer.status_code == 409
    assert takings(db) == []


def test_a_decision_that_was_set_aside_is_not_sent_again(live: Live, reviewer: FlaskClient) -> None:
    reopened: Step = ("reopen", date(2026, 6, 1), {"reason": "own_error"})
    case = live(LOG, VALID, REVIEW, UPHELD, reopened)
    assert post(reviewer, f"/cases/{case}/letters/decision").status_code == 409


def test_no_such_case_or_letter_is_not_found(live: Live, reviewer: FlaskClient) -> None:
    assert post(reviewer, f"/cases/{live(LOG)}/letters/ransom").status_code == 404
    assert post(reviewer, f"/cases/c_{'0' * 32}/letters/acknowledgement").status_code == 404


def test_looking_is_not_taking(live: Live, reviewer: FlaskClient) -> None:
    assert reviewer.get(f"/cases/{live(LOG)}/letters/acknowledgement").status_code == 405


@pytest.mark.parametrize(
    ("role", "status"),
    [("supervisor", 200), ("chief_executive", 200), ("panel", 403), ("administrator", 403)],
)
def test_who_may_take_letters(
    live: Live, sign_in: Callable[..., FlaskClient], role: str, status: int
) -> None:
    case = live(LOG)
    answer = post(sign_in(role), f"/cases/{case}/letters/acknowledgement")
    assert answer.status_code == status


def test_a_file_name_stays_a_plain_name(live: Live, reviewer: FlaskClient) -> None:
    letter = take(reviewer, live(LOG, reference='../A"B\\C é'), "acknowledgement")
    names = re.findall(r'filename="([^"]+)"', letter.response.headers["Content-Disposition"])
    assert all(re.fullmatch(r"[\w.-]+ acknowledgement\.docx", name) for name in names)


def test_no_text_of_the_log_names_the_person(
    live: Live, reviewer: FlaskClient, db: Session
) -> None:
    take(reviewer, live(LOG), "acknowledgement")
    bodies = db.execute(text("SELECT body FROM audit_event")).scalars().all()
    assert not any("Ångström".encode() in bytes(body) for body in bodies)
