"""The only place that makes the demonstration office, through the doors that a real one uses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.utils import localtime
from hashlib import sha256
from io import BytesIO
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import clock, items, progress
from casework.accounts import passwords
from casework.accounts.people import add_person, set_password
from casework.accounts.proposals import propose_roles
from casework.audit import record
from casework.checkpoints import keys
from casework.checkpoints.changes import key_changes
from casework.checkpoints.service import sign
from casework.cli.demonstration import people
from casework.cli.demonstration.disposals import Disposals
from casework.cli.demonstration.force_list import check_last_month
from casework.cli.demonstration.kept import KEPT, LOOKED_AT, Kept
from casework.cli.demonstration.past import AFTERNOON, MORNING, Life, live, on
from casework.cli.demonstration.people import COLLEAGUES, PASSWORD, REVIEWER
from casework.cli.demonstration.publications import publish_reports
from casework.cli.demonstration.register import register, working_day
from casework.cli.demonstration.stories import STORIES, USUAL, Act, Story
from casework.cli.erasing import finish
from casework.cli.installation import open_office, private_files
from casework.cli.installing import give_first_key, prepare_database
from casework.cli.program import Refused
from casework.database import begin_write
from casework.delegations import EXCLUSIONS, delegate
from casework.files.kinds import EML
from casework.files.store import Store, note
from casework.imports.service import import_register
from casework.index.entries import keep_files
from casework.models import AccessRead, Person
from casework.office_rules import office_rules
from casework.office_settings import OfficeSettings, change_settings, settings_at
from casework.web.access import half_hour_of
from config import Settings
from workflows import ITEMS
from workflows.attempt import Attempt
from workflows.calendar import Calendar, london_day
from workflows.definition import Actor, Fact, OfficeRules, Workflow
from workflows.delegation import Delegation
from workflows.retention import Rule

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
    retention_period="for six years from the end of the financial year in which it ended, or for "
    "three where the office did not decide on it",
    retention_schedule=(
        Rule("upheld"),
        Rule("not_upheld"),
        *(Rule(outcome, years=3) for outcome in ("invalid", "forwarded", "withdrawn")),
    ),
    accessibility_prepared_on=date(2026, 11, 22),
    panel_name="Fenmarch Police and Crime Panel",
    report_from="Charlie Lode, Chief Executive, Office of the Police and Crime Commissioner",
    contact_officer="Sam Weir, Complaints Manager",
    contact_officer_details="sam.weir@fenmarch.example.org, 01632 960125",
)
LOG_NAME = "fenmarch.example.org/log"
Actors = dict[str, Actor]
STATISTICS_AGO = timedelta(days=19)
"""How long ago the IOPC published its annual statistics."""
BEGAN = timedelta(days=110)
"""How long ago the office began to record here, and took over its register."""


@dataclass
class Case:
    """A story's case; token and reference are empty until it is begun."""

    received_on: date
    token: str = ""
    reference: str = ""


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
        is_begun = record.log_size(session) > len(key_changes(session))
        if is_begun and not people.are_there(session):
            raise Refused(
                "This database holds an office of its own, so no demonstration was put into it. "
                "Name another folder with CASEWORK_DATA_DIR."
            )
        if people.are_there(session):
            click.echo("The demonstration office is there already; nothing was changed.")
        else:
            _make(session, settings)
            keys.settle(settings.signing_key, key_changes(session)[-1].key)
            finish(session, settings)
    _print_sign_ins()


def _print_sign_ins() -> None:
    click.echo(f"{OFFICE.office_name} (everything in it is invented)")
    click.echo(f"Sign in with the password “{PASSWORD}” as:")
    for colleague in COLLEAGUES:
        role = colleague.role.replace("_", " ")
        click.echo(f"  {colleague.email:36} {colleague.name}, {role}")


def _make(session: Session, settings: Settings) -> None:
    """The whole office in one transaction: half of one is of no use."""
    kept, content = passwords.hashed(PASSWORD), register(clock.today())
    files = Store.of(settings)
    begin_write(session)
    with clock.put_back_to(clock.now() - BEGAN), private_files():
        give_first_key(session, settings.signing_key, LOG_NAME)
        change_settings(session, OFFICE, role=record.SYSTEM, origin=record.Origin("command"))
        actors = {each.email: _add(session, each, kept) for each in COLLEAGUES}
        for email, functions in people.DELEGATED.items():
            _delegate(session, actors[email], functions)
        _import(session, content, actors[people.SUPERVISOR.email])
    office = _Office(session, files, actors, office_rules(session), _cases_to_come())
    stories = (office.tell(story, place) for place, story in enumerate(STORIES))
    things = (office.keep(thing, name) for name, kept in KEPT.items() for thing in kept)
    looks = (office.look(*look) for look in LOOKED_AT)
    old = Disposals(session, actors, clock.today()).lives()
    live((*stories, *things, *looks, *old, office.hear_of_statistics()))
    check_last_month(session, actors[REVIEWER.email])
    _propose_access(session, actors)
    publish_reports(session, files, actors)
    sign(session, (keys.current(session, settings.signing_key),))
    session.commit()


def _cases_to_come() -> dict[str, Case]:
    """The cases of the stories by surname, before they are begun."""
    today = clock.today()
    return {
        story.surname: Case(working_day(today - timedelta(days=story.days_ago)))
        for story in STORIES
    }


def _import(session: Session, content: bytes, actor: Actor) -> None:
    """Import the old register, as the supervisor would on a page."""
    req = record.Origin("command").req
    imported = import_register(session, BytesIO(content), record.Origin("import", req=req))
    event = imported.event(sha256(content).hexdigest(), "supervisor")
    record.append(session, event, record.Origin("command", actor.token, req))


