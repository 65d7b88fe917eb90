"""`python -m tests.tampering`: does thousands of things to the logs of made-up offices, and counts.

Exits with 1 at the first that is not found or not located, or at the first false alarm, and says
how to see it again.
"""

import argparse
import secrets
import sys
from concurrent.futures import ProcessPoolExecutor

from tests import databases
from tests.tampering.trials import Counts, Missed, try_office

BOTH = ("sqlite", "postgres")


def main() -> int:
    """Try what the arguments ask for; the exit code."""
    given = _arguments()
    databases.begin_run()
    seeds = given.again or [f"{given.seed}-{number}" for number in range(given.offices)]
    print(f"Seed {given.seed}", file=sys.stderr)
    try:
        with ProcessPoolExecutor(len(given.database)) as pool:
            lanes = [pool.submit(lane, kind, seeds, given.deeds) for kind in given.database]
            counts = [each.result() for each in lanes]
    except Missed as missed:
        print(missed)
        return 1
    finally:
        databases.end_run()
    print(table(counts))
    return 0


def lane(kind: str, seeds: list[str], deeds: int) -> Counts:
    """All offices on one kind of database, one after another; what was done is told on the way."""
    counts = Counts(kind)
    for seed in seeds:
        place = databases.run_folder() / f"{kind}-{seed}"
        try_office(counts, seed, place, deeds)
        print(f"{kind}: {counts.tampered:,} tampered with", file=sys.stderr)
    return counts


def table(counts: list[Counts]) -> str:
    """What was done and found, a line for each kind of deed."""
    names = sorted({name for each in counts for name in (*each.found, *each.newer)})
    heads = [f"{each.kind} {what}" for each in counts for what in ("found", "newer")]
    lines = ["  ".join([f"{'done':32}", *(f"{head:>14}" for head in heads)])]
    for name in names:
        cells = [n for each in counts for n in (each.found[name], each.newer[name])]
        lines.append("  ".join([f"{name:32}", *(f"{cell:14,}" for cell in cells)]))
    lines += [
        f"{each.kind}: {each.untouched:,} untouched histories, no false alarm; "
        f"{each.tampered:,} tampered with, {each.found.total():,} found and located, "
        f"{each.newer.total():,} newer than the newest checkpoint outside and told to be; "
        f"{each.compared:,} judged by both verifiers alike."
        for each in counts
    ]
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make tampering ARGS=...", description=__doc__)
    parser.add_argument("--offices", type=int, default=400, help="histories on each database")
    parser.add_argument("--deeds", type=int, default=25, help="things done to each")
    parser.add_argument("--database", nargs="+", choices=BOTH, default=list(BOTH))
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--again", nargs="+", metavar="SEED", help="the seeds of offices, in full")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
