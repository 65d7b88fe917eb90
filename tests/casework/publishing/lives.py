"""The only place where tests take reports through their life, through the one door."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from casework import clock
from casework.audit.notes import SigningKey
from casework.audit.record import Origin
from casework.checkpoints.changes import change_key, key_changes
from casework.checkpoints.service import sign
from casework.counts.lives import Period
from casework.database import begin_write
from casework.files.store import Store
from casework.models import Checkpoint, Person, Publication
from casework.publishing import kinds, pack, service, showing
from casework.publishing.counting import Basis, content_hash, count
from casework.publishing.history import Published, published_by
from casework.publishing.pack import Pack
from casework.publishing.recounting import recount
from casework.publishing.service import Who
from casework.web.files import files
from tests.factories import actor
from workflows.calendar import financial_year_of
from workflows.publication import FORMATS

YEAR = Period(date(2026, 4, 1), date(2027, 3, 31))


def who(person: Person) -> Who:
    return Who(actor(person), Origin("web", person.token))


def drafted(
    session: Session, by: Person, kind: str = "annual", period: Period = YEAR, **basis: Any
) -> Publication:
    counted = count(session, Basis(kind, period, **basis))
    words, doing = kinds.prefilled(session, counted), who(by)
    token = f"p_{doing.origin.req}"
    begin_write(session)
    service.begin(session, token, counted, words, doing)
    session.commit()
    return session.get_one(Publication, token)


def worded(session: Session, row: Publication, by: Person, **words: str) -> None:
    token, version, typed = row.token, row.version, {**row.words, **words}
    begin_write(session)
    found = session.get_one(Publication, token)
    service.save_words(session, found, version, typed, who(by))
    session.commit()


def counted_again(session: Session, row: Publication, by: Person) -> None:
    was, now = showing.counted(session, row), count(session, showing.basis_now(row))
    begun, version = kinds.prefilled(session, now), row.version
    words = kinds.renewed(row.words, kinds.prefilled(session, was), begun)
    begin_write(session)
    service.count_again(session, row, version, now, words, begun, who(by))
    session.commit()


def approved(session: Session, row: Publication, by: Person) -> None:
    version, content = row.version, service.content_of(row)
    begin_write(session)
    service.approve(session, row, version, content, who(by))
    session.commit()


def made(session: Session, row: Publication, store: Store | None = None) -> Pack:
    """The files of a report; their bytes are not what is tested here, and take long to make."""
    store, counted, today = store or files(), showing.counted(session, row), clock.today()
    number = service.next_number(session, financial_year_of(today).label)
    kept = {
        form: store.keep_made(
            counted.figures if form == "json" else f"{form} of {row.token}".encode(),
            pack.kind_of(form),
        )
        for form in FORMATS
    }
    content = content_hash(row.kind, counted.digest, row.words)
    recounted = showing.paper(session, row, number).recounted
    return Pack(counted, content, number, today, kept, recounted)


def published(session: Session, row: Publication, by: Person) -> Published:
    version, files_made = row.version, made(session, row)
    begin_write(session)
    service.publish(session, row, version, files_made, who(by))
    session.commit()
    return published_by(session, row.since_seq or 0)


KEY = SigningKey("office.example.org/casework", bytes(32))


def checkpointed(session: Session, key: SigningKey = KEY) -> Checkpoint:
    """A checkpoint over the log as it is, signed by a key that the log names, from now on if need be."""
    named = key_changes(session)[-1:]
    begin_write(session)
    if not named or named[0].key != key.verifier:
        change_key(session, key.verifier, named[0].key if named else None)
    signed = sign(session, [key])
    session.commit()
    return signed


def countersigned(session: Session, row: Publication, by: Person) -> None:
    digest = recount(session, published_by(session, row.since_seq or 0)).digest
    begin_write(session)
    service.countersign(session, row, row.version, digest, who(by))
    session.commit()
