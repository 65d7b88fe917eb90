"""Runs every work and prints one table: this project, each peer, the limit, the ratio."""

import argparse
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from benchmarks import databases, w1_transition
from benchmarks.databases import Kind
from benchmarks.measuring import Contender, Row, medians, table

PEERS = (
    ("benchmarks.w1_django", "Viewflow", "viewflow.fsm + log"),
    ("benchmarks.w1_django", "DjangoFsm", "django-fsm-2 + log"),
    ("benchmarks.w1_sqlalchemy", "MachinePerCase", "transitions + ORM + log"),
    ("benchmarks.w1_continuum", "Continuum", "ORM + Continuum"),
)
W1_GOALS = {"SQLite DELETE/EXTRA": 2.0, "SQLite WAL/FULL": 3.5, "PostgreSQL": 2.5}
WORK = "W1 audited transition"


def main() -> None:
    given = _arguments()
    kinds = [kind for kind in databases.available() if given.database in kind.label.lower()]
    with databases.run_folder():
        rows = [row for kind in kinds for row in measure(kind, given.rounds, given.size)]
    print(table(rows))
    print(f"Medians of {given.rounds} interleaved rounds of {given.size} actions each.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="rounds that count (default 9)")
    parser.add_argument("--size", type=int, default=60, help="actions in a round (default 60)")
    parser.add_argument(
        "--database", default="", help="only kinds with this in their name: wal, delete, postgresql"
    )
    return parser.parse_args()


def measure(kind: Kind, rounds: int, size: int) -> Iterator[Row]:
    """W1 on one kind of database: a row for this project, each peer, and the limit."""
    cases = (rounds + 1) * size
    url = databases.new_database(kind)
    ours = w1_transition.Ours(kind, url, cases)
    ours.close()  # nobody may be connected while it is copied
    limit = w1_transition.Limit(kind, databases.copy_of(kind, url), ours)
    peers, missing = _peers(kind, cases)
    contenders: list[Contender] = [ours, limit, *peers]
    try:
        seconds = medians(contenders, rounds, size)
    finally:
        for contender in contenders:
            contender.close()
    bound = seconds[limit.name]
    for name, took in seconds.items():
        goal = W1_GOALS[kind.label] if name == ours.name else None
        yield Row(WORK, kind.label, name, took, bound, goal)
    for name in missing:
        yield Row(WORK, kind.label, name, None, bound, note="not installed")


def _peers(kind: Kind, cases: int) -> tuple[list[Any], list[str]]:
    """The peers that are installed, each on a database of its own, and the names of those not."""
    peers, missing = [], []
    for module, attribute, name in PEERS:
        try:
            peer: Callable[..., Any] = getattr(import_module(module), attribute)
            peers.append(peer(kind, databases.new_database(kind), cases))
        except ModuleNotFoundError:
            missing.append(name)
    return peers, missing


if __name__ == "__main__":
    main()
