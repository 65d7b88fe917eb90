"""The only place for the trials with a clock that goes wrong and a database that restarts (F9, F16)."""

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from itertools import pairwise
from random import Random

from tests.faults.databases import PostgresServer
from tests.faults.offices import Violation
from tests.faults.work import Counts, Sent, Work

HOUR, YEAR = 3600, 365 * 24 * 3600
SHIFTS = (-HOUR, HOUR, YEAR, 60)


def clock_wrong(work: Work, chance: Random) -> Counts:
    """F9: the clock jumps there and back while people work: the order is that of the log."""
    work.begin()
    shift = chance.choice(SHIFTS)
    before = work.size()
    sent = [work.send(work.one(chance))]
    lost = _after_moving(work, chance, shift)
    sent += [work.send(work.one(chance)) for _ in range(2)]
    lost += _after_moving(work, chance, 0)
    sent += [work.send(work.one(chance)) for _ in range(2)]
    counts = work.judge(sent)
    if counts["acknowledged, there"] != len(sent):
        raise Violation(f"With a clock moved by {shift} s not everything was taken.")
    query = "SELECT req, at, action FROM audit_event WHERE seq >= :before ORDER BY seq"
    rows = work.office.rows(query, before=before)
    if list(dict.fromkeys(row.req for row in rows if row.req in _reqs(sent))) != _reqs(sent):
        raise Violation("The order of the log is not that in which forms were sent.")
    _judge_told(rows)
    work.office.must_verify()
    return counts + Counter({"forms given back when signed out": lost})


def _reqs(sent: list[Sent]) -> list[str]:
    return [each.deed.req for each in sent]


def _judge_told(rows: list) -> None:
    """Each step back of the clock is told by the entry that stands where it happened."""
    back = [row.action for last, row in pairwise(rows) if row.at < last.at]
    told = [row.action for row in rows if row.action == "clock_regressed"]
    if not back or back != told:
        raise Violation(f"The clock went back before {back}, and the log tells {told}.")


def _after_moving(work: Work, chance: Random, seconds: int) -> int:
    """Move the clock. A cookie from another time may be none; then what is typed is given back."""
    work.place.shim.move_clock(seconds)
    deed = work.one(chance)
    answer = deed.send(work.supervisor)
    if answer is None or answer.status not in (302, 400, 401):
        raise Violation(f"After the clock moved, a form was answered {answer and answer.status}.")
    if answer.status == 302:
        return 0
    if deed.words not in answer.page:
        raise Violation("After the clock moved, a form was refused and its text not given back.")
    work.sign_in()
    return 1


def database_restarted(work: Work, chance: Random) -> Counts:
    """F16: PostgreSQL stops or is killed while people work, and comes back."""
    work.begin()
    databases = work.place.databases
    assert isinstance(databases, PostgresServer)
    how = chance.choice(("fast", "immediate", "a process", "all"))

    def stop() -> None:
        time.sleep(chance.uniform(0, 1))
        if how == "all":
            databases.kill()
        elif how == "a process":
            with suppress(ProcessLookupError):
                os.kill(chance.choice(databases.connected()), signal.SIGKILL)
        else:
            databases.stop(how)

    sent = work.busy(chance, each=3, meanwhile=stop)
    if how != "a process":
        sent.append(work.send(sent[0].deed))  # while nobody is there
        databases.start()
    counts = work.recovered(chance)
    work.must_go_on(chance)
    counts += work.judge(sent)
    work.office.must_verify()
    return counts + Counter({f"stopped: {how}": 1})
