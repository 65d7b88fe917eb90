"""Both verifiers find the same, of every alteration that the tests of the office's own are about."""

import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import Connection, make_url, select
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.checks_log import check_requests
from casework.audit.record import NewEvent, Origin
from casework.database import begin_write
from casework.models import AuditEvent
from casework.retention import erasing
from casework.retention.named_files import NamedFiles
from config import Settings
from tests import factories
from tests.casework.audit import test_verify_tables as tables
from tests.casework.audit.conftest import log as log
from tests.casework.audit.tampering import execute, insert_copy, rewrite, swap
from tests.casework.audit.test_verify import LOG_TAMPERINGS
from tests.casework.retention.spent import AGREED_AT, agree, spent_case
from tests.casework.verifier.both import Altered, Both, exported, strangers, wrong

Tampering = Callable[[Connection], object]
EVERY = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 3
"""Every third of them is enough each time; `make tampering` compares on thousands of others."""
COLUMNS = ("state", "version", "closed_on", "assignee", "complainant_name")
STATEMENTS = (
    "UPDATE office_setting SET value = '27' WHERE since_seq = 1",
    "DELETE FROM office_setting WHERE since_seq = 1",
    "INSERT INTO office_setting (name, since_seq, value) VALUES ('sign_off', 2, '\"sole\"')",
    "INSERT INTO person_role SELECT id, 'administrator' FROM person",
    "UPDATE person SET token = 'u_other'",
    "UPDATE \"case\" SET token = 'c_other' WHERE reference = 'CR/1'",
    "UPDATE milestone SET code = 'other' WHERE kind = 'force'",
    "DELETE FROM milestone WHERE kind = 'received'",
    "UPDATE milestone SET until_seq = NULL WHERE until_seq IS NOT NULL",
    "UPDATE audit_event SET body = 'text where bytes belong' WHERE seq = 4",
    "UPDATE audit_event SET leaf_hash = 7 WHERE seq = 4",
    "UPDATE audit_detail SET body = 'x' WHERE seq = 3",
    "UPDATE \"case\" SET received_on = 'long ago' WHERE reference = 'CR/1'",
    "UPDATE \"case\" SET version = 'x' WHERE reference = 'CR/1'",
)


def edited(column: str, connection: Connection) -> None:
    statement = f"""UPDATE "case" SET {column} = :value WHERE reference = 'CR/1'"""
    execute(connection, statement, value=tables.CASE_COLUMNS[column])


TAMPERINGS: dict[str, Tampering] = {
    **{name: tampering for name, tampering, _ in LOG_TAMPERINGS},
    **{column: partial(edited, column) for column in COLUMNS},
    **{statement: partial(execute, statement=statement) for statement in STATEMENTS},
    "stated state": lambda c: rewrite(c, 3, and_hash=True, state="upheld"),
    "impossible history": lambda c: rewrite(c, 3, and_hash=True, action="upheld"),
}


def altering(database_url: str, settings: Settings) -> Altered:
    database = Path(str(make_url(database_url).database))
    folder = database.with_suffix(".altered")
    folder.mkdir()
    return Altered(database, folder, settings)


@pytest.mark.one_database
def test_both_verifiers_find_the_same(log: Session, database_url: str, settings: Settings) -> None:
    """One log, altered in each way; one test, as making the log costs more than all the rest."""
    altered, differing = altering(database_url, settings), {}
    for name, tampering in [*TAMPERINGS.items()][::EVERY]:
        both = altered.by_both(tampering)
        if not both.agree or not both.office:
            differing[name] = both
    assert differing == {}


