"""The only place that lists the faults that are tried, and how often."""

from tests.faults import disks, kills
from tests.faults.trials import Scenario

SCENARIOS = (
    Scenario("F1", "SIGKILL at any instant", kills.killed, 300),
    Scenario("F3", "the disk is full", disks.full, 150),
    Scenario("F4", "a write fails", disks.broken, 150),
    Scenario("F8", "references given at once", kills.references, 60),
    Scenario("F19", "the disk is read-only", disks.read_only, 30),
)
