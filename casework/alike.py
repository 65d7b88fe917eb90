"""The only place that finds cases alike: about the same complaint, or of the same person.

What is found is shown and never stands in anybody's way: people share an address, and forces use
the same numbers. What is taken for the same is `casework.keys`'s to say.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
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

    def shared_with(self, other: "Signs") -> Iterator[str]:
        """In what the two are alike, the weightiest first."""
        is_force_same = None in (self.force, other.force) or self.force == other.force
        if self.reference and self.reference == other.reference and is_force_same:
            yield REFERENCE
        if self.email and self.email == other.email:
            yield EMAIL
        if self.telephone and self.telephone == other.telephone:
            yield TELEPHONE
        if self.name and self.address and (self.name, self.address) == (other.name, other.address):
            yield PERSON


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
    found = _with_any(session, [signs], person)
    return tuple(_told(signs, found))[:MOST]


def alike_of(
    session: Session, tokens: Collection[str], person: str
) -> dict[str, tuple[Alike, ...]]:
    """For each of these cases the others like it that this person (by token) may see, newest first.

    Two statements, however many cases are asked about.
    """
    asked = select(_CASES.token, *_KEYS).where(_CASES.token.in_(tokens))
    signs = {token: Signs(*known) for token, *known in session.execute(asked)}
    found = _with_any(session, signs.values(), person)
    return {
        token: tuple(_told(signs[token], found, but=token))[:MOST] if token in signs else ()
        for token in tokens
    }


def _told(signs: Signs, found: Iterable[Any], but: str = "") -> Iterator[Alike]:
    for row in found:
        why = () if row.token == but else tuple(signs.shared_with(Signs(*row[-len(_KEYS) :])))
        if why:
            state = WORKFLOWS[row.workflow].states_by_name[row.state]
            yield Alike(row.token, row.reference, state, row.received_on, row.closed_on, why)


def _with_any(session: Session, signs: Iterable[Signs], person: str) -> list[Any]:
    """The cases that have any of these signs, newest first; not those entered in error."""
    asked = list(signs)
    references = {each.reference for each in asked if each.reference}
    emails = {each.email for each in asked if each.email}
    telephones = {each.telephone for each in asked if each.telephone}
    people = [each for each in asked if each.name and each.address]
    conditions: list[ColumnElement[bool]] = [
        column.in_(sorted(held))
        for column, held in (
            (_CASES.reference_key, references),
            (_CASES.email_key, emails),
            (_CASES.telephone_key, telephones),
        )
        if held
    ]
    if people:
        named = _CASES.name_key.in_(sorted({str(each.name) for each in people}))
        lives = _CASES.address_key.in_(sorted({str(each.address) for each in people}))
        conditions.append(and_(named, lives))
    if not conditions:
        return []
    told = (_CASES.token, _CASES.reference, _CASES.workflow, _CASES.state)
    days = (_CASES.received_on, _CASES.closed_on)
    query = select(*told, *days, *_KEYS).where(
        or_(*conditions), _CASES.received_on.is_not(None), visible_to(person)
    )
    return list(session.execute(query.order_by(_CASES.id.desc())))
