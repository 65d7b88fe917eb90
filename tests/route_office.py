"""The only place for an office whose every address can be asked for, by whoever holds a role."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask import Flask, url_for
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.accounts import factors, links, people, proposals, sessions
from casework.accounts.factors import Authenticator
from casework.audit.record import Origin, append
from casework.checkpoints.queries import newest
from casework.database import begin_write
from casework.extensions import db as extension
from casework.imports.service import import_register
from casework.items import ItemMoved
from casework.models import Base, Person, Publication
from casework.progress import Moved
from casework.publishing.history import Published
from casework.publishing.service import content_of
from tests import factories, letter_factory, list_factory, retention_factory
from tests.applicant import Applicant
from tests.applications import disconnect
from tests.casework.publishing import lives as publications
from tests.factories import LOGGED_ON, PASSWORD
from tests.matrix import SIGNED_OUT as SIGNED_OUT
from tests.route_forms import (
    DELEGATION,
    FORMS,
    KINDS,
    LIST,
    NAMES,
    ON,
    QUERIES,
    REGISTER,
    letter_pdf,
)

WRITTEN_BY_READING = {"access_read", "last_seen_at", "limited_use"}
"""Who read which case, when a session was last used, and how often what costs much was asked for."""


@dataclass
class Office:
    """An office with a person of each role, and cases to be asked for."""

    app: Flask
    db: Session
    state: Callable[[], object] = object
    """Answers differently once the database was written to (`databases.watched`)."""
    pictured: object = None
    picture: dict[str, list[str]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    case: Moved | None = None
    acknowledged: int = 0
    item: ItemMoved | None = None
    paper: ItemMoved | None = None
    letter: ItemMoved | None = None
    draft: str = ""
    mail: str = ""
    delegated: str = ""
    check: str = ""
    finding: str = ""
    imported: int = 0
    publication: str = ""
    due: str = ""
    colleague: str = ""
    disabled: str = ""
    proposed_access: int = 0
    proposed: ItemMoved | None = None
    disposal: ItemMoved | None = None
    published: Published | None = None
    drafter: Person | None = None
    secret: str = ""
    erased: str = ""
    session_of_another: int = 0
    cookies: dict[str, str] = field(default_factory=dict)

    def client(self, role: str) -> FlaskClient:
        """A fresh client, in the one session of the person of this role."""
        client = self.app.test_client()
        if role != SIGNED_OUT:
            name = self.app.config["SESSION_COOKIE_NAME"]
            if role not in self.cookies:
                factories.sign_in(client, self.people[role])
                cookie = client.get_cookie(name)
                assert cookie is not None
                self.cookies[role] = cookie.value
            client.set_cookie(name, self.cookies[role])
        return client

    def fill(self, roles: Iterable[str]) -> None:
        """Put something behind every address, and sign a person of each role in."""
        for role in roles:
            self.people[role] = factories.person(self.db, role, password=PASSWORD)
        factories.open_form(self.db)
        self.publish_report()
        self.begin()  # something has changed since
        self.write_letter()
        self.check_list()
        self.import_register()
        self.erase()
        self.fall_due()
        self.keep_accounts()
        for role in roles:
            self.client(role)

    def begin(self) -> None:
        """A fresh case, received and acknowledged, on which the contractor is instructed."""
        self.case = factories.case(self.db)
        moved = factories.move(self.db, self.case.reference, "acknowledge", LOGGED_ON)
        self.acknowledged = moved.seq
        self.item = factories.item(self.db, self.case.case, "party", kind="interested")
        self.paper = factories.paper(self.db, self.case.case)
        factories.instruction(self.db, self.case.case, self.people["contractor"])
        self.delegated = factories.delegation(self.db, self.people["supervisor"])

    def keep_accounts(self) -> None:
        """Somebody whose account is kept, somebody disabled, a proposal, a session and a link."""
        one, two, three = (factories.person(self.db, "panel") for _ in range(3))
        by = Origin("web", factories.person(self.db, "administrator").token)
        begin_write(self.db)
        people.disable(self.db, two, "Left.", Origin("command"), role="system")
        factors.set_up(
            self.db, one, Authenticator.new(), 0, str(self.app.secret_key), Origin("web", one.token)
        )
        proposals.propose_roles(self.db, three, ["reviewer"], by, role="administrator")
        self.db.commit()
        self.colleague, self.disabled = one.token, two.token
        self.proposed_access = proposals.open_proposals(self.db)[-1].seq
        factories.sign_in(self.app.test_client(), three)
        self.session_of_another = sessions.of_person(self.db, three.token)[0].number
        begin_write(self.db)
        self.secret = links.new_link(self.db, self.people["panel"])
        self.db.commit()

    def write_letter(self) -> None:
        """A letter being written on the case, and one that is issued and waits to be mailed."""
        assert self.case is not None
        self.letter = letter_factory.letter(self.db, self.case.case)
        self.draft = letter_factory.draft(self.db, self.case.case, is_final=True)
        self.mail = letter_factory.mail(self.db, self.letter)

    def check_list(self) -> None:
        """A force's list that was checked, with a review on it that nobody logged."""
        listed = list_factory.csv_list([[f"CO/{secrets.randbelow(10**9)}/26"]])
        self.check = list_factory.checked(self.db, listed).token
        self.finding = list_factory.findings_of(self.db, self.check)[0].token

    def fall_due(self) -> None:
        """A case that falls due, and one whose erasure is proposed."""
        self.due = retention_factory.ended(self.db).case
        self.proposed = retention_factory.proposed(self.db, retention_factory.ended(self.db).case)

    def draft_report(self) -> None:
        """A report that somebody drafts, who approves none."""
        self.drafter = self.drafter or factories.person(self.db, "supervisor")
        self.publication = publications.drafted(self.db, self.drafter).token

    def publish_report(self) -> None:
        """A report that is published and covered by a checkpoint, and another that is drafted."""
        self.draft_report()
        row = self.db.get_one(Publication, self.publication)
        publications.approved(self.db, row, self.people["chief_executive"])
        self.published = publications.published(self.db, row, self.people["reviewer"])
        publications.checkpointed(self.db)
        self.draft_report()

    def erase(self) -> None:
        """A case that was erased at the end of its retention."""
        self.erased = retention_factory.ended(self.db).case
        self.disposal = retention_factory.erased(self.db, self.erased)

    def import_register(self) -> None:
        """A register that the supervisor imported: where the log says so."""
        file, who = BytesIO(REGISTER), Origin("web", self.people["supervisor"].token)
        begin_write(self.db)
        event = import_register(self.db, file).event("0" * 64, "supervisor")
        self.imported = append(self.db, event, who).seq
        self.db.commit()

    def address(self, endpoint: str, **changed: str) -> str:
        """The address of an endpoint, about the present case unless `changed` says otherwise."""
        assert self.case is not None
        assert self.item is not None
        assert self.paper is not None
        is_published = endpoint.startswith("publishing.")
        kept = {"papers": self.paper, "letters": self.letter, "retention": self.disposal}
        item = kept.get(endpoint.split(".", maxsplit=1)[0]) or self.item
        parts: dict[str, Any] = {
            "token": self.case.case,
            "seq": self._seq(endpoint, item),
            "item": item.item,
            "kind": KINDS.get(endpoint.split(".", maxsplit=1)[0], "party"),
            "draft": self.draft,
            "form": "csv" if is_published else "pdf",
            "mail": self.mail,
            "decision": "cancel",
            "name": NAMES.get(endpoint, "office_name"),
            "number": "1",
            "delegated": self.delegated,
            "check": self.check,
            "finding": self.finding,
            "year": self.published.year if self.published and is_published else "2026-27",
            "publication": self.publication,
            "size": self._signed(endpoint),
            "filename": "app.css",
            "person": self.disabled if endpoint == "people.enable" else self.colleague,
            "proposal": self.proposed_access,
            "session": self.session_of_another,
            "secret": self.secret,
            **changed,
        }
        needed = arguments(self.app, endpoint)
        with self.app.test_request_context():
            path = url_for(endpoint, **{name: parts[name] for name in needed})
        return path + QUERIES.get(endpoint, "")

    def _signed(self, endpoint: str) -> int:
        """How many entries the checkpoint covers that an address of this endpoint is about."""
        if endpoint != "trail.checkpoint":
            return 0
        return (newest(self.db) or publications.checkpointed(self.db)).size

    def _seq(self, endpoint: str, item: ItemMoved) -> int:
        """The position in the log that an address of this endpoint is about."""
        if endpoint.startswith("imports."):
            return self.imported
        return item.seq if endpoint.startswith(("items.", "papers.")) else self.acknowledged

    def fields(self, endpoint: str, client: FlaskClient) -> dict[str, Any]:
        """What a form of this endpoint sends when all is well."""
        picture, pdf = factories.picture, letter_pdf
        sent: dict[str, Callable[[], dict[str, Any]]] = {
            "signing_in.sign_in": lambda: {
                "email": self.people["panel"].email,
                "password": PASSWORD,
            },
            "account.password": lambda: {
                "present_password": PASSWORD,
                "new_password": secrets.token_hex(12),
            },
            "second_factor.change": lambda: self.authenticator(client),
            "reviews.declare": lambda: {**ON, "person": token_of(client), "why": "A cousin."},
            "people.invite": lambda: {"name": "Ash Reed", "email": address(), "roles": "panel"},
            "people.change_email": lambda: {"email": address()},
            "office.delegate": lambda: {**DELEGATION, "person": self.people["reviewer"].token},
            "papers.add": lambda: {**ON, "file": picture(), "kind": "footage", "origin": "force"},
            "papers.replace": lambda: {**ON, "version": "1", "file": picture()},
            "letters.upload": lambda: {"version": "2", "file": (BytesIO(pdf()), "letter.pdf")},
            "reconciliation.send": lambda: {**LIST, "file": (BytesIO(b"Ref\nCO/1/26"), "list.csv")},
            "imports.index": lambda: {"file": (BytesIO(REGISTER), "register.csv")},
            "publishing.approve": lambda: {"version": "1", "content": self.content()},
            "retention.propose": lambda: {"case": self.due},
            "retention.approve": lambda: {"disposal": f"{self.proposed and self.proposed.item}.3"},
            "office.change": lambda: {"value": secrets.token_hex(4), "since": self.since(client)},
        }
        return sent[endpoint]() if endpoint in sent else FORMS.get(endpoint, {})

    def authenticator(self, client: FlaskClient) -> dict[str, Any]:
        """The first code of an authenticator, and what the form brings back with it."""
        new = Authenticator.new()
        sealed = new.sealed(token_of(client), str(self.app.secret_key))
        return {"offered": sealed, "code": TOTP(new.secret).now()}

    def content(self) -> str:
        """The hash of the report that is being drafted."""
        return content_of(self.db.get_one(Publication, self.publication))

    def since(self, client: FlaskClient) -> str:
        """What the settings form says it was opened on."""
        page = client.get("/settings/office_name").text
        found = re.search(r'name="since"[^>]*value="([^"]*)"', page)
        return found[1] if found else ""

    def post(self, client: FlaskClient, endpoint: str, path: str) -> TestResponse:
        """Post the form of this endpoint, all well."""
        fields = self.fields(endpoint, client)
        if endpoint.startswith("apply."):
            fields |= self.applying(client, is_ready=endpoint == "apply.check")
        return factories.post(client, path, **fields)

    def applying(self, client: FlaskClient, *, is_ready: bool) -> dict[str, str]:
        """What a form of the public carries for this client, whose answers are all there or not."""
        applicant = Applicant(client)
        version = {"version": applicant.ready(self.db)} if is_ready else {}
        return {**applicant.csrf, **version}

    def disconnect(self) -> None:
        """Let go of the database, so that it may be put back to what it was."""
        self.db.rollback()
        disconnect(self.app)

    def tables(self) -> dict[str, list[str]]:
        """Everything in the database but what reading may write; read anew once it was written."""
        self.db.rollback()
        state = self.state()
        if state != self.pictured:
            self.pictured, self.picture = state, picture(self.db)
        return self.picture


