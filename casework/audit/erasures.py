"""The only place that says what an erasure is, as the log tells of it: of which words, from which day on due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from workflows.calendar import london_day

ERASED, ERASED_AGAIN = "retention_erased", "retention_erased_again"
"""The last step of a disposal, and what is recorded when a restored backup had brought words back."""
SHARED_ERASED = "shared_words_erased"
"""Words beside entries of no one case were erased with the last of the cases they were about."""
SETTLED = "list_finding_settled"
"""The action of the entries whose words may be about several cases."""
DUE_ON, POSITIONS = "due_on", "positions"
"""What `stat` of these holds: the day from which on the words were not to be kept; of the last, which."""


@dataclass(frozen=True)
class Erasure:
    """That words beside events before position `seq` were erased: all of a case, or those named.

    `due_on` is the day from which on they were not to be kept any longer, `at` the instant of the
    event by the server's clock, in UTC.
    """

    seq: int
    due_on: date
    at: datetime

    @property
    def on(self) -> date:
        """The London day of the event."""
        return london_day(self.at)


@dataclass(frozen=True)
class Erasures:
    """The erasures that count: of cases, by token, and of words of no one case, by position."""

    of_cases: Mapping[str, Erasure]
    shared: Mapping[int, Erasure]

    def of(self, seq: int, case: str | None, action: str) -> Erasure | None:
        """The erasure that the words beside an entry fell under, None where there is none."""
        if case is not None:
            found = self.of_cases.get(case)
        else:
            found = self.shared.get(seq) if action == SETTLED else None
        return found if found is not None and seq < found.seq else None
