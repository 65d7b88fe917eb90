"""The only place that finds cases alike: about the same complaint, or of the same person.

What is found is shown and never stands in anybody's way: people share an address, and forces use
the same numbers. What is taken for the same is `casework.keys`'s to say.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, select, union
from sqlalchemy.orm import Session

from casework import keys
from casework.models import Case
from casework.models.base import table_of
from casework.permissions import visible_to
from workflows import WORKFLOWS
from workflows.complaint_review_moves import DECIDED
from workflows.definition import State

MOST = 10
"""How many cases alike are told of one case; of more, the newest."""
REFERENCE, EMAIL, TELEPHONE, PERSON = (
    "same_reference",
    "same_email",
    "same_telephone",
    "same_name_and_address",
)
WHY = {
    REFERENCE: "same force reference",
    EMAIL: "same email address",
    TELEPHONE: "same telephone number",
    PERSON: "same name and address",
}
"""In what cases are alike, in words."""
_CASES = table_of(Case).c
_KEYS = (
    _CASES.force,
    _CASES.reference_key,
    _CASES.email_key,
    _CASES.telephone_key,
    _CASES.name_key,
    _CASES.address_key,
)
_TOLD = (
    _CASES.token,
    _CASES.reference,
    _CASES.workflow,
    _CASES.state,
    _CASES.received_on,
    _CASES.closed_on,
)
_TYPED: tuple[tuple[str, str, Callable[[str], str | None]], ...] = (
    ("reference", "force_reference", keys.reference_key),
    ("email", "complainant_email", keys.email_key),
    ("telephone", "complainant_telephone", keys.telephone_key),
    ("name", "complainant_name", keys.name_key),
    ("address", "complainant_address", keys.address_key),
)


@dataclass(frozen=True)
class Signs:
    """By what a case is compared with others: the force's code, and keys; None where not known."""

    force: str | None = None
    reference: str | None = None
    email: str | None = None
    telephone: str | None = None
    name: str | None = None
    address: str | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Signs":
        """The signs of an application, from its facts by name as they were typed."""
        typed = {sign: key_of(given.get(name) or "") for sign, name, key_of in _TYPED}
        return cls(given.get("force") or None, **typed)

    @cached_property
    def held(self) -> Mapping[str, Any]:
        """What there is to compare by, under the code of `WHY`, the weightiest first."""
        lives = (self.name, self.address) if self.name and self.address else None
        of_each = (self.reference, self.email, self.telephone, lives)
        return {code: key for code, key in zip(WHY, of_each, strict=True) if key}

    def shared_with(self, other: "Signs") -> Iterator[str]:
        """In what the two are alike, the weightiest first."""
        is_force_same = None in (self.force, other.force) or self.force == other.force
        for code, key in self.held.items():
            if other.held.get(code) == key and (is_force_same or code != REFERENCE):
                yield code


@dataclass(frozen=True)
class Alike:
    """A case that is like another one; `why` are codes of `WHY`, the weightiest first."""

    token: str
    reference: str
    state: State
    received_on: date
    closed_on: date | None
    why: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """In what it is alike: "same force reference; same email address"."""
        return "; ".join(WHY[code] for code in self.why)

    @property
    def is_same_complaint(self) -> bool:
        """Whether it is about the same complaint, by the force's reference."""
        return REFERENCE in self.why

    @property
    def was_decided(self) -> bool:
        """Whether this office has reviewed the complaint before and decided."""
        return self.is_same_complaint and self.state.name in DECIDED


def alike_to(session: Session, signs: Signs, person: str) -> tuple[Alike, ...]:
    """The cases with these signs that this person (by token) may see, newest first."""
    return _Found.of(session, [signs], person).like(signs)


def alike_of(
    session: Session, tokens: Collection[str], person: str
) -> dict[str, tuple[Alike, ...]]:
    """For each of these cases the others like it that this person (by token) may see, newest first.

    Two statements, however many cases are asked about.
    """
    asked = select(_CASES.token, *_KEYS).where(_CASES.token.in_(tokens))
    signs = {token: Signs(*known) for token, *known in session.execute(asked)}
    found = _Found.of(session, signs.values(), person)
    return {token: found.like(signs[token], token) if token in signs else () for token in tokens}


class _Found:
    """The newest cases that have any of some signs, and where each sign stands among them."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._rows = [(row, Signs(*row[-len(_KEYS) :])) for row in rows]
        self._places: dict[Any, list[int]] = defaultdict(list)
        for place, (_, signs) in enumerate(self._rows):
            for held in signs.held.items():
                self._places[held].append(place)

    @classmethod
    def of(cls, session: Session, asked: Iterable[Signs], person: str) -> "_Found":
        """Those that this person (by token) may see; not those entered in error."""
        query = select(*_TOLD, *_KEYS).where(_CASES.id.in_(_with_any(list(asked), person)))
        return cls(session.execute(query.order_by(_CASES.id.desc())))

    def like(self, signs: Signs, but: str = "") -> tuple[Alike, ...]:
        """Those like something with these signs, without the case of the token `but`."""
        places = {place for held in signs.held.items() for place in self._places.get(held, ())}
        rows = (self._rows[place] for place in sorted(places))
        told = ((row, tuple(signs.shared_with(other))) for row, other in rows if row.token != but)
        return tuple(islice((_told(row, why) for row, why in told if why), MOST))


def _told(row: Any, why: tuple[str, ...]) -> Alike:
    state = WORKFLOWS[row.workflow].states_by_name[row.state]
    return Alike(row.token, row.reference, state, row.received_on, row.closed_on, why)


def _with_any(signs: Sequence[Signs], person: str) -> CompoundSelect[int]:
    """The ids of the cases with any of these signs: a part for each index, since an OR has none."""

    def held(code: str) -> list[Any]:
        return [each.held[code] for each in signs if code in each.held]

    def newest(code: str, *columns: ColumnElement[Any]) -> Select[int]:
        return _newest(person, columns, columns[0].in_(held(code)))

    named, lives = ([key[part] for key in held(PERSON)] for part in (0, 1))
    lived = _CASES.name_key.in_(named) & _CASES.address_key.in_(lives)
    return union(
        newest(REFERENCE, _CASES.reference_key, _CASES.force),
        newest(EMAIL, _CASES.email_key),
        newest(TELEPHONE, _CASES.telephone_key),
        _newest(person, (_CASES.name_key, _CASES.address_key), lived),
    )


def _newest(
    person: str, sign: Sequence[ColumnElement[Any]], is_asked: ColumnElement[bool]
) -> Select[int]:
    """The ids of the newest cases of each sign that this person may see.

    One more than are told, as a case is found by its own signs too. However many have an advice
    centre's address, no more of them are read.
    """
    place = func.row_number().over(partition_by=sign, order_by=_CASES.id.desc()).label("place")
    seen = (is_asked, _CASES.received_on.is_not(None), visible_to(person))
    placed = select(_CASES.id, place).where(*seen).subquery()
    return select(placed.c.id).where(placed.c.place <= MOST + 1)
