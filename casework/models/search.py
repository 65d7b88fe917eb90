"""The only place for the tables of words to be found: as written, and as compared."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Dialect, ForeignKey, String, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeEngine

from casework.models.base import POSITION, TOKEN, Base

PARTS = 1024
"""How many rows an entry of the log may have: a row's number is the entry's position times this
and the number of the part, so the newest words have the highest numbers."""


_LEXEME, _PLACE = re.compile(r"'([^']*)':(\S+)"), re.compile(r"\d+")


class FoldedWords(TypeDecorator[Sequence[str]]):
    """Folded words in order: a text on SQLite, which FTS5 reads; a tsvector on PostgreSQL.

    `weight` is the tsvector's, which tells the columns apart once they are put together. Handed
    over as they are, since PostgreSQL's own parser takes “4e2b” for a number and a word.
    """

    impl = Text
    cache_ok = True

    def __init__(self, weight: str) -> None:
        super().__init__()
        self.weight = weight

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """TSVECTOR on PostgreSQL, TEXT elsewhere."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        """Words as the database takes them; they hold letters and figures only."""
        if value is None or dialect.name != "postgresql":
            return None if value is None else " ".join(value)
        return " ".join(f"{word}:{at}{self.weight}" for at, word in enumerate(value, start=1))

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str] | None:
        """The words in order again."""
        if value is None or dialect.name != "postgresql":
            return None if value is None else value.split()
        found = _LEXEME.findall(value)
        placed = [(int(at), word) for word, places in found for at in _PLACE.findall(places)]
        return [word for _, word in sorted(placed)]


class SearchEntry(Base):
    """Some words of a case under one heading, as written, for excerpts.

    `file` is the SHA-256 (hex) of the file the words were taken from, None for typed words.
    Written, like `SearchWords`, by `casework.index.entries` and by nothing else.
    """

    __tablename__ = "search_entry"

    id: Mapped[int] = mapped_column(POSITION, primary_key=True, autoincrement=False)
    case_token: Mapped[str] = mapped_column(String(TOKEN), ForeignKey("case.token"), index=True)
    place: Mapped[str] = mapped_column(String(20))
    file: Mapped[str | None] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)


class SearchWords(Base):
    """The same words as they are compared, under the number of their entry, `rowid`.

    An FTS5 table on SQLite; on PostgreSQL an ordinary one, with a column `words` that puts the two
    together and has a GIN index.
    `about` are the words that name the case, so that “Mensah footage” finds Mensah's grounds.
    """

    __tablename__ = "search_words"

    rowid: Mapped[int] = mapped_column(POSITION, primary_key=True, autoincrement=False)
    about: Mapped[Sequence[str]] = mapped_column(FoldedWords("D"))
    said: Mapped[Sequence[str]] = mapped_column(FoldedWords("A"))
