"""The only place that says what a deed of somebody who runs the database is, and what must come of it."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from sqlalchemy import Connection

from tests.tampering.offices import Office


@dataclass(frozen=True)
class Deed:
    """What was done: `altered` is the first position in the log that is no longer as it was.

    `is_whole` when all that the log and the tables say of themselves was made to agree with it:
    then only a checkpoint held outside can tell. `checks` are those of which one has to tell.
    `is_exported` unless it is to something that no export has, such as keys that cases are compared by.
    """

    altered: int | None = None
    is_whole: bool = False
    checks: frozenset[str] = frozenset()
    is_exported: bool = True


Attack = Callable[[Connection, Random, Office], Deed | None]
"""Does something to an office's database; None where the office has nothing that it could be done to."""
