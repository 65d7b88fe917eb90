"""What the server logs: a line for each event, with the request's id, and nobody's data."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from casework.audit.record import log_size
from casework.database import begin_write
from casework.extensions import csrf
from casework.extensions import db as extension
from casework.web import log
from config import Environment

pytestmark = pytest.mark.one_database
CANARY = "Nightjar Canarywords"
ID = re.compile("[2-9B-DF-HJ-NP-TV-Z]{4}-[2-9B-DF-HJ-NP-TV-Z]{4}")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Give the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = handlers, level


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What was written to stderr since it was asked last."""
    return capsys.readouterr().err.splitlines()


@pytest.fixture
def failing(new_app: Flask) -> FlaskClient:
    """A client of an application whose pages fail with words that somebody typed in every place."""
    new_app.config["PROPAGATE_EXCEPTIONS"] = False

    @new_app.route("/fails/<path:words>", methods=["GET", "POST"])
    @csrf.exempt
    def fails(words: str) -> str:
        begin_write(extension.session)
        extension.session.execute(
            text("INSERT INTO limited_use VALUES ('a', :words, '2026-01-01 00:00:00+00:00', 1)"),
            {"words": words},
        )
        current_app.logger.warning("our own line")
        logging.getLogger("library").warning("a page of %s", words)
        try:
            raise LookupError(words)
        except LookupError as cause:
            raise ValueError(f"no number: {words}\n{{}}") from cause

    return new_app.test_client()


def test_s39_a_forced_500_shows_no_trace_and_leaves_nothing_half_written(
    failing: FlaskClient, db: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    log.begin("production")
    size = log_size(db)
    db.rollback()
    answer = failing.post(f"/fails/{CANARY}", data={"reasons": "Typed by somebody."})
    assert answer.status_code == 500
    for hidden in ("Traceback", "ValueError", "LookupError", CANARY, ".py", "sqlalchemy"):
        assert hidden not in answer.text
    assert "Typed by somebody." in answer.text, "what was typed is given back"
    db.rollback()
    assert log_size(db) == size
    assert db.execute(text("SELECT count(*) FROM limited_use")).scalar() == 0
    told = answer.headers[log.REQUEST_ID]
    assert ID.fullmatch(told) and told in answer.text
    events = [json.loads(line) for line in lines(capsys)]
    (fault,) = (event for event in events if event["event"] == "fault")
    assert fault["request"] == told
    assert (fault["kind"], fault["causes"]) == ("builtins.ValueError", ["builtins.LookupError"])
    assert re.fullmatch(r".*test_log\.fails:\d+", str(fault["frames"][-1]))


def test_s29_s41_each_event_is_a_line_and_none_has_what_anybody_typed(
    failing: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    log.begin("production")
    typed = f'{CANARY}\r\n{{"event": "forged"}}\u2028\x1b[2J'
    headers = {
        "User-Agent": CANARY,
        "Referer": f"http://x.example/{CANARY}",
        "X-Request-Id": CANARY,
    }
    for path, status in (
        *((f"/fails/{CANARY}", 500), (f"/fails/{typed}", 500), (f"/{CANARY}", 404)),
        *((f"/sign-in?next=/{CANARY}", 400), (f"/set-password/{CANARY}", 404)),
    ):
        sent = {"email": f"{CANARY}@x.example", "password": CANARY}
        answer = failing.open(
            path, method="POST" if status == 400 else "GET", data=sent, headers=headers
        )
        assert answer.status_code in (status, 405)
        raw = lines(capsys)
        events = [json.loads(line) for line in raw]
        assert "Canarywords" not in "".join(raw) and "".join(raw).isascii()
        (request,) = (event for event in events if event["event"] == "request")
        assert set(request) == {
            *("at", "level", "event", "request", "method", "page", "status", "milliseconds")
        }
        assert request["status"] == answer.status_code
        assert {event["request"] for event in events} == {answer.headers[log.REQUEST_ID]}
        assert datetime.fromisoformat(request["at"]).utcoffset() is not None
        assert "forged" not in {event["event"] for event in events}
        assert (status == 500) == ("our own line" in {event["event"] for event in events})


def test_s29_a_method_that_there_is_not_is_logged_as_other(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    log.begin("production")
    for method, told in (("HEAD", "HEAD"), ("NIGHTJAR", "other")):
        client.open("/sign-in", method=method)
        (line,) = lines(capsys)
        assert json.loads(line)["method"] == told


def test_every_request_has_an_id_of_its_own(client: FlaskClient) -> None:
    ids = {client.get("/sign-in").headers[log.REQUEST_ID] for _ in range(5)}
    assert len(ids) == 5 and all(ID.fullmatch(each) for each in ids)


@pytest.mark.parametrize(("name", "is_told"), [("demo", True), ("production", False)])
def test_a_person_at_a_terminal_gets_the_words_of_invented_people(
    failing: FlaskClient, capsys: pytest.CaptureFixture[str], name: Environment, is_told: bool
) -> None:
    log.begin(name)
    failing.get("/fails/Invented")
    said = capsys.readouterr().err
    assert ("no number: Invented" in said) is is_told
    assert ('"event": "request"' in said) is not is_told
