"""S59: of half of the cases, each full of names that nothing else has, nothing is left anywhere."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from tarfile import TarFile

import pytest
import time_machine
from pyrage import decrypt
from pyrage.x25519 import Identity
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from casework.audit import record, tree
from casework.audit.verify import verify_log
from casework.counts import milestones
from casework.counts.lives import Period
from casework.database import begin_write
from casework.files.kinds import PDF
from casework.files.store import Store
from casework.models import AuditEvent, AuditNode
from casework.publishing import recounting
from casework.web.files import files
from config import Settings
from tests import factories
from tests.casework.cli.conftest import Console
from tests.casework.publishing import lives
from tests.casework.retention.canaries import KEPT, Nest, found_in, found_under
from tests.casework.retention.spent import AGREED_AT, LOGGED_AT, age_files, agree
from tests.databases import run_folder
from workflows import WORKFLOWS
from workflows.calendar import financial_year_of

CASES = int(os.environ.get("CASEWORK_CANARIES", "2"))
"""`make canaries` asks for 1,000."""
MANY = 20
"""Of so many cases not each has things of every kind on it, but there are cases with any."""
REPORTED_AT = datetime(2019, 6, 3, 10, 0, tzinfo=UTC)


@pytest.fixture
def nest(db: Session) -> Nest:
    """The cases, logged and closed in May 2019, and a report about them that was published."""
    with time_machine.travel(LOGGED_AT):
        factories.person(db, "contractor")
        nest = Nest(db)
        shared = files().keep_made(f"%PDF-1.7 {'x' * 9}".encode(), PDF, "What several were sent")
        for number in range(CASES):
            nest.lay(shared.sha256, KEPT if CASES < MANY else KEPT[number // 2 % 4 :: 4])
    with time_machine.travel(REPORTED_AT):
        publish(db)
    return nest


@pytest.fixture
def casework(environment: dict[str, str]) -> Console:
    return Console(environment)


def publish(db: Session) -> None:
    boss, other = (factories.person(db, "chief_executive") for _ in range(2))
    year = financial_year_of(date(2019, 5, 7))
    report = lives.drafted(db, boss, period=Period(year.first_on, date(2019, 5, 31)))
    lives.approved(db, report, other)
    lives.published(db, report, boss)


def places(db: Session, settings: Settings) -> list[Path]:
    """Where the bytes of an installation are: its data folder, and its database's own files."""
    engine = db.get_bind().engine
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        return [settings.data_dir, *file.parent.glob(f"{file.name}*")]
    oid = db.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    db.execute(text("CHECKPOINT"))
    db.rollback()
    return [settings.data_dir, run_folder() / "postgres" / "base" / str(oid)]


def seen(db: Session, settings: Settings) -> dict[str, set[str]]:
    """Which names stand in which files of the installation."""
    return found_under(places(db, settings))


def handed_on(casework: Console, folder: Path) -> list[set[str]]:
    """The names in an export with all words, and in a backup, both made now."""
    export, backup = folder / "export", folder / "office.age"
    casework("audit", "export", str(export), "--with-words")
    casework("backup", str(backup))
    secret = Identity.from_str((folder / "backup_key").read_text().splitlines()[-1])
    with TarFile(fileobj=BytesIO(decrypt(backup.read_bytes(), [secret]))) as archive:
        members = [archive.extractfile(member) for member in archive if member.isfile()]
        plain = set().union(*(found_in(each.read()) for each in members if each))
    return [set().union(*found_under([export]).values()), plain]


def roots(db: Session) -> list[bytes]:
    """The root at every size the log ever had."""
    leaves = db.execute(select(AuditEvent.seq, AuditEvent.leaf_hash))
    nodes = db.execute(select(AuditNode.level, AuditNode.position, AuditNode.hash))
    stored = {(0, seq): leaf for seq, leaf in leaves}
    stored |= {(level, position): node for level, position, node in nodes}
    size = record.log_size(db)
    return [tree.root(each, lambda *place: stored[place]) for each in range(size + 1)]


def test_s59_half_is_erased_and_nothing_of_it_is_left_anywhere(
    db: Session, settings: Settings, nest: Nest, casework: Console
) -> None:
    gone, kept = nest.made[::2], nest.made[1::2]
    names = {each.name for each in gone}, {each.name for each in kept}
    with time_machine.travel(AGREED_AT):
        agree(db, [each.token for each in gone])
        db.rollback()
        casework("search", "rebuild")  # what files say is found too
        begin_write(db)
        db.execute(text("ANALYZE"))  # what PostgreSQL plans by holds words
        db.commit()
        before = roots(db)
        assert set().union(*seen(db, settings).values()) == names[0] | names[1]
        age_files(settings.data_dir)
        db.rollback()
        done = casework.json("retention", "erase")
    assert done == {
        "erased": [each.token for each in gone],
        "refused": [],
        "finished": len(gone),
        "left": 0,
        "why": "",
    }
    left = seen(db, settings)
    assert {path: found & names[0] for path, found in left.items() if found & names[0]} == {}
    assert set().union(*left.values()) == names[1]
    assert roots(db)[: len(before)] == before
    assert recounting.verify(db, Store.of(settings)).holds
    db.rollback()
    assert [each.sentence for each in verify_log(db) if not each.holds] == []
    assert not list(milestones.differences(db, WORKFLOWS, record.log_size(db)))
    db.rollback()
    casework("search", "check")
    casework("search", "rebuild")
    assert not set().union(*seen(db, settings).values()) & names[0]
    db.rollback()
    for found in handed_on(casework, settings.data_dir):
        assert found == names[1]
