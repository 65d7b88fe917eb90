"""Keeping accounts on pages: who may propose, who may agree, and what comes of it."""

import re
import secrets
from dataclasses import dataclass, field, replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts import links
from casework.accounts.proposals import open_proposals
from casework.audit.events import newest_first
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.models import Person
from casework.people import queries
from config import MailServer
from tests import factories
from tests.factories import post


@dataclass
class Accounts:
    """An office with two administrators and a Chief Executive, each at their browser."""

    app: Flask
    db: Session
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, *roles: str, password: str | None = None) -> None:
        made = factories.person(
            self.db, *roles, email=f"{name}@office.example", name=name.title(), password=password
        )
        self.people[name] = made.token
        self.clients[name] = factories.sign_in(self.app.test_client(), made)

    def url(self, name: str, what: str = "") -> str:
        return f"/people/{self.people[name]}{what}"

    def person(self, name: str) -> Person:
        self.db.rollback()
        query = select(Person).where(Person.email == f"{name}@office.example")
        found = self.db.execute(query.execution_options(populate_existing=True)).scalar_one()
        self.people[name] = found.token
        return found

    def give(self, by: str, whom: str, *roles: str) -> int:
        """Propose these as all the roles of somebody; the status."""
        held = " ".join(sorted(self.person(whom).role_names))
        url = self.url(whom, "/roles")
        return post(self.clients[by], url, held=held, roles=list(roles)).status_code

    def settle(self, by: str, how: str = "agree") -> int:
        """Agree to the newest proposal, or refuse it; the status."""
        self.db.rollback()
        seq = open_proposals(self.db)[-1].seq
        return post(self.clients[by], f"/people/proposals/{seq}/{how}").status_code

    def actions(self) -> list[str]:
        """The newest actions of the log, the newest first."""
        self.db.rollback()
        return [event.action for event in newest_first(self.db, (), 3)]


@pytest.fixture
def office(app: Flask, db: Session) -> Accounts:
    made = Accounts(app, db)
    for name, role in {
        "ali": "administrator",
        "bo": "administrator",
        "cy": "chief_executive",
    }.items():
        made.add(name, role)
    made.add("ray", "reviewer", password=factories.PASSWORD)
    return made


def test_a_role_is_held_once_a_second_person_agrees(office: Accounts) -> None:
    assert office.give("ali", "ray", "reviewer", "supervisor") == 302
    assert office.person("ray").role_names == {"reviewer"}
    assert office.settle("ali") == 409
    assert office.person("ray").role_names == {"reviewer"}
    assert "You proposed this" in office.clients["ali"].get("/people").text
    assert office.settle("cy") == 302
    assert office.person("ray").role_names == {"reviewer", "supervisor"}
    assert office.actions()[:2] == ["roles_changed", "roles_proposed"]
    assert all(finding.holds for finding in verify_log(office.db))


@pytest.mark.one_database
def test_nobody_agrees_to_what_they_are_given_or_settles_it_twice(office: Accounts) -> None:
    assert office.give("ali", "cy", "chief_executive", "supervisor") == 302
    assert office.settle("cy") == 409
    seq = open_proposals(office.db)[-1].seq
    assert office.settle("bo") == 302
    for how in ("agree", "refuse"):
        url = f"/people/proposals/{seq}/{how}"
        assert post(office.clients["bo"], url).status_code == 409
    assert office.person("cy").role_names == {"chief_executive", "supervisor"}


@pytest.mark.one_database
def test_a_refused_or_withdrawn_proposal_changes_nothing(office: Accounts) -> None:
    for by in ("cy", "ali"):
        office.give("ali", "ray", "reviewer", "administrator")
        assert office.give("bo", "ray", "reviewer", "panel") == 422
        assert office.settle(by, "refuse") == 302
    assert office.person("ray").role_names == {"reviewer"}
    assert open_proposals(office.db) == ()
    assert all(finding.holds for finding in verify_log(office.db))


@pytest.mark.one_database
def test_s08_a_role_that_is_taken_away_is_gone_at_the_next_request(office: Accounts) -> None:
    office.add("sam", "supervisor", "reviewer")
    assert office.clients["sam"].get("/retention/").status_code == 200
    assert office.give("ali", "sam", "reviewer") == 302
    assert office.person("sam").role_names == {"reviewer"}
    asked = office.clients["sam"].get("/retention/")
    assert (asked.status_code, asked.location) == (302, "/sign-in?next=/retention/")
    factories.sign_in(office.clients["sam"], office.person("sam"))
    assert office.clients["sam"].get("/retention/").status_code == 403
    assert office.give("ali", "ali") == 422


