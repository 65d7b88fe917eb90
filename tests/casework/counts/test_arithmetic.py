"""Figures are rounded half up to one decimal, and nothing has no figure."""

from decimal import ROUND_HALF_UP, Decimal
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.counts import arithmetic

DAYS = st.lists(st.integers(0, 400), min_size=1, max_size=60)


def rounded(exact: Decimal) -> float:
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(4, 34, 11.8), (0, 5, 0.0), (1, 8, 12.5), (1, 16, 6.3), (3, 80, 3.8), (5, 5, 100.0)],
)
def test_a_percentage_is_rounded_half_up(part: int, whole: int, expected: float) -> None:
    assert arithmetic.percent(part, whole) == expected


def test_nothing_has_no_figure() -> None:
    assert arithmetic.percent(0, 0) is None
    assert arithmetic.mean([]) is None
    assert arithmetic.median([]) is None
    assert arithmetic.percentile_90([]) is None


@given(DAYS)
def test_means_and_medians_are_those_of_exact_arithmetic(days: list[int]) -> None:
    assert arithmetic.mean(days) == rounded(Decimal(sum(days)) / len(days))
    assert arithmetic.median(days) == median(days)


@given(DAYS)
def test_nine_in_ten_do_not_exceed_the_90th_percentile(days: list[int]) -> None:
    found = arithmetic.percentile_90(days)
    assert found in days
    assert 10 * sum(day <= found for day in days) >= 9 * len(days)
    assert 10 * sum(day < found for day in days) < 9 * len(days)