def picture(session: Session) -> dict[str, list[str]]:
    """Every row of every table, but for what reading may write."""
    kept = {
        table.name: [each for each in table.c if each.name not in WRITTEN_BY_READING]
        for table in Base.metadata.sorted_tables
        if table.name not in WRITTEN_BY_READING
    }
    return {
        name: sorted(repr(tuple(row)) for row in session.execute(select(*columns)))
        for name, columns in kept.items()
    }


def all_but_the_log(tables: dict[str, list[str]]) -> dict[str, list[str]]:
    """The tables without the log's own, to which a file that is handed over adds an event."""
    return {
        name: rows for name, rows in tables.items() if name not in ("audit_event", "audit_node")
    }


def address() -> str:
    """An e-mail address with which nobody signs in."""
    return f"{secrets.token_hex(8)}@office.example"


def token_of(client: FlaskClient) -> str:
    """The token of whoever is signed in with this client; empty when nobody is."""
    with client.session_transaction() as cookie:
        held = sessions.find(extension.session, str(cookie.get("_user_id", "")))
    return held.person if held else ""


def rules(app: Flask) -> dict[str, str]:
    """Every address and its endpoint."""
    return {rule.rule: rule.endpoint for rule in app.url_map.iter_rules()}


def arguments(app: Flask, endpoint: str) -> set[str]:
    """The parts of an endpoint's address."""
    return next(rule.arguments for rule in app.url_map.iter_rules(endpoint))