@pytest.mark.one_database
def test_one_form_takes_at_once_and_gives_later_and_is_refused_when_stale(office: Accounts) -> None:
    assert office.give("ali", "ray", "panel") == 302
    assert office.person("ray").role_names == frozenset()
    office.settle("bo")
    assert office.person("ray").role_names == {"panel"}
    stale = {"held": "reviewer", "roles": ["reviewer", "supervisor"]}
    assert post(office.clients["ali"], office.url("ray", "/roles"), **stale).status_code == 409
    for roles in (["contractor", "panel"], ["king", "panel"], ["panel"]):
        assert office.give("ali", "ray", *roles) == 422
    assert open_proposals(office.db) == ()


@pytest.mark.one_database
def test_who_lost_a_computer_is_signed_out_everywhere_and_may_come_back(office: Accounts) -> None:
    office.add("riley", "reviewer", password="seven herons on the fen")
    assert "Now" in office.clients["ali"].get(office.url("riley")).text
    url = office.url("riley", "/sign-out")
    assert post(office.clients["ali"], url, reason="").status_code == 422
    assert office.clients["riley"].get("/cases").status_code == 200
    assert post(office.clients["ali"], url, reason="Lost the laptop").status_code == 302
    assert office.clients["riley"].get("/cases").status_code == 302
    told = office.clients["ali"].get(office.url("riley")).text
    assert "Not now" in told and "Signed out everywhere" in told and "Lost the laptop" in told
    again = factories.sign_in(office.app.test_client(), office.person("riley"))
    assert "from elsewhere, by an administrator" in again.get("/account/").text
    own = post(office.clients["ali"], office.url("ali", "/sign-out"), reason="Mine")
    assert own.status_code == 422
    assert office.clients["ali"].get("/people").status_code == 200


@pytest.mark.one_database
def test_a_disabled_person_is_out_at_once_and_enabled_comes_back(office: Accounts) -> None:
    url = office.url("ray", "/disable")
    assert post(office.clients["ali"], url, reason=" ").status_code == 422
    assert post(office.clients["ali"], office.url("ali", "/disable"), reason="x").status_code == 422
    assert office.clients["ray"].get("/").status_code == 200
    assert post(office.clients["ali"], url, reason="Left the office.").status_code == 302
    assert office.clients["ray"].get("/").status_code == 302
    fields = {"email": "ray@office.example", "password": factories.PASSWORD}
    visitor = office.app.test_client()
    assert post(visitor, "/sign-in", **fields).status_code == 422
    assert "Left the office." in office.clients["ali"].get(office.url("ray")).text
    assert all(finding.holds for finding in verify_log(office.db))
    assert post(office.clients["ali"], office.url("ray", "/enable"), reason="Back.").location
    assert post(visitor, "/sign-in", **fields).status_code == 302
    assert all(finding.holds for finding in verify_log(office.db))


@pytest.mark.one_database
def test_who_is_invited_comes_in_by_a_link_once_somebody_agrees(office: Accounts) -> None:
    new = {"name": " Kit  Vale ", "email": "Kit@office.example", "roles": ["panel"]}
    assert post(office.clients["ali"], "/people/invite", **new).status_code == 302
    assert office.person("kit").name == "Kit Vale"
    page = office.clients["ali"].get(office.url("kit")).text
    assert "Nobody has agreed to a role for them yet" in page
    assert post(office.clients["ali"], office.url("kit", "/link")).status_code == 409
    office.settle("cy")
    kit = office.person("kit")
    begin_write(office.db)
    secret = links.new_link(office.db, kit)
    office.db.commit()
    visitor = office.app.test_client()
    visitor.get(f"/set-password/{secret}")
    assert post(visitor, "/set-password", password="seven herons over a weir").status_code == 302
    fields = {"email": "kit@office.example", "password": "seven herons over a weir"}
    assert post(visitor, "/sign-in", **fields).status_code == 302
    assert all(finding.holds for finding in verify_log(office.db))


