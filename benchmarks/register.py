"""The only place that fills a database with an office's register: many cases, all to be found.

Rows are written as the product's own tables hold them, but past its one door, which would take
an hour for what is here a minute. One case is worked through the door: the one that is opened.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from sqlalchemy import create_engine, insert, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from benchmarks.databases import Kind
from casework import database, items, progress
from casework.audit.record import Origin
from casework.folding import folded_words
from casework.index.entries import Said, rows_of
from casework.keys import name_key, reference_key
from casework.models import Case, Person, PersonRole, SearchEntry, SearchWords
from casework.models.base import table_of
from workflows import ITEMS
from workflows.attempt import Attempt
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import Actor

REVIEWER = Actor("u_" + "0" * 32, frozenset({"reviewer"}))
PEOPLE = 20
EVENTS = 30
"""How many events the case has that is opened."""
FIRST_DAY = date(2020, 2, 1)
DAYS = 2_400
SYLLABLES = [
    c + v for c in ["b", "ch", "d", "f", "gr", "l", "m", "n", "p", "r", "st", "t"] for v in "aeiou"
]
WORDS = 20_000
WORDS_OF_GROUNDS = 60
FIRST_SEQ = 1_000
"""Positions of the log below this are the worked case's."""
BATCH = 2_000


@dataclass(frozen=True)
class Register:
    """A filled database: the token of the worked case, and what can be found in it."""

    url: str
    cases: int
    worked: str
    words: tuple[str, ...]
    """The most common first."""
    name: str
    """One that somebody in the register has."""


def fill(kind: Kind, url: str, cases: int) -> Register:
    """Fill a fresh migrated database with people, one worked case and so many others."""
    engine = database.prepare(create_engine(url))
    with Session(engine, autoflush=False) as session:
        database.begin_write(session)
        add_people(session)
        worked = _work_a_case(session)
        register = _Made()
        connection = session.connection()
        if not kind.is_sqlite:  # made at the end it is made in a fraction of the time
            connection.execute(text("DROP INDEX ix_search_words_words"))
        for start in range(0, cases, BATCH):
            numbers = range(start, min(start + BATCH, cases))
            _add(connection, [register.case(number) for number in numbers])
        if not kind.is_sqlite:
            index = "CREATE INDEX ix_search_words_words ON search_words USING gin (words)"
            connection.execute(text(index))
            connection.execute(text("ANALYZE"))  # as autovacuum would
        session.commit()
    engine.dispose()
    return Register(url, cases, worked, register.words, register.name)


def _add(connection: Connection, made: list[dict[str, Any]]) -> None:
    connection.execute(insert(table_of(Case)), made)
    found = [row for case in made for row in _found(case)]
    connection.execute(insert(table_of(SearchEntry)), [entry for entry, _ in found])
    connection.execute(insert(table_of(SearchWords)), [words for _, words in found])


def _found(case: dict[str, Any]) -> Iterator[Any]:
    seq = FIRST_SEQ + case["id"]
    named = folded_words(
        f"{case['reference']} {case['force_reference']} {case['complainant_name']}"
    )
    said = [
        Said(seq, "references", f"{case['force_reference']}\n{case['reference']}"),
        Said(seq, "names", case["complainant_name"]),
        Said(seq, "grounds", case["grounds"]),
    ]
    return rows_of(case["token"], named, said)


class _Made:
    """Cases made up from words as common as those of a language: the n-th one time in n."""

    def __init__(self) -> None:
        self.chance = Random("a register")
        self.words = tuple(self._word(3, number) for number in range(WORDS))
        self.names = tuple(self._word(2, number).title() for number in range(WORDS // 4))
        self.name = ""
        self.weights = tuple(accumulate(1 / (place + 1) for place in range(WORDS)))

    def _word(self, syllables: int, number: int) -> str:
        return "".join(self.chance.choices(SYLLABLES, k=syllables)) + (
            str(number) if number % 7 == 3 else ""
        )

    def case(self, number: int) -> dict[str, Any]:
        """A row of a case: one in forty is open, the newest more often."""
        received = FIRST_DAY + timedelta(days=number * DAYS // 100_000 % DAYS)
        is_open = number % 40 == 0
        first, last = self.chance.choices(self.names, k=2)
        self.name = last
        said = self.chance.choices(self.words, cum_weights=self.weights, k=WORDS_OF_GROUNDS)
        return {
            "id": number + FIRST_SEQ,
            "token": f"c_{number:032x}",
            "reference": f"CR/R/{number:06}",
            "workflow": COMPLAINT_REVIEW.name,
            "workflow_version": COMPLAINT_REVIEW.version,
            "workflow_hash": COMPLAINT_REVIEW.content_hash,
            "state": "valid"
            if is_open
            else self.chance.choice(["upheld", "not_upheld", "invalid"]),
            "version": 6,
            "received_on": received,
            "acknowledged_on": received + timedelta(days=3),
            "validated_on": received + timedelta(days=9),
            "closed_on": None if is_open else received + timedelta(days=30),
            "force": "force",
            "route": self.chance.choice(["otherwise", "investigation"]),
            "assignee": f"u_{number % PEOPLE:032}",
            "force_reference": f"CO/{number}/26",
            "complainant_name": f"{first} {last}",
            "grounds": " ".join(said),
            "reference_key": reference_key(f"CO/{number}/26"),
            "name_key": name_key(f"{first} {last}"),
        }


def add_people(session: Session) -> None:
    """People who review; the first is `REVIEWER`."""
    people = [
        {
            "id": number + 1,
            "token": f"u_{number:032}",
            "email": f"person-{number}@office.example",
            "name": f"Person {number}",
            "is_active": True,
        }
        for number in range(PEOPLE)
    ]
    session.execute(insert(table_of(Person)), people)
    roles = [{"person_id": person["id"], "role": "reviewer"} for person in people]
    session.execute(insert(table_of(PersonRole)), roles)


def _work_a_case(session: Session) -> str:
    """A case with so many events: steps, and people in the case; its token."""
    day, grounds = date(2026, 4, 1), "The officer did not look at the footage. " * 5
    facts = {"force": "force", "complainant_name": "Rosa Mensah", "grounds": grounds}
    moved = progress.begin_case(session, Attempt("log", day, facts, REVIEWER), _origin())
    for number in range(1, EVENTS - 4):
        ref = progress.case_ref(session, moved.reference)
        assert ref is not None
        on = day + timedelta(days=number)
        step = ("acknowledge", "request_file", "chase_file", "receive_file")[number % 4]
        more = {"extent": "part"} if step == "receive_file" else {}
        told = {"note": "Rang the officer in charge, who will send the rest. " * 2, **more}
        progress.move_case(session, ref, Attempt(step, on, told, REVIEWER), _origin())
    for number in range(4):
        person = {"kind": "interested", "name": f"Person {number}", "email": "p@home.example"}
        attempt = Attempt("add", day, person, REVIEWER)
        items.begin_item(session, moved.case, ITEMS["party"], attempt, _origin())
    return moved.case


def _origin() -> Origin:
    return Origin("command", REVIEWER.token)
