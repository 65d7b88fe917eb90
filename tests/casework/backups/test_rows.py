"""A row is the same once it was a line of JSON: any value that a column can hold."""

from datetime import UTC
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.backups import rows

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "bytes": st.binary(),
    "day": st.dates(),
    "instant": st.datetimes(timezones=st.just(UTC)),
    "plain": st.recursive(
        TEXT | st.booleans() | st.integers(-(2**63), 2**63 - 1),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=5,
    ),
}


@settings(max_examples=25)
@given(st.fixed_dictionaries({kind: st.none() | values for kind, values in VALUES.items()}))
def test_a_row_is_the_same_again(row: dict[str, Any]) -> None:
    line = rows.written(row)
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert rows.read(line, {kind: kind for kind in row}) == row
