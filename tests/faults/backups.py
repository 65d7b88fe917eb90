"""The only place for the trials in which a backup or a restore is killed (F12, S57)."""

import json
import os
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

from casework.backups.unfinished import MARKER
from tests.faults.offices import SECONDS, Done, Office, Violation
from tests.faults.shim import KILLS, Calls
from tests.faults.work import Counts, Work

LATEST = 1.2
"""Seconds within which a backup is made while people work; a restore takes some three times that."""
CALLS = 8
"""Calls to the system about the file of a backup, of a small office."""
RESTORES = {"sqlite": ((0, 430), (400, 430)), "postgres": ((0, 8),)}
"""Calls of a restore about files, from and to; on SQLite the last ones put the office in place."""
NONE_THERE = ("casework init", "casework restore")
"""What a command says to do where there is no office, or only a part of one that was to be restored."""


def backup_killed(work: Work, chance: Random) -> Counts:
    """F12: SIGKILL to a backup while people send forms: what has a name is whole, or is not there."""
    work.begin()
    folder = _folder(work.office, "backups")
    path = folder / f"{chance.getrandbits(64):x}.age"
    by_call = chance.random() < 0.5
    if by_call:
        work.place.shim.arm(chance.choice(KILLS), chance.randrange(CALLS), folder, calls=Calls.DISK)
    pid = work.place.launcher.start(work.office.environment, "backup", str(path))
    sent = work.busy(chance, each=2, meanwhile=lambda: _kill(pid, chance, 1, is_due=not by_call))
    done = _end_of(work, pid)
    work.place.shim.disarm()
    work.must_go_on(chance)
    counts = work.judge(sent)
    _must_be_whole(work.office, path, done)
    work.office.must_verify()
    return counts + Counter({f"backup {_fate(done, is_there=path.exists())}": 1})


def restore_killed(work: Work, chance: Random) -> Counts:
    """S57: SIGKILL to a restore: no office is there or all of it, and the next restore makes one."""
    work.begin()
    path = _backed_up(work.office)
    machine = _empty_machine(work, chance)
    try:
        by_call = chance.random() < 0.5
        if by_call:
            after = chance.randrange(*chance.choice(RESTORES[work.place.kind]))
            work.place.shim.arm(chance.choice(KILLS), after, work.place.disk, calls=Calls.DISK)
        restore = ("restore", str(path), "--key", str(work.office.folder / "backup_key"))
        pid = work.place.launcher.start(machine.environment, *restore)
        _kill(pid, chance, 3, is_due=not by_call)
        done = _end_of(work, pid)
        work.place.shim.disarm()
        is_there = _is_there(machine)
        if not is_there:
            again = machine.run(*restore)
            if again.code:
                raise Violation(f"The next restore ended with {again.code}: {again.said}")
        _must_be_the_office(machine, work.office)
    finally:
        work.place.done_with(machine)
    return Counter({f"restore {_fate(done, is_there=is_there)}": 1})


def _folder(office: Office, name: str) -> Path:
    """A folder beside an office’s own."""
    folder = office.folder.with_name(f"{office.folder.name}-{name}")
    folder.mkdir(exist_ok=True)
    return folder


def _kill(pid: int, chance: Random, times: float, *, is_due: bool) -> None:
    if is_due:
        time.sleep(chance.uniform(0, LATEST * times))
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _end_of(work: Work, pid: int) -> Done:
    done = work.place.launcher.end_of(pid)
    if done is None:
        raise Violation(f"It did not end in {SECONDS} seconds.")
    if done.code not in (0, -signal.SIGKILL):
        raise Violation(f"It ended with {done.code}: {done.said}")
    return done


def _fate(done: Done, *, is_there: bool) -> str:
    if done.code == 0:
        return "not killed in time"
    return "killed, whole" if is_there else "killed, absent"


def _must_be_whole(office: Office, path: Path, done: Done) -> None:
    """Every file with a name is whole, and nothing of the office lies about in the clear."""
    if done.code == 0 and not path.exists():
        raise Violation("A backup said that it was made, and is not there.")
    listed = office.run("backups", str(path.parent), "--json")
    if not all(each["is_whole"] for each in json.loads(listed.said)):
        raise Violation(f"A backup has its name and is not whole: {listed.said}")
    copies = office.folder.parent.rglob(".casework-copy-*")
    if clear := [copy for copy in copies if copy.stat().st_size]:
        raise Violation(f"The database was left in the clear: {clear}")


def _backed_up(office: Office) -> Path:
    """A whole backup of an office; what earlier ones left that were killed is gone then."""
    path = _folder(office, "whole") / "office.age"
    path.unlink(missing_ok=True)
    done = office.run("backup", str(path))
    if done.code or list(path.parent.iterdir()) != [path]:
        raise Violation(f"The backup ended with {done.code}: {done.said}")
    return path


def _empty_machine(work: Work, chance: Random) -> Office:
    place, name = work.place, f"machine-{chance.getrandbits(64):x}"
    (place.disk / name).mkdir(mode=0o700)
    return Office(place.disk / name, place.databases.new(name), place.launcher)


def _is_there(machine: Office) -> bool:
    """Whether there is an office, and then all of it; Violation where it is anything between."""
    done = machine.run("audit", "verify")
    if done.code == 2 and any(each in done.said for each in NONE_THERE):
        return False
    if done.code not in (0, 3):
        raise Violation(
            f"A restore that was killed left an office that does not verify: {done.said}"
        )
    return True


def _must_be_the_office(machine: Office, office: Office) -> None:
    """Violation unless it is the office, and nothing else is left of how it was made."""
    machine.must_verify()
    query = "SELECT action FROM audit_event ORDER BY seq"
    actions, restored = ([row.action for row in each.rows(query)] for each in (office, machine))
    if restored != [*actions, "log_restored"]:
        raise Violation(f"The office restored is another one: {actions}, {restored}")
    tidied = machine.run("tidy")
    names = ("*.restoring*", MARKER)
    left = [str(path) for name in names for path in machine.folder.parent.rglob(name)]
    if machine.database_url.startswith("postgresql"):
        query = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'casework%'"
        left += [row.nspname for row in machine.rows(query)]
    if tidied.code or left:
        raise Violation(f"Of a restore that was killed, this is left: {left} {tidied.said}")
