"""What is appended can be checked by a stranger: bytes, hashes, tree, links and commitments."""

import hmac
import unicodedata
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import Any

import orjson
import pytest
import rfc8785
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.events import all_events, events_of
from casework.audit.record import NewEvent, Origin
from casework.audit.tree import EMPTY_ROOT, root_of
from casework.audit.verify import verify_log
from casework.database import begin_write
from casework.models import AuditDetail, AuditEvent, AuditNode

NAMES = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=20)
CODES = NAMES | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.none()
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])).map(
    lambda text: unicodedata.normalize("NFC", text)
)
NEW_EVENTS = st.builds(
    NewEvent,
    action=NAMES,
    role=NAMES,
    case=st.none() | st.just("c_" + "1" * 32),
    version=st.none() | st.integers(1, 99),
    state=st.none() | NAMES,
    effective_on=st.none() | st.dates(date(2012, 1, 1)),
    target=st.none() | st.integers(0, 99),
    stat=st.dictionaries(NAMES, CODES | st.lists(CODES, max_size=4), max_size=5),
    texts=st.dictionaries(NAMES, WORDS, max_size=3),
)
REQUESTS = st.lists(st.lists(NEW_EVENTS, min_size=1, max_size=4), min_size=1, max_size=4)


def stored(session: Session) -> tuple[list[AuditEvent], dict[int, AuditDetail]]:
    events = session.execute(select(AuditEvent).order_by(AuditEvent.seq)).scalars().all()
    details = session.execute(select(AuditDetail)).scalars().all()
    return list(events), {detail.seq: detail for detail in details}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests=REQUESTS)
def test_any_sequence_of_events_can_be_checked_by_a_stranger(
    db: Session, requests: list[list[NewEvent]]
) -> None:
    """Each example adds to the log of those before, so many sizes are passed."""
    before = record.log_size(db)
    for events in requests:
        origin = Origin("web", "u_" + "2" * 32)
        begin_write(db)
        for new in events:
            record.append(db, new, origin)
        db.commit()
    rows, details = stored(db)
    added = [new for events in requests for new in events]
    for row, new in zip(rows[before:], added, strict=True):
        check_event(row, new, details.get(row.seq))
    for row, following in pairwise(rows):
        assert orjson.loads(following.body)["prev"] == row.leaf_hash.hex()
    check_tree(db, [row.leaf_hash for row in rows])
    parts = [part for events in requests for part in range(len(events))]
    assert [row.part for row in rows[before:]] == parts


def check_event(row: AuditEvent, new: NewEvent, detail: AuditDetail | None) -> None:
    body: dict[str, Any] = orjson.loads(row.body)
    assert rfc8785.dumps(body) == row.body
    assert row.leaf_hash == sha256(b"\x00casework-event/v1\n" + row.body).digest()
    assert body["stat"] == orjson.loads(orjson.dumps(new.stat))
    assert (body["action"], body["role"], body["case"]) == (new.action, new.role, new.case)
    assert body["effective_on"] == (new.effective_on.isoformat() if new.effective_on else None)
    if not new.texts:
        assert (detail, body["detail_commit"]) == (None, None)
        return
    assert detail is not None
    assert len(detail.salt) == 32
    assert rfc8785.dumps(dict(new.texts)) == detail.body
    assert body["detail_commit"] == hmac.digest(detail.salt, detail.body, "sha256").hex()
    assert all(len(text) < 8 or text not in row.body.decode() for text in new.texts.values())


def check_tree(session: Session, leaves: list[bytes]) -> None:
    size = len(leaves)
    nodes = session.execute(select(AuditNode)).scalars().all()
    assert {(node.level, node.position) for node in nodes} == {
        (level, position)
        for level in range(1, size.bit_length())
        for position in range(size >> level)
    }
    for node in nodes:
        first = node.position << node.level
        assert node.hash == root_of(leaves[first : first + (1 << node.level)])
    for at_size in range(size + 1):
        assert record.log_root(session, at_size) == root_of(leaves[:at_size])


def test_an_empty_log_has_the_root_of_nothing(db: Session) -> None:
    assert (record.log_size(db), record.log_root(db, 0)) == (0, EMPTY_ROOT)


def test_salts_and_tokens_are_never_used_twice(db: Session) -> None:
    begin_write(db)
    for _ in range(20):
        record.append(db, NewEvent("same", "reviewer", texts={"note": "same"}), Origin("web"))
    db.commit()
    rows, details = stored(db)
    assert len({detail.salt for detail in details.values()}) == 20
    assert len({orjson.loads(row.body)["detail_commit"] for row in rows}) == 20
    assert len({row.id for row in rows}) == 20


def test_one_request_is_recorded_once(db: Session) -> None:
    origin = Origin("web", req="a" * 32)
    assert not record.is_recorded(db, origin.req)
    for part in range(2):
        begin_write(db)
        if part == 0:
            record.append(db, NewEvent("first", "reviewer"), origin)
            db.commit()
    assert record.is_recorded(db, origin.req)
    with pytest.raises(IntegrityError):
        record.append(db, NewEvent("again", "reviewer"), origin)
    db.rollback()
    assert record.log_size(db) == 1


def test_a_request_whose_key_could_hold_words_is_refused_whole(db: Session) -> None:
    begin_write(db)
    for key in ("Alex Able was here", "A" * 32, "a" * 33, "a" * 32 + "\n", ""):
        with pytest.raises(ValueError, match="Nothing was recorded"):
            record.append(db, NewEvent("odd", "reviewer"), Origin("web", req=key))
    db.commit()
    assert record.log_size(db) == 0


def test_what_cannot_be_written_one_way_only_is_refused_whole(db: Session) -> None:
    begin_write(db)
    for stat in ({"share": 0.5}, {"big": 2**53}, {"naïve": 1}, {"text": "e\u0301"}):
        with pytest.raises(ValueError, match="Nothing was written"):
            record.append(db, NewEvent("odd", "reviewer", stat=stat), Origin("web"))
    db.commit()
    assert record.log_size(db) == 0


def test_time_going_back_changes_no_order_and_is_told(db: Session) -> None:
    """F9: told once for each time, also between the events of one request."""
    origin, new = Origin("web"), NewEvent("told", "reviewer", case="c_1")
    moments = ("01:30:00+01:00", "01:30:00+00:00", "00:00:00.5Z", "00:00:01Z", "00:00:00Z")
    begin_write(db)
    for moment in moments:
        with time_machine.travel(f"2026-10-25T{moment}", tick=False):
            record.append(db, new, origin)
    db.commit()
    told = [(event.action, event.stat.get("seconds")) for event in all_events(db, 7)]
    usual = ("told", None)
    back = [("clock_regressed", seconds) for seconds in (5400, 1)]
    assert told == [usual, usual, back[0], usual, usual, back[1], usual]
    assert [event.seq for event in events_of(db, "c_1")] == [0, 1, 3, 4, 6]
    findings = {finding.check: finding for finding in verify_log(db)}
    assert all(findings[name].holds for name in ("sequence", "links", "requests", "clock"))
    assert "went back before 2 of the entries" in findings["clock"].sentence
