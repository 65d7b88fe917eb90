"""What cases are compared by: references, names, numbers and addresses as they are taken for the same.

Cases that are there already get their keys here, by the rules as they were when this was written.
"""

import re
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
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in ("id", *words, *COLUMNS[1:])]
    cases = sa.table("case", *columns)
    last = 0
    while True:
        read = sa.select(cases.c.id, *(cases.c[name] for name in words))
        rows = connection.execute(
            read.where(cases.c.id > last).order_by(cases.c.id).limit(BATCH)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        change = sa.update(cases).where(cases.c.id == sa.bindparam("of_case"))
        connection.execute(change, [{"of_case": row.id, **_keys(row)} for row in rows])


def _keys(row: sa.Row[tuple[object, ...]]) -> dict[str, str | None]:
    _, reference, name, email, address = (str(value or "") for value in row)
    return {
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
