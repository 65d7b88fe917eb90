"""W4: the list of cases and a case page, signed in, against pages written by hand on the bare driver.

The list is 50 of the register's open cases, sorted by reference, the second page, with how many
there are; the case has 30 events. Everybody is asked through WSGI, without a server between.
"""

import hmac
import sqlite3
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from hashlib import sha256
from html import escape
from io import BytesIO
from typing import Any

import orjson
import psycopg
from sqlalchemy import select

from benchmarks.databases import Kind, database_name, sqlite_path
from benchmarks.register import REVIEWER, Register
from casework import clock, create_app
from casework.accounts import sessions
from casework.audit.events import entries, parse
from casework.database import begin_write
from casework.extensions import db
from casework.models import Person
from config import Settings
from tests.databases import postgres, run_folder
from workflows.complaint_review import COMPLAINT_REVIEW
from workflows.definition import OfficeRules
from workflows.engine import deadlines_of, steps_open_to
from workflows.replay import standing_of

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
LIST, CASE = "W4 case list", "W4 case page"
ASKED = "state=open&sort=reference&page=2"
ON_A_PAGE, COUNTED = 50, 1_001


def get(app: Wsgi, path: str, query: str = "", cookie: str = "") -> str:
    """The page that an application answers with, which must be a page."""
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": cookie,
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    answer = app(environ, lambda status, *_: said.append(status))
    page = b"".join(answer).decode()
    if close := getattr(answer, "close", None):
        close()
    assert said[0].startswith("200"), (path, said, page[:400])
    return page


class Ours:
    """This project's own application."""

    name = "this project"

    def __init__(self, register: Register) -> None:
        settings = Settings.from_environment(
            {
                "CASEWORK_ENV": "test",
                "CASEWORK_DATABASE_URL": register.url,
                "CASEWORK_DATA_DIR": str(run_folder() / "data"),
                "CASEWORK_SECRET_KEY": "only-for-measuring-" + "0" * 32,
            }
        )
        self.app = create_app(settings)
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        session = {"_user_id": self._begin_session(), "_fresh": True, "_permanent": True}
        self.cookie = f"casework={signer.dumps(session)}"

    def _begin_session(self) -> str:
        """The id of a session of the reviewer's."""
        with self.app.app_context():
            begin_write(db.session)
            whose = select(Person).where(Person.token == REVIEWER.token)
            person = db.session.execute(whose).scalar_one()
            secret = sessions.begin(db.session, person, "A browser", by="password")
            db.session.commit()
        return secret

    def get(self, path: str, query: str = "") -> str:
        """A page of the application, signed in."""
        return get(self.app, path, query, self.cookie)

    def close(self) -> None:
        with self.app.app_context():
            for engine in db.engines.values():
                engine.dispose()


class Limit:
    """Pages put together from f-strings and what the bare driver reads; what never changes is text.

    It checks the session's signature, reads who is signed in, and tells each row and each event
    in the same words. The rules are asked as they are: they are what a page tells, not what is in
    between. What stands around the rows is copied from this project's page.
    """

    name = "the limit"

    def __init__(self, kind: Kind, register: Register, ours: Ours) -> None:
        self.cursor, self.mark = cursor_of(kind, register.url)
        self.worked = f"/cases/{register.worked}"
        self.around_list = _around(ours.get("/cases", ASKED), "<tbody", "</tbody>")
        self.around_case = _around(ours.get(self.worked), '<div class="moj-timeline">', "</main>")
        self.key = b"only-for-measuring"
        signed = hmac.new(self.key, REVIEWER.token.encode(), sha256).hexdigest()
        self.cookie = f"session={REVIEWER.token}.{signed}"

    def get(self, path: str, query: str = "") -> str:
        """A page of the hand-written application, signed in."""
        return get(self.answer, path, query, self.cookie)

    def answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        """The application."""
        names = self._signed_in(environ["HTTP_COOKIE"])
        is_list = environ["PATH_INFO"] == "/cases"
        page = self._list(names) if is_list else self._case(environ["PATH_INFO"][7:], names)
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [page.encode()]

    def _rows(self, statement: str, *given: Any) -> list[Any]:
        self.cursor.execute(statement.replace("?", self.mark), given)
        rows: list[Any] = self.cursor.fetchall()
        return rows

    def _signed_in(self, cookie: str) -> dict[str, str]:
        """The names of everybody, once it is sure who asks and that they may see cases."""
        token, _, signed = cookie.removeprefix("session=").partition(".")
        right = hmac.new(self.key, token.encode(), sha256).hexdigest()
        assert hmac.compare_digest(signed, right)
        roles = self._rows(
            "SELECT r.role FROM person p JOIN person_role r ON r.person_id = p.id "
            "WHERE p.token = ? AND p.is_active",
            token,
        )
        assert ("reviewer",) in roles
        return dict(self._rows("SELECT token, name FROM person"))

    def _list(self, names: dict[str, str]) -> str:
        where = 'FROM "case" WHERE received_on IS NOT NULL AND closed_on IS NULL'
        rows = self._rows(
            "SELECT token, reference, complainant_name, state, received_on, waiting_for, assignee "
            f"{where} ORDER BY lower(reference), id LIMIT ? OFFSET ?",
            ON_A_PAGE,
            ON_A_PAGE,
        )
        self._rows(f"SELECT count(*) FROM (SELECT 1 {where} LIMIT ?) AS seen", COUNTED)
        today = clock.today()
        told = "".join(_row(row, names, today) for row in rows)
        before, after = self.around_list
        return f"{before}<tbody>{told}{after}"

    def _case(self, token: str, names: dict[str, str]) -> str:
        ((reference, state, name, grounds),) = self._rows(
            'SELECT reference, state, complainant_name, grounds FROM "case" WHERE token = ?', token
        )
        events = self._rows(
            "SELECT e.body, d.body FROM audit_event e LEFT JOIN audit_detail d ON d.seq = e.seq "
            "WHERE e.case_token = ? ORDER BY e.seq DESC",
            token,
        )
        told = "".join(_event(body, words, names) for body, words in events)
        before, after = self.around_case
        known = (
            f"<h1>{escape(reference)} {escape(state)}</h1><p>{escape(name)}: {escape(grounds)}</p>"
        )
        offered = _offered(body for body, _ in reversed(events))
        return f'{before}{known}{offered}<div class="moj-timeline">{told}</div>{after}'

    def close(self) -> None:
        self.cursor.connection.close()


