"""The only place for `casework case show` and `casework case steps`: a case as a script sees it."""

from typing import Any

import click
from sqlalchemy.orm import Session

from casework import clock, progress
from casework.audit.events import Event, entries, events_of
from casework.audit.items import KeptItem, items_in, standings_by_kind
from casework.audit.timeline import Line, lines
from casework.cli.case_lines import apply
from casework.cli.case_readers import admit
from casework.cli.installation import open_office
from casework.cli.output import print_json
from casework.cli.people_lookup import NobodyThere, People
from casework.cli.program import Refused
from casework.conflicts import barring
from casework.items import case_standing
from casework.models import Case
from casework.office_rules import office_rules
from workflows import ITEMS, WORKFLOWS
from workflows.calendar import in_words
from workflows.definition import Actor, Due, Fact, OfficeRules
from workflows.engine import OpenStep, deadlines_of, steps_open_to
from workflows.facts import to_stat
from workflows.replay import standing_of

_COLUMNS = (
    "reference",
    "workflow",
    "workflow_version",
    "state",
    "version",
    "received_on",
    "acknowledged_on",
    "validated_on",
    "closed_on",
    "force",
    "force_reference",
    "route",
    "waiting_for",
    "complainant_name",
    "complainant_email",
    "complainant_address",
    "grounds",
)


@click.group(short_help="One case: show it, ask what can be done, do it.")
def case() -> None:
    """Show a case, list the steps open to a person, take steps from a file, let somebody see it."""


case.add_command(apply)
case.add_command(admit)


@case.command(short_help="Show a case.", epilog="Example: casework case show CR/2026-27/001 --json")
@click.argument("reference")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def show(reference: str, is_json: bool) -> None:
    """Show how the case stands, its deadlines and its history."""
    with open_office() as session:
        shown = _shown(session, reference)
    if is_json:
        print_json(shown)
    else:
        _print(shown)


def _shown(session: Session, reference: str) -> dict[str, Any]:
    ref = _find(session, reference)
    row = session.get_one(Case, ref.id)
    workflow, office = WORKFLOWS[ref.workflow], office_rules(session)
    people = People.of(session)
    events = events_of(session, ref.token)
    told = lines(workflow, events, people.names, office)
    standing = standing_of(workflow, entries(workflow, events))
    return {
        **{name: getattr(row, name) for name in _COLUMNS},
        "state_label": workflow.states_by_name[row.state].label,
        "assignee": people.emails.get(row.assignee or ""),
        "deadlines": [_due(due) for due in deadlines_of(workflow, standing, office)],
        "entries": [
            {**_entry(line), "set": dict(event.stat), "texts": dict(event.words or {})}
            for line, event in zip(told, events, strict=True)
        ],
        "items": [_item(item) for item in items_in(events) if item.is_kept],
    }


def _item(item: KeptItem) -> dict[str, Any]:
    """Something kept on the case: which, how it stands, and what is known of it."""
    return {
        "item": item.token,
        "kind": item.workflow.name,
        "state": item.state.name,
        "state_label": item.state.label,
        "began_on": item.began_on,
        "due_on": item.due_on,
        "set": to_stat(item.values),
        "texts": item.words,
    }


def _due(due: Due) -> dict[str, Any]:
    return {
        "name": due.name,
        "label": due.label,
        "due_on": due.due_on,
        "met_on": due.met_on,
        "how": due.how,
    }


def _entry(line: Line) -> dict[str, Any]:
    """A line of the timeline; `facts` say in words how the entry now stands."""
    return {
        "seq": line.seq,
        "step": line.step,
        "action": line.action,
        "title": line.title,
        "effective_on": line.effective_on,
        "at": line.at,
        "who": line.who,
        "role": line.role,
        "via": line.via,
        "facts": dict(line.facts),
        "target": line.target,
        "corrected_by": line.corrected_by,
        "annulled_by": line.annulled_by,
        "item": line.item,
        "is_late": line.is_late,
    }


def _find(session: Session, reference: str) -> progress.CaseRef:
    ref = progress.case_ref(session, reference) if reference.isprintable() else None
    if ref is None:
        raise Refused(f"There is no case {reference!r}. Check the reference.")
    return ref


