"""The only place for the trials in which an erasure is killed (F13)."""

import json
import os
import secrets
import signal
import time
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from casework.database import begin_write
from casework.files.kinds import PDF
from casework.files.store import Store, note
from casework.index.entries import keep_files
from tests import factories
from tests.faults.offices import SECONDS, Office, Violation, session_on
from tests.faults.shim import KILLS, Calls
from tests.faults.work import Counts, Work

LATEST = 2.5
"""Seconds within which some cases are erased while people work."""
CALLS = 500
"""Calls to the system about files that it makes meanwhile, at most."""
CASES = 3
ENDED_ON = date(2019, 5, 7)
LARGEST = 1_000_000


def erasure_killed(work: Work, chance: Random) -> Counts:
    """F13: SIGKILL to an erasure while people work: the next run finishes it, and nothing is left."""
    work.begin()
    outside = Path(work.office.environment["CASEWORK_CHECKPOINT_DIR"])
    outside.mkdir(exist_ok=True)
    name = f"zq{secrets.token_hex(8)}qz"
    cases = [_agreed(work.office, f"{name} {number}") for number in range(CASES)]
    by_call = chance.random() < 0.6
    if by_call:  # nobody works meanwhile, or the call may be a worker's
        kill, most = chance.choice(KILLS), chance.randrange(CALLS)
        work.place.shim.arm(kill, most, work.place.disk, calls=Calls.ALL)
    pid = work.place.launcher.start(work.office.environment, "retention", "erase")
    sent = [] if by_call else work.busy(chance, each=1, meanwhile=lambda: _kill(pid, chance))
    done = work.place.launcher.end_of(pid)
    work.place.shim.disarm()
    if done is None or done.code not in (0, 1, -signal.SIGKILL):
        raise Violation(f"An erasure ended so within {SECONDS} seconds: {done}")
    work.must_go_on(chance)
    counts = work.judge(sent)
    work.office.must_verify()
    left = sum(not _is_erased(work.office, case) for case in cases)
    _must_finish(work.office, name, cases)
    fate = "not killed in time" if done.code != -signal.SIGKILL else f"killed with {left} to erase"
    return counts + Counter({fate: 1})


def _agreed(office: Office, name: str) -> str:
    """A case that ended long ago, with a paper, whose erasure was agreed to; its token."""
    with session_on(office) as session:
        moved = factories.case(session, on=ENDED_ON, complainant_name=name, grounds=name)
        store = Store(office.folder / "files", LARGEST)
        kept = store.keep_made(f"%PDF-1.7 {name}".encode(), PDF, f"{name} wrote this")
        begin_write(session)
        note(session, kept)
        session.commit()
        paper: dict[str, Any] = {
            "kind": "other",
            "origin": "force",
            "name": name,
            "file": kept.sha256,
        }
        added = factories.item(session, moved.case, "paper", on=ENDED_ON, **paper)
        begin_write(session)
        keep_files(session, moved.case, added.seq, "paper", [kept.sha256], store.text)
        session.commit()
        told = {"withdrawal_of": "application", "note": name}
        factories.move(session, moved.reference, "withdraw", ENDED_ON, told)
        _agree(session, moved.case)
    for path in store.paths(kept.sha256):
        old = time.time() - timedelta(days=9).total_seconds()
        os.utime(path, (old, old))
    return moved.case


def _agree(session: Any, case: str) -> None:
    people = [factories.person(session, role) for role in ("supervisor", "chief_executive")]
    moved = factories.item(session, case, "disposal", on=date.today(), by=people[0])
    factories.move_item(session, moved.item, "approve_erasure", date.today(), by=people[1])


def _kill(pid: int, chance: Random) -> None:
    time.sleep(chance.uniform(0, LATEST))
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _is_erased(office: Office, case: str) -> bool:
    query = 'SELECT erased_on FROM "case" WHERE token = :case'
    return office.rows(query, case=case)[0].erased_on is not None


def _must_finish(office: Office, name: str, cases: list[str]) -> None:
    """Violation unless the next run erases what is left, and no byte of the name is left then."""
    done = office.run("retention", "erase")
    if done.code or not all(_is_erased(office, case) for case in cases):
        raise Violation(f"The next erasure ended with {done.code}: {done.said}")
    office.must_verify()
    if left := [str(path) for path in _files_of(office) if name.encode() in path.read_bytes()]:
        raise Violation(f"Of cases that were erased a name is left in {left}.")
    for path in (office.folder, Path(office.environment["CASEWORK_CHECKPOINT_DIR"])):
        lines = (path / "erasures.jsonl").read_text().splitlines()
        if not {json.loads(line)["case"] for line in lines} >= set(cases):
            raise Violation(f"The list in {path} does not name every case that was erased.")


def _files_of(office: Office) -> list[Path]:
    """The files of an office, and of its database where it has files of its own."""
    folders = [office.folder]
    if office.database_url.startswith("sqlite"):
        folders.append(Path(office.database_url.removeprefix("sqlite:///")).parent)
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]
