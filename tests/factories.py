"""The only place where tests make people and cases, sign in and post forms: through the one door."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework import delegations, items, progress
from casework.accounts import passwords, people, sessions
from casework.audit.record import Origin
from casework.database import begin_write
from casework.extensions import db as extension
from casework.files.kinds import PDF, Kind
from casework.files.store import note
from casework.items import ItemMoved
from casework.models import Person
from casework.office_settings import OfficeSettings, change_settings, settings_at
from casework.progress import Moved
from casework.web.files import files
from workflows import ITEMS
from workflows.attempt import Attempt
from workflows.definition import Actor
from workflows.delegation import Delegation

PASSWORD = "a lamp beside the harbour"
LOGGED_ON = date(2026, 4, 1)
SOMEBODY = Actor("u_" + "5" * 32, frozenset({"reviewer"}))
"""Who acts when a test does not care."""
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)
"""A PNG of one point: the smallest file that is taken."""

_hashed = cache(passwords.hashed)


def person(
    session: Session,
    *roles: str,
    email: str | None = None,
    password: str | None = None,
    name: str | None = None,
) -> Person:
    """A person with these roles (a reviewer when none is given), committed."""
    roles = roles or ("reviewer",)
    email = email or f"{roles[0]}-{secrets.token_hex(4)}@office.example"
    begin_write(session)
    made = people.add_person(
        session, email, name or roles[0].replace("_", " ").title(), roles, Origin("command")
    )
    if password is not None:
        people.set_password(session, made, _hashed(password), Origin("command"))
    session.commit()
    return made


def actor(by: Person | Actor | None) -> Actor:
    """Somebody as the engine knows them."""
    if isinstance(by, Person):
        return Actor(by.token, by.role_names)
    return by or SOMEBODY


def sign_in(client: FlaskClient, who: Person) -> FlaskClient:
    """Give the client the session that the sign-in page would; the page has tests of its own."""
    session = extension.session
    begin_write(session)
    secret = sessions.begin(session, who, "A browser", by="password")
    session.commit()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.permanent = True
        cookie.update({"_user_id": secret, "_fresh": True})
    return client


def post(client: FlaskClient, url: str, **fields: Any) -> TestResponse:
    """Post a form as a page of this client would: with its CSRF token and a fresh `req`."""
    sent = {"csrf_token": csrf_token(client), "req": secrets.token_hex(16), **fields}
    return client.post(url, data=sent)


def csrf_token(client: FlaskClient) -> str:
    """A CSRF token that belongs to the client's session."""
    with client.session_transaction() as cookie:
        raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
    signer = URLSafeTimedSerializer(str(client.application.secret_key), salt="wtf-csrf-token")
    return str(signer.dumps(raw))


def open_form(session: Session) -> OfficeSettings:
    """Switch the public form on, with all that its notices have to say; the settings, committed."""
    changed = replace(
        settings_at(session),
        contact_details="01632 960123 or reviews@office.example",
        web_form="on",
        apply_otherwise=("Email reviews@office.example", "Telephone 01632 960123"),
        data_protection_contact="dpo@office.example",
        retention_period="for six years",
        accessibility_prepared_on=LOGGED_ON,
    )
    begin_write(session)
    change_settings(session, changed, role="system", origin=Origin("command"))
    session.commit()
    return changed


def case(
    session: Session,
    *,
    on: date = LOGGED_ON,
    by: Person | Actor | None = None,
    reference: str | None = None,
    **facts: Any,
) -> Moved:
    """Log an application with these facts, committed."""
    who = actor(by)
    begin_write(session)
    moved = progress.begin_case(
        session,
        Attempt("log", on, {"force": "force", **facts}, who),
        Origin("web", who.token),
        reference=reference,
    )
    session.commit()
    return moved


def item(
    session: Session,
    case: str,
    workflow: str,
    *,
    on: date = LOGGED_ON,
    by: Person | Actor | None = None,
    **facts: Any,
) -> ItemMoved:
    """Keep something of a kind (`workflow`) on the case with this token, committed."""
    who, definition = actor(by), ITEMS[workflow]
    begin_write(session)
    attempt = Attempt(definition.begins_with.name, on, facts, who)
    moved = items.begin_item(session, case, definition, attempt, Origin("web", who.token))
    session.commit()
    return moved


def instruction(
    session: Session, case: str, contractor: Person, *, by: Person | Actor | None = None
) -> ItemMoved:
    """Instruct a contractor on the case with this token, committed."""
    facts: dict[str, Any] = {
        "person": contractor.token,
        "asked": "The review",
        "is_eligible": True,
    }
    return item(session, case, "instruction", by=by, return_by=date(2026, 5, 1), **facts)


def paper(
    session: Session,
    case: str,
    content: bytes = b"%PDF-1.7 a paper",
    *,
    file_kind: Kind = PDF,
    **facts: Any,
) -> ItemMoved:
    """Keep a paper on the case with this token, committed; its file is not looked into."""
    kept = files().keep_made(content, file_kind)
    begin_write(session)
    note(session, kept)
    session.commit()
    given = {"kind": "outcome_letter", "origin": "force", "name": "Outcome letter", **facts}
    return item(session, case, "paper", file=kept.sha256, **given)


def picture(name: str = "gate.png") -> tuple[BytesIO, str]:
    """A picture as a form sends it."""
    return BytesIO(PICTURE), name


def move_item(
    session: Session,
    item: str,
    step: str,
    on: date | None,
    facts: Mapping[str, Any] | None = None,
    *,
    by: Person | Actor | None = None,
    target: int | None = None,
) -> ItemMoved:
    """Take a step on an item, or correct or annul an entry of it (`target`), committed."""
    who = actor(by)
    begin_write(session)
    ref = items.item_ref(session, item)
    assert ref is not None, f"no item {item}"
    attempt = Attempt(step, on, facts or {}, who, target=target)
    moved = items.move_item(session, ref, attempt, Origin("web", who.token))
    session.commit()
    return moved


def delegation(
    session: Session, to: Person, *functions: str, from_on: date = LOGGED_ON, **more: Any
) -> str:
    """A delegation (of deciding when nothing is named) to a person, committed; its token."""
    begin_write(session)
    made = Delegation(to.token, frozenset(functions or ("decide",)), from_on, **more)
    declared = [each.code for each in delegations.EXCLUSIONS]
    token = delegations.delegate(
        session, made, "Scheme 4.2", declared, role="chief_executive", origin=Origin("command")
    )
    session.commit()
    return token


def move(
    session: Session,
    reference: str,
    step: str,
    on: date | None,
    facts: Mapping[str, Any] | None = None,
    *,
    by: Person | Actor | None = None,
    target: int | None = None,
) -> Moved:
    """Take a step on a case, or correct or annul an entry of it (`target`), committed."""
    who = actor(by)
    begin_write(session)
    ref = progress.case_ref(session, reference)
    assert ref is not None, f"no case {reference}"
    attempt = Attempt(step, on, facts or {}, who, target=target)
    moved = progress.move_case(session, ref, attempt, Origin("web", who.token))
    session.commit()
    return moved
