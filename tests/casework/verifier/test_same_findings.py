"""Both verifiers find the same, of every alteration that the tests of the office's own are about."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url
from sqlalchemy.orm import Session

from config import Settings
from tests.casework.audit import test_verify_tables as tables
from tests.casework.audit.conftest import log as log
from tests.casework.audit.tampering import execute, rewrite
from tests.casework.audit.test_verify import LOG_TAMPERINGS
from tests.casework.verifier.both import Altered

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


@pytest.mark.one_database
def test_both_verifiers_find_the_same(log: Session, database_url: str, settings: Settings) -> None:
    """One log, altered in each way; one test, as making the log costs more than all the rest."""
    database = Path(str(make_url(database_url).database))
    folder = database.with_suffix(".altered")
    folder.mkdir()
    altered, differing = Altered(database, folder, settings), {}
    for name, tampering in [*TAMPERINGS.items()][::EVERY]:
        both = altered.by_both(tampering)
        if not both.agree or not both.office:
            differing[name] = both
    assert differing == {}
