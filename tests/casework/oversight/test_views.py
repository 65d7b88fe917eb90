"""The page of exceptions, and the countdown: what is asked for, what is said, where it leads."""

import re
import secrets
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.record import Origin
from casework.database import begin_write
from casework.models import Person, Publication
from casework.office_settings import change_settings, settings_at
from casework.oversight.countdown import countdown
from tests import factories

pytestmark = pytest.mark.one_database
NOVEMBER = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def chief(db: Session) -> Person:
    with time_machine.travel("2026-09-01T12:00:00Z", tick=False):
        return factories.person(db, "chief_executive", name="Chris Executive")


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_page_leads_to_case_entry_and_person_and_says_nothing_in_one_line(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    with time_machine.travel("2026-10-12T12:00:00Z", tick=False):
        ada = factories.person(db, "reviewer", name="Ada Canary")
        case = factories.case(db, on=date(2026, 10, 1), by=ada, complainant_name="Ms Canary")
    with time_machine.travel(NOVEMBER, tick=False):
        factories.sign_in(client, chief)
        page = client.get("/exceptions", query_string={"month": "2026-10"}).get_data(as_text=True)
        default = client.get("/exceptions").get_data(as_text=True)
    words = words_of(page)
    assert "Exceptions in October 2026" in words
    assert words_of(default) == words
    assert "An exception is a question, not an accusation." in words
    assert "Entered late: 1" in words
    assert "To ask: How was the day known, and why could it not be entered then?" in words
    assert "No case was reopened." in words
    assert "Reopened cases: 0" not in words
    addresses = re.findall(r'href="([^"]*)"', page)
    assert f"/cases/{case.case}" in addresses
    assert f"/cases/{case.case}/trail#entry-{case.seq}" in addresses
    trail = f"/trail?person={ada.token}&amp;entered_from=2026-10-01&amp;entered_to=2026-10-31"
    assert trail in addresses
    size = record.log_size(db)
    assert f"/exceptions?month=2026-10&amp;log_size={size}" in addresses
    assert record.log_root(db, size).hex() in page
    assert not any("Canary" in address for address in addresses)
    assert "Ms Canary" not in page


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"month": "2026-13"}, "That is not a month. Write October 2026 as 2026-10."),
        ({"month": "10/2026"}, "That is not a month. Write October 2026 as 2026-10."),
        ({"month": "2026-12"}, "December 2026 is still to come. Choose a month that has begun."),
        ({"log_size": "999"}, "Log size must be a whole number from 0 to"),
        ({"log_size": "-1"}, "Log size must be a whole number from 0 to"),
    ],
)
def test_what_cannot_be_shown_is_said_at_its_field(
    client: FlaskClient, chief: Person, asked: dict[str, str], sentence: str
) -> None:
    with time_machine.travel(NOVEMBER, tick=False):
        factories.sign_in(client, chief)
        answer = client.get("/exceptions", query_string=asked)
    assert answer.status_code == 422
    assert (
        words_of(answer.get_data(as_text=True)).count(sentence) == 2
    )  # at the top and at the field


def test_an_office_that_began_this_month_sees_this_month(client: FlaskClient, db: Session) -> None:
    with time_machine.travel("2026-11-03T12:00:00Z", tick=False):
        chief = factories.person(db, "chief_executive")
    with time_machine.travel(NOVEMBER, tick=False):
        factories.sign_in(client, chief)
        words = words_of(client.get("/exceptions").get_data(as_text=True))
    assert "Exceptions in November 2026" in words
    assert "November 2026 is not over: this is what was recorded so far." in words


def statistics(db: Session, day: date | None) -> None:
    begin_write(db)
    changed = replace(settings_at(db), iopc_statistics_on=day)
    change_settings(db, changed, role="system", origin=Origin("command"))
    db.commit()


def published(
    db: Session, on: date, kind: str = "self_assessment", state: str = "published"
) -> None:
    begin_write(db)
    days = {"from_on": date(2025, 4, 1), "to_on": date(2026, 3, 31), "status_on": on}
    db.add(
        Publication(
            token=f"p_{secrets.token_hex(16)}",
            kind=kind,
            state=state,
            published_on=on,
            **days,
            log_size=1,
            edition=1,
            figures="0" * 64,
            version=1,
            words={},
            written_by=[],
            changed_by="u",
            changed_at=NOVEMBER,
        )
    )
    db.commit()


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (date(2026, 10, 2), "Publish the self-assessment by 14 October 2026: 12 days left."),
        (date(2026, 10, 13), "Publish the self-assessment by 14 October 2026: 1 day left."),
        (
            date(2026, 10, 14),
            "Publish the self-assessment by 14 October 2026: today is the last day.",
        ),
        (
            date(2026, 10, 15),
            "Publish the self-assessment: it was due by 14 October 2026, 1 day ago.",
        ),
    ],
)
def test_the_countdown_runs_to_the_end_of_one_month_and_ends_with_publishing(
    db: Session, today: date, sentence: str
) -> None:
    assert countdown(db, settings_at(db), today) is None
    statistics(db, date(2026, 9, 15))
    published(db, date(2026, 9, 14))  # before the statistics: last year’s
    published(db, date(2026, 9, 30), kind="annual")
    published(db, date(2026, 9, 30), state="approved")
    found = countdown(db, settings_at(db), today)
    assert found is not None
    assert found.sentence == sentence
    assert found.is_overdue == (today.day == 15)
    published(db, date(2026, 9, 15))
    done = countdown(db, settings_at(db), today)
    assert done is not None
    said = "The self-assessment was published on 15 September 2026; it was due by 14 October 2026."
    assert (done.sentence, done.is_overdue) == (said, False)


def test_who_answers_for_it_sees_the_countdown_among_their_work(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    statistics(db, date(2026, 11, 2))
    reviewer = factories.person(db, "reviewer")
    sentence = "Publish the self-assessment by 1 December 2026: 11 days left."
    with time_machine.travel(NOVEMBER, tick=False):
        for address, who, is_said in (
            ("/", chief, True),
            ("/", reviewer, False),
            ("/reports/", reviewer, True),
        ):
            factories.sign_in(client, who)
            assert (sentence in words_of(client.get(address).get_data(as_text=True))) == is_said
