"""What the pages of the settings read: the changes there were, and the forces that cases have."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.audit.events import newest_first
from casework.models import AuditEvent, Case, OfficeSetting
from casework.office.wording import BY_NAME
from casework.web.identity import names

MOST_SHOWN = 1_000
NEVER = -1
"""The position of the last change of a setting that was never changed."""


@dataclass(frozen=True)
class Change:
    """A change of a setting: its position in the log, when, by whom, and the value in words."""

    seq: int
    at: datetime
    who: str
    lines: tuple[str, ...]


def changes(session: Session) -> dict[str, tuple[Change, ...]]:
    """The changes of every setting, newest first; the last thousand of the office."""
    known = names(session)
    found: dict[str, list[Change]] = {name: [] for name in BY_NAME}
    conditions = [AuditEvent.action == "setting_changed"]
    for event in newest_first(session, conditions, MOST_SHOWN):
        name = event.stat["setting"]
        if name in found:
            who = known.get(event.actor, "The installation")
            lines = BY_NAME[name].lines(event.stat["value"])
            found[name].append(Change(event.seq, event.at, who, lines))
    return {name: tuple(listed) for name, listed in found.items()}


def last_change(session: Session, name: str) -> int:
    """The position in the log of a setting's last change, `NEVER` when there was none."""
    query = select(func.max(OfficeSetting.since_seq)).where(OfficeSetting.name == name)
    seq = session.execute(query).scalar()
    return NEVER if seq is None else seq


def used_forces(session: Session) -> frozenset[str]:
    """The codes of the forces that cases are about."""
    codes = session.execute(select(Case.force).distinct()).scalars()
    return frozenset(code for code in codes if code)
