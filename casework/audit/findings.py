"""The only place for what the verifier says: findings, one sentence each, with the range they name."""

from dataclasses import dataclass, field

MOST_NAMED = 20
"""Ranges named by one check; a log rewritten as a whole must not fill the screen or the memory."""


@dataclass(frozen=True)
class Finding:
    """What one check says of a range of entries; `first_seq` is None when it is about no entry."""

    check: str
    holds: bool
    sentence: str
    first_seq: int | None = None
    last_seq: int | None = None


@dataclass(frozen=True)
class _Fault:
    what: str
    first: int | None
    last: int | None


@dataclass
class Check:
    """One check as it runs: it collects what does not hold, neighbouring entries as one range."""

    name: str
    faults: list[_Fault] = field(default_factory=list)
    unnamed: int = 0

    def fault(self, what: str, first: int | None = None, last: int | None = None) -> None:
        """Something does not hold, of the entries from `first` to `last` (one, if not given)."""
        last = first if last is None else last
        before = self.faults[-1] if self.faults else None
        if before and before.what == what and before.last is not None and first == before.last + 1:
            self.faults[-1] = _Fault(what, before.first, last)
        elif len(self.faults) < MOST_NAMED:
            self.faults.append(_Fault(what, first, last))
        else:
            self.unnamed += 1

    def take(self, other: "Check") -> None:
        """Take over what the same check found in the entries that follow."""
        for fault in other.faults:
            self.fault(fault.what, fault.first, fault.last)
        self.unnamed += other.unnamed

    def findings(self, otherwise: str) -> tuple[Finding, ...]:
        """The faults, or the one sentence that says what holds."""
        if not self.faults:
            return (Finding(self.name, True, otherwise),)
        found = [
            Finding(
                self.name,
                False,
                f"{fault.what}{where(fault.first, fault.last)}.",
                fault.first,
                fault.last,
            )
            for fault in self.faults
        ]
        if self.unnamed:
            found.append(Finding(self.name, False, f"And {self.unnamed:,} more like these."))
        return tuple(found)


def where(first: int | None, last: int | None) -> str:
    """A range of positions as the end of a sentence: ": entries 4 to 7"."""
    if first is None:
        return ""
    return f": entry {first}" if last == first else f": entries {first} to {last}"
