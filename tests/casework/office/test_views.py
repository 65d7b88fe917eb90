"""The pages of the office's settings."""

import re
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.audit.events import newest_first
from casework.audit.record import log_size
from casework.database import begin_write
from casework.models import AuditEvent, Person
from casework.office import schedule_form
from casework.office.queries import last_change
from casework.office.wording import BY_NAME, SETTINGS
from casework.office_settings import NAMES, settings_at
from tests import factories
from workflows.retention import DEFAULT

CHANGES = [
    ("office_name", {"value": " OPCC for   Borsetshire "}, "OPCC for Borsetshire"),
    ("contact_details", {"value": " 01632  960123. "}, "01632 960123"),
    ("reference_pattern", {"value": "R/{number:04}/{year}"}, "R/{number:04}/{year}"),
    ("acknowledge_target", {"value": "3"}, 3),
    ("decide_target", {"value": "40"}, 40),
    ("answer_target", {"value": "7"}, 7),
    ("iopc_address", {"value": "PO Box 1\r\n\r\nSaltby"}, ("PO Box 1", "Saltby")),
    ("clock_start", {"value": "validated"}, "validated"),
    ("sign_off", {"value": "chief_executive"}, "chief_executive"),
    (
        "extra_holidays",
        {"value": "3 May 2027\r\n15/01/2027"},
        (date(2027, 1, 15), date(2027, 5, 3)),
    ),
    (
        "forces",
        {
            "force_force": "Borsetshire Police",
            "new_name_1": "",
            "new_code_1": "",
            "new_name_2": "Felpersham Police",
            "new_code_2": "felpersham",
        },
        (("force", "Borsetshire Police"), ("felpersham", "Felpersham Police")),
    ),
    (
        "retention_schedule",
        schedule_form.typed(DEFAULT) | {"years_invalid": " 2 ", "start_invalid": "day"},
        tuple(
            replace(rule, years=2, from_year_end=False) if rule.outcome == "invalid" else rule
            for rule in DEFAULT
        ),
    ),
]


@pytest.fixture
def chief(client: FlaskClient, db: Session) -> Person:
    person = factories.person(db, "chief_executive", name="Morgan Ellery")
    factories.sign_in(client, person)
    return person


@pytest.mark.one_database
def test_every_setting_has_words_and_a_page(client: FlaskClient, chief: Person) -> None:
    assert {setting.name for setting in SETTINGS} == set(NAMES)
    page = client.get("/settings/").get_data(as_text=True)
    for setting in SETTINGS:
        assert setting.label in page
        assert client.get(f"/settings/{setting.name}").status_code == 200
    assert "CR/{year}/{number:03}, which gives CR/20" in page


@pytest.mark.parametrize(("name", "typed", "value"), CHANGES, ids=[name for name, *_ in CHANGES])
def test_a_change_is_one_event_and_holds_from_then_on(
    client: FlaskClient,
    db: Session,
    chief: Person,
    name: str,
    typed: dict[str, str],
    value: object,
) -> None:
    before = log_size(db)
    answer = factories.post(client, f"/settings/{name}", since="-1", **typed)
    assert (answer.status_code, answer.location) == (302, "/settings/")
    assert getattr(settings_at(db), name) == value
    assert settings_at(db, before) != settings_at(db)
    (event,) = newest_first(db, [AuditEvent.action == "setting_changed"], 5)
    assert (event.actor, event.role, event.stat["setting"]) == (
        chief.token,
        "chief_executive",
        name,
    )
    page = client.get("/settings/").get_data(as_text=True)
    assert f"(event {event.seq})" in page and "Last changed by Morgan Ellery" in page


