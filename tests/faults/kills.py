"""The only place for the trials in which the server is killed while people send forms (F1, F8)."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from random import Random

from tests.faults.databases import is_running
from tests.faults.offices import Serving, Violation, until
from tests.faults.shim import KILLS, Calls
from tests.faults.work import Counts, Work

Kill = Callable[[Work, Serving, Random], None]
LATEST = 0.4
"""Seconds within which most of a burst of forms is answered."""
CALLS = {
    "sqlite": ((Calls.ALL, 160), (Calls.SENDS, 12)),
    "postgres": ((Calls.ALL, 300),),
}
"""Calls to the system that a burst makes, at least; what is sent is sent to browsers or PostgreSQL.

To a file there are many for each answer, and just before the answer lies what nobody was told of.
"""


def killed(work: Work, chance: Random) -> Counts:
    """F1: SIGKILL at any instant of writing requests."""
    return _killed(work, chance, *chance.choice(WAYS))


def killed_at_a_call(work: Work, chance: Random) -> Counts:
    """F1, by a call to the system that is drawn, so that no moment has to be hit."""
    return _killed(work, chance, *WAYS[0])


def _killed(work: Work, chance: Random, kill: Kill, name: str) -> Counts:
    serving = work.begin()
    sent = work.busy(chance, each=3, meanwhile=lambda: kill(work, serving, chance))
    work.place.shim.disarm()
    if serving.has_ended:
        serving.start()
    work.must_go_on(chance)
    counts = work.judge(sent)
    work.office.must_verify()
    return counts + Counter({f"killed {name}": 1})


def _a_worker_at_a_call(work: Work, _serving: Serving, chance: Random) -> None:
    """Before, after or halfway through a call to the system: of a file’s bytes, or of an answer’s."""
    calls, most = chance.choice(CALLS[work.place.kind])
    work.place.shim.arm(chance.choice(KILLS), chance.randrange(most), work.place.disk, calls=calls)


def _a_worker(_work: Work, serving: Serving, chance: Random) -> None:
    time.sleep(chance.uniform(0, LATEST))
    os.kill(chance.choice(serving.worker_pids), signal.SIGKILL)


def _everything(_work: Work, serving: Serving, chance: Random) -> None:
    time.sleep(chance.uniform(0, LATEST))
    serving.kill()


def _the_master(_work: Work, serving: Serving, chance: Random) -> None:
    """Its workers notice and end themselves; until then they may answer."""
    time.sleep(chance.uniform(0, LATEST))
    workers = serving.worker_pids
    serving.kill_master()
    until(lambda: not any(map(is_running, workers)))


WAYS: tuple[tuple[Kill, str], ...] = (
    (_a_worker_at_a_call, "worker at a call"),
    (_a_worker_at_a_call, "worker at a call"),
    (_a_worker, "worker"),
    (_everything, "everything"),
    (_the_master, "master"),
)


def references(work: Work, chance: Random) -> Counts:
    """F8: applications logged at once, some refused or killed, have references without a gap."""
    from tests.faults.deeds import application

    serving = work.begin()
    given = [application(work.csrf, "", 0) for _ in range(12)]
    is_killed = chance.random() < 0.3
    if is_killed:
        _a_worker_at_a_call(work, serving, chance)
    sent = work.at_once(given)
    work.place.shim.disarm()
    work.must_go_on(chance)
    counts = work.judge(sent)
    numbers = sorted(
        int(row.reference.rsplit("/")[-1])
        for row in work.office.rows('SELECT reference FROM "case"')
    )
    if numbers != list(range(1, len(numbers) + 1)):
        raise Violation(f"References have gaps or are given twice: {numbers}")
    return counts + Counter({"of them with a worker killed": int(is_killed)})
