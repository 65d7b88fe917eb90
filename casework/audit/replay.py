"""The only place that says which columns of a case's row follow from its entries in the log.

`casework.progress` writes the row by it and the verifier compares by it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from casework.audit.versions import versions_of
from workflows.definition import Entry, Standing
from workflows.history import AMENDMENTS

WORDS = (
    "force_reference",
    "complainant_name",
    "complainant_email",
    "complainant_address",
    "grounds",
)
"""The columns that hold words, which an entry's detail keeps under the same name."""


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
    }


def words_given(texts: Mapping[str, str]) -> dict[str, str | None]:
    """The columns of words that one entry's texts set; a blank text empties the column."""
    return {name: text or None for name, text in texts.items() if name in WORDS}


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
