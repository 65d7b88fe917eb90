"""What a restore makes sure of before there is an office, and what it leaves when there is none."""

from pathlib import Path

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.orm import Session

from casework.models import Case
from tests import factories
from tests.casework.backups.conftest import Machine, folder_of, session_at
from tests.casework.cli.conftest import Console


def altered(console: Console, statement: str) -> None:
    """Run a statement past Casework."""
    engine = create_engine(console.environment["CASEWORK_DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def is_empty(console: Console) -> bool:
    """Whether nothing of an office is left in a database, nor of one half built."""
    url = console.environment["CASEWORK_DATABASE_URL"]
    if url.startswith("sqlite"):
        return not list(folder_of(console).glob("casework.sqlite3*"))
    engine = create_engine(url)
    found = inspect(engine)
    left = found.get_table_names(), found.get_schema_names()
    engine.dispose()
    return left == ([], ["information_schema", "public"])


def test_an_altered_log_is_not_restored_unless_that_is_asked_for(
    db: Session, casework: Console, machine: Machine, tmp_path: Path, database_kind: str
) -> None:
    factories.case(db, grounds="Nobody rang")
    db.rollback()
    altered(casework, "UPDATE \"case\" SET grounds = 'All was well'")
    casework("backup", str(tmp_path / "office.age"))
    empty = machine(database_kind)
    restore = ("restore", str(tmp_path / "office.age"), "--key", str(tmp_path / "backup_key"))
    said = empty(*restore, code=1).stdout
    assert "WRONG  cases" in said and "Nothing was kept." in said
    assert is_empty(empty)
    empty(*restore, "--even-if-altered", code=1)
    with session_at(empty) as session:
        assert session.query(Case.grounds).all() == [("All was well",)]
    before = sorted(path.name for path in folder_of(empty).rglob("*"))
    assert "already" in empty(*restore, code=2).stderr
    assert sorted(path.name for path in folder_of(empty).rglob("*")) == before
