"""What cases are compared by: references, names, numbers and addresses as they are taken for the same.

Cases that are there already get their keys here, by the rules as they were when this was written.
Their rows have no telephone number yet, or lost it when this was undone: it is read off the log.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from unicodedata import category, normalize

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = (
    "complainant_telephone",
    "reference_key",
    "name_key",
    "email_key",
    "telephone_key",
    "address_key",
)
INDEXES = {
    "ix_case_reference_key": ["reference_key"],
    "ix_case_person": ["name_key", "address_key"],
    "ix_case_email_key": ["email_key"],
    "ix_case_telephone_key": ["telephone_key"],
}
BATCH = 1_000
TELEPHONE = "complainant_telephone"
EVENTS = sa.table("audit_event", *(sa.column(name) for name in ("seq", "case_token", "body")))
DETAILS = sa.table("audit_detail", sa.column("seq"), sa.column("body"))
JOINED = frozenset("'’ʼ‘")
LETTERS = {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr"})
POSTCODE = re.compile(r"\b([a-z]{1,2}[0-9][a-z0-9]?)\s*([0-9][a-z]{2})\b", re.IGNORECASE)


def upgrade() -> None:
    """Apply."""
    for name in COLUMNS:
        op.add_column("case", sa.Column(name, sa.Text(), nullable=True))
    _fill(op.get_bind())
    for name, columns in INDEXES.items():
        op.create_index(name, "case", columns)


def downgrade() -> None:
    """Undo."""
    for name in INDEXES:
        op.drop_index(name, "case")
    for name in reversed(COLUMNS):
        op.drop_column("case", name)


def _fill(connection: sa.Connection) -> None:
    words = ("force_reference", "complainant_name", "complainant_email", "complainant_address")
    columns: list[sa.ColumnClause[Any]] = [
        sa.column(name) for name in ("id", "token", *words, *COLUMNS)
    ]
    cases = sa.table("case", *columns)
    last = 0
    while True:
        read = sa.select(cases.c.id, cases.c.token, *(cases.c[name] for name in words))
        rows = connection.execute(
            read.where(cases.c.id > last).order_by(cases.c.id).limit(BATCH)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        numbers = _numbers(connection, [row.token for row in rows])
        change = sa.update(cases).where(cases.c.id == sa.bindparam("of_case"))
        given = [{"of_case": row.id, **_keys(row, numbers.get(row.token))} for row in rows]
        connection.execute(change, given)


def _numbers(connection: sa.Connection, tokens: Sequence[str]) -> dict[str, str | None]:
    """The telephone numbers of these cases, as their entries in the log leave them, by token."""
    read = sa.select(EVENTS.c.case_token, EVENTS.c.body, DETAILS.c.body.label("words"))
    told = read.select_from(EVENTS.outerjoin(DETAILS, DETAILS.c.seq == EVENTS.c.seq))
    logs: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(
        told.where(EVENTS.c.case_token.in_(tokens)).order_by(EVENTS.c.seq)
    ):
        logs[row.case_token].append(row)
    return {
        token: _number_left([(json.loads(row.body), json.loads(row.words or b"{}")) for row in log])
        for token, log in logs.items()
        if any(TELEPHONE.encode() in (row.words or b"") for row in log)
    }


def _number_left(log: list[tuple[dict[str, Any], dict[str, str]]]) -> str | None:
    """The number that a case's events and their words leave after corrections and annulments."""
    gone: set[int] = set()
    for event, _ in reversed(log):
        if event["action"] == "annulled" and event["seq"] not in gone:
            gone.add(event["target"])
    said: dict[int, str] = {}
    for event, words in log:
        entry = event["target"] if event["action"] == "corrected" else event["seq"]
        if TELEPHONE in words and "item" not in event["stat"] and not {event["seq"], entry} & gone:
            said[entry] = words[TELEPHONE]
    return (said[max(said)] or None) if said else None


def _keys(row: sa.Row[tuple[object, ...]], number: str | None) -> dict[str, str | None]:
    _, _, reference, name, email, address = (str(value or "") for value in row)
    return {
        TELEPHONE: number,
        "telephone_key": _telephone_key(number or ""),
        "reference_key": _reference_key(reference),
        "name_key": " ".join(sorted(_untitled(_words(name))))[:200] or None,
        "email_key": "".join(email.split()).casefold()[:200] if "@" in email else None,
        "address_key": _address_key(address),
    }


def _untitled(words: list[str]) -> list[str]:
    return [word for word in words if word not in TITLES]


def _reference_key(text: str) -> str | None:
    parts = (part for word in _words(text) for part in re.findall(r"[0-9]+|[^0-9]+", word))
    key = "".join(part.lstrip("0") if part.isdecimal() else part for part in parts)
    return key[:200] if any(character.isdecimal() for character in key) else None


def _telephone_key(text: str) -> str | None:
    key = re.sub(r"[^0-9]", "", text).lstrip("0").removeprefix("44").lstrip("0")
    return key[:200] if len(key) >= 6 else None


def _address_key(text: str) -> str | None:
    found = POSTCODE.findall(text)
    return "".join(found[-1]).lower() if found else (" ".join(_words(text))[:200] or None)


def _words(text: str) -> list[str]:
    plain = normalize("NFKD", normalize("NFKD", text).casefold())
    return [word[:64] for word in "".join(map(_plain, plain)).split()]


def _plain(part: str) -> str:
    if part in JOINED or category(part)[0] == "M" or category(part) == "Cf":
        return ""
    return LETTERS.get(part, part) if part.isalnum() else " "
