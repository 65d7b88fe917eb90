"""Canonical bytes are those of RFC 8785, and what has no canonical bytes is refused."""

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from casework.audit.canonical import canonical


class Route(StrEnum):
    OTHERWISE = "otherwise"


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).map(
    lambda text: unicodedata.normalize("NFC", text)
)
keys = st.text(st.characters(min_codepoint=1, max_codepoint=127))
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
values = st.recursive(
    scalars,
    lambda held: st.lists(held, max_size=4) | st.dictionaries(keys, held, max_size=6),
    max_leaves=12,
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda held: (
        st.lists(held, max_size=3)
        | st.dictionaries(st.text(st.characters()) | st.integers(), held, max_size=3)
    ),
    max_leaves=8,
)


@given(values)
@example({"".join(map(chr, range(1, 128))): "".join(map(chr, range(1, 160)))})
@example({"b": 1, "a": 2, "A": 3, "aa": 4, "": 5, "_": 6, "0": 7})
@example(["\u2028\u2029\ufeff\U0001f600\uffff", -0, 2**53 - 1, -(2**53) + 1])
def test_the_bytes_are_those_of_rfc_8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(values)
def test_canonical_bytes_read_back_are_canonical_again(value: object) -> None:
    assert canonical(orjson.loads(canonical(value))) == canonical(value)


def refusal_of(value: object) -> str:
    try:
        canonical(value)
    except ValueError as refusal:
        return str(refusal)
    return ""


@given(anything)
def test_a_value_is_written_as_rfc_8785_has_it_or_refused_in_a_sentence(value: Any) -> None:
    said = refusal_of(value)
    if said:
        assert said.startswith("Nothing was written, because of the value")
        assert said.endswith(".")
    else:
        assert canonical(value) == rfc8785.dumps(value)


def test_codes_and_tuples_are_written_as_text_and_lists() -> None:
    assert canonical({"route": Route.OTHERWISE, "codes": ("A1", "B4")}) == (
        b'{"codes":["A1","B4"],"route":"otherwise"}'
    )


def holding_itself() -> list[object]:
    endless: list[object] = []
    endless.append(endless)
    return endless


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "a float"),
        (float("nan"), "a float"),
        (Decimal(1), "a Decimal"),
        (2**53, "too large"),
        (-(2**53), "too large"),
        (10**400, "too large"),
        ({1: "a"}, "not plain text"),
        ({None: "a"}, "not plain text"),
        ({Route.OTHERWISE: "a"}, "not plain text"),
        ({"café": "a"}, "not plain text"),
        ({"a\0": "a"}, "not plain text"),
        ("\ud800", "half of a character"),
        (["\udc80"], "half of a character"),
        ("a\0b", "NUL"),
        ("cafe\u0301", "normal form C"),
        (b"bytes", "a bytes"),
        (date(2026, 4, 1), "a date"),
        (datetime(2026, 4, 1, tzinfo=UTC), "a datetime"),
        (UUID(int=0), "a UUID"),
        ({"a"}, "a set"),
        (holding_itself(), "too deep"),
    ],
)
def test_what_has_no_canonical_bytes_is_refused(value: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        canonical(value)
    with pytest.raises(ValueError, match=said):
        canonical({"stat": [value]})


def test_a_refusal_says_where_it_is_and_not_what_it_holds() -> None:
    with pytest.raises(ValueError, match="the value, stat, codes, item 2: ") as refusal:
        canonical({"stat": {"codes": ["A1", "Jose\u0301 Smith"]}})
    assert "Smith" not in str(refusal.value)
