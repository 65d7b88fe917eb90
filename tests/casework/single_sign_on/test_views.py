"""Signing in by a directory: who comes in, as whom, and what a directory that lies gets done."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.audit.events import newest_first
from casework.audit.record import Origin
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.models import AuditEvent, Person
from casework.office_settings import change_settings, settings_at
from casework.single_sign_on import provider
from config import SingleSignOn
from tests import factories
from tests.casework.single_sign_on.seen import is_signed_in, refusals, written
from tests.factories import PASSWORD
from tests.provider import Directory

Come = Callable[..., TestResponse]
Believe = Callable[..., SingleSignOn]
JO: dict[str, Any] = {
    "sub": "jo-1",
    "name": "Jo Wren",
    "email": "jo@office.example",
    "email_verified": True,
}
LEAD = {**JO, "roles": ["leads", "choir"]}


def people(db: Session) -> dict[str, set[str]]:
    found = db.execute(select(Person)).scalars()
    told = {person.email: set(person.role_names) for person in found}
    db.rollback()
    return told


def test_somebody_with_a_role_there_gets_an_account_and_comes_in(
    client: FlaskClient, db: Session, come: Come
) -> None:
    answer = come(onward="/cases?sort=received", **LEAD)
    assert (answer.status_code, answer.location) == (302, "/cases?sort=received")
    assert people(db) == {"jo@office.example": {"supervisor"}}
    assert client.get("/office").status_code == 200
    told = [event.action for event in newest_first(db, [AuditEvent.seq >= 0], 10)]
    assert told == ["person_linked", "person_added"]
    assert [found.sentence for found in verify_log(db) if not found.holds] == []


def test_somebody_who_comes_again_is_the_same_under_whatever_address(
    client: FlaskClient, db: Session, come: Come
) -> None:
    come(**LEAD)
    factories.post(client, "/sign-out")
    answer = come(**{**LEAD, "email": "new@office.example", "name": "Jo Rail"})
    assert answer.status_code == 302 and is_signed_in(client)
    assert people(db) == {"jo@office.example": {"supervisor"}}


def test_the_roles_of_the_directory_take_the_place_of_those_here(
    app: Flask, client: FlaskClient, db: Session, come: Come
) -> None:
    """At the next sign-in, wherever that is: what was open elsewhere ends at once."""
    come(**LEAD)
    elsewhere = app.test_client()
    cookie = client.get_cookie("casework")
    assert cookie
    elsewhere.set_cookie("casework", cookie.value)
    factories.post(client, "/sign-in")  # a page of its own; the session stays
    client.delete_cookie("casework")
    come(**{**JO, "roles": "reviews"})
    assert people(db) == {"jo@office.example": {"reviewer"}}
    assert client.get("/office").status_code == 403
    assert elsewhere.get("/office").location.startswith("/sign-in")
    changed = newest_first(db, [AuditEvent.action == "roles_changed"], 2)
    assert [(event.role, event.stat["roles"]) for event in changed] == [("system", ["reviewer"])]


def test_whom_the_directory_gives_no_role_any_more_has_none_here_either(
    client: FlaskClient, db: Session, come: Come
) -> None:
    come(**LEAD)
    factories.post(client, "/sign-out")
    refused = come(**{**JO, "roles": ["choir"]})
    assert refused.status_code == 403
    assert "gives you a role in this office" in refused.get_data(as_text=True)
    assert not is_signed_in(client) and people(db) == {"jo@office.example": set()}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "in no group": ({**JO, "roles": []}, "gives you a role"),
    "a claim of no use": ({**JO, "roles": {"leads": True}}, "gives you a role"),
    "groups that do not go together": ({**JO, "roles": ["helpers", "leads"]}, "hold together"),
    "without an address": ({"sub": "jo-1", "name": "Jo", "roles": ["leads"]}, "no email address"),
    "without a name": ({**LEAD, "name": "\u202e"}, "gave no name"),
    "in a token that says nothing": ({"sub": "jo-1"}, "gives you a role"),
    "an address that nobody verified": ({**LEAD, "email_verified": False}, "was verified"),
    "an address of which it says nothing": ({**LEAD, "email_verified": None}, "was verified"),
    "groups that are elsewhere": ({**JO, "_claim_names": {"roles": "src1"}}, "be relied on"),
    "a subject beyond measure": ({**LEAD, "sub": "x" * 256}, "be relied on"),
}


@pytest.mark.one_database
@pytest.mark.parametrize(("claims", "said"), REFUSED.values(), ids=REFUSED)
def test_nobody_gets_an_account_without(
    db: Session, client: FlaskClient, come: Come, claims: dict[str, Any], said: str
) -> None:
    refused = come(**claims)
    assert refused.status_code in (403, 502) and said in refused.get_data(as_text=True)
    assert people(db) == {} and not is_signed_in(client)


def test_an_account_that_was_here_before_is_not_taken_over_by_its_address(
    db: Session, client: FlaskClient, come: Come, believe: Believe
) -> None:
    """Only where the office says so, the directory has seen the address, and nobody else has it."""
    factories.person(db, "administrator", email=JO["email"], password=PASSWORD)
    before = written(db)
    assert come(**LEAD).status_code == 403
    believe(links_by_email=True)
    for told in (None, "yes", 0):
        refused = come(**{**LEAD, "email_verified": told})
        assert "not joined to your work" in refused.get_data(as_text=True)
    believe(links_by_email=True, break_glass=frozenset((JO["email"],)))
    assert come(**LEAD).status_code == 403
    assert written(db) == before
    believe(links_by_email=True)
    assert come(**{**LEAD, "email": "JO@office.example"}).status_code == 302
    assert people(db) == {JO["email"]: {"supervisor"}}
    factories.post(client, "/sign-out")
    assert come(**{**LEAD, "sub": "another-jo"}).status_code == 403
    assert not is_signed_in(client)


def test_a_disabled_account_stays_disabled(db: Session, client: FlaskClient, come: Come) -> None:
    come(**LEAD)
    person = db.execute(select(Person)).scalar_one()
    begin_write(db)
    person.is_active = False
    db.commit()
    before = written(db)
    refused = come(**LEAD)
    assert refused.status_code == 403 and "is disabled" in refused.get_data(as_text=True)
    assert written(db) == before and not is_signed_in(client)


@pytest.mark.one_database
def test_without_a_mapping_accounts_and_roles_are_kept_here(
    db: Session, client: FlaskClient, come: Come, believe: Believe
) -> None:
    believe(roles=frozenset(), links_by_email=True)
    refused = come(**LEAD)
    assert refused.status_code == 403 and "no account in this office" in refused.text
    factories.person(db, "reviewer", email=JO["email"])
    assert come(**LEAD).status_code == 302
    assert people(db) == {JO["email"]: {"reviewer"}}


@pytest.mark.one_database
def test_entra_id_lets_in_one_tenant_by_keys_that_may_change(
    client: FlaskClient, there: Directory, come: Come, believe: Believe
) -> None:
    believe(there.entra, roles_claim="groups")
    known = {name: JO[name] for name in ("sub", "name", "email")}
    of_entra = {**known, "xms_edov": "1", "groups": ["leads"]}
    for signs_by in (0, 1):
        there.next(rotates=True)
        asked = client.get("/single-sign-on").location
        there.next(**of_entra, signs_by=signs_by)
        back = there.follow(asked).removeprefix("https://casework.example")
        assert client.get(back).location == "/"
        factories.post(client, "/sign-out")
    # new keys were asked for; what the directory says of itself was not asked for again
    assert sorted(there.asked()) == ["asked", "authorize", "keys", "token"]


@pytest.mark.one_database
def test_an_answer_is_good_once_and_in_the_browser_that_asked(
    app: Flask, db: Session, client: FlaskClient, there: Directory, believe: Believe
) -> None:
    there.next(**LEAD)
    asked = client.get("/single-sign-on").location
    back = there.follow(asked).removeprefix("https://casework.example")
    code, state = (parse_qs(urlsplit(back).query)[name][0] for name in ("code", "state"))
    begun = written(db)
    assert app.test_client().get(back).status_code == 400
    for stray in (f"?code={code}", f"?code={code}&state=other", "", f"?state={state}x&error=x"):
        assert client.get(f"/single-sign-on/back{stray}").status_code == 400
    assert written(db) == begun and "token" not in there.asked()
    assert client.get(back).location == "/"
    factories.post(client, "/sign-out")
    assert client.get(back).status_code == 400
    # the code of another sign-in, under a state of one's own: stolen, and used by its owner before
    again = there.follow(client.get("/single-sign-on").location)
    own = parse_qs(urlsplit(again).query)["state"][0]
    assert client.get(f"/single-sign-on/back?code={code}&state={own}").status_code == 400
    assert not is_signed_in(client)


@pytest.mark.one_database
@pytest.mark.parametrize("lie", ["slow", "moved", "describes another", "describes no keys"])
def test_a_directory_that_does_not_describe_itself_signs_nobody_in(
    client: FlaskClient,
    there: Directory,
    believe: Believe,
    lie: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(provider, "ANSWERS_WITHIN", 0.2)
    there.next(lie)
    answer = client.get("/single-sign-on")
    assert answer.status_code == (502 if lie == "describes another" else 503)
    assert "You are not signed in" in answer.text
    there.next()
    assert client.get("/single-sign-on").status_code == 302


@pytest.mark.one_database
def test_a_directory_that_is_down_is_told_with_when_to_try_again(
    client: FlaskClient, believe: Believe
) -> None:
    believe("http://127.0.0.1:9/realms/office")
    answer = client.get("/single-sign-on")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


@pytest.mark.one_database
def test_s30_nobody_is_led_elsewhere_after_signing_in(client: FlaskClient, come: Come) -> None:
    for onward in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"):
        assert come(onward=onward, **LEAD).location == "/"
        again = client.get("/single-sign-on", query_string={"next": onward})
        assert again.location == "/"
        factories.post(client, "/sign-out")


@pytest.mark.one_database
def test_s14_nothing_is_left_of_the_session_before(client: FlaskClient, come: Come) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    come(**LEAD)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert not [name for name in cookie if name.startswith("_state_")]


@pytest.mark.one_database
def test_s41_no_log_names_who_was_refused(come: Come, caplog: pytest.LogCaptureFixture) -> None:
    come("without=nonce", **LEAD)
    come(**{**JO, "roles": []})
    assert refusals(caplog) == ["untrusted missing_claim:nonce", "no_role"]
    assert "wren" not in caplog.text.casefold() and "jo@" not in caplog.text


@pytest.mark.one_database
def test_what_the_directory_left_unsaid_is_a_line_for_whoever_sets_it_up(
    come: Come, caplog: pytest.LogCaptureFixture
) -> None:
    come(sub="jo-1")
    come(sub="jo-1", name="Jo Wren", email="jo@office.example", xms_edov=False, roles=[])
    come(**{name: said for name, said in LEAD.items() if name != "email"})
    told = ["no_role without name,email,email_verified,roles", "no_role", "nameless without email"]
    assert refusals(caplog) == told


@pytest.mark.one_database
def test_a_directory_that_takes_the_secret_in_the_form_alone_gets_it_there(
    client: FlaskClient, there: Directory, come: Come
) -> None:
    assert come("takes the form only", **LEAD).status_code == 302
    assert is_signed_in(client)


def by_password(client: FlaskClient, email: str) -> TestResponse:
    return factories.post(client, "/sign-in", email=email, password=PASSWORD)


@pytest.mark.one_database
def test_whom_the_directory_vouches_for_comes_in_by_it_alone(
    db: Session, client: FlaskClient, come: Come, believe: Believe
) -> None:
    """Or leaving it would not keep them out. Accounts for emergencies need no directory."""
    for name in ("jo", "kim", "emergency"):
        factories.person(db, "reviewer", email=f"{name}@office.example", password=PASSWORD)
    kept_out = by_password(client, "nobody@office.example")
    believe(links_by_email=True)
    assert come(**LEAD).status_code == 302
    assert "you sign in with single sign-on" in client.get("/account/").text
    factories.post(client, "/sign-out")
    refused = by_password(client, "jo@office.example")
    assert refused.status_code == kept_out.status_code == 422
    assert "go together" in refused.text
    assert by_password(client, "kim@office.example").status_code == 302
    factories.post(client, "/sign-out")
    believe(is_only=True, break_glass=frozenset(("emergency@office.example",)))
    assert by_password(client, "kim@office.example").status_code == 422
    assert by_password(client, "emergency@office.example").status_code == 302
    (event,) = newest_first(db, [AuditEvent.action == "emergency_sign_in"], 2)
    opened = db.execute(select(Person.email).where(Person.token == event.stat["person"])).scalar()
    assert opened == "emergency@office.example"


@pytest.mark.one_database
def test_the_page_for_signing_in_leads_to_the_directory_and_on(
    client: FlaskClient, believe: Believe
) -> None:
    believe(account="Fenmarch account")
    page = client.get("/sign-in?next=/cases").text
    assert "Sign in with your Fenmarch account" in page
    assert 'href="/single-sign-on?next=/cases"' in page and "If you have no" not in page
    believe(is_only=True)
    assert "for emergencies" in client.get("/sign-in").text


@pytest.mark.one_database
def test_the_same_subject_of_another_directory_is_somebody_else(
    db: Session, client: FlaskClient, there: Directory, come: Come, believe: Believe
) -> None:
    come(**LEAD)
    factories.post(client, "/sign-out")
    believe(there.entra)
    assert come(**LEAD).status_code == 403  # the account is joined to the other directory
    assert come(**{**LEAD, "email": "another.jo@office.example"}).status_code == 302
    assert len(people(db)) == 2


@pytest.mark.one_database
def test_a_second_factor_that_the_directory_asked_for_is_not_asked_for_again(
    db: Session, client: FlaskClient, come: Come
) -> None:
    wanted = replace(settings_at(db), second_factor_roles=("supervisor",))
    begin_write(db)
    change_settings(db, wanted, role="system", origin=Origin("command"))
    db.commit()
    assert (
        come(onward="/cases", **LEAD, amr=["pwd"]).location == "/sign-in/second-factor?next=/cases"
    )
    assert not is_signed_in(client)
    assert come(onward="/cases", **LEAD, amr=["pwd", "mfa"]).location == "/cases"
    assert is_signed_in(client)


@pytest.mark.one_database
def test_whoever_begins_often_still_arrives(
    client: FlaskClient, there: Directory, believe: Believe
) -> None:
    """A browser drops a cookie of more than 4,096 bytes, and what was to be compared with it."""
    there.next(**LEAD)
    wanted = f"/cases?words={secrets.token_hex(450)}"
    asked = [client.get(f"/single-sign-on?next={wanted}").location for _ in range(8)]
    client.get(f"/single-sign-on?next=/cases?words={'x' * 4_000}")
    cookie = client.get_cookie("casework")
    assert cookie and len(cookie.value) < 4_000
    back = there.follow(asked[-1]).removeprefix("https://casework.example")
    assert client.get(back).location == wanted
