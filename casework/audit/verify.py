"""The only place that verifies the whole log: every check, up to one size, reading only.

It reads in short transactions and keeps no more than a batch, so an office can work meanwhile.
A log cut off at its end together with its stored hashes is whole by everything it says of
itself; only a root kept outside shows that (see `docs/audit-log.md`).
"""

from collections.abc import Callable
from functools import partial
from itertools import chain

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework.audit.checks_directory import check_directory_links
from casework.audit.checks_erasures import judge_erasures
from casework.audit.checks_factors import check_second_factors
from casework.audit.checks_items import check_items
from casework.audit.checks_lists import check_lists
from casework.audit.checks_log import (
    Joined,
    Known,
    check_requests,
    check_stray_details,
    judge,
)
from casework.audit.checks_people import check_people
from casework.audit.checks_tables import (
    UNREADABLE,
    check_cases,
    check_letter_templates,
    check_settings,
)
from casework.audit.checks_tree import RootsAt, TreeCheck
from casework.audit.erasures import Erasures
from casework.audit.findings import Check, Finding
from casework.audit.reading import ALONE, Reading
from casework.audit.record import log_size as size_now
from casework.audit.stored import ranges

__all__ = ["Finding", "Reading", "RootsAt", "verify_log"]

Checking = Callable[[Session, int], tuple[Finding, ...]]


def verify_log(
    session: Session,
    log_size: int | None = None,
    roots: RootsAt | None = None,
    reading: Reading = ALONE,
) -> tuple[Finding, ...]:
    """What holds and what does not of the first `log_size` entries, one finding for each.

    `roots` is filled with the roots at its sizes, built from the entries' own bytes. `reading` says
    by how many processes it is read, and is told how far that is.

    Ends the session's transaction, more than once. Raises ValueError when the log is shorter
    than `log_size`, and what the database raises when there is no log to read at all.
    """
    now = size_now(session)
    session.rollback()
    size = now if log_size is None else log_size
    if not 0 <= size <= now:
        raise ValueError(f"The log holds {now:,} entries, not {size:,}. Give a size up to that.")
    erasures, judged = judge_erasures(session, size)
    erased = erasures.of_cases
    checks: tuple[tuple[str, Checking], ...] = (
        ("log", partial(_check_log, erasures=erasures, roots=roots, reading=reading)),
        ("requests", check_requests),
        ("stray words", check_stray_details),
        ("cases", partial(check_cases, erased=erased, reading=reading)),
        ("items", partial(check_items, erased=erased, reading=reading)),
        ("settings", check_settings),
        ("letter templates", check_letter_templates),
        ("people", check_people),
        ("directory links", check_directory_links),
        ("second factors", check_second_factors),
        ("lists", check_lists),
    )
    found = (_checked(name, check, session, size) for name, check in checks)
    return (*chain.from_iterable(found), *judged)


def _checked(name: str, check: Checking, session: Session, size: int) -> tuple[Finding, ...]:
    """A check's findings; stored bytes that the database itself cannot read are a finding too."""
    try:
        return check(session, size)
    except (DBAPIError, *UNREADABLE) as fault:
        session.rollback()
        broken = Check(name)
        broken.fault(f"What is stored cannot be read ({type(fault).__name__})")
        return broken.findings("")


def _check_log(
    session: Session, size: int, erasures: Erasures, roots: RootsAt | None, reading: Reading
) -> tuple[Finding, ...]:
    joined, tree = Joined(), TreeCheck(roots)
    known = Known(erasures, roots.sizes if roots else frozenset())
    for part in reading.each(session, judge, known, ranges(session, size)):
        joined.take(part)
        tree.take(session, part.subtree)
        reading.told("entries", part.last + 1, size)
    return (*joined.findings(size), *tree.findings(session, size))
