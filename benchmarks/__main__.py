"""Runs every work and prints one table: this project, each peer, the limit, the ratio."""

import argparse
from collections.abc import Iterator

from benchmarks import (
    databases,
    reading,
    w1_measuring,
    w2_counts,
    w3_verification,
    w6_pack,
    w7_import,
)
from benchmarks.measuring import Row, table

WORKS = ("W1", "W2", "W3", "W4", "W5", "W6", "W7")


def main() -> None:
    given = _arguments()
    with databases.run_folder():
        notes: list[str] = []
        rows = list(_measured(given, notes))
        if "W7" in (given.work or WORKS):
            notes.append(w7_import.memory(given.rows))
    print(table(rows))
    told = f"Medians of {given.rounds} interleaved rounds of {given.size} actions each."
    print(" ".join([told, *notes]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="rounds that count (default 9)")
    parser.add_argument("--size", type=int, default=60, help="actions in a round (default 60)")
    parser.add_argument(
        "--work", action="append", choices=WORKS, help="this work alone; may be said again"
    )
    parser.add_argument(
        "--database", default="", help="only kinds with this in their name: wal, delete, postgresql"
    )
    parser.add_argument(
        "--cases", type=int, default=100_000, help="cases of the register (default 100,000)"
    )
    parser.add_argument(
        "--events", type=int, default=100_000, help="events of the log verified (default 100,000)"
    )
    parser.add_argument(
        "--rows", type=int, default=10_000, help="rows of the register imported (default 10,000)"
    )
    return parser.parse_args()


def _measured(given: argparse.Namespace, notes: list[str]) -> Iterator[Row]:
    works = set(given.work or WORKS)
    for kind in databases.available(databases.WRITTEN, given.database):
        if "W1" in works:
            yield from w1_measuring.measure(kind, given.rounds, given.size)
        if "W7" in works:
            yield from w7_import.measure(kind, given.rounds, given.size, given.rows)
    for kind in databases.available(databases.READ, given.database):
        if "W2" in works:
            yield from w2_counts.measure(kind, given.rounds, given.cases, notes)
        if "W3" in works:
            yield from w3_verification.measure(kind, given.rounds, given.events, notes)
        if {"W4", "W5"} & works:
            yield from reading.measure(kind, tuple(works), given.rounds, given.size, given.cases)
        if "W6" in works:
            yield from w6_pack.measure(kind, given.rounds, given.rows)


if __name__ == "__main__":
    main()
