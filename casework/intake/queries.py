"""The only place where intake looks cases up: what a request logged, and what is known already."""

from typing import Any

from sqlalchemy.orm import Session

from casework.audit.events import newest_first
from casework.audit.versions import versions_of
from casework.models import AuditEvent
from casework.web.opened_case import OpenedCase
from workflows.definition import Step
from workflows.history import AMENDMENTS


def logged_by(session: Session, req: str) -> str | None:
    """The token of the case that this very request has already logged, None when it is new."""
    recorded = newest_first(session, [AuditEvent.req == req], limit=1)
    return recorded[0].case if recorded else None


def known_of(opened: OpenedCase, step: Step) -> dict[str, Any]:
    """What is known of the facts that a step asks for, by name: codes, days, and the newest words."""
    words = {event.seq: event.words or {} for event in opened.events}
    versions = versions_of(opened.history, words)
    said: dict[str, Any] = {}
    for seq, version in versions.now.items():
        if version.entry.step not in AMENDMENTS and seq not in versions.annulled_by:
            said.update(version.texts)
    values = {**said, **opened.standing.values}
    return {fact.name: values[fact.code] for fact in step.facts if values.get(fact.code)}