@pytest.mark.one_database
def test_s23_no_administrator_comes_to_know_a_password_or_to_choose_one(office: Accounts) -> None:
    """Neither by a link in hand to an account, old or new, nor by a mail to an address of theirs."""
    new = {"name": "Nina", "email": "nina@office.example", "roles": ["administrator"]}
    post(office.clients["ali"], "/people/invite", **new)
    office.settle("cy")
    for name in ("ray", "nina"):
        office.person(name)
        for client in (office.clients["ali"], office.clients["cy"]):
            assert "set-password/" not in client.get(office.url(name)).text
            refused = post(client, office.url(name, "/link"))
            assert refused.status_code in (403, 409) and "set-password/" not in refused.text
    assert "casework user invite" in office.clients["ali"].get(office.url("nina")).text
    new = {"email": "mine@office.example"}
    assert post(office.clients["ali"], office.url("ray", "/email"), **new).status_code == 302
    assert office.settle("ali") == 409
    assert office.person("ray").email == "ray@office.example"
    before = office.clients["ray"].get("/").status_code
    assert office.settle("cy") == 302
    assert (before, office.clients["ray"].get("/").status_code) == (200, 302)
    assert office.person("mine").token == office.people["ray"]
    fields = [
        name for url in ("/people/invite", office.url("mine")) for name in names_on(office, url)
    ]
    assert not [name for name in fields if "password" in name]
    assert all(finding.holds for finding in verify_log(office.db))


def names_on(office: Accounts, url: str) -> list[str]:
    return re.findall(r'name="([^"]+)"', office.clients["ali"].get(url).text)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("new", "said"),
    [
        ({"name": ""}, "Enter the full name."),
        ({"email": "kit"}, "correct format"),
        ({"email": "RAY@office.example"}, "is there already"),
        ({"roles": []}, "Choose at least one role."),
        ({"roles": ["contractor", "reviewer"]}, "goes with no other"),
    ],
)
def test_an_invitation_that_will_not_do_is_said_and_kept(
    office: Accounts, new: dict[str, object], said: str
) -> None:
    typed = {"name": "Kit Vale", "email": "kit@office.example", "roles": ["panel"], **new}
    answer = post(office.clients["ali"], "/people/invite", **typed)
    assert answer.status_code == 422
    assert said in answer.text
    for kept in (typed["name"], typed["email"]):
        assert f'value="{kept}"' in answer.text or not kept
    assert office.db.execute(select(Person).where(Person.name == "Kit Vale")).first() is None


@pytest.mark.one_database
def test_a_role_that_is_none_is_said_so(office: Accounts) -> None:
    new = {"name": "Kit Vale", "email": "kit@office.example", "roles": ["king"]}
    assert "There is no role king." in post(office.clients["ali"], "/people/invite", **new).text


@pytest.mark.one_database
def test_what_was_agreed_holds_where_no_mail_can_go(
    office: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MailServer("127.0.0.1", 25, sender="office@office.example")
    settings = replace(office.app.extensions["casework"], mail_server=server)
    monkeypatch.setitem(office.app.extensions, "casework", settings)
    for name, said in {"zoë": "No email can be sent", "kit": "on its way to them"}.items():
        new = {"name": name.title(), "email": f"{name}@office.example", "roles": ["panel"]}
        assert post(office.clients["ali"], "/people/invite", **new).status_code == 302
        assert office.settle("cy") == 302
        assert office.person(name).role_names == {"panel"}
        assert said in office.clients["cy"].get(office.url(name)).text


@pytest.mark.one_database
def test_a_page_says_that_more_happened_than_it_shows(
    office: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "There are older ones in the audit log."
    assert said not in office.clients["ali"].get(office.url("ray")).text
    monkeypatch.setattr(queries, "_MOST_SHOWN", 1)
    assert said in office.clients["ali"].get(office.url("ray")).text


@pytest.mark.one_database
def test_the_same_form_sent_twice_has_one_effect(office: Accounts) -> None:
    fields = {"name": "Kit Vale", "email": "kit@office.example"}
    for url in (office.url("ray", "/name"), office.url("ray", "/email")):
        req = secrets.token_hex(16)
        answers = [post(office.clients["ali"], url, req=req, **fields) for _ in range(2)]
        assert [answer.location for answer in answers] == [office.url("ray")] * 2
    assert office.actions() == ["email_proposed", "person_renamed", "password_set"]