@pytest.mark.one_database
def test_a_form_opened_and_sent_as_it_is_changes_nothing(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    """What a form shows reads back as the value there is."""
    before = settings_at(db)
    for setting in SETTINGS:
        page = client.get(f"/settings/{setting.name}").get_data(as_text=True)
        assert factories.post(client, f"/settings/{setting.name}", **shown(page)).status_code == 302
    now, events = settings_at(db), newest_first(db, [AuditEvent.action == "setting_changed"], 5)
    assert [event.stat["setting"] for event in events] == ["retention_schedule"]
    assert now.schedule == before.schedule, "sending the default schedule confirms it"
    assert replace(now, retention_schedule=()) == before


def shown(page: str) -> dict[str, str]:
    """The fields of a form as a browser would send them, without its tokens."""
    sent = dict(re.findall(r'<input[^>]*name="(since)"[^>]*value="([^"]*)"', page))
    for tag in re.findall(r"<input[^>]*govuk-input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name
        sent[name[1]] = value[1] if value else ""
    for tag in re.findall(r"<input[^>]*type=\"radio\"[^>]*checked[^>]*>", page):
        found = re.search(r'name="([^"]*)".*value="([^"]*)"', tag)
        assert found
        sent[found[1]] = found[2]
    for name, options in re.findall(
        r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        sent[name] = re.search(r'<option value="([^"]*)" selected', options)[1]  # type: ignore[index]
    for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL):
        sent["value"] = text
    return sent


def test_the_same_form_sent_twice_is_one_event(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    """F6."""
    form = {"value": "9", "since": "-1", "req": "a" * 32}
    answers = [factories.post(client, "/settings/decide_target", **form) for _ in range(3)]
    assert [answer.location for answer in answers] == ["/settings/"] * 3
    assert len(newest_first(db, [AuditEvent.action == "setting_changed"], 5)) == 1


def test_two_who_change_one_setting_see_both_texts(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    """F7: the first wins, the second is shown both and may then insist."""
    factories.post(client, "/settings/office_name", value="Theirs", since="-1")
    answer = factories.post(client, "/settings/office_name", value="Mine", since="-1")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Theirs" in page and 'value="Mine"' in page
    assert "Morgan Ellery" in page
    assert settings_at(db).office_name == "Theirs"
    fields = {**shown(page), "value": "Mine"}
    assert factories.post(client, "/settings/office_name", **fields).status_code == 302
    assert settings_at(db).office_name == "Mine"


def test_a_force_added_meanwhile_is_not_lost_by_a_stale_form(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    added = {"force_force": "One", "new_name_1": "Two", "new_code_1": "two"}
    factories.post(client, "/settings/forces", since="-1", **added)
    mine = {"force_force": "Uno", "new_name_1": "Three", "new_code_1": "three"}
    answer = factories.post(client, "/settings/forces", since="-1", **mine)
    assert answer.status_code == 409
    fields = shown(answer.get_data(as_text=True))
    assert factories.post(client, "/settings/forces", **fields).status_code == 302
    assert settings_at(db).forces == (("force", "Uno"), ("two", "Two"), ("three", "Three"))


def test_changing_one_setting_does_not_make_anothers_form_stale(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    factories.post(client, "/settings/office_name", value="A name", since="-1")
    answer = factories.post(client, "/settings/decide_target", value="30", since="-1")
    assert answer.status_code == 302


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("office_name", {"value": " "}, "Enter a name"),
        ("contact_details", {"value": "x" * 401}, "400 characters or fewer"),
        ("decide_target", {"value": "soon"}, "Enter a whole number"),
        ("sign_off", {"value": "nobody"}, "Select one."),
        ("sign_off", {}, "Select one."),
        ("reference_pattern", {"value": "CR/{year}"}, "Give {number} once"),
        ("extra_holidays", {"value": "soon"}, "is not a day"),
        ("forces", {"force_force": ""}, "at least one force"),
        (
            "forces",
            {"force_force": "F", "new_name_1": "W", "new_code_1": "W!"},
            "Give W a code of small letters",
        ),
    ],
)
def test_what_will_not_do_is_said_beside_the_field_and_kept(
    client: FlaskClient, db: Session, chief: Person, name: str, typed: dict[str, str], said: str
) -> None:
    before = log_size(db)
    answer = factories.post(client, f"/settings/{name}", since="-1", **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count(said) == 2, "once in the summary, once at the field"
    target = re.search(r'<a href="#([^"]+)"', page)
    assert target and f'id="{target[1]}"' in page
    assert log_size(db) == before


def test_a_force_with_cases_stays(client: FlaskClient, db: Session, chief: Person) -> None:
    factories.case(db)
    typed = {"force_force": "", "new_name_1": "Two", "new_code_1": "two"}
    answer = factories.post(client, "/settings/forces", since="-1", **typed)
    assert answer.status_code == 422
    assert "There are cases of the force force." in answer.get_data(as_text=True)


@pytest.mark.one_database
def test_the_form_is_switched_on_with_all_that_its_notices_say_and_not_without(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    typed = {
        "contact_details": "01632 960123",
        "apply_otherwise": "Email us.\r\n\r\nTelephone 01632 960123",
        "data_protection_contact": "dpo@borset.example",
        "retention_period": "for six years.",
        "accessibility_prepared_on": "2/11/2026",
    }
    refused = factories.post(client, "/settings/web_form", value="on", since="-1")
    assert refused.status_code == 422
    for name, value in typed.items():
        assert f"“{BY_NAME[name].label}”" in refused.get_data(as_text=True)
        factories.post(client, f"/settings/{name}", value=value, since="-1")
    assert not settings_at(db).is_form_open
    factories.post(client, "/settings/web_form", value="on", since="-1")
    office = settings_at(db)
    assert office.is_form_open
    assert office.apply_otherwise == ("Email us", "Telephone 01632 960123")
    assert office.accessibility_prepared_on == date(2026, 11, 2)
    assert "2 November 2026" in client.get("/settings/").get_data(as_text=True)

    emptied = {"value": "", "since": str(last_change(db, "retention_period"))}
    answer = factories.post(client, "/settings/retention_period", **emptied)
    assert answer.status_code == 422
    assert "Switch the form off before you empty it" in answer.get_data(as_text=True)
    assert settings_at(db).is_form_open


@pytest.mark.one_database
@pytest.mark.parametrize("role", ["reviewer", "supervisor", "panel"])
def test_others_may_neither_see_nor_change(client: FlaskClient, db: Session, role: str) -> None:
    factories.sign_in(client, factories.person(db, role))
    before = log_size(db)
    assert client.get("/settings/").status_code == 403
    answer = factories.post(client, "/settings/office_name", value="Mine", since="-1")
    assert answer.status_code == 403
    assert log_size(db) == before


def test_s08_a_role_taken_away_ends_with_the_next_request(
    client: FlaskClient, db: Session, chief: Person
) -> None:
    """S8."""
    assert client.get("/settings/").status_code == 200
    begin_write(db)
    chief.roles[0].role = "panel"
    db.commit()
    assert client.get("/settings/").status_code == 403


@pytest.mark.one_database
def test_there_is_no_setting_of_another_name(client: FlaskClient, chief: Person) -> None:
    assert client.get("/settings/__class__").status_code == 404
    assert factories.post(client, "/settings/secret_key", value="x").status_code == 404


@pytest.mark.one_database
def test_a_form_without_its_key_is_refused(client: FlaskClient, chief: Person) -> None:
    answer = factories.post(client, "/settings/office_name", value="Mine", since="-1", req="")
    assert answer.status_code == 400
    assert "The form is incomplete." in answer.get_data(as_text=True)


def test_s10_looking_writes_nothing(client: FlaskClient, db: Session, chief: Person) -> None:
    """S10."""
    before = log_size(db)
    for setting in SETTINGS:
        client.get(f"/settings/{setting.name}")
        client.head(f"/settings/{setting.name}")
    client.get("/settings/?req=1&value=x")
    assert log_size(db) == before
