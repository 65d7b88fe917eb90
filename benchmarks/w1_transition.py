"""W1: one audited transition, committed, against the same rows written by the bare driver.

The transition finds an application valid: guards asked, the case row changed under its
version, the event appended with its words, its milestones and the nodes of the tree.
"""

import sqlite3
from datetime import date
from hashlib import sha256
from typing import Any

import psycopg
from sqlalchemy import create_engine, event, insert, text
from sqlalchemy.orm import Session

from benchmarks.databases import Kind, database_name, pragmas, sqlite_path
from casework import database, progress
from casework.audit import record
from casework.models import Person
from casework.models.base import table_of
from tests.databases import postgres
from workflows.attempt import Attempt
from workflows.definition import Actor

REVIEWER = Actor("u_" + "0" * 32, frozenset({"reviewer"}))
APPLICATION = {
    "complainant_name": "Rosa Mensah",
    "complainant_address": "4 Mill Lane\nAmbridge",
    "force": "force",
    "force_reference": "CO/123/26",
    "outcome_provided_on": "2026-04-01",
    "grounds": "The officer did not look at the footage. " * 5,
}
FINDING = {
    "route": "otherwise",
    "categories": ["A1"],
    "review_body": "lpb",
    "reasons": "It was made on day 19 of the 28, and this office is the review body. " * 3,
}
PEOPLE = 6
WRITTEN = ("audit_event", "audit_detail", "milestone", "audit_node")
"""The tables an action adds rows to, in the order it does; beside them it changes one case."""
POSITIONS = {
    "audit_event": "seq",
    "audit_detail": "seq",
    "milestone": "since_seq",
    "audit_node": "(position + 1) * (1 << level) - 1",
}


def reference(number: int) -> str:
    """The reference of the case that action `number` moves."""
    return f"CR/2026-27/{number:05}"


class Ours:
    """This project, through the one door that pages and commands use."""

    name = "this project"

    def __init__(self, kind: Kind, url: str, cases: int) -> None:
        self.engine = database.prepare(create_engine(url))
        if kind.is_sqlite:
            event.listen(self.engine, "connect", lambda raw, _: configure(raw, kind))
        with Session(self.engine, autoflush=False) as session:
            database.begin_write(session)
            session.execute(insert(table_of(Person)), [_person(number) for number in range(PEOPLE)])
            for number in range(cases):
                attempt = Attempt("log", date(2026, 4, 20), APPLICATION, REVIEWER)
                origin = record.Origin("command", REVIEWER.token)
                progress.begin_case(session, attempt, origin, reference=reference(number))
            session.commit()

    def ready(self, numbers: range) -> None:
        """Nothing is to be prepared."""

    def act(self, number: int) -> None:
        attempt = Attempt("find_valid", date(2026, 4, 27), FINDING, REVIEWER)
        with Session(self.engine, autoflush=False) as session:
            database.begin_write(session)
            case = progress.case_ref(session, reference(number))
            assert case is not None
            progress.move_case(session, case, attempt, record.Origin("web", REVIEWER.token))
            session.commit()

    def close(self) -> None:
        self.engine.dispose()


def _person(number: int) -> dict[str, Any]:
    return {
        "token": f"u_{number:032}",
        "email": f"person-{number}@office.example",
        "name": f"Person {number}",
        "is_active": True,
    }


def configure(raw: sqlite3.Connection, kind: Kind) -> None:
    for pragma in pragmas(kind):
        raw.execute(pragma)


class Limit:
    """The bare driver: reads the head and the case, hashes, and writes the rows it is handed."""

    name = "the limit"

    def __init__(self, kind: Kind, url: str, ours: Ours) -> None:
        self.ours = ours
        self.connection: Any
        if kind.is_sqlite:
            self.mark, self.begin = "?", "BEGIN IMMEDIATE"
            self.connection = sqlite3.connect(sqlite_path(url), isolation_level=None)
            configure(self.connection, kind)
        else:
            self.mark, self.begin = "%s", "BEGIN"
            self.connection = psycopg.connect(
                host=str(postgres().folder),
                user="casework",
                dbname=database_name(url),
                autocommit=True,
            )
        self.cursor = self.connection.cursor()
        self.actions: dict[int, Any] = {}

    def ready(self, numbers: range) -> None:
        """Take over the rows that this project, just before, wrote for these actions."""
        with self.ours.engine.connect() as connection:
            for number in numbers:
                where = {"reference": reference(number)}
                query = text('SELECT * FROM "case" WHERE reference = :reference')
                case = dict(connection.execute(query, where).mappings().one())
                query = text("SELECT max(seq) FROM audit_event WHERE case_token = :token")
                seq = connection.execute(query, case).scalar_one()
                rows = {
                    name: connection.execute(
                        text(f"SELECT * FROM {name} WHERE {POSITIONS[name]} = {seq}")
                    ).all()
                    for name in WRITTEN
                }
                self.actions[number] = self._statements(case, rows)

    def _statements(self, case: dict[str, Any], rows: dict[str, Any]) -> Any:
        inserts = []
        for name, found in rows.items():
            if found:
                columns = [
                    column for column in found[0]._fields if (name, column) != ("milestone", "id")
                ]
                marks = ", ".join(self.mark for _ in columns)
                statement = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})"
                values = [tuple(row._mapping[column] for column in columns) for row in found]
                inserts.append((statement, values))
        changed = [name for name in case if name not in ("id", "token", "reference", "workflow")]
        sets = ", ".join(f"{name} = {self.mark}" for name in changed)
        update = f'UPDATE "case" SET {sets} WHERE id = {self.mark} AND version = {self.mark}'
        moved = (*(case[name] for name in changed), case["id"], case["version"] - 1)
        body = rows["audit_event"][0].body
        return case["reference"], (update, moved), inserts, bytes(body), len(rows["audit_node"])

    def act(self, number: int) -> None:
        case, (update, values), inserts, body, nodes = self.actions[number]
        run = self.cursor.execute
        run(self.begin)
        run("SELECT seq, leaf_hash FROM audit_event ORDER BY seq DESC LIMIT 1")
        _, head = self.cursor.fetchone()
        run(f'SELECT id, state, version FROM "case" WHERE reference = {self.mark}', (case,))
        _, state, _ = self.cursor.fetchone()
        assert state == "received"
        leaf = sha256(b"\x00" + body).digest()
        for _ in range(nodes):
            leaf = sha256(b"\x01" + head + leaf).digest()
        run(update, values)
        assert self.cursor.rowcount == 1
        for statement, rows in inserts:
            self.cursor.executemany(statement, rows)
        run("COMMIT")

    def close(self) -> None:
        self.connection.close()
