"""The only place that rounds: percentages, means, medians and percentiles as reports print them.

In whole numbers, half up, so that the same figures come out on every machine.
"""

from collections.abc import Sequence
from typing import Any

from casework.counts.figures import Counted, Part


def percent(part: int, whole: int) -> float | None:
    """`part` of `whole` in per cent to one decimal, half up; None when `whole` is 0."""
    return _tenths(100 * part, whole) if whole else None


def mean(days: Sequence[int]) -> float | None:
    """The mean to one decimal, half up; None of nothing."""
    return _tenths(sum(days), len(days)) if days else None


def median(days: Sequence[int]) -> float | None:
    """The middle one, or the mean of the middle two; None of nothing."""
    if not days:
        return None
    ordered = sorted(days)
    return (ordered[(len(days) - 1) // 2] + ordered[len(days) // 2]) / 2


def percentile_90(days: Sequence[int]) -> int | None:
    """The smallest that at least nine in ten do not exceed (nearest rank); None of nothing."""
    return sorted(days)[(9 * len(days) + 9) // 10 - 1] if days else None


def percent_upheld(part: Part, block: str) -> float | None:
    """Upheld of those decided, in `cohort` or `activity`; None when nothing was decided."""
    upheld = part.count(f"{block}.upheld")
    return percent(upheld, upheld + part.count(f"{block}.not_upheld"))


def spread(known: Sequence[Counted]) -> dict[str, Any]:
    """How the working days of what is counted are spread, under the names that reports publish."""
    days = [counted.days or 0 for counted in known]
    return {
        "known": len(days),
        "mean_working_days": mean(days),
        "median_working_days": median(days),
        "p90_working_days": percentile_90(days),
        "max_working_days": max(days, default=None),
    }


def _tenths(amount: int, whole: int) -> float:
    return (20 * amount + whole) // (2 * whole) / 10
