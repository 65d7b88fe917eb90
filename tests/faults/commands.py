"""The only place for the trials in which init or a checkpoint is killed, or has no key (F11, F14, F15)."""

from collections import Counter
from random import Random

from sqlalchemy import create_engine, inspect

from tests.casework.test_migrations import downgrade
from tests.faults.offices import Office, Violation
from tests.faults.shim import KILLS, Calls
from tests.faults.work import Counts, Work

OLDER = (None, "0008", "0011", "0012", "0013")
"""Schemas to upgrade from; None is no database at all."""
MISSING = "The key that signs the log is missing"


def migrating(work: Work, chance: Random) -> Counts:
    """F11: `casework init` is killed while it makes or upgrades a database."""
    whole, older = _schema(work.place.template), chance.choice(OLDER)
    office = work.place.office() if older else work.place.empty_office()
    if older:
        downgrade(office.database_url, older)
    before = _schema(office)
    counts = _killed(work, office, chance, "init")
    after = _schema(office)
    if after not in (before, whole):
        raise Violation(f"After init was killed the schema from {older} is half made: {after}")
    _must(office, 0, "init")
    if _schema(office) != whole:
        raise Violation("Running init again did not complete the schema.")
    office.must_verify()
    work.place.done_with(office)
    return counts + Counter({"schema whole": after == whole, "schema as before": after == before})


def _schema(office: Office) -> dict[str, list[str]]:
    """Tables and their columns, and the revision that the database says it is of."""
    engine = create_engine(office.database_url)
    try:
        there = inspect(engine)
        found = {
            table: sorted(column["name"] for column in there.get_columns(table))
            for table in there.get_table_names()
        }
    finally:
        engine.dispose()
    if "alembic_version" in found:
        found["alembic_version"] = [
            row.version_num for row in office.rows("SELECT version_num FROM alembic_version")
        ]
    return {table: columns for table, columns in found.items() if columns}


def checkpointing(work: Work, chance: Random) -> Counts:
    """F14: SIGKILL between events and their checkpoint, and while the key is changed."""
    work.begin()
    work.judge([work.send(work.one(chance))])
    command = chance.choice((("audit", "checkpoint"), ("audit", "key", "rotate")))
    counts = _killed(work, work.office, chance, *command)
    work.office.must_verify()
    _must(work.office, 0, "audit", "key", "show")
    _must(work.office, 0, "audit", "checkpoint")
    work.office.must_verify()
    work.must_go_on(chance)
    return counts + Counter({" ".join(command): 1})


def key_missing(work: Work, chance: Random) -> Counts:
    """F15: the signing key is gone: writes go on, everybody who answers for it is told."""
    work.begin()
    _must(work.office, 0, "audit", "checkpoint")
    key = work.office.folder / "signing_key"
    kept = key.read_bytes()
    key.unlink()
    sent = work.busy(chance, each=2, meanwhile=lambda: None)
    counts = work.judge(sent)
    if counts != {"acknowledged, there": len(sent)}:
        raise Violation(f"Without a signing key, not everything was taken: {counts}")
    work.office.run("init")
    if key.exists():
        raise Violation("Where the signing key was missing, another was made without a word.")
    _must(work.office, 2, "audit", "checkpoint")
    _must(work.office, 3, "audit", "verify")
    page = work.chief_executive.get("/")
    if page is None or MISSING not in page.page:
        raise Violation("The Chief Executive is not told that the signing key is missing.")
    if chance.random() < 0.5:
        key.write_bytes(kept)
        key.chmod(0o600)
        way = "brought back"
    else:
        _must(work.office, 0, "audit", "key", "rotate", "--lost")
        way = "given up"
    _must(work.office, 0, "audit", "checkpoint")
    work.office.must_verify()
    return counts + Counter({way: 1})


def _killed(work: Work, office: Office, chance: Random, *arguments: str) -> Counts:
    """Run a command and kill it at any of the calls to the system that it makes."""
    shim, disk = work.place.shim, work.place.disk
    most = work.calls_of.get(arguments[:2], 400)
    shim.arm(chance.choice(KILLS), chance.randrange(most), disk, calls=Calls.ALL)
    done = office.run(*arguments)
    seen = shim.seen
    shim.disarm()
    if done.code not in (0, -9):
        raise Violation(f"“casework {' '.join(arguments)}” ended with {done.code}: {done.said}")
    if done.code == 0:
        # Now it is known how many there are, of which the last ones matter most.
        work.calls_of[arguments[:2]] = seen + 1
    return Counter({"killed" if done.code else "ended by itself": 1})


def _must(office: Office, code: int, *arguments: str) -> str:
    """What a command says; Violation unless it ends with this code."""
    done = office.run(*arguments)
    if done.code != code:
        wanted = f"ended with {done.code}, not {code}"
        raise Violation(f"“casework {' '.join(arguments)}” {wanted}: {done.said}")
    return done.said
