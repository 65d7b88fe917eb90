"""The only place that says which columns of a case's row follow from its entries in the log.

`casework.progress` writes the row by it and the verifier compares by it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casework import keys
from casework.audit.versions import versions_of
from workflows.definition import Entry, Standing
from workflows.ending import last_day, told_on
from workflows.history import AMENDMENTS

_AS_TYPED = (
    "force_reference",
    "complainant_name",
    "complainant_email",
    "complainant_telephone",
    "complainant_address",
    "grounds",
)
"""The columns that hold words, which an entry's detail keeps under the same name."""
_COMPARED: Mapping[str, tuple[str, Callable[[str], str | None]]] = {
    "force_reference": ("reference_key", keys.reference_key),
    "complainant_name": ("name_key", keys.name_key),
    "complainant_email": ("email_key", keys.email_key),
    "complainant_telephone": ("telephone_key", keys.telephone_key),
    "complainant_address": ("address_key", keys.address_key),
}
"""The column by which words are compared with other cases', and what it holds of them."""
WORDS = (*_AS_TYPED, *(column for column, _ in _COMPARED.values()))
"""All columns that are personal: words, and what they are compared by."""


def columns_of(standing: Standing) -> dict[str, Any]:
    """The coded columns and days that follow from how a case stands."""
    values = standing.values
    last_wait = standing.last("wait", "resume", "reopen")
    is_waiting = standing.closure is None and last_wait is not None and last_wait.step == "wait"
    found_valid = standing.last("find_valid")
    return {
        "state": standing.state,
        "received_on": standing.first_day("log"),
        "acknowledged_on": standing.first_day("acknowledge"),
        "validated_on": found_valid.effective_on if found_valid else None,
        "closed_on": standing.closure.effective_on if standing.closure else None,
        "force": values.get("force"),
        "route": values.get("route"),
        "waiting_for": values.get("waiting_for") if is_waiting else None,
        "assignee": values.get("assignee"),
        "told_on": told_on(standing),
        "active_on": last_day(standing),
    }


def words_given(texts: Mapping[str, str]) -> dict[str, str | None]:
    """The columns of words that one entry's texts set, with what they are compared by.

    A blank text empties the column.
    """
    given = {name: text or None for name, text in texts.items() if name in _AS_TYPED}
    for name in given.keys() & _COMPARED.keys():
        column, key_of = _COMPARED[name]
        given[column] = key_of(given[name] or "")
    return given


def words_of(log: Sequence[Entry], words: Mapping[int, Mapping[str, str]]) -> dict[str, str | None]:
    """The columns of words as all entries of a case leave them, in log order.

    `words` are the texts kept beside each entry, by position. What is annulled leaves nothing.
    """
    versions = versions_of(log, words)
    left: dict[str, str | None] = dict.fromkeys(WORDS)
    for seq, version in versions.now.items():
        if version.entry.step not in AMENDMENTS and seq not in versions.annulled_by:
            left.update(words_given(version.texts))
    return left
