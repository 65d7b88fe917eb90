"""`python -m tests.faults`: tries thousands of faults on offices with real processes, and counts.

Exits with 1 at the first thing that does not hold, and says how to try that again.
"""

import argparse
import os
import secrets
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.databases import end_folder
from tests.faults.scenarios import SCENARIOS
from tests.faults.shim import compiled, compiler
from tests.faults.trials import BOTH, Asked, Result, place_for, run, table


def main() -> int:
    """Run what the arguments ask for; the exit code."""
    given = _arguments()
    if compiler() is None:
        print("A C compiler is needed; on Debian: apt-get install gcc libc6-dev", file=sys.stderr)
        return 2
    asked = Asked(given.seed, given.first, given.times)
    base = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir())
    folder = Path(tempfile.mkdtemp(prefix="casework-faults-", dir=base))
    folder.chmod(0o711)  # PostgreSQL's user passes through
    print(f"Seed {given.seed}", file=sys.stderr)
    try:
        library = compiled(folder)
        with ProcessPoolExecutor(len(given.database)) as pool:
            lanes = [
                pool.submit(lane, kind, folder, library, given.only, asked)
                for kind in given.database
            ]
            results = [result for each in lanes for result in each.result()]
    finally:
        end_folder(folder / "postgres")  # also after Ctrl-C, which lets nothing end in order
        shutil.rmtree(folder, ignore_errors=True)
    print(table(results))
    print(f"{sum(result.counts['tried'] for result in results):,} trials, seed {given.seed}.")
    return 1 if any(result.violation for result in results) else 0


def lane(kind: str, folder: Path, library: Path, only: list[str], asked: Asked) -> list[Result]:
    """All trials on one kind of database, one after another."""
    with place_for(kind, folder / kind, library) as place:
        return run(place, [each for each in SCENARIOS if each.code in only], asked)


def _arguments() -> argparse.Namespace:
    codes = [each.code for each in SCENARIOS]
    parser = argparse.ArgumentParser(prog="make faults ARGS=...", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=codes, default=codes, metavar="F1")
    parser.add_argument("--database", nargs="+", choices=BOTH, default=list(BOTH))
    parser.add_argument("--times", type=int, help="trials of each, in place of the usual number")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--first", type=int, default=0, help="the number of the first trial")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
