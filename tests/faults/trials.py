"""The only place that runs trials, counts what they found and stops at the first that failed."""

import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.faults.databases import Databases, PostgresServer, SqliteFiles
from tests.faults.offices import Launcher, Place, Violation
from tests.faults.shim import Shim
from tests.faults.work import Counts, Work

BOTH = ("sqlite", "postgres")
Trial = Callable[[Work, Random], Counts]


@dataclass(frozen=True)
class Scenario:
    """A fault: its number, what happens, how to try it once, and how often by default."""

    code: str
    title: str
    trial: Trial
    times: int
    kinds: tuple[str, ...] = BOTH


@dataclass
class Result:
    """What the trials of a fault on a kind of database came to."""

    scenario: Scenario
    kind: str
    counts: Counts = field(default_factory=Counter)
    seconds: float = 0
    violation: str = ""


@dataclass(frozen=True)
class Asked:
    """What to run: a seed, the number of the first trial, how many (None: as many as usual)."""

    seed: int
    first: int = 0
    times: int | None = None


@contextmanager
def place_for(kind: str, folder: Path, library: Path) -> Iterator[Place]:
    """Lends a place for trials on a kind of database, in a folder that is to be its own."""
    folder.mkdir(mode=0o711)
    with ExitStack() as ends:
        databases: Databases = (
            SqliteFiles(folder) if kind == "sqlite" else PostgresServer(folder, library)
        )
        ends.callback(databases.close)
        shim = Shim(library, folder / "orders")
        launcher = Launcher(folder, shim)
        ends.callback(launcher.close)
        yield Place(folder, databases, shim, launcher)


def run(place: Place, scenarios: Sequence[Scenario], asked: Asked) -> list[Result]:
    """Run what can be run on a place’s kind of database, to the first violation."""
    results = []
    for scenario in scenarios:
        if place.kind in scenario.kinds:
            results.append(_run(place, scenario, asked))
            _say(results[-1])
            if results[-1].violation:
                break
    return results


def _run(place: Place, scenario: Scenario, asked: Asked) -> Result:
    result, work, begun = Result(scenario, place.kind), Work(place), time.monotonic()
    times = scenario.times if asked.times is None else asked.times
    for number in range(asked.first, asked.first + times):
        # Each trial is drawn by itself, so that it can be tried again alone.
        chance = Random(f"{asked.seed} {scenario.code} {place.kind} {number}")
        result.counts["tried"] += 1
        try:
            result.counts += scenario.trial(work, chance)
        except Exception as wrong:  # noqa: BLE001  whatever goes wrong is a finding
            said = str(wrong) if isinstance(wrong, Violation) else traceback.format_exc()
            again = f"--only {scenario.code} --database {place.kind} --seed {asked.seed}"
            again += f" --first {number} --times 1"
            result.violation = f"{said}\nTo try it again: make faults ARGS='{again}'"
            return result
    work.end()
    result.seconds = time.monotonic() - begun
    return result


def _say(result: Result) -> None:
    print(table([result]), file=sys.stderr, flush=True)


def table(results: Sequence[Result]) -> str:
    """What was found, a line for each fault and kind of database."""
    lines = []
    for result in results:
        counts = ", ".join(f"{many:,} {what}" for what, many in result.counts.items() if many)
        scenario = result.scenario
        lines.append(f"{scenario.code:4} {result.kind:9} {result.seconds:5.0f} s  {counts}")
        if result.violation:
            lines.append(f"VIOLATION of {scenario.code} ({scenario.title}): {result.violation}")
    return "\n".join(lines)
