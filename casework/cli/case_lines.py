"""The only place for `casework case apply`: actions from a file, each its own transaction."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, BinaryIO

import click
import orjson
from sqlalchemy.orm import Session

from casework import items, progress
from casework.applications import receive
from casework.audit.record import Origin
from casework.cli.case_items import NamedItem, NoSuchItem, begun, meant
from casework.cli.installation import open_office
from casework.cli.output import print_json
from casework.cli.people_lookup import NobodyThere, People
from casework.cli.program import DONE, WRONG
from casework.database import begin_write
from workflows import ITEMS, WORKFLOWS
from workflows.attempt import Attempt, StepRefused
from workflows.history import AMENDMENTS

LONGEST_LINE = 1_000_000
LONGEST_REFERENCE = 60
LARGEST_NUMBER = 2**31 - 1
KEYS = ("as", "reference", "step", "item", "on", "set", "target", "version")
BEGINS = "log"
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PERSON_FACTS = frozenset(
    fact.name
    for workflow in (*WORKFLOWS.values(), *ITEMS.values())
    for step in workflow.steps
    for fact in step.facts
    if fact.is_person
)


class LineRefused(Exception):
    """A line that is no action; the message says what to write instead."""


REFUSALS = (LineRefused, NobodyThere, NoSuchItem, StepRefused, progress.CaseRefused)
"""Why an action may not be taken; each says what to do instead."""


@dataclass(frozen=True)
class Action:
    """One line: who does what to which case, or item kept on it, on which day, with which facts.

    `version` is the version that the sender saw of it; the action is refused on a newer one.
    """

    email: str
    step: str
    reference: str | None = None
    item: NamedItem = None
    on: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    target: int | None = None
    version: int | None = None


@click.command(
    short_help="Take steps, one a line, from a JSONL file.",
    epilog=(
        "Example: echo '"
        '{"as":"alex@example.org","reference":"CR/1","step":"acknowledge","on":"2026-04-03"}'
        "' | casework case apply -"
    ),
)
@click.argument("file", type=click.File("rb"))
def apply(file: BinaryIO) -> int:
    """Take one action a line from FILE (- for stdin), under the same rules as the pages.

    A step on something kept on the case names it as “item”: by its token, or by its number on
    the case among those of its kind. A first step, such as “recommend”, begins one.

    Each line is kept or refused by itself and answered with one line of JSON. Exit code 1 when
    any was refused.
    """
    is_any_refused = False
    with open_office() as session:
        for number, line in _lines(file):
            answer = {"line": number, **_answer(session, line)}
            is_any_refused |= not answer["ok"]
            print_json(answer, is_one_line=True)
    return WRONG if is_any_refused else DONE


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line that is not blank, with its number; of a too long one only the beginning."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE + 1)
        line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if line.strip():
            yield number, line


def _answer(session: Session, line: bytes) -> dict[str, Any]:
    try:
        action = read_action(line)
        moved = take(session, action)
    except REFUSALS as refused:
        session.rollback()
        return {"ok": False, "message": str(refused)}
    except (progress.StaleCase, items.StaleItem) as stale:
        session.rollback()
        message = f"Somebody else has moved {stale} since that version. Look at it again."
        return {"ok": False, "message": message}
    return {"ok": True, "seq": [moved.seq], **_new_names(action, moved)}


def _new_names(action: Action, moved: progress.Moved | items.ItemMoved) -> dict[str, str]:
    """The names that the sender did not give, of what the action began."""
    if isinstance(moved, items.ItemMoved):
        return {"item": moved.item} if moved.version == 1 and action.item != moved.item else {}
    return {} if action.reference else {"reference": moved.reference}


def take(session: Session, action: Action) -> progress.Moved | items.ItemMoved:
    """Take one action in a write transaction of its own, and commit it.

    Raises one of REFUSALS, StaleCase or StaleItem; nothing is kept then.
    """
    begin_write(session)
    people = People.of(session)
    actor = people.actor(action.email)
    attempt = Attempt(
        action.step, action.on, _with_tokens(action.facts, people), actor, target=action.target
    )
    origin = Origin("command", actor.token)
    moved = _moved(session, action, attempt, origin)
    session.commit()
    return moved


def _moved(
    session: Session, action: Action, attempt: Attempt, origin: Origin
) -> progress.Moved | items.ItemMoved:
    if action.step == BEGINS:
        return receive(session, attempt, origin, reference=action.reference)
    case = _case(session, action)
    kind = begun(action.step, action.item)
    if kind is not None:
        return items.begin_item(session, case.token, kind, attempt, origin)
    item = meant(
        session, case.token, action.step, action.item, action.target, version=action.version
    )
    if item is not None:
        return items.move_item(session, item, attempt, origin)
    return progress.move_case(session, case, attempt, origin)


def _case(session: Session, action: Action) -> progress.CaseRef:
    case = progress.case_ref(session, action.reference) if action.reference else None
    if case is None:
        raise LineRefused(f"There is no case {action.reference!r}. Check the reference.")
    return case if action.version is None else replace(case, version=action.version)


def _with_tokens(facts: Mapping[str, Any], people: People) -> dict[str, Any]:
    return {
        name: _with_token(value, people) if name in _PERSON_FACTS else value
        for name, value in facts.items()
    }


def _with_token(value: Any, people: People) -> Any:
    if isinstance(value, list):
        return [_with_token(each, people) for each in value]
    return people.actor(value).token if value and isinstance(value, str) else value


def read_action(line: bytes) -> Action:
    """A line as an action. Raises LineRefused."""
    if len(line) > LONGEST_LINE:
        raise LineRefused(f"The line is longer than {LONGEST_LINE:,} bytes. Shorten it.")
    try:
        read = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise LineRefused(f"The line is not JSON in UTF-8: {error}.") from None
    if not isinstance(read, dict):
        raise LineRefused("The line is not a JSON object. Write {...} with one action in it.")
    _refuse_twice_said(line)
    for key in read:
        if key not in KEYS:
            raise LineRefused(f"There is no key {key[:60]!r}. The keys are: {', '.join(KEYS)}.")
    step = _text(read, "step", is_needed=True) or ""
    if step in AMENDMENTS and read.get("on") is not None:
        raise LineRefused("A correction or annulment has no day of its own. Leave “on” out.")
    return Action(
        email=_text(read, "as", is_needed=True) or "",
        step=step,
        reference=_text(read, "reference", is_needed=step != BEGINS),
        item=_item(read),
        on=_day(read.get("on")),
        facts=_facts(read.get("set")),
        target=_number(read, "target"),
        version=_number(read, "version"),
    )


def _refuse_twice_said(line: bytes) -> None:
    """A key that is there twice says two things; which one was meant, nobody can tell."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for key, value in pairs:
            if key in said:
                raise LineRefused(f"The key {key[:60]!r} is there twice. Keep one of them.")
            said[key] = value
        return said

    try:
        json.loads(line, object_pairs_hook=once)
    except RecursionError:
        raise LineRefused("The line holds objects too deep in one another.") from None


def _text(read: Mapping[str, Any], key: str, *, is_needed: bool) -> str | None:
    value = read.get(key)
    if value is None and not is_needed:
        return None
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise LineRefused(f'“{key}” is missing or is not plain text. Give it as "{key}":"...".')
    if key == "reference" and len(value) > LONGEST_REFERENCE:
        raise LineRefused(f"“reference” is longer than {LONGEST_REFERENCE} characters. Shorten it.")
    return unicodedata.normalize("NFC", value.strip())


def _day(value: Any) -> date | None:
    if value is None:
        return None
    try:
        if isinstance(value, str) and _ISO.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise LineRefused(f"“on” must be a real day written as 2026-04-03, not {str(value)[:60]!r}.")


def _facts(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise LineRefused('“set” must be a JSON object of facts by name, such as {"note":"..."}.')
    return value


def _item(read: Mapping[str, Any]) -> NamedItem:
    return (
        _text(read, "item", is_needed=False)
        if isinstance(read.get("item"), str)
        else _number(read, "item")
    )


def _number(read: Mapping[str, Any], key: str) -> int | None:
    value = read.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_NUMBER:
        raise LineRefused(f"“{key}” must be a whole number from 0 on.")
    return value