def _around(page: str, begin: str, end: str) -> tuple[str, str]:
    return page[: page.index(begin)], page[page.index(end, page.index(begin)) :]


def cursor_of(kind: Kind, url: str) -> tuple[Any, str]:
    """A cursor of the bare driver, and what it takes for a parameter."""
    if kind.is_sqlite:
        return sqlite3.connect(sqlite_path(url), isolation_level=None).cursor(), "?"
    given = {"host": str(postgres().folder), "user": "casework", "dbname": database_name(url)}
    return psycopg.connect(**given, autocommit=True).cursor(), "%s"  # type: ignore[arg-type]


def _row(row: Any, names: dict[str, str], today: date) -> str:
    token, reference, name, state, received, waiting, assignee = row
    on = received if isinstance(received, date) else date.fromisoformat(received)
    due = on + timedelta(days=40)
    left = (due - today).days
    said = f"{left} days left" if left >= 0 else f"Overdue by {-left:,} days"
    return (
        f'<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">'
        f'<a class="govuk-link" href="/cases/{token}">{escape(reference)}</a></th>'
        f'<td class="govuk-table__cell" data-name="Complainant">{escape(name)}</td>'
        f'<td class="govuk-table__cell" data-name="State"><strong class="govuk-tag">'
        f"{_STATES[state]}</strong></td>"
        f'<td class="govuk-table__cell" data-name="Received">{on.day} {on:%b %Y}</td>'
        f'<td class="govuk-table__cell" data-name="Decide by">{due.day} {due:%b %Y} '
        f'<strong class="govuk-tag">{said}</strong></td>'
        f'<td class="govuk-table__cell" data-name="Waiting for">{waiting or "–"}</td>'
        f'<td class="govuk-table__cell" data-name="Assigned to">{escape(names[assignee])}</td>'
        f'<td class="govuk-table__cell" data-name="Closed">–</td></tr>'
    )


_OFFICE = OfficeRules()
_STATES = {state.name: state.label for state in COMPLAINT_REVIEW.states}


def _event(body: bytes, words: bytes | None, names: dict[str, str]) -> str:
    event = orjson.loads(body)
    texts = orjson.loads(words) if words else {}
    told = "".join(f"<dt>{escape(n)}</dt><dd>{escape(text)}</dd>" for n, text in texts.items())
    facts = "".join(
        f"<dt>{escape(n)}</dt><dd>{escape(str(v))}</dd>" for n, v in event["stat"].items()
    )
    return (
        f'<div class="moj-timeline__item" id="entry-{event["seq"]}"><h3>{escape(event["action"])}'
        f"</h3><p>by {escape(names.get(event['actor'], ''))}, {event['role']}</p>"
        f"<p>{event['effective_on'] or ''} · entry {event['seq']}, made {event['at']}</p>"
        f'<dl>{facts}{told}</dl><p><a href="/cases/{event["case"]}/entries/{event["seq"]}/correct">'
        f"Correct</a></p></div>"
    )


def _offered(bodies: Iterable[bytes]) -> str:
    """What the rules say of the case: the steps that are open, and the deadlines."""
    history = entries(COMPLAINT_REVIEW, (parse(body) for body in bodies))
    standing = standing_of(COMPLAINT_REVIEW, history)
    steps = steps_open_to(COMPLAINT_REVIEW, standing, REVIEWER, _OFFICE, clock.today())
    dues = deadlines_of(COMPLAINT_REVIEW, standing, _OFFICE)
    links = "".join(f'<a href="steps/{s.step.name}">{escape(s.step.label)}</a>' for s in steps)
    rows = "".join(f"<dt>{escape(d.label)}</dt><dd>{d.due_on} {escape(d.how)}</dd>" for d in dues)
    return f"<dl>{rows}</dl>{links}"
