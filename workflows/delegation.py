"""The only place that says what it is to hold a power of the office by delegation (reg 50)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Delegation:
    """A power that a person holds for the office in writing, on every day from one to another.

    `until_on` is the last day, None until further notice.
    """

    person: str
    functions: frozenset[str]
    from_on: date
    until_on: date | None = None

    def is_held(self, function: str, person: str, on: date) -> bool:
        """Whether this person holds this power by it on this day."""
        is_in_force = self.from_on <= on and (self.until_on is None or on <= self.until_on)
        return is_in_force and person == self.person and function in self.functions
