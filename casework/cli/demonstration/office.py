"""The only place that makes the demonstration office, through the doors that a real one uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from email.utils import localtime
from hashlib import sha256
from io import BytesIO
from typing import Any

import click
from sqlalchemy.orm import Session

from casework import clock, items, progress
from casework.audit import record
from casework.cli.demonstration import people
from casework.cli.demonstration.force_list import check_last_month
from casework.cli.demonstration.kept import KEPT, Kept
from casework.cli.demonstration.people import COLLEAGUES, PASSWORD, REVIEWER
from casework.cli.demonstration.register import register, working_day
from casework.cli.demonstration.stories import STORIES, USUAL, Act, Story
from casework.cli.installation import open_office
from casework.cli.installing import prepare_database
from casework.cli.program import Refused
from casework.database import begin_write
from casework.files.kinds import EML
from casework.files.store import Store, note
from casework.imports.service import import_register
from casework.index.entries import keep_files
from casework.office_rules import office_rules
from casework.office_settings import OfficeSettings, change_settings
from casework.people import passwords, service
from config import Settings
from workflows import ITEMS
from workflows.attempt import Attempt
from workflows.calendar import Calendar
from workflows.definition import Actor, Fact, OfficeRules

OFFICE = OfficeSettings(
    office_name="Office of the Police and Crime Commissioner for Fenmarch",
    contact_details="01632 960123, reviews@fenmarch.example.org, or Fen House, Market Row, Saltby",
    forces=(("fenmarch", "Fenmarch Police"), ("saltby", "Saltby Constabulary")),
    web_form="on",
    apply_otherwise=(
        "Email reviews@fenmarch.example.org",
        "Telephone 01632 960123, Monday to Friday, 9am to 5pm",
        "Write to Complaint reviews, Fen House, Market Row, Saltby",
    ),
    data_protection_contact="Data Protection Officer, dpo@fenmarch.example.org or 01632 960124",
    retention_period="for six years from the end of the financial year in which it ended",
    accessibility_prepared_on=date(2026, 11, 22),
)
Actors = dict[str, Actor]


@dataclass(frozen=True)
class Case:
    """A story's case as it was begun."""

    token: str
    reference: str
    received_on: date


@click.command(
    short_help="Make the demonstration office.",
    epilog="Example: CASEWORK_ENV=demo CASEWORK_DATA_DIR=var/demo casework demo",
)
def demo() -> None:
    """Make an office with invented people and a few dozen invented cases.

    Refuses on a database in which anything else was recorded. When the demonstration is there
    already, nothing is changed and the sign-ins are printed again.
    """
    settings = Settings.from_environment()
    prepare_database(settings)
    with open_office(settings) as session:
        if record.log_size(session) and not people.are_there(session):
            raise Refused(
                "This database holds an office of its own, so no demonstration was put into it. "
                "Name another folder with CASEWORK_DATA_DIR."
            )
        if people.are_there(session):
            click.echo("The demonstration office is there already; nothing was changed.")
        else:
            _make(session, Store.of(settings))
    _print_sign_ins()


def _print_sign_ins() -> None:
    click.echo(f"{OFFICE.office_name} (everything in it is invented)")
    click.echo(f"Sign in with the password “{PASSWORD}” as:")
    for colleague in COLLEAGUES:
        role = colleague.role.replace("_", " ")
        click.echo(f"  {colleague.email:36} {colleague.name}, {role}")


def _make(session: Session, files: Store) -> None:
    """The whole office in one transaction: half of one is of no use."""
    kept = passwords.hashed(PASSWORD)
    begin_write(session)
    change_settings(session, OFFICE, role=record.SYSTEM, origin=record.Origin("command"))
    actors = {each.email: _add(session, each, kept) for each in COLLEAGUES}
    _import(session, register(clock.today()), actors[people.SUPERVISOR.email])
    office = office_rules(session)
    told = {
        story.surname: _tell(session, story, place, actors, office)
        for place, story in enumerate(STORIES)
    }
    for surname, things in KEPT.items():
        for thing in things:
            _keep(session, files, thing, told[surname], told, actors)
    check_last_month(session, actors[REVIEWER.email])
    session.commit()


def _import(session: Session, content: bytes, actor: Actor) -> None:
    """Import the old register, as the supervisor would on a page."""
    req = record.Origin("command").req
    imported = import_register(session, BytesIO(content), record.Origin("import", req=req))
    event = imported.event(sha256(content).hexdigest(), "supervisor")
    record.append(session, event, record.Origin("command", actor.token, req))


