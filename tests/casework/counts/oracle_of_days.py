"""The only place that reckons days the slow way: counted one by one, spread by their definitions."""

from datetime import date, timedelta
from functools import lru_cache
from math import ceil
from typing import Any

from holidays import country_holidays

BANK_HOLIDAYS = frozenset(country_holidays("GB", subdiv="ENG", years=range(2019, 2028)))


def rounded(amount: int, whole: int) -> float | None:
    """To one decimal, half up."""
    if whole == 0:
        return None
    tenths, rest = divmod(amount * 10, whole)
    return (tenths + 1 if 2 * rest >= whole else tenths) / 10


def is_working_day(day: date, extra: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in BANK_HOLIDAYS and day not in extra


@lru_cache(maxsize=100_000)
def working_days(start: date, end: date, extra: frozenset[date]) -> int:
    count = 0
    while start < end:
        start += timedelta(days=1)
        count += is_working_day(start, extra)
    return count


def spread(to: str, decided: int, days: list[int]) -> dict[str, Any]:
    ordered, n = sorted(days), len(days)
    middle = ordered[(n - 1) // 2 : n // 2 + 1]
    return {
        "from": "received",
        "to": to,
        "decided": decided,
        "known": n,
        "mean_working_days": rounded(sum(days), n),
        "median_working_days": sum(middle) / len(middle) if middle else None,
        "p90_working_days": ordered[ceil(n * 9 / 10) - 1] if n else None,
        "max_working_days": ordered[-1] if n else None,
    }
