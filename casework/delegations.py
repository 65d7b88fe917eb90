"""The only place for the register of delegations: who may act for the office, by which instrument.

The register is its events and nothing else. Regulation 50 forbids delegating to a constable, to
another local policing body's staff, and to anyone whose impartiality could reasonably be
doubted; whoever enters a delegation declares that it is none of these.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.events import Event, newest_first
from casework.models import AuditEvent
from workflows.calendar import in_words
from workflows.complaint_review_guards import DECIDING
from workflows.definition import Choice
from workflows.delegation import Delegation

MADE = "delegation_made"
ENDED = "delegation_ended"
MOST = 10_000
FUNCTIONS = (
    Choice(
        DECIDING,
        "Decide reviews and return them",
        "checked whenever a decision is recorded, beside the office’s rule on who signs off",
    ),
    Choice("find_validity", "Decide whether an application is valid"),
    Choice("extend_time", "Decide about extra time for a late application"),
    Choice("write_review", "Write reviews"),
    Choice("issue_letters", "Sign and issue letters"),
)
EXCLUSIONS = (
    Choice("not_constable", "This person is not a constable"),
    Choice("not_other_lpb", "This person does not work for another local policing body"),
    Choice("is_impartial", "Nobody could reasonably doubt this person’s impartiality"),
)
"""What is declared of everybody to whom something is delegated (reg 50)."""


class DelegationRefused(Exception):
    """A delegation cannot be entered as asked; `part` names what is to be mended."""

    def __init__(self, sentence: str, part: str) -> None:
        super().__init__(sentence)
        self.part = part


@dataclass(frozen=True)
class Registered:
    """A delegation as the register has it; `instrument` is None once its words are erased."""

    token: str
    delegation: Delegation
    instrument: str | None
    ending: str | None = None

    def is_in_force(self, on: date) -> bool:
        """Whether it holds on this day."""
        held = self.delegation
        return held.from_on <= on and (held.until_on is None or on <= held.until_on)


def register(session: Session) -> tuple[Registered, ...]:
    """Every delegation there was, the newest first."""
    events = newest_first(session, [AuditEvent.action.in_((MADE, ENDED))], MOST)
    found: dict[str, Registered] = {}
    for event in reversed(events):
        token = event.stat["delegation"]
        found[token] = _made(event) if event.action == MADE else _ended(found[token], event)
    return tuple(reversed(found.values()))


def in_register(session: Session) -> tuple[Delegation, ...]:
    """Every delegation there was, as the rules of a workflow ask for them."""
    return tuple(each.delegation for each in register(session))


def _made(event: Event) -> Registered:
    stat, until_on = event.stat, event.stat["until_on"]
    delegation = Delegation(
        stat["person"],
        frozenset(stat["functions"]),
        date.fromisoformat(stat["from_on"]),
        date.fromisoformat(until_on) if until_on else None,
    )
    return Registered(event.stat["delegation"], delegation, (event.words or {}).get("instrument"))


def _ended(registered: Registered, event: Event) -> Registered:
    until_on = date.fromisoformat(event.stat["until_on"])
    delegation = replace(registered.delegation, until_on=until_on)
    return replace(registered, delegation=delegation, ending=(event.words or {}).get("reason"))


def delegate(
    session: Session,
    delegation: Delegation,
    instrument: str,
    declared: Sequence[str],
    *,
    role: str,
    origin: record.Origin,
) -> str:
    """Enter a delegation; its token. Raises DelegationRefused; the caller commits."""
    for exclusion in EXCLUSIONS:
        if exclusion.code not in declared:
            raise DelegationRefused(
                f"Nothing can be delegated unless this is so: {exclusion.label.lower()} (reg 50).",
                "declared",
            )
    if not delegation.functions:
        raise DelegationRefused("Choose what is delegated.", "functions")
    if not instrument.strip():
        raise DelegationRefused("Say by which written instrument it is delegated.", "instrument")
    if delegation.until_on and delegation.until_on < delegation.from_on:
        raise DelegationRefused("The last day is before the first.", "until_on")
    token = f"d_{secrets.token_hex(16)}"
    until_on = delegation.until_on
    stat = {
        "delegation": token,
        "person": delegation.person,
        "functions": sorted(delegation.functions),
        "from_on": delegation.from_on.isoformat(),
        "until_on": until_on.isoformat() if until_on else None,
        "declared": [exclusion.code for exclusion in EXCLUSIONS],
    }
    texts = {"instrument": instrument.strip()}
    record.append(session, record.NewEvent(MADE, role, stat=stat, texts=texts), origin)
    return token


def end_delegation(
    session: Session,
    registered: Registered,
    until_on: date,
    reason: str,
    *,
    role: str,
    origin: record.Origin,
) -> None:
    """Give a delegation another last day. Raises DelegationRefused; the caller commits."""
    held = registered.delegation
    if until_on < held.from_on:
        raise DelegationRefused(
            f"It began on {in_words(held.from_on)}. Enter that day or a later one.", "until_on"
        )
    if held.until_on and until_on >= held.until_on:
        raise DelegationRefused(
            f"It ends on {in_words(held.until_on)} already. Enter an earlier day.", "until_on"
        )
    stat = {"delegation": registered.token, "person": held.person, "until_on": until_on.isoformat()}
    texts = {"reason": reason.strip()} if reason.strip() else {}
    record.append(session, record.NewEvent(ENDED, role, stat=stat, texts=texts), origin)