def _add(session: Session, colleague: people.Colleague, password_hash: str) -> Actor:
    origin = record.Origin("command")
    roles = (colleague.role,)
    person, _ = service.add_person(session, colleague.email, colleague.name, roles, origin)
    service.set_password(session, person, password_hash, record.Origin("command"))
    return Actor(person.token, person.role_names)


def _tell(session: Session, story: Story, place: int, actors: Actors, office: OfficeRules) -> Case:
    """Begin a story's case and take its steps, in the order in which they were entered."""
    received_on = working_day(clock.today() - timedelta(days=story.days_ago))
    first = Act("log", facts=_application(story, place, received_on))
    seqs: list[int] = []
    case: progress.CaseRef | None = None
    for act in (first, *story.acts):
        attempt = _attempt(act, received_on, actors, seqs)
        origin = record.Origin("command", attempt.actor.token)
        moved = (
            progress.begin_case(session, attempt, origin, office=office)
            if case is None
            else progress.move_case(session, case, attempt, origin, office=office)
        )
        seqs.append(moved.seq)
        case = progress.case_ref(session, moved.reference)
    return Case(moved.case, moved.reference, received_on)


def _keep(
    session: Session,
    files: Store,
    thing: Kept,
    case: Case,
    told: Mapping[str, Case],
    actors: Actors,
) -> None:
    """Begin a thing on the case of a story, and take the steps of its life."""
    workflow = ITEMS[thing.kind]
    item: str | None = None
    for taken in thing.steps:
        step, actor = workflow.steps_by_name[taken.step], actors[taken.by.email]
        given = {
            name: _given(step.facts_by_name[name], value, case.received_on, actors, told)
            for name, value in taken.facts.items()
        }
        brought = [_brought(session, files, taken.email)] if taken.email else []
        if brought:
            given["file"] = brought[0]
        attempt = Attempt(taken.step, _after(case.received_on, taken.after), given, actor)
        origin = record.Origin("command", actor.token)
        ref = items.item_ref(session, item) if item else None
        moved = (
            items.begin_item(session, case.token, workflow, attempt, origin)
            if ref is None
            else items.move_item(session, ref, attempt, origin)
        )
        item = moved.item
        keep_files(session, case.token, moved.seq, thing.kind, brought, files.text)


def _brought(session: Session, files: Store, email: str) -> str:
    """The SHA-256 of an email with these words, kept as if somebody had added it."""
    message = EmailMessage()
    message["From"], message["To"] = "psd@fenmarch-police.example", "reviews@fenmarch.example.org"
    message["Subject"], message["Date"] = "Complaint file", localtime(clock.now())
    message.set_content(email)
    kept = files.keep_made(message.as_bytes(), EML, email)
    note(session, kept)
    return kept.sha256


def _given(
    fact: Fact, value: Any, received_on: date, actors: Actors, told: Mapping[str, Case]
) -> Any:
    if fact.kind == "day":
        return _after(received_on, value)
    if fact.is_person:
        return actors[value].token
    return told[value].reference if fact.name == "reference" else value


_DAYS = {"effective_on", "answer_by", "outcome_provided_on", "first_received_on"}
"""What a story tells as so many working days after receipt; below nought, as days before it."""


def _attempt(act: Act, received_on: date, actors: Actors, seqs: list[int]) -> Attempt:
    facts = {**USUAL.get(act.step, {}), **act.facts}
    if "assignee" in facts:
        facts["assignee"] = actors[facts["assignee"]].token
    for name in _DAYS & facts.keys():
        if isinstance(facts[name], int):
            facts[name] = _after(received_on, facts[name])
    is_amendment = act.target is not None
    return Attempt(
        act.step,
        None if is_amendment else _after(received_on, act.after),
        facts,
        actors[act.by.email],
        target=None if act.target is None else seqs[act.target],
    )


def _after(received_on: date, days: int) -> date:
    if days < 0:
        return received_on + timedelta(days=days)
    return Calendar().add_working_days(received_on, days)


def _application(story: Story, place: int, received_on: date) -> dict[str, Any]:
    email = f"applicant.{story.surname.lower()}@example.org"
    return {
        "complainant_name": f"Applicant {story.surname}",
        "complainant_email": email,
        "complainant_address": f"{place + 101} Example Road, Saltby",
        "force": ("fenmarch", "fenmarch", "saltby")[place % 3],
        "force_reference": f"CO/{7000 + 53 * place}/{received_on:%y}",
        "outcome_provided_on": received_on - timedelta(days=story.provided),
        "letter_dated_on": received_on - timedelta(days=story.provided + 1),
        "route": "otherwise",
        "categories": [("A1", "A2", "A4", "H3", "D2", "B2")[place % 6]],
        "channel": ("web", "email", "post")[place % 3],
        "grounds": "The force’s letter does not answer what I complained about.",
        **story.facts,
    }
