"""The only place where random people fill in whatever form of a case they are shown.

Nothing here knows the pages: links and forms are read off them, boxes are filled at random. What
must hold whatever comes of it is read off the log, from the law and the office's rules alone.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any

import lxml.html  # type: ignore[import-untyped]
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from werkzeug.datastructures import MultiDict

from casework import clock, office_settings
from casework.audit import record
from casework.audit.events import Event, all_events
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.extensions import db
from casework.files.store import Store
from config import Settings
from tests import factories, letter_factory
from tests.applications import application

CANARY = "Canary Nightjar"
WORDS = (
    *("Seen and read.", "As the force said.", "=1+1 <b>bold</b> {{7*7}}"),
    *("Café “naïve” 𝔘\nsecond line", ""),
)
PEOPLE = (("reviewer",), ("supervisor",), ("chief_executive",), ("reviewer", "supervisor"))
VISITS, HOPS = 16, 5
PLACES = (
    *("", "", "", "/letters", "/recommendations", "/papers", "/conflict"),
    *("/decision",) * 6,
)
"""Where somebody goes first on a case; from there on links lead."""
WANTED = ({"upheld", "not_upheld"}, {"conflict_declared"})
"""What must have happened in some office, or the rules were not tried."""
NOT_OF_INTEREST = re.compile(r"/(correct|annul|trail|conflict|declare_conflict)\b")
"""Amendments have a machine of their own (test_machine.py); here days are told in order. Conflicts
are declared by who goes there first, or soon nobody would be left."""
OTHERWISE = {"refer_to_iopc", "investigate"}
REMEDIES = {"apology", "return_property", "reflective_practice", "other_remedy"}
INVESTIGATION = {
    *("refer_to_iopc", "reinvestigate", "case_to_answer", "performance", "notify_dpp"),
}
POWERS = {"otherwise": OTHERWISE | REMEDIES, "investigation": INVESTIGATION | REMEDIES}
"""What each route allows: paras 6A(6) and 25(4E), (4F) of Schedule 3."""


class Office:
    """A small office at work on two cases, and what was issued so far."""

    def __init__(self, app: Flask, sign_off: str) -> None:
        self.app, self.sign_off = app, sign_off
        self.issued: dict[str, bytes] = {}
        with app.app_context():
            people = [factories.person(db.session, *roles) for roles in PEOPLE]
            self.clients = {
                person.token: factories.sign_in(app.test_client(), person) for person in people
            }
            self.writer = factories.actor(people[0])
            begin_write(db.session)
            changed = replace(office_settings.settings_at(db.session), sign_off=sign_off)
            origin = record.Origin("command")
            office_settings.change_settings(db.session, changed, role="system", origin=origin)
            db.session.commit()
            self.cases = [self._case(route) for route in POWERS]

    def _case(self, route: str) -> str:
        """A case with its review written and a letter issued, ready to be decided."""
        case = factories.case(db.session, complainant_name=CANARY, route=route)
        said = {"reasons": "In time.", "review_body": "lpb"}
        on = factories.LOGGED_ON
        factories.move(db.session, case.reference, "find_valid", on, said, by=self.writer)
        said = {"finding": "not_reasonable", "reasons": "No account of the second call."}
        factories.move(db.session, case.reference, "write_review", on, said, by=self.writer)
        letter_factory.letter(db.session, case.case)
        return case.case

    def events(self) -> list[Event]:
        with self.app.app_context():
            return list(all_events(db.session, record.log_size(db.session)))


def links_on(page: Any, case: str) -> list[str]:
    """Where a page of a case leads on to within the case."""
    found = (link.split("#")[0] for link in page.xpath("//main//a/@href"))
    own = {link for link in found if link.startswith(f"/cases/{case}")}
    return sorted(link for link in own if not NOT_OF_INTEREST.search(link))


def forms_on(page: Any) -> list[Any]:
    posts = page.xpath("//main//form[@method='post']")
    return [form for form in posts if not NOT_OF_INTEREST.search(form.get("action") or "")]


def filled(form: Any, chance: random.Random, words: Sequence[str] = WORDS) -> dict[str, list[Any]]:
    """What somebody might send: each box of the form filled at random, or left as it was."""
    sent: MultiDict[str, Any] = MultiDict(form.form_values())
    for name in dict.fromkeys(box.get("name") for box in form.inputs if box.get("name")):
        boxes = [box for box in form.inputs if box.get("name") == name]
        values = list(_values(name, boxes, chance, words))
        if values != [None]:
            sent.setlist(name, values)
    today = clock.today()
    for part in ("day", "month", "year"):
        if f"effective_on-{part}" in sent:
            sent[f"effective_on-{part}"] = str(getattr(today, part))
    return {name: sent.getlist(name) for name in sent}


def _values(
    name: str, boxes: list[Any], chance: random.Random, words: Sequence[str]
) -> Iterator[Any]:
    box = boxes[0]
    kind = "select" if box.tag == "select" else box.get("type", "text")
    if kind == "hidden" or name.startswith("effective_on"):
        yield None  # as the page has it
    elif kind == "file":
        yield (BytesIO(_pdf()), "Outcome letter.pdf")
    elif kind in ("radio", "checkbox"):
        codes = [each.get("value", "on") for each in boxes]
        many = 1 if kind == "radio" else chance.choice([0, 1, len(codes)])
        yield from chance.sample(codes, many)
    elif kind == "select":
        yield chance.choice(box.value_options)
    elif re.search(r"-(day|month|year)$", name):
        yield str(getattr(clock.today(), name.rpartition("-")[2])) if chance.random() < 0.6 else ""
    else:
        yield chance.choice(words)


@cache
def _pdf() -> bytes:
    """A real PDF of one empty page, for every box that takes a file."""
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(file)
    return file.getvalue()


def button_of(form: Any, chance: random.Random) -> dict[str, str]:
    buttons = [each for each in form.xpath(".//button[@name]") if each.get("formaction") is None]
    chosen = chance.choice([None, *buttons])
    return {} if chosen is None else {chosen.get("name"): chosen.get("value", "")}


def one_visit(office: Office, chance: random.Random) -> None:
    """Somebody opens a page of a case and goes on from there, by links and by forms."""
    (person, client), case = chance.choice([*office.clients.items()]), chance.choice(office.cases)
    path = f"/cases/{case}{chance.choice(PLACES)}"
    for _ in range(HOPS):
        is_barred = person in conflicted(office.events(), case)
        answer = client.get(path)
        assert answer.status_code < 500, (path, answer.text)
        if is_barred:
            assert answer.status_code in (403, 404), path
            assert CANARY not in answer.text
        if answer.status_code != 200 or answer.mimetype != "text/html":
            return
        onward = _one_hop(client, path, answer.text, case, chance)
        if onward is None:
            return
        path = onward


def _one_hop(
    client: FlaskClient, path: str, shown: str, case: str, chance: random.Random
) -> str | None:
    """Send one of the page's forms, or follow one of its links; where that leads in the case."""
    page = lxml.html.fromstring(shown)
    forms, links = forms_on(page), links_on(page, case)
    if not forms or (links and chance.random() < 0.4):
        return chance.choice(links) if links else None
    form = chance.choice(forms)
    sent = {**filled(form, chance), **button_of(form, chance)}
    sent = {name: value[0] if len(value) == 1 else value for name, value in sent.items()}
    sent.setdefault("csrf_token", factories.csrf_token(client))
    url = form.get("action") or path
    answer = client.post(url, data=sent, content_type="multipart/form-data")
    assert answer.status_code < 500, (url, answer.text)
    return answer.location if (answer.location or "").startswith(f"/cases/{case}") else None


