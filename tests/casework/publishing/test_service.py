"""The life of a published report: who takes which step, what an approval binds, how it is numbered."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from casework.audit import record
from casework.audit.canonical import canonical
from casework.audit.events import all_events
from casework.counts.lives import Period
from casework.database import begin_write, prepare
from casework.letters.rendering import NoPdfHere
from casework.models import Publication, StoredFile
from casework.publishing import kinds, pack, recounting, service, showing
from casework.publishing.history import published_by
from casework.publishing.paper import Paper
from casework.publishing.recounting import recount
from casework.publishing.service import StalePublication
from casework.web.files import files
from tests import factories
from tests.casework.audit.tampering import execute, past_the_triggers
from tests.casework.publishing import lives
from tests.casework.publishing.conftest import People
from workflows.attempt import StepRefused
from workflows.publication import FORMATS

QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))


def altered(url: str, statement: str, **values: Any) -> None:
    with past_the_triggers(url) as connection:
        execute(connection, statement, **values)


def actions(session: Session) -> list[str]:
    found = all_events(session, record.log_size(session))
    return [event.action for event in found if "publication" in event.stat]


@pytest.mark.one_database
def test_each_step_is_taken_by_somebody_else(db: Session, people: People) -> None:
    row = lives.drafted(db, people["charlie"])
    with pytest.raises(StepRefused, match="somebody else approves it"):
        lives.approved(db, row, people["charlie"])
    lives.worded(db, row, people["dee"], summary="Reworded.")
    with pytest.raises(StepRefused, match="somebody else approves it"):
        lives.approved(db, row, people["dee"])
    with pytest.raises(StepRefused, match="needs the role of chief executive"):
        lives.approved(db, row, people["sam"])
    lives.counted_again(db, row, people["riley"])
    for writer in ("charlie", "dee"):  # counting again strikes nobody off whose words are left
        with pytest.raises(StepRefused, match="somebody else approves it"):
            lives.approved(db, row, people[writer])
    begun = kinds.prefilled(db, showing.counted(db, row))
    lives.worded(db, row, people["riley"], **begun)
    lives.counted_again(db, row, people["riley"])  # no word of anybody is left
    assert row.written_by == [people["riley"].token]
    lives.approved(db, row, people["charlie"])
    with pytest.raises(StepRefused, match="somebody else publishes it"):
        lives.published(db, row, people["charlie"])
    with pytest.raises(StepRefused, match="needs the role"):
        lives.published(db, row, people["pat"])
    lives.published(db, row, people["riley"])
    drafted = ["report_drafted"] * 3
    assert actions(db) == [*drafted, "report_approved", "report_published"]


@pytest.mark.one_database
def test_an_approval_binds_what_was_seen(db: Session, people: People) -> None:
    row = lives.drafted(db, people["riley"])
    version, content = row.version, service.content_of(row)
    lives.worded(db, row, people["sam"], summary="Changed while it was read.")
    for seen in ((version, content), (row.version, content)):
        begin_write(db)
        with pytest.raises(StalePublication):
            service.approve(db, row, *seen, lives.who(people["charlie"]))
        db.rollback()
    lives.approved(db, row, people["charlie"])
    pack, version = lives.made(db, row), row.version
    lives.worded(db, row, people["riley"], summary=row.words["summary"])
    assert (row.state, row.version) == ("approved", version)  # the same words change nothing
    lives.worded(db, row, people["riley"], summary="Changed after it was approved.")
    assert row.state == "draft"
    begin_write(db)
    with pytest.raises(StalePublication):
        service.publish(db, row, row.version, pack, lives.who(people["sam"]))
    db.rollback()
    assert actions(db)[-2:] == ["report_approved", "report_returned"]


@pytest.mark.one_database
def test_the_log_says_what_was_approved_whatever_the_table_says(
    db: Session, people: People, database_url: str
) -> None:
    row = lives.drafted(db, people["riley"], "period", QUARTER)
    lives.approved(db, row, people["charlie"])
    words = json.dumps({**row.words, "summary": "Nobody approved this."})
    put = ("words", words), ("figures", "0" * 64), ("log_size", "2")
    before = [getattr(row, name) for name, _ in put]
    db.rollback()
    for (column, value), was in zip(put, before, strict=True):
        changed = f"UPDATE publication SET {column} = :value"
        altered(database_url, changed, value=value)
        db.expire_all()
        named = f"Report {row.token} is not in its table as in the log: {column}"
        assert named in recounting.verify(db, files()).sentence
        says = "not the words and figures that were approved"
        with pytest.raises(StepRefused, match=says if column == "words" else "has other figures"):
            lives.published(db, row, people["sam"])
        db.rollback()
        is_words = isinstance(was, dict)
        altered(database_url, changed, value=json.dumps(was) if is_words else was)
        db.expire_all()
    assert lives.published(db, row, people["sam"]).has_its_words


@pytest.mark.one_database
def test_what_is_published_is_on_the_log_with_its_bytes(db: Session, people: People) -> None:
    factories.case(db)
    row = lives.drafted(db, people["riley"])
    lives.worded(db, row, people["sam"], summary="One – “and only”.")
    lives.approved(db, row, people["charlie"])
    published = lives.published(db, row, people["sam"])
    stat, figures = published.event.stat, json.loads(published.figures)
    assert sha256(published.figures).hexdigest() == published.digest == stat["json"]
    fixed = {name: figures[name] for name in ("log_size", "log_root", "edition", "status_on")}
    assert fixed.items() <= stat.items()
    assert figures["cohort"]["received"] == 1
    assert published.words == row.words
    said = {"kind": "annual", "figures": published.digest, "words": dict(published.words)}
    assert stat["content"] == sha256(canonical(said)).hexdigest()
    assert {db.get_one(StoredFile, each).sha256 for each in published.files.values()}
    begin_write(db)
    with pytest.raises(StalePublication):
        service.save_words(db, row, row.version, {"summary": "Later"}, lives.who(people["riley"]))
    db.rollback()


@pytest.mark.one_database
def test_numbers_have_no_gaps_and_none_is_given_twice(db: Session, people: People) -> None:
    rows = [lives.drafted(db, people["riley"], "period", QUARTER) for _ in range(3)]
    for row in rows:
        lives.approved(db, row, people["charlie"])
    first, second, third = rows
    begin_write(db)
    service.drop(db, first, first.version, "Not wanted.", lives.who(people["sam"]))
    db.commit()
    late = lives.made(db, second)
    assert lives.published(db, third, people["sam"]).cited_as == "R/2026-27/1"
    begin_write(db)
    with pytest.raises(StepRefused, match="gets the next number"):
        service.publish(db, second, second.version, late, lives.who(people["sam"]))
    db.rollback()
    assert lives.published(db, second, people["sam"]).cited_as == "R/2026-27/2"
    begin_write(db)
    with pytest.raises(StepRefused, match="then “dropped”"):
        service.send_back(db, first, first.version, "Again.", lives.who(people["sam"]))
    db.rollback()


def test_nothing_of_a_publishing_that_was_cut_short_is_there(db: Session, people: People) -> None:
    """The files are made before the transaction; without it they are orphans that nobody names."""
    row = lives.drafted(db, people["riley"])
    lives.approved(db, row, people["charlie"])
    token, version, size, pack = row.token, row.version, record.log_size(db), lives.made(db, row)
    begin_write(db)
    service.publish(db, row, version, pack, lives.who(people["sam"]))
    db.rollback()
    row = db.get_one(Publication, token)
    assert (row.state, row.number, row.version) == ("approved", None, version)
    assert record.log_size(db) == size
    assert db.get(StoredFile, pack.files["pdf"].sha256) is None
    assert lives.published(db, row, people["sam"]).number == 1


def test_one_request_has_one_effect(db: Session, people: People) -> None:
    row = lives.drafted(db, people["riley"])
    doing, version, content = lives.who(people["charlie"]), row.version, service.content_of(row)
    begin_write(db)
    service.approve(db, row, version, content, doing)
    db.commit()
    begin_write(db)
    with pytest.raises(StepRefused, match="This form was sent before, for something else"):
        service.send_back(db, row, row.version, "Why", doing)
    db.rollback()
    assert row.state == "approved"


def test_of_two_who_approve_at_once_one_has_approved(
    db: Session, people: People, database_url: str
) -> None:
    row = lives.drafted(db, people["riley"])
    token, version, content = row.token, row.version, service.content_of(row)
    rivals = [lives.who(people[name]) for name in ("charlie", "dee")]
    db.rollback()
    engine, together = prepare(create_engine(database_url)), Barrier(2)

    def approve(who: service.Who) -> str:
        with Session(engine, autoflush=False) as session:
            together.wait()
            begin_write(session)
            try:
                found = session.get_one(Publication, token)
                service.approve(session, found, version, content, who)
            except StalePublication:
                return "late"
            session.commit()
            return "approved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, rivals)) == ["approved", "late"]
    engine.dispose()
    assert actions(db) == ["report_drafted", "report_approved"]


@pytest.mark.one_database
def test_where_no_pdf_can_be_made_a_report_is_published_as_all_else(
    db: Session, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_here(_paper: Paper) -> bytes:
        raise NoPdfHere("This installation makes none.")

    monkeypatch.setitem(pack.WRITERS, "pdf", (pack.kind_of("pdf"), none_here))
    row = lives.drafted(db, people["riley"])
    lives.approved(db, row, people["charlie"])
    found = pack.make(files(), showing.paper(db, row, 1), 1)
    version = row.version
    begin_write(db)
    service.publish(db, row, version, found, lives.who(people["sam"]))
    db.commit()
    published = published_by(db, row.since_seq or 0)
    assert set(published.files) == set(FORMATS) - {"pdf"}
    assert recount(db, published, files()).is_same
