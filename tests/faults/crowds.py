"""The only place for the trials in which people get in each other's way (F5, F6, F7)."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random

from casework.database import BUSY_SECONDS, begin_write
from tests.faults import deeds
from tests.faults.offices import Violation, session_on
from tests.faults.visitors import Answer, Visitor
from tests.faults.work import Counts, Work

CLICKS = 50


def locked(work: Work, chance: Random) -> Counts:
    """F5: somebody holds the write lock: for a while, or for longer than anybody waits."""
    work.begin()
    seconds = chance.choice((1, BUSY_SECONDS + 2))
    given = [work.one(chance, case) for case in work.cases]
    with _lock_held(work, seconds):
        sent = work.at_once(given)
        page = work.supervisor.get(f"/cases/{work.cases[0]}")
    if page is None or page.status != 200:
        raise Violation(f"Reading a case meanwhile gave {page and page.status}.")
    statuses = {each.answer.status if each.answer else None for each in sent}
    if statuses != ({503} if seconds > BUSY_SECONDS else {302}):
        raise Violation(f"While the lock was held for {seconds} s, forms were answered {statuses}.")
    work.must_go_on(chance)
    counts = work.judge(sent)
    work.office.must_verify()
    return counts


@contextmanager
def _lock_held(work: Work, seconds: float) -> Iterator[None]:
    held = threading.Event()

    def hold() -> None:
        with session_on(work.office) as session:
            begin_write(session)
            held.set()
            time.sleep(seconds)
            session.rollback()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    yield
    holder.join()


def clicked_often(work: Work, chance: Random) -> Counts:
    """F6: the same form fifty times, from many windows at once: one effect, and one answer."""
    work.begin()
    deed = work.one(chance)
    sent = work.at_once([deed] * CLICKS)
    if not all(each.is_acknowledged for each in sent):
        raise Violation("Not every one of equal posts was led on.")
    if len({each.answer.leads_to for each in sent if each.answer}) != 1:
        raise Violation("Equal posts were led to different places.")
    counts = work.judge(sent[:1])
    work.office.must_verify()
    return counts + Counter({"posts": CLICKS})


def same_case(work: Work, chance: Random) -> Counts:
    """F7: two caseworkers have opened the same form; the first is kept, the second told of both."""
    work.begin()
    case = chance.choice(work.cases)
    version = work.version(case)
    people = (work.supervisor, work.reviewer)
    forms = [deeds.acknowledgement(csrf_of(each), case, version) for each in people]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda pair: pair[1].send(pair[0]), zip(people, forms, strict=True))
        )
    statuses = [answer.status if answer else None for answer in answers]
    if sorted(map(str, statuses)) != ["302", "409"]:
        raise Violation(f"Of two forms on one version the answers were {statuses}.")
    first, second = statuses.index(302), statuses.index(409)
    told = answers[second]
    assert told is not None
    if not all(forms[each].words in told.page for each in (first, second)):
        raise Violation("The second was not given both texts.")
    _judge_both(work, forms[first], forms[second], answers[first])
    work.office.must_verify()
    return Counter({"first kept": 1, "second told of both": 1})


def csrf_of(visitor: Visitor) -> str:
    """The token of a person’s forms."""
    return visitor.form("/cases/log")["csrf_token"]


def _judge_both(work: Work, kept: deeds.Deed, refused: deeds.Deed, answer: Answer | None) -> None:
    from tests.faults.work import Sent

    work.judge([Sent(kept, answer)])
    if work.judge([Sent(refused, None)]) != {"unanswered, absent": 1}:
        raise Violation("The second of two forms is there as well.")
