"""A few trials of the harness, drawn once for all: real processes, killed and starved for real.

`make faults` runs thousands. That a wrong outcome is noticed is tried here too.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from casework.database import begin_write
from tests import databases
from tests.abilities import lack
from tests.faults import backups, commands, disks, kills
from tests.faults.databases import Databases, OnServer, SqliteFiles
from tests.faults.offices import Launcher, Place, Violation, session_on
from tests.faults.shim import Shim, compiled, compiler
from tests.faults.trials import Trial
from tests.faults.work import Work

pytestmark = pytest.mark.slow
FIRST = 12


@pytest.fixture(scope="module")
def work_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Work]]:
    """Offices at work, one for each kind of database, that share what takes long to start."""
    if compiler() is None:
        lack("compiler", "no C compiler here (Debian: apt-get install gcc libc6-dev)")
    folder = tmp_path_factory.mktemp("faults")
    shim = Shim(compiled(folder), folder / "orders")
    made: dict[str, Work] = {}
    with closing(Launcher(folder, shim)) as launcher:

        def work(kind: str) -> Work:
            if kind not in made:
                (folder / kind).mkdir()
                made[kind] = Work(Place(folder / kind, databases_of(kind, folder), shim, launcher))
            return made[kind]

        yield work
        for each in made.values():
            each.end()


def databases_of(kind: str, folder: Path) -> Databases:
    return SqliteFiles(folder / kind) if kind == "sqlite" else OnServer(databases.postgres())


@pytest.fixture
def work(work_on: Callable[[str], Work], database_kind: str) -> Work:
    return work_on(database_kind)


def tried(work: Work, trial: Trial, name: str) -> dict[str, int]:
    return dict(trial(work, Random(name)))


def test_what_was_acknowledged_is_there_after_a_kill(work: Work) -> None:
    """F1, F14: the calls at which processes are killed are among the first, which all of them make."""
    work.calls_of |= {("audit", "checkpoint"): FIRST, ("audit", "key"): FIRST}
    assert tried(work, kills.killed_at_a_call, "F1")["killed worker at a call"] == 1
    assert tried(work, commands.checkpointing, "F14")["killed"] == 1


@pytest.mark.one_database
def test_a_disk_that_refuses_leaves_everything_whole_and_the_server_well(work: Work) -> None:
    """F3, F4, F19."""
    for trial in (disks.full, disks.broken, disks.read_only):
        assert tried(work, trial, "disk")["with a call that failed"] == 1


@pytest.mark.one_database
def test_s57_a_backup_or_a_restore_that_is_killed_leaves_nothing_half(work: Work) -> None:
    """F12, S57."""
    assert tried(work, backups.backup_killed, "F12 5")["backup killed, absent"] == 1
    assert tried(work, backups.restore_killed, "S57 6")["restore killed, absent"] == 1


@pytest.mark.one_database
def test_what_must_not_be_is_noticed(work: Work) -> None:
    """What was acknowledged is not there, or a part of it is; what is there does not verify."""
    work.begin()
    done, never = work.send(work.one(Random("done"))), work.one(Random("never"))
    assert work.judge([done]) == {"acknowledged, there": 1}
    with pytest.raises(Violation, match="is not there"):
        work.judge([replace(done, deed=never)])
    whole = (*done.deed.whole, "closed")
    with pytest.raises(Violation, match="only"):
        work.judge([replace(done, deed=replace(done.deed, whole=whole))])
    with session_on(work.office) as session:
        begin_write(session)
        session.execute(text('UPDATE "case" SET version = version + 1'))
        session.commit()
    with pytest.raises(Violation, match="cases"):
        work.office.must_verify()
    work.end()