def _print(shown: dict[str, Any]) -> None:
    click.echo(f"{shown['reference']}: {shown['state_label']}")
    for name in _COLUMNS[5:]:
        value = shown[name]
        if value is not None:
            words = value if isinstance(value, str) else in_words(value)
            click.echo(f"  {name.replace('_', ' ')}: {words}")
    if shown["assignee"]:
        click.echo(f"  assigned to: {shown['assignee']}")
    for due in shown["deadlines"]:
        met = f", met {in_words(due['met_on'])}" if due["met_on"] else ""
        when = in_words(due["due_on"]) if due["due_on"] else "not known"
        click.echo(f"  {due['label']}: {when}{met}. {due['how']}")
    for item in shown["items"]:
        due = f", due {in_words(item['due_on'])}" if item["due_on"] else ""
        noun = ITEMS[item["kind"]].noun
        click.echo(f"  {noun} {item['item']}: {item['state_label'].lower()}{due}")
    click.echo("History")
    for entry in shown["entries"]:
        _print_entry(entry)


def _print_entry(entry: dict[str, Any]) -> None:
    day = in_words(entry["effective_on"]) if entry["effective_on"] else ""
    marks = [f"corrected by {entry['corrected_by']}" if entry["corrected_by"] is not None else ""]
    marks += [f"annulled by {entry['annulled_by']}" if entry["annulled_by"] is not None else ""]
    noted = "".join(f" [{mark}]" for mark in marks if mark)
    click.echo(f"  {entry['seq']}  {day}  {entry['title']} ({entry['who']}){noted}")
    for label, value in entry["facts"].items():
        click.echo(f"      {label}: {value}")


@case.command(
    short_help="List the steps open to a person.",
    epilog="Example: casework case steps CR/2026-27/001 --as alex@example.org --json",
)
@click.argument("reference")
@click.option("--as", "email", required=True, help="The e-mail address of whoever would act.")
@click.option("--item", help="Something kept on the case, by its token: list the steps of that.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON only.")
def steps(reference: str, email: str, item: str | None, is_json: bool) -> None:
    """List the steps that the case's state, the person's roles and the office's rules allow."""
    with open_office() as session:
        people = People.of(session)
        try:
            actor = people.actor(email)
        except NobodyThere as nobody:
            raise Refused(str(nobody)) from None
        ref = _find(session, reference)
        office = office_rules(session)
        found = _open_to(actor, events_of(session, ref.token), item, office)
        if barring(session, ref.token).bars(actor.token):
            found = ()
        listed = [_step(each, office, people) for each in found if each.barred is None]
    if is_json:
        print_json(listed)
        return
    for each in listed:
        click.echo(f"{each['step']}: {each['label']}")
        for fact in each["facts"]:
            needed = ", required" if fact["required"] else ""
            codes = f": {' '.join(fact['choices'])}" if "choices" in fact else ""
            click.echo(f"  {fact['name']} ({fact['kind']}{needed}){codes}")
    for barred in (each for each in found if each.barred is not None):
        click.echo(f"{barred.step.name}: not open. {barred.barred}")


def _open_to(
    actor: Actor, events: tuple[Event, ...], item: str | None, office: OfficeRules
) -> tuple[OpenStep, ...]:
    """The steps open on the case whose events these are, or on an item of it. Raises Refused."""
    today, case = clock.today(), case_standing(events)
    if item is None:
        workflow = WORKFLOWS[events[0].stat["workflow"]]
        return steps_open_to(workflow, case, actor, office, today)
    items = items_in(events)
    kept = next((kept for kept in items if kept.token == item), None)
    if kept is None:
        raise Refused(f"The case has no item {item!r}. See: casework case show")
    others = standings_by_kind(items) if kept.workflow.sees_kept else {}
    return steps_open_to(kept.workflow, kept.standing, actor, office, today, case, others)


def _step(each: OpenStep, office: OfficeRules, people: People) -> dict[str, Any]:
    return {
        "step": each.step.name,
        "label": each.step.label,
        "facts": [
            _fact(fact, office, people) for fact in each.step.facts if not fact.is_for_import
        ],
    }


def _fact(fact: Fact, office: OfficeRules, people: People) -> dict[str, Any]:
    """A fact as a line of `case apply` gives it; people are given by e-mail address."""
    told: dict[str, Any] = {
        "name": fact.name,
        "kind": fact.kind,
        "label": fact.label,
        "required": fact.required,
    }
    if fact.kind in ("choice", "choices"):
        labels = {
            people.emails.get(choice.code, choice.code): choice.label
            for choice in office.choices_of(fact)
        }
        told |= {"choices": list(labels), "labels": labels}
    return told
