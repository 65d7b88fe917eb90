"""W1 on one kind of database: this project, the limit, and the peers that are installed."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from benchmarks import databases, w1_transition
from benchmarks.databases import Kind
from benchmarks.measuring import Contender, Row, measured, rows_of

PEERS = (
    ("benchmarks.w1_django", "Viewflow", "viewflow.fsm + log"),
    ("benchmarks.w1_django", "DjangoFsm", "django-fsm-2 + log"),
    ("benchmarks.w1_sqlalchemy", "MachinePerCase", "transitions + ORM + log"),
    ("benchmarks.w1_continuum", "Continuum", "ORM + Continuum"),
)
GOALS = {"SQLite DELETE/EXTRA": 2.0, "SQLite WAL/FULL": 3.5, "PostgreSQL": 2.5}
WORK = "W1 audited transition"


def measure(kind: Kind, rounds: int, size: int) -> Iterator[Row]:
    """A row for this project, each peer, and the limit."""
    cases = (rounds + 1) * size
    url = databases.new_database(kind)
    ours = w1_transition.Ours(kind, url, cases)
    ours.close()  # nobody may be connected while it is copied
    limit = w1_transition.Limit(kind, databases.copy_of(kind, url), ours)
    peers, missing = _peers(kind, cases)
    contenders: list[Contender] = [ours, limit, *peers]
    try:
        took = measured(contenders, rounds, size)
    finally:
        for contender in contenders:
            contender.close()
    yield from rows_of(WORK, kind.label, took, limit.name, {ours.name: GOALS[kind.label]})
    for name in missing:
        yield Row(WORK, kind.label, name, None, took[limit.name].median, note="not installed")


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
