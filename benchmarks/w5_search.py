"""W5: full text over the whole register, against the bare driver asking the same index newest first.

A search is one of eight, from a word in almost every case to one in a few, with names, phrases
and beginnings among them. Ours ranks what it found, groups it by case, leaves out what the
person may not see; the limit reads the 20 newest entries as they are.
"""

from dataclasses import dataclass

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from benchmarks.databases import Kind
from benchmarks.register import REVIEWER, Register
from benchmarks.w4_pages import cursor_of
from casework import database
from casework.search import queries, results
from casework.search.asking import Term, terms_of
from casework.search.queries import Asked, Found, fts5_query, tsquery

READ = 20


@dataclass(frozen=True)
class Search:
    """Something to look for: as typed, and as text that a LIKE would look for."""

    typed: str
    part: str


def searches(register: Register) -> tuple[Search, ...]:
    """Eight things to look for; the words of a register stand with the most common first."""
    words, name = register.words, register.name
    return (
        *(Search(words[place], words[place]) for place in (0, 20, 300, 4_000)),
        Search(f"{words[3]} {words[200]}", words[200]),
        Search(f"{name} {words[1]}", name),
        Search(f"“{words[0]} {words[1]}”", f"{words[0]} {words[1]}"),
        Search(f"{words[300][:5]}*", words[300][:5]),
    )


class _Searching:
    """What every contender is asked: the searches, one after the other."""

    name: str

    def __init__(self, register: Register) -> None:
        self.searches = searches(register)

    def ready(self, numbers: range) -> None:
        """Nothing is to be prepared."""

    def act(self, number: int) -> None:
        found = self.found(self.searches[number % len(self.searches)])
        assert found, self.searches[number % len(self.searches)]

    def found(self, search: Search) -> int:
        """How many were found, at most as many as are read."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the database."""
        raise NotImplementedError


class Ours(_Searching):
    """This project: the cases, ranked."""

    name = "this project"

    def __init__(self, register: Register) -> None:
        super().__init__(register)
        self.engine = database.prepare(create_engine(register.url))

    def found(self, search: Search) -> int:
        terms = terms_of(search.typed)
        with Session(self.engine, autoflush=False) as session:
            return self.shown(session, terms, queries.find(session, Asked(terms), REVIEWER.token))

    def shown(self, session: Session, terms: tuple[Term, ...], found: Found) -> int:
        """How many a person is shown."""
        return len(found.cases)

    def close(self) -> None:
        self.engine.dispose()


class WithExcerpts(Ours):
    """This project, as its page shows what was found: the words marked in up to 60 excerpts."""

    name = "this project, with excerpts"

    def shown(self, session: Session, terms: tuple[Term, ...], found: Found) -> int:
        return len(results.page_of(session, found, terms, 1).rows)


class Limit(_Searching):
    """The bare driver: the 20 newest entries that the index knows, with their cases."""

    name = "the limit"

    def __init__(self, kind: Kind, register: Register) -> None:
        super().__init__(register)
        self.cursor, mark = cursor_of(kind, register.url)
        self.translate = fts5_query if kind.is_sqlite else tsquery
        matches = "search_words MATCH" if kind.is_sqlite else "w.words @@"
        kind_of = "" if kind.is_sqlite else "::tsquery"
        words = "search_words" if kind.is_sqlite else "search_words w"
        number = "search_words.rowid" if kind.is_sqlite else "w.rowid"
        self.statement = (
            f"SELECT e.body, c.reference, c.complainant_name FROM {words} "
            f"JOIN search_entry e ON e.id = {number} "
            f'JOIN "case" c ON c.token = e.case_token WHERE {matches} {mark}{kind_of} '
            f"ORDER BY {number} DESC LIMIT {READ}"
        )

    def found(self, search: Search) -> int:
        self.cursor.execute(self.statement, (self.translate(terms_of(search.typed)),))
        return len(self.cursor.fetchall())

    def close(self) -> None:
        self.cursor.connection.close()


class Like(_Searching):
    """The bare driver without an index of words: parts of names and grounds, newest first."""

    name = "LIKE"

    def __init__(self, kind: Kind, register: Register) -> None:
        super().__init__(register)
        self.cursor, mark = cursor_of(kind, register.url)
        like = "LIKE" if kind.is_sqlite else "ILIKE"
        self.statement = (
            'SELECT grounds, reference, complainant_name FROM "case" '
            f"WHERE complainant_name {like} {mark} OR grounds {like} {mark} "
            f"ORDER BY received_on DESC LIMIT {READ}"
        )

    def found(self, search: Search) -> int:
        self.cursor.execute(self.statement, (f"%{search.part}%",) * 2)
        return len(self.cursor.fetchall())

    def close(self) -> None:
        self.cursor.connection.close()
