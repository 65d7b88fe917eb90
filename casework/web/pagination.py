"""The only place that cuts long lists into pages and counts no further than people read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

SIZE = 50
CAP = 1_000
LAST_PAGE = 100_000


@dataclass(frozen=True)
class Page:
    """A page of rows; `total` is exact up to the cap, beyond it `is_over` is true."""

    rows: tuple[Any, ...]
    number: int
    total: int
    is_over: bool
    has_next: bool
    size: int

    @property
    def first(self) -> int:
        """The place of the first row in the whole list, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The place of the last row in the whole list."""
        return self.first + len(self.rows) - 1

    @property
    def total_in_words(self) -> str:
        """The total as people read it: "37" or "over 1,000"."""
        return f"over {CAP:,}" if self.is_over else f"{self.total:,}"

    @property
    def previous_url(self) -> str | None:
        """Where the page before is, None on the first."""
        return page_url(self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        """Where the page after is, None on the last."""
        return page_url(self.number + 1) if self.has_next else None


def page_of(session: Session, query: Select[Any], number: int) -> Page:
    """One page of a sorted query. The count stops at the cap, so its cost does not grow."""
    offset = (number - 1) * SIZE
    rows = tuple(session.execute(query.limit(SIZE + 1).offset(offset)))
    has_next = len(rows) > SIZE
    is_end_seen = not has_next and (rows or number == 1)
    total = offset + len(rows) if is_end_seen else _counted(session, query)
    return Page(rows[:SIZE], number, min(total, CAP), total > CAP, has_next, SIZE)


def _counted(session: Session, query: Select[Any]) -> int:
    # Without maintain_column_froms a query that has no condition would lose its table.
    ones = query.order_by(None).with_only_columns(literal(1), maintain_column_froms=True)
    counted = ones.limit(CAP + 1).subquery()
    return session.execute(select(func.count()).select_from(counted)).scalar_one()


def asked_page() -> int:
    """The number of the page that the address asks for; the first when it names none."""
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    return min(max(number, 1), LAST_PAGE)


def page_url(number: int) -> str:
    """The present address with another page number."""
    return address_with(page=number)


def address_with(**changes: Any) -> str:
    """The present address with some of its parameters changed; None takes one away."""
    merged: Mapping[str, Any] = {**request.args.to_dict(), **changes}
    kept = {name: value for name, value in merged.items() if value not in (None, "")}
    # Not by url_for: a parameter called _method or _external would be an option of its own.
    address = url_for(str(request.endpoint), **(request.view_args or {}))
    return f"{address}?{urlencode(kept)}" if kept else address
