"""The only place that says which columns of which tables an export of the log has.

Without words it holds codes, days, tokens and hashes, and so no personal data.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from casework.models import (
    AuditDetail,
    AuditEvent,
    AuditNode,
    Case,
    Checkpoint,
    Erasure,
    Item,
    LetterTemplate,
    Milestone,
    OfficeSetting,
    Publication,
)
from casework.models.base import table_of


@dataclass(frozen=True)
class Exported:
    """A table of an export, in the file `name`.jsonl, ordered by the columns of its `key`.

    `words` are the columns that hold words, for an export that has any. `since` is the column of the
    position in the log from which on a row is there, `until` that from which on it no longer is, and
    `moved_by` that of the token of what events move, of a table that says how it stands now.
    """

    name: str
    table: Table
    columns: tuple[str, ...]
    key: tuple[str, ...]
    words: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    moved_by: str = ""

    def names(self, *, has_words: bool) -> tuple[str, ...]:
        """The columns that an export has."""
        return self.columns + (self.words if has_words else ())


_ITEM_COLUMNS = (
    *("token", "case_token", "workflow", "workflow_version", "workflow_hash", "state", "version"),
    *("began_on", "due_on", "active_on", "person", "kind", "codes"),
)
_CASE_WORDS = (
    *("reference", "force_reference", "complainant_name", "complainant_email"),
    *("complainant_telephone", "complainant_address", "grounds"),
)
_CASE_COLUMNS = (
    *("token", "workflow", "workflow_version", "workflow_hash", "state", "version"),
    *("received_on", "acknowledged_on", "validated_on", "closed_on"),
    *("force", "route", "waiting_for", "assignee", "told_on", "active_on", "erased_on"),
)
_PUBLICATION_COLUMNS = (
    *("token", "kind", "from_on", "to_on", "status_on", "log_size", "edition", "figures", "state"),
    *("version", "written_by", "changed_by", "year", "number", "published_on", "since_seq"),
)
_MILESTONE_COLUMNS = (
    *("case_token", "item", "kind", "code", "from_on", "to_on", "is_estimated", "received_on"),
    *("lasted", "since_seq", "until_seq"),
)


def _exported(model: Any, name: str, columns: tuple[str, ...], *key: str, **more: Any) -> Exported:
    return Exported(name, table_of(model), columns, key, **more)


EVENTS = _exported(
    AuditEvent,
    "events",
    ("seq", "id", "at", "actor", "action", "case_token", "req", "part", "body", "leaf_hash"),
    "seq",
    since="seq",
)
WORDS = _exported(AuditDetail, "words", ("seq",), "seq", words=("salt", "body"), since="seq")
NODES = _exported(AuditNode, "nodes", ("level", "position", "hash"), "level", "position")
CHECKPOINTS = _exported(Checkpoint, "checkpoints", ("size", "root", "note", "signed_at"), "size")
TABLES = (
    _exported(Case, "cases", _CASE_COLUMNS, "id", words=_CASE_WORDS, moved_by="token"),
    _exported(Item, "items", _ITEM_COLUMNS, "id", words=("words",), moved_by="case_token"),
    _exported(
        Milestone, "milestones", _MILESTONE_COLUMNS, "id", since="since_seq", until="until_seq"
    ),
    _exported(
        Erasure,
        "erasures",
        ("case_token", "seq", "due_on", "erased_at"),
        "case_token",
        since="seq",
    ),
    _exported(
        OfficeSetting,
        "settings",
        ("name", "since_seq", "value"),
        *("name", "since_seq"),
        since="since_seq",
    ),
    _exported(
        LetterTemplate,
        "letter_templates",
        ("letter", "since_seq", "sha256"),
        *("letter", "since_seq"),
        since="since_seq",
    ),
    _exported(
        Publication,
        "publications",
        _PUBLICATION_COLUMNS,
        "token",
        words=("words",),
        moved_by="token",
    ),
)
HASHES = frozenset({"leaf_hash", "hash", "salt", "root"})
"""Columns of bytes that are written in hexadecimal; other bytes are text in UTF-8."""
