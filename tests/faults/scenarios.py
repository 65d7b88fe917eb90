"""The only place that lists the faults that are tried, and how often."""

from tests.faults import kills
from tests.faults.trials import Scenario

SCENARIOS = (
    Scenario("F1", "SIGKILL at any instant", kills.killed, 300),
    Scenario("F8", "references given at once", kills.references, 60),
)
