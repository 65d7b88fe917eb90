"""What the public form tells before and beside its questions, from the office's settings."""

import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.audit.record import Origin
from casework.database import begin_write
from casework.office_settings import OfficeSettings, change_settings
from tests import factories
from workflows.eligibility_definition import Ending, Verdict
from workflows.eligibility_rules import RULES

ENDINGS = [rule.then for rule in RULES if isinstance(rule.then, Ending)]
OTHER_WAY = "Email reviews@office.example"
pytestmark = pytest.mark.one_database


def words(page: str) -> str:
    """What a page says, without its tags."""
    body = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def told(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return words(answer.get_data(as_text=True))


def test_the_notices_say_what_the_office_has_set(client: FlaskClient, db: Session) -> None:
    office = factories.open_form(db)
    start = told(client, "/apply")
    assert "The police force" in start and OTHER_WAY in start
    assert "28 days" in start and "reasonable and proportionate" in start
    assert "compensation" in start and "investigate your complaint again" in start
    privacy = told(client, "/apply/privacy")
    for said in (office.office_name, office.contact_details, office.data_protection_contact):
        assert said in privacy
    assert "We keep your case for six years." in privacy
    for source in ("article 6(1)(e)", "article 9(2)(g)", "Police Reform Act 2002"):
        assert source in privacy
    assert "Information Commissioner" in privacy
    statement = told(client, "/apply/accessibility")
    assert "prepared on 1 April 2026" in statement and "partially compliant" in statement
    assert "Equality and Human Rights Commission" in statement
    assert office.contact_details in statement
    contact = told(client, "/apply/contact")
    assert OTHER_WAY in contact and "when the police told you how it ended" in contact


def test_switched_off_each_page_says_how_else_to_apply(client: FlaskClient, db: Session) -> None:
    """Also to whoever is in the middle of it, and before the office has set anything."""
    for path in ("/apply", "/apply/privacy", "/apply/questions/outcome-letter"):
        page = told(client, path, 404)
        assert "You cannot ask for a review on this website now" in page
        assert "Contact Office of the Police and Crime Commissioner" in page


def test_switched_off_the_notices_stay_for_those_who_applied(
    client: FlaskClient, db: Session
) -> None:
    office = factories.open_form(db)
    begin_write(db)
    change_settings(db, replace(office, web_form="off"), role="system", origin=Origin("command"))
    db.commit()
    assert OTHER_WAY in told(client, "/apply", 404)
    assert "We keep your case for six years." in told(client, "/apply/privacy")
    assert "prepared on" in told(client, "/apply/accessibility")


def test_each_ending_says_why_where_to_go_and_how_to_ask_all_the_same(app: Flask) -> None:
    office = OfficeSettings(apply_otherwise=(OTHER_WAY,))
    with app.test_request_context():
        for ending in ENDINGS:
            verdict = Verdict(ending, (), None, (), {}, factories.LOGGED_ON)
            page = words(
                render_template("apply/ended.html", office=office, verdict=verdict, back="/back")
            )
            for said in (ending.title, ending.why, *ending.go, ending.source, OTHER_WAY):
                assert " ".join(said.split()) in page
            assert "Go back and change your answer" in page
            assert ("the law makes us pass it on" in page) is ending.is_passed_on
            assert ("the last day to ask the IOPC is 1 April 2026" in page) is ending.is_passed_on