def conflicted(events: list[Event], case: str) -> set[str]:
    """Who has a declared conflict with a case after these events."""
    standing: dict[str, str] = {}
    for event in events:
        if event.case == case and event.action == "conflict_declared":
            standing[event.stat["item"]] = event.stat["person"]
        elif event.case == case and event.action == "conflict_ended":
            standing.pop(event.stat["item"])
    return set(standing.values())


def check_log(office: Office, events: list[Event]) -> None:
    """What must be so of every event, by what the log said before it."""
    for place, event in enumerate(events):
        if event.case is None or event.via != "web":
            continue
        before = [each for each in events[:place] if each.case == event.case]
        assert event.actor not in conflicted(before, event.case), event
        if event.action in ("upheld", "not_upheld"):
            _check_decision(office.sign_off, event, before)
        made = set(event.stat.get("recommendations", ()))
        if event.action == "recommendation_made":
            made = {event.stat["kind"]}
            stood = [e.action for e in before if e.action in ("upheld", "not_upheld", "reopened")]
            assert stood[-1] == "upheld" or (stood[-1] == "not_upheld" and made == {"notify_dpp"})
        if made:
            assert made <= POWERS[_route(event, before)], event
            assert event.action != "not_upheld" or made == {"notify_dpp"}


def _route(event: Event, before: list[Event]) -> str:
    routes = [each.stat["route"] for each in [*before, event] if "route" in each.stat]
    return str(routes[-1])


def _check_decision(sign_off: str, event: Event, before: list[Event]) -> None:
    writer = next(e.actor for e in reversed(before) if e.action == "review_written")
    if sign_off == "second_person":
        assert event.actor != writer
        assert event.role in ("supervisor", "chief_executive")
    if sign_off == "chief_executive":
        assert event.role == "chief_executive"


def check_issued(office: Office, events: list[Event]) -> None:
    """Every file of an issued letter is there, is what the log says, and is what it always was."""
    files = Store.of(office.app.extensions["casework"])
    for event in events:
        if event.action != "letter_issued":
            continue
        for form in ("docx", "pdf"):
            if event.stat.get(form) is None:
                continue
            with files.open(event.stat[form]) as file:
                content = file.read()
            assert sha256(content).hexdigest() == event.stat[form]
            assert office.issued.setdefault(f"{event.seq}.{form}", content) == content


@pytest.mark.slow
def test_whoever_fills_in_whatever_the_rules_hold(
    database_kind: str,
    new_database_url: Callable[[], str],
    environment: dict[str, str],
) -> None:
    is_sqlite = database_kind == "sqlite"
    seen: Counter[str] = Counter()
    told: list[int] = []
    enough = settings().max_examples // 16

    def has_all() -> bool:
        return all(any(seen[action] for action in kind) for kind in WANTED)

    @settings(
        max_examples=settings().max_examples // (5 if is_sqlite else 50),
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),  # a smaller seed is no simpler story
    )
    @given(
        seed=st.integers(0, 2**32),
        sign_off=st.sampled_from(("second_person", "second_person", "sole", "chief_executive")),
    )
    def play(seed: int, sign_off: str) -> None:
        if len(told) >= enough and has_all():
            return
        told.append(seed)
        where = {**environment, "CASEWORK_DATABASE_URL": new_database_url()}
        with application(Settings.from_environment(where)) as app:
            office, chance = Office(app, sign_off), random.Random(seed)
            for _ in range(VISITS):
                one_visit(office, chance)
            events = office.events()
            seen.update(event.action for event in events if event.via == "web")
            check_log(office, events)
            check_issued(office, events)
            with app.app_context():
                assert [found for found in verify_log(db.session) if not found.holds] == []

    play()
    assert not is_sqlite or has_all(), seen