def forged(event: NewEvent, seqs: list[int], connection: Connection) -> None:
    """An erasure recorded by whoever holds the database, and words gone by it."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        record.append(session, event, Origin("command"))
        session.commit()
    for seq in seqs:
        connection.exec_driver_sql(f"DELETE FROM audit_detail WHERE seq = {seq:d}")


def put_before(of: int, connection: Connection) -> None:
    """The copy of an entry that has words, before the beginning of the log."""
    insert_copy(connection, -3, of)
    rewrite(connection, -3, and_hash=True, seq=-3)


RULE = {"rule": "withdrawn", "trigger": "closed", "years": 6, "from_year_end": True}
NAME_BESIDE_MISSING_WORDS = (
    "DELETE FROM audit_detail WHERE seq = (SELECT seq FROM audit_event WHERE action = 'hold_placed')",
    "UPDATE \"case\" SET complainant_name = 'Heron' WHERE reference = 'B'",
)


def erasures_of(db: Session, gone: str, kept: str) -> dict[str, tuple[str, Tampering]]:
    """Ways to have words gone that nobody agreed to: the check that names each, and what is done."""
    found = select(AuditEvent.seq, AuditEvent.actor, AuditEvent.action)
    by = {row.action: row for row in db.execute(found.where(AuditEvent.case_token == gone))}
    seqs = list(db.scalars(select(AuditEvent.seq).where(AuditEvent.case_token == kept)))
    due: dict[str, object] = {"due_on": "2026-04-01"}
    alone = NewEvent("retention_erased", record.SYSTEM, case=kept, stat={**due, **RULE})
    again = NewEvent("retention_erased_again", record.SYSTEM, case=kept, stat=due)
    shared, unusable = (
        NewEvent("shared_words_erased", record.SYSTEM, stat={**due, "positions": positions})
        for positions in (seqs, 5)
    )
    approved, proposer = by["erasure_approved"].seq, by["erasure_proposed"].actor
    erased = by["retention_erased"].seq
    table = "UPDATE erasure SET due_on = '2026-04-02'"
    words = "UPDATE item SET words = '{\"why\": \"Heron\"}' WHERE workflow = 'disposal'"
    return {
        "by nobody": ("erasures", partial(forged, alone, seqs)),
        "nothing restored": ("erasures", partial(forged, again, seqs)),
        "of a case as if of none": ("erasures", partial(forged, shared, seqs)),
        "unusable": ("erasures", partial(forged, unusable, [])),
        "before the beginning": ("details", partial(put_before, seqs[0])),
        "moved": ("erasures", lambda c: swap(c, seqs[0], erased)),
        "by one": ("erasures", lambda c: rewrite(c, approved, and_hash=True, actor=proposer)),
        "its table": ("erasure table", partial(execute, statement=table)),
        "words of an item": ("items", partial(execute, statement=words)),
        "a name": ("cases", lambda c: [execute(c, each) for each in NAME_BESIDE_MISSING_WORDS]),
    }


@pytest.mark.one_database
def test_both_verifiers_count_the_same_erasures(
    db: Session, database_url: str, settings: Settings
) -> None:
    """One case is erased, and one after a restore; a third, due as long, by who holds the database."""
    with time_machine.travel(AGREED_AT):
        gone, kept, back = (spent_case(db, reference=n, grounds="Wren.").case for n in "ABC")
        (disposal,) = agree(db, [gone])
        begin_write(db)
        erasing.erase(db, disposal, NamedFiles())
        db.commit()
        begin_write(db)
        record.append(db, NewEvent("log_restored", record.SYSTEM), Origin("command"))
        assert erasing.replay(db, [erasing.Listed(back, 5, is_neutral=True)]).erased == 1
        db.commit()
        today, by = AGREED_AT.date(), factories.person(db, "supervisor")
        told = {"kind": "litigation", "why": "Wren", "review_on": today.replace(year=2027)}
        factories.item(db, kept, "hold", on=today, by=by, **told)
        tamperings = erasures_of(db, gone, kept)
        db.rollback()
        altered = altering(database_url, settings)
        assert altered.by_both(lambda _: None) == Both({}, {})
        both = {name: altered.by_both(tampering) for name, (_, tampering) in tamperings.items()}
    assert {
        name: found
        for name, found in both.items()
        if not found.agree or tamperings[name][0] not in found.office
    } == {}


@pytest.mark.one_database
def test_both_verifiers_name_a_request_whose_key_could_hold_words(
    db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "REQUEST", re.compile(".*"))
    begin_write(db)
    for key in ("a" * 32, "Alex Able was here", "0" * 31 + "g", "0" * 33):
        record.append(db, NewEvent("odd", "system"), Origin("web", req=key))
    db.commit()
    assert wrong(check_requests(db, 4)) == {"requests": {(1, 3)}}
    assert wrong(strangers(exported(db, tmp_path / "export")).findings) == {"requests": {(1, 3)}}
