"""The public form, page by page: what is asked after what, what is checked, and what is sent."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock
from casework.audit.events import Event, events_of
from casework.audit.verify import verify_log
from casework.index.checking import differences
from casework.models import Case, OutboxMail, WaitingApplication
from casework.web.files import files
from tests import factories
from tests.applicant import Applicant, place, plain, told
from tests.factories import picture

EVERYTHING = {
    "whose-complaint": {"whose_complaint": "with_consent"},
    "reach-you": {
        "email": "Zoe@Example.org",
        "telephone": "01632 960001",
        "address": "1 Long Lane\r\nSaltby",
    },
    "complaint": {"complaint": "Strip-searched in custody.\r\nNobody rang me. 🐦"},
    "letter-details": {
        "force_reference": "CO/77/26",
        **{f"letter_dated_on-{part}": value for part, value in (("day", "2"), ("month", "4"))},
        "letter_dated_on-year": "2026",
    },
    "grounds": {"grounds": "They did not watch the footage."},
    "adjustments": {"adjustments": "Large print"},
    "reached-by": {"reached_by": "post"},
    "language": {"language": "other", "interpreter": "y"},
    "risk": {"at_risk": "complainant"},
}


def the_case(db: Session) -> tuple[Case, list[Event]]:
    db.rollback()
    case = db.scalars(select(Case)).one()
    return case, list(events_of(db, case.token))


def send_everything(applicant: Applicant, db: Session) -> None:
    """Send an application with all that the form asks for, and two files."""
    version = applicant.ready(db, EVERYTHING)
    applicant.post("consent-paper", file=picture("consent.png"))
    letter = applicant.post("outcome-letter-copy", add="", file=picture("letter.png"))
    assert place(letter) == "outcome-letter-copy"
    assert "letter.png" in told(applicant.get("outcome-letter-copy"))
    assert place(applicant.post("outcome-letter-copy")) == "check"
    assert applicant.rows()["Can you add the letter from the police?"] == "letter.png"
    assert applicant.post("check", version=version).status_code == 409
    assert place(applicant.post("check", version=applicant.version())) == "sent"


def test_all_that_was_said_and_brought_is_on_the_case(applicant: Applicant, db: Session) -> None:
    send_everything(applicant, db)
    case, events = the_case(db)
    by_whom = {(event.actor, event.role, event.via) for event in events}
    assert by_whom == {("system", "public", "form")}
    by_action = {event.action: event for event in events}
    logged = by_action["logged"]
    assert logged.effective_on == clock.today()
    assert {**logged.stat}.items() >= {
        "applicant": "representative",
        "channel": "web",
        "force": "force",
        "letter_dated_on": "2026-04-02",
        "review_body_letter": "lpb",
    }.items()
    assert logged.words == {
        "complainant_name": "Sam Pike",
        "complaint": "Strip-searched in custody.\nNobody rang me. 🐦",
        "force_reference": "CO/77/26",
        "grounds": "They did not watch the footage.",
        "reference": case.reference,
    }
    assert by_action["party_added"].stat["consent_on"] == "2026-04-01"
    assert by_action["party_added"].words == {
        "name": "Zoe Pike",
        "email": "Zoe@example.org",
        "telephone": "01632 960001",
        "address": "1 Long Lane\nSaltby",
    }
    assert by_action["contact_planned"].stat["channel"] == "post"
    assert by_action["contact_planned"].words == {
        "language": "Polish. An interpreter is wanted",
        "adjustments": "Large print",
    }
    assert by_action["risk_raised"].words == {"risk": "He hurts himself."}
    papers = [event.stat["kind"] for event in events if event.action == "paper_added"]
    assert papers == ["consent", "outcome_letter", "application"]
    assert all(finding.holds for finding in verify_log(db))
    assert list(differences(db, files().text)) == []
    db.rollback()


@pytest.mark.one_database
def test_a_receipt_goes_with_it_that_says_nothing_of_the_complaint(
    applicant: Applicant, db: Session
) -> None:
    applicant.ready(db, EVERYTHING)
    applicant.post("check", version="1")
    case, _ = the_case(db)
    mail = db.scalars(select(OutboxMail)).one()
    assert (mail.recipient, mail.letter, mail.case_token) == ("Zoe@example.org", None, case.token)
    assert case.reference in mail.body and mail.subject.isprintable()
    for private in ("Pike", "footage", "custody", "risk"):
        assert private not in mail.body.replace("at risk", "")
    db.rollback()


@pytest.mark.one_database
def test_no_page_lets_one_skip_what_is_needed(applicant: Applicant) -> None:
    for page in ("check", "reach-you", "papers", "outcome-day", "ended"):
        assert place(applicant.get(page)) == "outcome-letter", page
    assert place(applicant.get("sent")) == "apply"
    assert place(applicant.post("outcome-letter", outcome_letter="yes")) == "whose-complaint"
    for page in ("force", "name", "check"):
        assert place(applicant.get(page)) == "whose-complaint", page
        assert place(applicant.post(page, force="force", name="Zoe")) == "whose-complaint", page
    assert applicant.get("outcome-letter").status_code == 200
    assert applicant.get("nothing-of-the-kind").status_code == 404


@pytest.mark.one_database
def test_an_answer_changed_later_asks_for_what_follows_from_it(
    applicant: Applicant, db: Session
) -> None:
    applicant.ready(db)
    assert place(applicant.post("whose-complaint", whose_complaint="without_consent")) == (
        "acting-for"
    )
    assert place(applicant.get("check")) == "acting-for"
    applicant.post("acting-for", complainant="Sam Pike")
    assert place(applicant.post("consent-later", consent_later="letter")) == "check"
    assert "Would you like somebody to act for you?" not in applicant.rows()
    long_ago = {"outcome_day-day": "1", "outcome_day-month": "4", "outcome_day-year": "2026"}
    assert place(applicant.post("outcome-day", **long_ago)) == "why-late"
    assert place(applicant.post("why-late", why_late="I was in hospital.")) == "check"
    assert applicant.rows()["Who are you acting for?"] == "Sam Pike"
    # Reached by post, they have to give an address; without it that is asked again.
    assert applicant.post("reached-by", reached_by="post").status_code == 422
    applicant.post("reach-you", address="1 Long Lane")
    assert place(applicant.post("reached-by", reached_by="post")) == "check"
    assert place(applicant.post("reach-you", telephone="01632 960001")) == "reached-by"
    # What ends the right to apply here ends it from any page.
    assert place(applicant.post("force", force="another")) == "ended"
    assert place(applicant.get("check")) == place(applicant.get("begin")) == "ended"
    assert applicant.get("ended").status_code == 200
    assert place(applicant.post("force", force="force")) == "reached-by"


@pytest.mark.one_database
def test_a_refused_page_says_why_and_keeps_what_was_typed(applicant: Applicant) -> None:
    applicant.fill({"reach-you": {"telephone": "1"}})
    for page, typed, said in (
        ("reach-you", {}, "Give an email address"),
        ("reach-you", {"email": "zoe@nowhere@example"}, "email address in the correct format"),
        ("reach-you", {"email": "a@example.org\r\nBcc: b@example.org"}, "in the correct format"),
        ("name", {"name": "n" * 201}, "200 characters or fewer"),
        ("letter-details", {"letter_dated_on-day": "31"}, "must include a month and a year"),
        ("outcome-day", {"outcome_day-day": "1", "outcome_day_not_sure": "y"}, "include a month"),
        ("force", {}, "Select one of the answers."),
        ("complaint", {"complaint": "  "}, "Enter what the complaint was about."),
        ("outcome-letter-copy", {"file": (b"MZ", "letter.pdf")}, "was not taken"),
    ):
        sent = {
            key: value if isinstance(value, str) else picture("a.exe")
            for key, value in typed.items()
        }
        answer = applicant.post(page, **sent)
        assert (answer.status_code, said in told(answer)) == (422, True), (page, told(answer))
        assert "Error: " in answer.text
        kept = [value for value in sent.values() if isinstance(value, str) and len(value) > 1]
        assert all(plain(value.split()[0]) in answer.text for value in kept if value.strip())
    assert applicant.rows()["Your telephone number"] == "1"


def test_fifty_sendings_make_one_case_and_lead_to_one_confirmation(
    applicant: Applicant, db: Session
) -> None:
    version = applicant.ready(db)
    for _ in range(50):
        assert place(applicant.post("check", version=version)) == "sent"
    case, _ = the_case(db)
    assert db.scalars(select(OutboxMail.case_token)).all() == [case.token]
    row = db.scalars(select(WaitingApplication)).one()
    assert (row.sealed, row.reference) == (None, case.reference)
    assert case.reference in told(applicant.get("sent"))
    # The way back leads to the confirmation, until something new is begun.
    assert place(applicant.get("check")) == place(applicant.get("reach-you")) == "sent"
    assert place(applicant.post("name", name="Somebody else")) == "sent"
    db.rollback()
    assert applicant.where() == "outcome-letter"
    applicant.post("outcome-letter", outcome_letter="yes")
    assert place(applicant.post("check", version=version)) == "whose-complaint"
    assert len(db.scalars(select(Case.token)).all()) == 1


@pytest.mark.one_database
def test_answers_are_there_for_a_day_after_the_last_one_and_can_be_deleted(
    applicant: Applicant, db: Session
) -> None:
    begun = clock.now()
    applicant.post("outcome-letter", outcome_letter="yes")
    with time_machine.travel(begun + timedelta(hours=23), tick=False):
        applicant.post("whose-complaint", whose_complaint="own")
    with time_machine.travel(begun + timedelta(hours=46), tick=False):
        assert applicant.where() == "force"
    with time_machine.travel(begun + timedelta(hours=48), tick=False):
        assert applicant.where() == "outcome-letter"
        late = applicant.post("force", force="force", note="long words")
        assert (late.status_code, "long words" in late.text) == (410, True)
        Applicant(applicant.client.application.test_client()).post(
            "outcome-letter", outcome_letter="yes"
        )
        (left,) = db.scalars(select(WaitingApplication.begun_at)).all()
        assert left > begun + timedelta(hours=47)
    applicant.fill()
    assert place(applicant.post("forget")) == "forget"
    assert "Nothing of yours" in told(applicant.get("forget"))
    assert applicant.where() == "outcome-letter"


@pytest.mark.one_database
def test_a_file_can_be_taken_away_and_only_those_that_are_left_are_sent(
    applicant: Applicant, db: Session
) -> None:
    applicant.ready(db)
    applicant.post("papers", add="", file=picture("first.png"))
    sha256 = applicant.get("papers").text.partition('name="remove"')[2].split('value="')[1][:64]
    assert place(applicant.post("papers", remove=sha256)) == "papers"
    assert "first.png" not in told(applicant.get("papers"))
    assert place(applicant.post("papers")) == "check"
    applicant.post("check", version=applicant.version())
    papers = [event.stat["kind"] for event in the_case(db)[1] if event.action == "paper_added"]
    assert papers == ["application"]


@pytest.mark.one_database
def test_a_page_for_the_public_shows_nothing_of_who_is_signed_in(
    applicant: Applicant, db: Session
) -> None:
    person = factories.person(db, "reviewer", name="Canary Nightjar")
    factories.sign_in(applicant.client, person)
    with applicant.client.session_transaction() as cookie:
        before = dict(cookie)
    applicant.fill()
    page = applicant.get("check").text
    assert "Nightjar" not in page and "Sign out" not in page and "My work" not in page
    with applicant.client.session_transaction() as cookie:
        assert dict(cookie) == before


@pytest.mark.one_database
def test_the_day_of_receipt_is_the_day_on_which_it_was_sent(
    applicant: Applicant, db: Session
) -> None:
    with time_machine.travel("2026-04-29T22:50:00Z", tick=False) as now:
        applicant.ready(
            db,
            {
                "outcome-day": {
                    f"outcome_day-{k}": v
                    for k, v in (("day", "1"), ("month", "4"), ("year", "2026"))
                }
            },
        )
        version = applicant.version()  # ten minutes before the last day ends in London
        now.move_to("2026-04-29T23:10:00Z")
        assert place(applicant.post("check", version=version)) == "why-late"
        applicant.post("why-late", why_late="I fell asleep.")
        assert place(applicant.post("check", version=applicant.version())) == "sent"
    assert the_case(db)[0].received_on == date(2026, 4, 30)
