"""How often somebody may ask: counted by whom, shared by all workers, and forgotten."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.database import begin_write
from casework.models import LimitedUse
from casework.web import limits
from casework.web.limits import Limit

FEW = Limit("few", 3, timedelta(hours=1))
NOON = datetime(2026, 6, 1, 12, 5, tzinfo=UTC)


@pytest.fixture
def asking(new_app: Flask) -> FlaskClient:
    """A client for pages that are counted: /ask by network, /ask/<whose> by who is named."""

    @new_app.get("/ask", defaults={"whose": None})
    @new_app.get("/ask/<whose>")
    def ask(whose: str | None) -> str:
        limits.spend(FEW, whose=whose)
        return "answered"

    return new_app.test_client()


def kept(session: Session) -> list[str]:
    """The hashes of those who are counted now."""
    session.rollback()
    found = list(session.scalars(select(LimitedUse.whose_hash)))
    session.rollback()
    return found


def test_beyond_the_limit_one_waits_for_the_window_to_end(
    asking: FlaskClient, new_app: Flask
) -> None:
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    with time_machine.travel(NOON, tick=False), new_app.app_context():
        statuses = [asking.get("/ask").status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        refused = asking.get("/ask")
        assert refused.headers["Retry-After"] == str(55 * 60)
        assert "Try again at 2:00pm." in refused.text  # in London
        assert asking.get("/ask", environ_base=elsewhere).status_code == 200
    with time_machine.travel(NOON + timedelta(minutes=55), tick=False):
        assert asking.get("/ask").status_code == 200


def test_somebody_named_is_counted_wherever_they_ask_from_and_kept_by_no_name(
    asking: FlaskClient, new_app: Flask
) -> None:
    from casework.extensions import db

    with time_machine.travel(NOON, tick=False), new_app.app_context():
        for last in range(4):
            answer = asking.get(
                "/ask/jo@x.example", environ_base={"REMOTE_ADDR": f"192.0.2.{last}"}
            )
        assert answer.status_code == 429
        assert asking.get("/ask/al@x.example").status_code == 200
        now = kept(db.session)
        assert len(now) == 2
        assert all(re.fullmatch("[0-9a-f]{64}", each) for each in now)
    with time_machine.travel(NOON + timedelta(hours=2), tick=False), new_app.app_context():
        assert asking.get("/ask/jo@x.example").status_code == 200
        (later,) = kept(db.session)
        assert later not in now


def test_asked_by_many_at_once_no_more_get_through(asking: FlaskClient, new_app: Flask) -> None:
    def ask(_: int) -> int:
        return new_app.test_client().get("/ask").status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(ask, range(12))) == [200] * 3 + [429] * 9


def test_a_flood_waits_for_no_lock(asking: FlaskClient, new_app: Flask) -> None:
    """Nor does it make anybody else wait: what is refused writes nothing."""
    from casework.extensions import db

    for _ in range(3):
        asking.get("/ask")
    with new_app.app_context():
        begin_write(db.session)
        assert asking.application.test_client().get("/ask").status_code == 429
        db.session.rollback()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("peer", "told_by_it", "counted"),
    [
        ("192.0.2.1", "", {"192.0.2.1": 1}),
        ("192.0.2.1", "198.51.100.9", {"192.0.2.1": 1}),
        ("127.0.0.1", "198.51.100.9, 203.0.113.4", {"203.0.113.4": 1}),
        ("127.0.0.1", "nonsense", {"unknown": 1}),
        ("::1", "2001:db8:1:2:3:4:5:6", {"2001:db8:1:2::/64": 1, "2001:db8:1::/48": 4}),
        ("2001:db8:1:2:ffff::1", "", {"2001:db8:1:2::/64": 1, "2001:db8:1::/48": 4}),
        ("::ffff:192.0.2.1", "", {"192.0.2.1": 1}),
    ],
)
def test_who_is_counted(app: Flask, peer: str, told_by_it: str, counted: dict[str, int]) -> None:
    """And how many addresses' worth is theirs."""
    headers = {"X-Forwarded-For": told_by_it} if told_by_it else {}
    with app.test_request_context(environ_base={"REMOTE_ADDR": peer}, headers=headers):
        assert limits.callers() == counted
