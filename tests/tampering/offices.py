"""The only place where the harness makes offices: random histories, with checkpoints kept outside."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from casework import clock, delegations
from casework.accounts import directory, factors, people, proposals, roles
from casework.accounts.factors import Authenticator
from casework.audit import record
from casework.audit.notes import SigningKey
from casework.audit.record import Origin
from casework.checkpoints import folder, queries
from casework.checkpoints.reads import digest_finished_days
from casework.checkpoints.service import note_copy
from casework.database import begin_write
from casework.extensions import db
from casework.models import AccessRead
from casework.reconciliation.findings import settle
from config import Settings
from tests import factories, list_factory, retention_factory
from tests.applications import application
from tests.casework.audit.tampering import drop_triggers
from tests.casework.counts import random_lives
from tests.casework.publishing import lives
from tests.databases import drop_database, new_database
from workflows.delegation import Delegation

KEY = SigningKey("office.example/casework", bytes(range(32)))
DAY = date(2026, 4, 1)


@dataclass(frozen=True)
class Office:
    """An office with a history that nobody touched: where it is, and what its folder outside covers.

    Its database has neither triggers nor constraints any more: those stop no one who runs it.
    """

    engine: Engine
    settings: Settings
    size: int
    covered: int


@contextmanager
def office(
    kind: str, chance: Random, place: Path, untouched: Callable[[Session, Settings], None]
) -> Iterator[Office]:
    """Lends an office on a database of a kind, whose history `chance` decides.

    `untouched` is called each time that something happened in it.
    """
    url = new_database(kind)
    outside = place / "outside"
    outside.mkdir(parents=True)
    environment = {"CASEWORK_ENV": "test", "CASEWORK_DATABASE_URL": url}
    settings = Settings.from_environment({**environment, "CASEWORK_DATA_DIR": str(place)})
    settings = replace(settings, checkpoint_dir=outside)
    try:
        with application(settings) as app, app.app_context():
            for _ in _lived(db.session, chance, outside):
                untouched(db.session, settings)
                db.session.rollback()
            size, newest = record.log_size(db.session), queries.newest_outside(db.session)
            covered = newest.size if newest else 0
            db.session.rollback()
        engine = create_engine(url)
        with engine.begin() as connection:
            drop_triggers(connection)
        yield Office(engine, settings, size, covered)
        engine.dispose()
    finally:
        drop_database(url)


def _lived(session: Session, chance: Random, outside: Path) -> Iterator[None]:
    """Live a history, thing by thing."""
    yield None
    person = factories.person(session, "reviewer", "supervisor")
    yield None
    begin_write(session)
    directory.link(session, person, "https://directory.example", "as there", Origin("web"))
    factors.set_up(session, person, Authenticator.new(), 1, "a secret", Origin("web", person.token))
    session.commit()
    yield None
    signed = _signed(session, outside)
    yield next(signed)
    beside = [
        _accounts,
        _delegated,
        _listed,
        _erased,
        _read,
        *([_published] if chance.random() < 0.2 else []),
    ]
    happenings = [_cases] * chance.randrange(2, 6) + chance.sample(beside, 2)
    chance.shuffle(happenings)
    for happening in happenings:
        happening(session, chance)
        yield None
        if chance.random() < 0.5:
            yield next(signed)
    if chance.random() < 0.7:
        yield next(signed)
    for _ in range(chance.randrange(4)):
        _delegated(session, chance)
        yield None


def _signed(session: Session, outside: Path) -> Iterator[None]:
    """Sign a checkpoint, and leave it outside, each time that it is asked."""
    while True:
        made = lives.checkpointed(session, KEY)
        folder.leave(outside, [made])
        begin_write(session)
        note_copy(session, made.size, queries.FOLDER, str(outside))
        session.commit()
        yield


def _cases(session: Session, chance: Random) -> None:
    begin_write(session)
    received = chance.sample(random_lives.RECEIVED, 2)
    acts = random_lives.acts(str(chance.random()), chance.randrange(4, 16))
    random_lives.live(session, received, acts)
    session.commit()


def _accounts(session: Session, chance: Random) -> None:
    """Access proposed, agreed to, refused and taken away; somebody renamed, and perhaps disabled."""
    ali, bo = (factories.person(session, "administrator").token for _ in range(2))
    person, role = factories.person(session, "panel"), "administrator"
    begin_write(session)
    for number, answered in enumerate((proposals.agree, proposals.refuse)):
        email = f"moved{number}.{ali[-8:]}@office.example"
        proposals.propose_email(session, person, email, Origin("web", ali), role=role)
        gained = ["reviewer"] if number == 0 else ["supervisor"]
        proposals.propose_roles(session, person, gained, Origin("web", ali), role=role)
        for waiting in proposals.open_proposals(session):
            answered(session, waiting.seq, Origin("web", bo), role=role)
    roles.take_away(session, person, ["panel"], Origin("web", ali), role=role)
    people.rename(session, person, "Another Name", Origin("web", ali), role=role)
    if chance.random() < 0.5:
        people.disable(session, person, "Left.", Origin("web", bo), role=role)
    session.commit()


def _delegated(session: Session, _chance: Random) -> None:
    begin_write(session)
    given = Delegation("u_" + "5" * 32, frozenset({"write_review"}), DAY, None)
    declared = [choice.code for choice in delegations.EXCLUSIONS]
    origin = Origin("web", "u_" + "6" * 32)
    delegations.delegate(
        session, given, "A letter", declared, role="chief_executive", origin=origin
    )
    session.commit()


def _listed(session: Session, _chance: Random) -> None:
    check = list_factory.checked(session, list_factory.csv_list([["F/1"], ["F/2"]]))
    finding = list_factory.findings_of(session, check.token)[0]
    begin_write(session)
    settle(session, finding, "never_received", "", None, role="reviewer", origin=Origin("web"))
    session.commit()


def _erased(session: Session, _chance: Random) -> None:
    case = retention_factory.ended(session, complainant_name="Ms Canary", grounds="Sung to.")
    retention_factory.erased(session, case.case)


def _published(session: Session, _chance: Random) -> None:
    writer, chief = (factories.person(session, role) for role in ("reviewer", "chief_executive"))
    row = lives.drafted(session, writer)
    lives.approved(session, row, chief)
    lives.published(session, row, writer)


def _read(session: Session, _chance: Random) -> None:
    begin_write(session)
    began_at = clock.now() - timedelta(days=2)
    session.add(AccessRead(person_token="u_1", case_token="c_1", began_at=began_at))
    session.flush()
    digest_finished_days(session)
    session.commit()
