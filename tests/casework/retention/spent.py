"""The only place where tests make cases of long ago, and have their erasure agreed to by two people."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine
from sqlalchemy.orm import Session

from casework.progress import Moved
from tests import factories

LOGGED_AT = datetime(2019, 5, 7, 10, 0, tzinfo=UTC)
AGREED_AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def spent_case(session: Session, **facts: Any) -> Moved:
    """A case that was logged and withdrawn in May 2019, committed; it fell due on 1 April 2026."""
    with time_machine.travel(LOGGED_AT):
        today = LOGGED_AT.date()
        moved = factories.case(session, on=today, **facts)
        told = {"withdrawal_of": "application"}
        return factories.move(session, moved.reference, "withdraw", today, told)


def agree(session: Session, cases: Iterable[str], **approval: Any) -> list[str]:
    """Have the erasure of these cases, by token, proposed and approved today; the disposals."""
    supervisor = factories.person(session, "supervisor")
    boss = factories.person(session, "chief_executive")
    today, found = AGREED_AT.date(), []
    for case in cases:
        found.append(factories.item(session, case, "disposal", on=today, by=supervisor).item)
        factories.move_item(session, found[-1], "approve_erasure", today, approval, by=boss)
    return found


def age_files(folder: Path) -> None:
    """Let files be as old as the cases, so that no open form can be about to name them."""
    for path in folder.rglob("*"):
        os.utime(path, (LOGGED_AT.timestamp(), LOGGED_AT.timestamp()))
