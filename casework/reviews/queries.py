"""The only place that reads of a case what its review and decision are written from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.audit.items import KeptItem
from casework.audit.versions import versions_of
from casework.models import Case, Item
from casework.permissions import restricted_to_others
from casework.web.opened_case import OpenedCase
from workflows.allegation import ALLEGATION, FACTS
from workflows.conflict import CONFLICT, ENDED
from workflows.definition import Entry, Fact
from workflows.observation import OBSERVATION
from workflows.paper import PAPER
from workflows.party import PARTY

POINT = "point"


@dataclass(frozen=True)
class Written:
    """An entry of the case with its words, and who made it."""

    entry: Entry
    words: Mapping[str, str]
    who: str


@dataclass(frozen=True)
class Check:
    """A line of the decider's checklist that the case itself answers; `colour` repeats `status`."""

    label: str
    status: str
    colour: str


def written(opened: OpenedCase, entry: Entry) -> Written:
    """An entry of an opened case as it stands after corrections."""
    words = {event.seq: event.words or {} for event in opened.events}
    texts = versions_of(opened.history, words).now[entry.seq].texts
    return Written(entry, texts, opened.names.get(entry.actor, entry.actor))


def last_review(opened: OpenedCase) -> Written | None:
    """The newest review that was written, None before there is one."""
    entry = opened.standing.last("write_review")
    return written(opened, entry) if entry else None


def returned(opened: OpenedCase) -> Written | None:
    """Why the review lies with its writer again, None when it was not returned."""
    entry = opened.standing.last("write_review", "return_review", "reopen")
    return written(opened, entry) if entry and entry.step == "return_review" else None


def allegations(opened: OpenedCase) -> list[KeptItem]:
    """The allegations in the review, in the order they were entered."""
    return [item for item in opened.kept(ALLEGATION.name) if item.is_open]


def observations(opened: OpenedCase) -> list[KeptItem]:
    """The learning points noted on the case."""
    return opened.kept(OBSERVATION.name)


def papers(opened: OpenedCase) -> list[KeptItem]:
    """The papers of the case, on file or held elsewhere."""
    return opened.kept(PAPER.name)


def told_of(item: KeptItem) -> list[tuple[str, str]]:
    """What is written about an allegation, as label and words."""
    return [(fact.label, words) for fact in FACTS if (words := _words(item, fact))]


def _words(item: KeptItem, fact: Fact) -> str:
    if fact.is_personal:
        return item.words.get(fact.name, "")
    labels = {c.code: c.label for c in fact.choices if not isinstance(c, str)}
    code = item.values.get(fact.code)
    return labels.get(code, "") if code else ""


def rows_to_begin_with(opened: OpenedCase) -> list[dict[str, Any]]:
    """What the rows of the review's form hold at first: what was written, else the complaint's.

    One for each category of the complaint; what the applicant says stands in the only one.
    """
    kept = allegations(opened)
    if kept:
        return [{"item": item.token, "seen": str(item.version), **as_typed(item)} for item in kept]
    categories = opened.standing.values.get("categories") or ()
    rows: list[dict[str, Any]] = [{"category": code} for code in categories] or [{}]
    if len(rows) == 1 and opened.row.grounds:
        rows[0][POINT] = opened.row.grounds
    return rows


def as_typed(item: KeptItem) -> dict[str, Any]:
    """What an allegation holds, by the names of its facts."""
    held = {fact.name: item.values.get(fact.code) or "" for fact in FACTS if not fact.is_personal}
    return {**{fact.name: "" for fact in FACTS}, **held, **item.words}


def checklist(opened: OpenedCase) -> list[Check]:
    """What a decision rests on, as far as the case itself can tell."""
    values = opened.standing.values
    received = opened.standing.last("receive_file")
    extent = received.facts.get("extent") if received else None
    body = values.get("review_body")
    unread = {"complete": "The whole file", "part": "Part of the file"}
    return [
        _check("How the force handled the complaint", values.get("route") is not None, "Known"),
        _check("The relevant review body", body == "lpb", "This office"),
        Check(
            "The force’s file",
            unread.get(extent or "", "Not received"),
            {"complete": "green", "part": "orange"}.get(extent or "", "red"),
        ),
        _check("Papers on this case", bool(papers(opened)), f"{len(papers(opened))} kept", "None"),
        _check("People in the case", any(opened.kept(PARTY.name)), "Entered", "Nobody entered"),
    ]


def _check(label: str, is_so: bool, status: str, otherwise: str = "Not recorded") -> Check:
    return Check(label, status if is_so else otherwise, "green" if is_so else "orange")


@dataclass(frozen=True)
class OwnConflict:
    """A conflict of somebody's own, with as much of its case as they may still know."""

    reference: str
    since: date | None
    has_ended: bool


def conflicts_of(session: Session, person: str) -> list[OwnConflict]:
    """The conflicts this person (by token) has or had, the newest first."""
    query = (
        select(Case.reference, Item.began_on, Item.state)
        .join(Item, Item.case_token == Case.token)
        .where(Item.workflow == CONFLICT.name, Item.person == person)
        .where(Item.state != CONFLICT.initial.name)
        .where(Case.token.not_in(restricted_to_others(person)))
        .order_by(Item.id.desc())
    )
    return [OwnConflict(r.reference, r.began_on, r.state == ENDED) for r in session.execute(query)]
