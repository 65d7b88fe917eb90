"""The only place for the trials in which the disk is full, broken or read-only (F3, F4, F19)."""

from collections import Counter
from random import Random

from tests.faults.databases import PostgresServer
from tests.faults.offices import Violation
from tests.faults.shim import BROKEN, FAILS, FULL, READ_ONLY, Action, Calls
from tests.faults.work import Counts, Work

SQLITE_CALLS = 90
"""Calls about its files that a form makes, at most."""
POSTGRES_CALLS = (("base", 20), ("pg_wal", 3), ("", 8))
"""What of PostgreSQL’s folder a fault is about: tables, the write-ahead log, or anything."""


def full(work: Work, chance: Random) -> Counts:
    """F3: the disk is full from some call on, which may still have written a part."""
    calls = Calls.WRITES | Calls.NAMES
    return _broken(work, chance, chance.choice(FAILS), FULL, calls, lasts=True)


def broken(work: Work, chance: Random) -> Counts:
    """F4: the n-th write, flush, cut or change of a folder fails, and maybe all that follow."""
    lasts = chance.random() < 0.3
    return _broken(work, chance, Action.FAIL, BROKEN, Calls.DISK, lasts=lasts)


def read_only(work: Work, chance: Random) -> Counts:
    """F19: nothing can be written any more, as when the system gave up on a disk."""
    return _broken(work, chance, Action.FAIL, READ_ONLY, Calls.DISK, lasts=True)


def _broken(
    work: Work, chance: Random, action: Action, error: int, calls: Calls, *, lasts: bool
) -> Counts:
    work.begin()
    given = [work.one(chance, case) for case in chance.sample(work.cases, chance.choice((1, 1, 3)))]
    databases = work.place.databases
    is_server = isinstance(databases, PostgresServer)
    shim, under, most = work.place.shim, work.place.disk, SQLITE_CALLS
    if isinstance(databases, PostgresServer):
        name, most = chance.choice(POSTGRES_CALLS)
        shim, under = databases.shim, databases.server.folder / name
    after = 0 if error == READ_ONLY else chance.randrange(most)
    shim.arm(action, after, under, error=error, lasts=lasts, calls=calls)
    sent = work.at_once(given)
    counts = _read(work, chance, is_needed=error == READ_ONLY and not is_server)
    failed = shim.disarm()
    if is_server:
        counts += work.recovered(chance)
    work.must_go_on(chance)
    counts += work.judge(sent)
    if failed == 0 and any(not each.is_acknowledged for each in sent):
        raise Violation("Nothing failed, and yet a form was refused.")
    work.office.must_verify()
    return counts + Counter({"with a call that failed": int(failed > 0)})


def _read(work: Work, chance: Random, *, is_needed: bool) -> Counts:
    """Cases can be read on a disk that takes nothing: then they are needed most.

    Not where a database first has to undo what was half written, and the disk will not have it.
    """
    answer = work.supervisor.get(f"/cases/{chance.choice(work.cases)}")
    if answer is None or answer.status not in (200, 503) or (is_needed and answer.status != 200):
        raise Violation(f"Reading a case meanwhile gave {answer and answer.status}.")
    return Counter({f"{answer.status} on reading": 1})
