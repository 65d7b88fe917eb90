"""The only place where tests make offices to be backed up, and empty machines to restore them on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from casework.counts.lives import Period
from tests import databases, factories
from tests.casework.cli.conftest import Console
from tests.casework.publishing import lives
from tests.casework.retention.canaries import Nest

LOGGED_AT = datetime(2019, 5, 7, 10, 0, tzinfo=UTC)
REPORTED_AT = datetime(2019, 6, 3, 10, 0, tzinfo=UTC)
NUMBERS = count(1)

Machine = Callable[[str], Console]


@pytest.fixture
def casework(environment: dict[str, str]) -> Console:
    """A console where the office is."""
    return Console(environment)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Makes empty machines, each with a database of a kind to be."""
    made: list[str] = []

    def new(kind: str) -> Console:
        folder = tmp_path / f"machine-{next(NUMBERS)}"
        if kind == "sqlite":
            url = f"sqlite:///{folder / 'casework.sqlite3'}"
        else:
            made.append(url := databases.postgres().empty_database())
        return Console(
            {
                "CASEWORK_ENV": "test",
                "CASEWORK_DATABASE_URL": url,
                "CASEWORK_DATA_DIR": str(folder),
                "CASEWORK_SECRET_KEY": "only-for-the-tests-" + "0" * 32,
            }
        )

    yield new
    for url in made:
        databases.drop_database(url)


@pytest.fixture
def nest(db: Session) -> Nest:
    """An office with a closed case that has everything on it, and a published report about it."""
    with time_machine.travel(LOGGED_AT):
        factories.person(db, "contractor")
        nest = Nest(db)
        nest.lay()
    with time_machine.travel(REPORTED_AT):
        boss, other = (factories.person(db, "chief_executive") for _ in range(2))
        report = lives.drafted(db, boss, period=Period(date(2019, 4, 1), date(2019, 5, 31)))
        lives.approved(db, report, other)
        lives.published(db, report, boss)
    db.rollback()
    return nest


@contextmanager
def session_at(console: Console) -> Iterator[Session]:
    """A session on the office that is there now."""
    engine = create_engine(console.environment["CASEWORK_DATABASE_URL"])
    with Session(engine) as session:
        yield session
    engine.dispose()


def folder_of(console: Console) -> Path:
    return Path(console.environment["CASEWORK_DATA_DIR"])