def _delegate(session: Session, to: Actor, functions: tuple[str, ...]) -> None:
    """Enter what was delegated two years before, by the scheme that the office has for it."""
    made = Delegation(to.token, frozenset(functions), clock.today() - timedelta(days=730))
    delegate(
        session,
        made,
        "Scheme of delegation, section 4.2",
        [each.code for each in EXCLUSIONS],
        role="chief_executive",
        origin=record.Origin("command"),
    )


def _add(session: Session, colleague: people.Colleague, password_hash: str) -> Actor:
    origin = record.Origin("command")
    roles = (colleague.role,)
    person = add_person(session, colleague.email, colleague.name, roles, origin)
    set_password(session, person, password_hash, record.Origin("command"))
    return Actor(person.token, person.role_names)


def _propose_access(session: Session, actors: Actors) -> None:
    """A role that waits for the Chief Executive to agree to it."""
    token, by = actors[REVIEWER.email].token, actors[people.ADMINISTRATOR.email].token
    person = session.execute(select(Person).where(Person.token == token)).scalar_one()
    origin = record.Origin("command", by)
    propose_roles(session, person, ["supervisor"], origin, role="administrator")


@dataclass(frozen=True)
class _Office:
    """The office while it works: its people, its rules, and the cases of the stories by surname."""

    session: Session
    files: Store
    actors: Actors
    rules: OfficeRules
    cases: Mapping[str, Case]

    def tell(self, story: Story, place: int) -> Life:
        """A story's case from its receipt on, in the order in which its steps were entered."""
        case, seqs, before = self.cases[story.surname], list[int](), None
        first = Act("log", facts=_application(story, place, case.received_on))
        for act in (first, *story.acts):
            attempt = _attempt(act, case.received_on, self.actors, seqs)
            at = before = on(_entered_on(act, attempt, before), MORNING, before)
            yield at
            origin = record.Origin("command", attempt.actor.token)
            moved = self._move(case, attempt, origin)
            seqs.append(moved.seq)
            case.token, case.reference = moved.case, moved.reference

    def _move(self, case: Case, attempt: Attempt, origin: record.Origin) -> progress.Moved:
        ref = progress.case_ref(self.session, case.reference) if case.reference else None
        if ref is None:
            return progress.begin_case(self.session, attempt, origin, office=self.rules)
        return progress.move_case(self.session, ref, attempt, origin, office=self.rules)

    def keep(self, thing: Kept, surname: str) -> Life:
        """A thing on the case of a story, through the steps of its life."""
        workflow, case = ITEMS[thing.kind], self.cases[surname]
        item: str | None = None
        for taken in thing.steps:
            step, actor = workflow.steps_by_name[taken.step], self.actors[taken.by.email]
            day = _after(case.received_on, taken.after)
            linked = self.cases.get(taken.facts.get("reference", ""), case)
            yield on(max(day, linked.received_on), AFTERNOON)
            given = {
                name: _given(step.facts_by_name[name], value, case, self)
                for name, value in taken.facts.items()
            }
            brought = [_brought(self.session, self.files, taken.email)] if taken.email else []
            if brought:
                given["file"] = brought[0]
            attempt = Attempt(taken.step, day, given, actor)
            moved = self._keep(case, item, workflow, attempt)
            item = moved.item
            text = self.files.text
            keep_files(self.session, case.token, moved.seq, thing.kind, brought, text)

    def _keep(
        self, case: Case, item: str | None, workflow: Workflow, attempt: Attempt
    ) -> items.ItemMoved:
        origin = record.Origin("command", attempt.actor.token)
        ref = items.item_ref(self.session, item) if item else None
        if ref is None:
            return items.begin_item(self.session, case.token, workflow, attempt, origin)
        return items.move_item(self.session, ref, attempt, origin)

    def look(self, surname: str, by: people.Colleague, after: int) -> Life:
        """A look at the case of a story, noted as pages note it."""
        case = self.cases[surname]
        yield on(_after(case.received_on, after), AFTERNOON)
        person, at = self.actors[by.email].token, half_hour_of(clock.now())
        self.session.add(AccessRead(person_token=person, case_token=case.token, began_at=at))

    def hear_of_statistics(self) -> Life:
        """The day of the IOPC’s annual statistics, entered on it."""
        day = clock.today() - STATISTICS_AGO
        yield on(day, AFTERNOON)
        changed = replace(settings_at(self.session), iopc_statistics_on=day)
        origin = record.Origin("command", self.actors[people.CHIEF.email].token)
        change_settings(self.session, changed, role="chief_executive", origin=origin)


def _entered_on(act: Act, attempt: Attempt, before: datetime | None) -> date:
    """The day on which an act was entered: its own, or later; a change, the day after the last."""
    if attempt.effective_on is None:
        return london_day(before) + timedelta(days=1) if before else clock.today()
    return Calendar().add_working_days(attempt.effective_on, act.late)


def _brought(session: Session, files: Store, email: str) -> str:
    """The SHA-256 of an email with these words, kept as if somebody had added it."""
    message = EmailMessage()
    message["From"], message["To"] = "psd@fenmarch-police.example", "reviews@fenmarch.example.org"
    message["Subject"], message["Date"] = "Complaint file", localtime(clock.now())
    message.set_content(email)
    kept = files.keep_made(message.as_bytes(), EML, email)
    note(session, kept)
    return kept.sha256


def _given(fact: Fact, value: Any, case: Case, office: _Office) -> Any:
    if fact.kind == "day":
        return _after(case.received_on, value)
    if fact.kind == "choices" and fact.is_person:
        return [office.actors[each].token for each in value]
    if fact.is_person:
        return office.actors[value].token
    return office.cases[value].reference if fact.name == "reference" else value


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
