"""The only place where commands know people by e-mail address; the log knows random tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts.people import PersonRefused, normal_email
from casework.models import Person
from workflows.definition import Actor


class NobodyThere(Exception):
    """No person signs in with this e-mail address; the message says what to do."""


@dataclass(frozen=True)
class People:
    """Everybody, as the database had them when this was read."""

    persons: tuple[Person, ...]

    @classmethod
    def of(cls, session: Session) -> "People":
        """Read everybody."""
        return cls(tuple(session.scalars(select(Person).order_by(Person.name))))

    def actor(self, email: str) -> Actor:
        """Whoever signs in with this address, with the roles held now. Raises NobodyThere."""
        person = self._by_email.get(_plain(email))
        if person is None:
            raise NobodyThere(
                f"Nobody signs in with {email[:80]!r}. Give the e-mail address of somebody who does."
            )
        return Actor(person.token, person.role_names)

    @cached_property
    def _by_email(self) -> Mapping[str, Person]:
        return {person.email: person for person in self.persons if person.is_active}

    @cached_property
    def emails(self) -> Mapping[str, str]:
        """The e-mail address of each token."""
        return {person.token: person.email for person in self.persons}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of each token."""
        return {person.token: person.name for person in self.persons}


def _plain(email: str) -> str:
    try:
        return normal_email(email)
    except PersonRefused:
        return email
