"""The only place that tries deeds on offices, judges what is found of them, and counts."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from unittest import mock

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from casework.cli import verifying
from casework.cli.verifying import Verdict
from config import Settings
from tests.casework.verifier.both import Both
from tests.tampering import on_checkpoints, on_tables, on_the_log, second_opinion
from tests.tampering.deeds import Attack, Deed
from tests.tampering.offices import Office, office

ATTACKS: tuple[Attack, ...] = (
    *on_the_log.ATTACKS,
    *on_tables.ATTACKS,
    *on_checkpoints.ATTACKS,
)
SECOND_OPINION = 5
"""After so many deeds, the verifier for strangers is asked too: it takes longer than the office's own."""
NEWER = "reported as newer than the newest checkpoint outside"


class Missed(AssertionError):
    """Something that was done was not found, or something found that nobody did."""


@dataclass
class Counts:
    """What was tried on one kind of database, and what came of it."""

    kind: str
    untouched: int = 0
    found: Counter[str] = field(default_factory=Counter)
    newer: Counter[str] = field(default_factory=Counter)
    compared: int = 0

    @property
    def tampered(self) -> int:
        """How many deeds there were."""
        return self.found.total() + self.newer.total()


def try_office(counts: Counts, seed: str, place: Path, deeds: int) -> None:
    """Let an office live, judged all the while, then do so many things to it, each undone again.

    Raises Missed with what to give `--again` to see it once more.
    """
    chance = Random(seed)
    again = f"--database {counts.kind} --deeds {deeds} --again {seed}"

    def untouched(session: Session, settings: Settings) -> None:
        wrong = [finding for finding in judged(session, settings).findings if not finding.holds]
        if wrong:
            raise Missed(f"A false alarm ({again}): {wrong}")
        counts.untouched += 1

    with office(counts.kind, chance, place, untouched) as made, made.engine.connect() as connection:
        done = 0
        while done < deeds:
            attack = chance.choice(ATTACKS)
            with _transaction(connection):
                deed = attack(connection, chance, made)
                if deed is not None:
                    verdict = _judged(connection, made)
                    _count(counts, attack.__name__, deed, verdict, again)
                    done += 1
                    if done % SECOND_OPINION == 0 and deed.is_exported:
                        _compare(counts, second_opinion.of(connection, place, verdict), again)


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    """A transaction that is undone, in which no table minds what it refers to."""
    with connection.begin() as transaction:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield
        transaction.rollback()


def _judged(connection: Connection, made: Office) -> Verdict:
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        return judged(session, made.settings)


def judged(session: Session, settings: Settings) -> Verdict:
    """What `casework audit verify` says of an office in which nobody writes meanwhile."""
    environment = {
        "CASEWORK_ENV": "test",
        "CASEWORK_DATABASE_URL": settings.database_url,
        "CASEWORK_DATA_DIR": str(settings.data_dir),
    }
    alone = mock.patch.object(verifying, "at_one_moment", Session.rollback)
    with mock.patch.dict(os.environ, environment), alone:
        return verifying.judged(session, settings)


def _compare(counts: Counts, both: Both, again: str) -> None:
    if not both.agree:
        raise Missed(f"The verifiers differ ({again}): {both.office} and {both.strangers}")
    counts.compared += 1


def _count(counts: Counts, kind: str, deed: Deed, verdict: Verdict, again: str) -> None:
    wrong = [finding for finding in verdict.findings if not finding.holds]
    is_newer = deed.altered is not None and deed.altered >= verdict.covered
    if not wrong:
        # What the log says of itself agrees. It is then newer than the newest checkpoint outside,
        # or it is not caught at all.
        if not (deed.is_whole and is_newer and verdict.size >= verdict.covered):
            raise Missed(f"Not found ({again}): {kind}, {deed}, covered {verdict.covered}")
        counts.newer[kind] += 1
        return
    if deed.checks and not deed.checks & {finding.check for finding in wrong}:
        raise Missed(f"Found by no such check ({again}): {kind}, {deed}: {wrong}")
    is_within = deed.altered is None or any(
        finding.first_seq is not None
        and finding.last_seq is not None
        and finding.first_seq <= deed.altered <= finding.last_seq
        for finding in wrong
    )
    if not is_within and not (deed.is_whole and is_newer):
        raise Missed(f"Not located ({again}): {kind}, {deed}: {wrong}")
    counts.found[kind] += 1
